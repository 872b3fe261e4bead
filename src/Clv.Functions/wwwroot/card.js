import { ago, amounts, day, effect, node, number, percent } from './format.js';
import { text } from './words.js';

const staleHours = 36;
const contractsAtFirst = 3;

/** Everything known of a customer, the most important first: who, what to do, what they are worth, why. */
export function card(id, { run, customer }) {
  const money = amounts(customer.currency);
  return [
    run.ageHours > staleHours ? node('p', 'stale', text.stale(ago(run.ageHours), day(run.date))) : '',
    who(id, customer),
    nextStep(customer.action),
    customer.value ? value(customer, run, money) : customer.phase.code === 'prospect' ? prospect(customer, money) : '',
    node('div', 'details', contracts(customer, money), purchases(customer, money), costs(customer.costs, money)),
    behaviour(customer.behaviour),
    origin(run),
  ].filter(Boolean);
}

function who(id, { phase, tier, segment, value: worth }) {
  const badge = ({ code, label, since }, kind) => {
    const mark = node('span', `badge ${kind}`, label);
    mark.dataset.code = code;
    return node('span', 'standing', mark, since ? node('small', '', text.since(day(since))) : '');
  };
  return node('header', 'who',
    node('h1', '', id),
    badge(phase, 'phase'),
    tier ? badge(tier, 'tier') : '',
    segment ? node('span', 'segment', node('small', '', text.segment), ' ', segment) : '',
    worth?.probabilityAlive === undefined ? '' : alive(worth.probabilityAlive));
}

function alive(probability) {
  const meter = node('meter');
  Object.assign(meter, { min: 0, max: 1, low: 0.3, high: 0.7, optimum: 1, value: probability });
  meter.setAttribute('aria-hidden', 'true');
  return node('span', 'alive', meter, node('strong', '', percent(probability, 0)), ' ', node('small', '', text.alive));
}

function nextStep(action) {
  if (!action) {
    return node('section', 'step none', node('p', '', text.noStep));
  }

  return node('section', 'step',
    node('div', '',
      node('p', 'eyebrow', text.nextStep, action.due ? node('span', 'due', text.until(day(action.due))) : ''),
      node('h2', '', action.title),
      node('p', 'sentence', action.sentence)),
    node('div', 'reasons',
      node('p', 'eyebrow', text.why),
      node('ul', '', action.reasons.map(reason => node('li', '', reason.sentence)))));
}

function figure(name, amount, kind, ...terms) {
  return node('div', `figure ${kind}`,
    node('h3', '', name), node('strong', '', amount), terms.filter(Boolean).map(term => node('small', '', term)));
}

function value({ value: worth, valueLabel, costs: spent, purchases: bought, horizonWeeks, discountRate, change }, run, money) {
  const { plain, historic, future, low, high } = worth;
  const range = high > low ? text.fourOfFive(money.of(low), money.of(high)) : bought?.noPurchase > 0.5 ? text.hardlyAny : '';
  const margin = plain?.marginRate < 1 ? percent(plain.marginRate) : '';
  return node('section', 'panel value',
    node('div', 'total',
      node('h2', '', text.lifetime),
      node('strong', `amount ${worth.lifetime < 0 ? 'negative' : ''} ${Math.abs(worth.lifetime) < 1e6 ? '' : 'long'}`, money.large(worth.lifetime)),
      change ? changed(change, money) : ''),
    node('div', 'parts',
      bar([['historic', historic], ['future', future]]),
      node('div', 'figures',
        figure(text.historic, money.of(historic), 'historic',
          valueLabel, spent?.total ? text.lessCosts(money.of(worth.contribution), money.of(spent.total)) : '', text.asOf(day(run.date))),
        figure(text.future, money.of(future), 'future',
          valueLabel, `${text.ahead(number(horizonWeeks))}, ${text.discount(percent(discountRate))}`, range),
        plain ? figure(text.plain, money.of(plain.value), 'plain',
          valueLabel,
          text.formula(number(plain.lifetimeYears, 1), money.of(plain.revenuePerYear), margin, money.of(plain.costs)),
          text.notDiscounted) : '')));
}

// Parts below zero lie to the left of the line at zero, the others to its right; lengths are the amounts.
function bar(parts) {
  const length = parts.reduce((sum, [, amount]) => sum + Math.abs(amount), 0);
  const segments = sign => parts.filter(([, amount]) => amount * sign > 0).map(([kind, amount]) => {
    const segment = node('span', sign < 0 ? `${kind} negative` : kind);
    segment.style.flexGrow = Math.abs(amount) / length;
    return segment;
  });
  const drawn = node('div', 'bar', segments(-1), node('i'), segments(1));
  drawn.setAttribute('aria-hidden', 'true');
  return drawn;
}

