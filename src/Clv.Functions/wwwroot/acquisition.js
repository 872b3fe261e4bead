import { scale, track } from './charts.js';
import { views } from './choice.js';
import { node, number } from './format.js';
import { nameOf } from './groups.js';
import { table } from './table.js';
import { text } from './words.js';

const newestFirst = (left, right) => (right.cohort ?? '').localeCompare(left.cohort ?? '');

// What brings least for its cost comes first; what is not known comes last.
const worstFirst = (left, right) => (left.ratio ?? Number.MAX_VALUE) - (right.ratio ?? Number.MAX_VALUE);

/** What customers cost to win and what they bring, by channel and by cohort. */
export function acquisition({ total, channels, cohorts, cells, underWater, timeUnit }, money) {
  if (!total) {
    return '';
  }

  const channel = row => nameOf('channels', row.channel);
  const cohort = row => nameOf('cohorts', row.cohort);
  const payback = row => paidBack(row, timeUnit);
  const known = channels.some(row => row.ratio !== undefined);
  return node('section', 'panel acquisition',
    node('h2', '', text.economics),
    underWater.length > 0
      ? node('p', 'alarm', text.underWaterChannels(underWater.map(name => nameOf('channels', name)).join(', ')))
      : known ? node('p', 'calm', text.nobodyUnderWater) : '',
    views(text.economics, [
      [text.kinds.channels, () => economics(text.kinds.channels, channel, [total, ...channels.toSorted(worstFirst)], total, payback, money)],
      [text.kinds.cohorts, () => economics(text.kinds.cohorts, cohort, [total, ...cohorts.toSorted(newestFirst)], total, payback, money)],
      [text.channelAndCohort, () => economics(text.channelAndCohort,
        row => row.channel === undefined && row.cohort === undefined ? text.others : [channel(row), node('small', '', cohort(row))],
        cells.toSorted((left, right) => worstFirst(left, right) || newestFirst(left, right)), total, payback, money)],
    ]),
    node('p', 'remark', text.economicsMeaning));
}

function economics(label, name, rows, total, payback, money) {
  const reach = lengths(rows);
  const at = scale(rows.map(reach));
  const bar = row => track(at, [row.ratio < 1 ? 'loss' : 'gain', 0, reach(row)]);
  const ratio = row => row.ratio === undefined ? '–' : `${number(row.ratio, 1)}×`;
  return table(`${text.economics}: ${label}`, [
    [label, row => [row === total ? text.all : name(row), node('small', '', text.countOf(row.customers))]],
    [text.costEach, row => row.costPerCustomer === undefined ? '–' : [
      money.of(row.costPerCustomer), row.knownCosts < row.customers ? node('small', '', text.costKnown(number(row.knownCosts))) : '']],
    [text.valueEach, row => money.of(row.valuePerCustomer)],
    ['', row => row.ratio === undefined ? '' : bar(row), 'chart'],
    [text.ratio, row => row.underWater ? node('span', 'badge under', `${ratio(row)} ${text.underWater}`) : ratio(row)],
    [text.payback, payback],
    [text.mayPay, row => money.of(row.maximumCost)],
  ], rows);
}

// Ratios differ by orders of magnitude: lengths are their logarithms, so that half and twice are as far from one to either side.
function lengths(rows) {
  const least = rows.reduce((smallest, { ratio }) => ratio > 0 ? Math.min(smallest, ratio) : smallest, 0.5);
  return ({ ratio }) => ratio === undefined ? 0 : Math.log(Math.max(ratio, least));
}

const unitsPerMonth = { week: 365.2425 / 7 / 12, month: 1, year: 1 / 12 };

function paidBack({ knownCosts, paybackMonths }, unit) {
  if (knownCosts === 0) {
    return '–';
  }

  return paybackMonths === undefined ? text.neverPaid
    : paybackMonths === 0 ? text.atOnce
    : unit === 'month' && paybackMonths === 1 ? text.firstMonth
    : inUnits(paybackMonths * unitsPerMonth[unit], unit);
}

function inUnits(count, unit) {
  return text.inUnits[unit](number(count, Number.isInteger(count) ? 0 : 1));
}
