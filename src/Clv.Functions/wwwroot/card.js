import { bar } from './charts.js';
import { amount, change, facts, figure } from './figures.js';
import { ago, amounts, day, effect, node, number, percent } from './format.js';
import { shortKey } from './matches.js';
import { stale } from './stale.js';
import { table } from './table.js';
import { text } from './words.js';

const contractsAtFirst = 3;

/** Everything known of a customer, the most important first: who, what to do, what they are worth, why. */
export function card(id, { run, by, customer }) {
  const money = amounts(customer.currency);
  return [
    stale(run.ageHours, run.date),
    who(id, by, customer),
    nextStep(customer.action),
    customer.value ? value(customer, run, money) : customer.phase.code === 'prospect' ? prospect(customer, money) : '',
    node('div', 'details', contracts(customer, money), purchases(customer, money), costs(customer.costs, money)),
    behaviour(customer.behaviour),
    origin(run),
  ].filter(Boolean);
}

function who(id, by, { key, phase, tier, segment, value: worth }) {
  const badge = ({ code, label, since }, kind) => {
    const mark = node('span', `badge ${kind}`, label);
    mark.dataset.code = code;
    return node('span', 'standing', mark, since ? node('small', '', text.since(day(since))) : '');
  };
  return node('header', 'who',
    node('h1', '', id),
    by === 'id' ? '' : node('code', 'segment', shortKey(key)),
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

function value({ value: worth, valueLabel, costs: spent, purchases: bought, horizonWeeks, discountRate, change: moved }, run, money) {
  const { plain, historic, future, low, high } = worth;
  const range = high > low ? text.fourOfFive(money.of(low), money.of(high)) : bought?.noPurchase > 0.5 ? text.hardlyAny : '';
  const margin = plain?.marginRate < 1 ? percent(plain.marginRate) : '';
  return node('section', 'panel value',
    node('div', 'total',
      node('h2', '', text.lifetime),
      amount(worth.lifetime, money),
      moved ? changed(moved, money) : ''),
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

function changed({ total, historic, behaviour: behaved, model, causes }, money) {
  const parts = [[text.happened, historic], [text.behaved, behaved], [text.models, model]].filter(([, part]) => part !== 0);
  return node('div', 'change',
    total === 0 && parts.length === 0
      ? node('p', '', text.unchanged)
      : node('p', '', change(total, money), ` ${text.change}`),
    causes.length > 0 ? node('p', 'causes', causes.map(cause => cause.label).join(' ')) : '',
    parts.length > 1 ? node('small', '', parts.map(([name, part]) => `${name}\u00a0${money.signed(part)}`).join(', ')) : '');
}

function prospect({ prospect: estimate, change: moved }, money) {
  if (!estimate) {
    return node('section', 'panel value', node('p', '', text.nobodyAlike));
  }

  return node('section', 'panel value',
    node('div', 'total',
      node('h2', '', text.expectedValue),
      amount(estimate.expected, money),
      node('small', '', `${money.of(estimate.valueIfWon)} × ${percent(estimate.conversion)}`),
      moved ? changed(moved, money) : ''),
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

  return node('section', 'panel contracts', node('h2', '', text.contracts),
    table(text.contracts, [
      [text.product, ({ product, renewals }) => [product ?? '–', node('small', '', renewals > 0 ? text.renewals(renewals) : text.firstTerm)]],
      [text.renewal, renewal],
      [text.chance, ({ cancelled, renewalProbability: chance }) =>
        cancelled ? node('span', 'badge', text.cancelled) : chance === undefined ? '–' : percent(chance, 0)],
      [text.worth, contract => renewalWorth(contract, money)],
    ], running, contractsAtFirst),
    runningContracts > running.length ? node('small', '', text.shown(running.length, runningContracts)) : '');
}

function renewal({ nextRenewal, cancelled }) {
  const when = nextRenewal ? day(nextRenewal) : '–';
  return cancelled && nextRenewal ? text.ends(when) : when;
}

function renewalWorth({ cancelled, renewalValue, future }, money) {
  return cancelled ? '–' : [
    renewalValue === undefined ? '–' : money.of(renewalValue),
    future === undefined ? '' : node('small', '', text.inHorizon(money.of(future))),
  ];
}

function purchases({ purchases: known, horizonWeeks }, money) {
  return known ? node('section', 'panel purchases', node('h2', '', text.purchases), facts([
    [text.expected(number(horizonWeeks)), number(known.expected, 1)],
    known.noPurchase === undefined ? '' : [text.noPurchase, percent(known.noPurchase, 0)],
    [text.spend, money.of(known.spend)],
    known.netRate === undefined ? '' : [text.kept, percent(known.netRate)],
    known.marginRate === undefined ? '' : [text.margin, percent(known.marginRate)],
    [text.soFar, text.numberSince(number(known.frequency + 1), day(known.first))],
    known.frequency > 0 ? [text.last, day(known.last)] : '',
  ])) : '';
}

function costs(spent, money) {
  return spent?.total ? node('section', 'panel costs', node('h2', '', text.costs), facts([
    ...['acquisition', 'campaigns', 'service', 'returns', 'latePayment'].map(kind => spent[kind] ? [text[kind], money.of(spent[kind])] : ''),
    [text.total, money.of(spent.total), 'sum'],
  ])) : '';
}

function behaviour(effects) {
  if (!effects) {
    return '';
  }

  const counted = effects.effects.filter(({ factor }) => Math.abs(factor - 1) >= 0.0005);
  return node('p', 'panel behaviour',
    node('strong', '', text.behaviour), text.effect(effect(effects.factor)), counted.length > 0 ? node('span', '', text.by) : '',
    counted.map(({ measure, factor }) => node('span', '', `${text.measures[measure] ?? measure} ${effect(factor)}`)));
}

function origin({ id, date, ageHours, model }) {
  return node('footer', '', [
    text.run(day(date), id, ago(ageHours)),
    model?.name,
    model?.kept ? text.keptModel(model.fittedIn) : '',
  ].filter(Boolean).join(' · '));
}