function changed({ total, historic, behaviour: behaved, model, causes }, money) {
  const parts = [[text.happened, historic], [text.behaved, behaved], [text.models, model]].filter(([, amount]) => amount !== 0);
  return node('div', 'change',
    total === 0 && parts.length === 0
      ? node('p', '', text.unchanged)
      : node('p', '', node('strong', total > 0 ? 'up' : total < 0 ? 'down' : '', money.signed(total)), ` ${text.change}`),
    causes.length > 0 ? node('p', 'causes', causes.map(cause => cause.label).join(' · ')) : '',
    parts.length > 1 ? node('small', '', parts.map(([name, amount]) => `${name}\u00a0${money.signed(amount)}`).join(', ')) : '');
}

function prospect({ prospect: estimate, change }, money) {
  if (!estimate) {
    return node('section', 'panel value', node('p', '', text.nobodyAlike));
  }

  return node('section', 'panel value',
    node('div', 'total',
      node('h2', '', text.expectedValue),
      node('strong', 'amount', money.large(estimate.expected)),
      node('small', '', `${money.of(estimate.valueIfWon)} × ${percent(estimate.conversion)}`),
      change ? changed(change, money) : ''),
    node('div', 'parts figures',
      figure(text.ifWon, money.of(estimate.valueIfWon), 'future',
        text.lifetimeOf, text.fourOfFive(money.of(estimate.low), money.of(estimate.high))),
      figure(text.conversion, percent(estimate.conversion), 'plain', text.convert),
      figure(text.alike, number(estimate.customers), 'plain', text.own(percent(estimate.own, 0)))));
}

function contracts({ contracts: running, runningContracts }, money) {
  if (running.length === 0) {
    return '';
  }

  const table = node('table', '',
    node('thead', '', node('tr', '', [text.product, text.renewal, text.chance, text.worth].map(name => {
      const head = node('th', '', name);
      head.scope = 'col';
      return head;
    }))),
    node('tbody', '', running.map((contract, place) => contractRow(contract, place, money))));
  const hidden = running.length - contractsAtFirst;
  const more = hidden > 0 ? node('button', 'more', text.more(hidden)) : '';
  if (more) {
    more.type = 'button';
    table.className = 'short';
    more.addEventListener('click', () => {
      table.className = '';
      more.remove();
    });
  }

  return node('section', 'panel contracts', node('h2', '', text.contracts), table,
    more, runningContracts > running.length ? node('small', '', text.shown(running.length, runningContracts)) : '');
}

function contractRow({ product, renewals, nextRenewal, cancelled, renewalProbability, renewalValue, future }, place, money) {
  const when = nextRenewal ? day(nextRenewal) : '–';
  return node('tr', place < contractsAtFirst ? '' : 'rest',
    node('td', '', product ?? '–', node('small', '', renewals > 0 ? text.renewals(renewals) : text.firstTerm)),
    node('td', '', cancelled && nextRenewal ? text.ends(when) : when),
    node('td', '',
      cancelled ? node('span', 'badge', text.cancelled) : renewalProbability === undefined ? '–' : percent(renewalProbability, 0)),
    node('td', '', cancelled || renewalValue === undefined ? '–' : money.of(renewalValue),
      cancelled || future === undefined ? '' : node('small', '', text.inHorizon(money.of(future)))));
}

// Names and values side by side; what is not known is not there.
function facts(kind, title, rows) {
  return node('section', `panel ${kind}`, node('h2', '', title),
    node('dl', '', rows.filter(Boolean).map(([name, detail, className]) =>
      node('div', className, node('dt', '', name), node('dd', '', detail)))));
}

function purchases({ purchases: known, horizonWeeks }, money) {
  return known ? facts('purchases', text.purchases, [
    [text.expected(number(horizonWeeks)), number(known.expected, 1)],
    known.noPurchase === undefined ? '' : [text.noPurchase, percent(known.noPurchase, 0)],
    [text.spend, money.of(known.spend)],
    known.netRate === undefined ? '' : [text.kept, percent(known.netRate)],
    known.marginRate === undefined ? '' : [text.margin, percent(known.marginRate)],
    [text.soFar, text.numberSince(number(known.frequency + 1), day(known.first))],
    known.frequency > 0 ? [text.last, day(known.last)] : '',
  ]) : '';
}

function costs(spent, money) {
  return spent?.total ? facts('costs', text.costs, [
    ...['acquisition', 'campaigns', 'service', 'returns', 'latePayment'].map(kind => spent[kind] ? [text[kind], money.of(spent[kind])] : ''),
    [text.total, money.of(spent.total), 'sum'],
  ]) : '';
}

function behaviour(effects) {
  if (!effects) {
    return '';
  }

  const counted = effects.effects.filter(({ factor }) => Math.abs(factor - 1) >= 0.0005);
  return node('p', 'panel behaviour', node('strong', '', text.behaviour), text.effect(effect(effects.factor)), counted.length > 0 ? node('span', '', text.by) : '',
    counted.map(({ measure, factor }) => node('span', '', `${text.measures[measure] ?? measure} ${effect(factor)}`)));
}

function origin({ id, date, ageHours, model }) {
  return node('footer', '', [
    text.run(day(date), id, ago(ageHours)),
    model?.name,
    model?.kept ? text.keptModel(model.fittedIn) : '',
  ].filter(Boolean).join(' · '));
}
