import { bar } from './charts.js';
import { amount, change, facts, figure } from './figures.js';
import { day, node, number, percent } from './format.js';
import { text } from './words.js';

/** What all customers are worth, in four figures. */
export function headline({ total, movement, horizonWeeks, discountRate }, money, date) {
  const moved = movement ? movement.future.closing - movement.future.opening : undefined;
  const discount = discountRate === 0 ? text.notDiscounted : text.discount(percent(discountRate));
  return node('section', 'headline',
    node('div', '',
      node('h1', '', text.base),
      amount(total.future, money),
      node('p', '', text.baseMeaning(number(horizonWeeks), discount)),
      moved === undefined ? '' : node('p', 'moved', change(moved, money), ` ${text.change}`)),
    node('div', 'figures',
      figure(text.lifetime, money.of(total.lifetime), '', text.withSoFar(day(date))),
      figure(text.fromProspects, money.of(total.prospectsExpected), '', text.notInBase(text.prospectsOf(total.prospects))),
      figure(text.customers, number(total.customers), '',
        movement ? text.newOf(number(movement.new)) : '', movement && movement.gone > 0 ? text.gone(number(movement.gone)) : '')));
}

/** What the expected value and that so far are the sums of. */
export function origins(total, money) {
  const { costs } = total;
  const part = (name, value, kind) => value === 0 ? '' : [name, money.of(value), kind];
  const expected = [
    ['first', text.futurePurchases, total.futurePurchases],
    ['second', text.futureContracts, total.futureContracts],
    ['third', text.futureServing, -total.futureServing],
    ['fourth', text.latePayment, -total.futureLatePayment],
  ];
  return node('section', 'panel origins',
    node('h2', '', text.made),
    node('div', '',
      node('h3', '', text.future),
      bar(expected.map(([kind, , value]) => [kind, value])),
      facts([...expected.map(([kind, name, value]) => part(name, value, kind)), [text.base, money.of(total.future), 'sum']])),
    node('div', '',
      node('h3', '', text.historic),
      facts([
        part(total.onRevenue > 0 ? text.onRevenue : text.contribution, total.contribution),
        ...['acquisition', 'campaigns', 'service', 'returns', 'latePayment'].map(kind => part(text[kind], -costs[kind])),
        [text.historic, money.of(total.historic), 'sum'],
      ])));
}
