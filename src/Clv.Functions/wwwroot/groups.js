import { scale, track } from './charts.js';
import { views } from './choice.js';
import { node, number, percent, quarter } from './format.js';
import { table } from './table.js';
import { text } from './words.js';

const byFuture = (left, right) => right.totals.future - left.totals.future;
const inOrderOf = names => (left, right) => Object.keys(names).indexOf(left.name) - Object.keys(names).indexOf(right.name);

// The order in which a kind of group is read; the others beyond those kept apart always come last.
const orders = {
  phases: inOrderOf(text.phases),
  tiers: inOrderOf({ ...text.tiers, '': '' }),
  segments: byFuture,
  channels: byFuture,
  cohorts: (left, right) => (right.name ?? '').localeCompare(left.name ?? ''),
};

/** The name of a group of a kind, in words. */
export function nameOf(kind, name) {
  if (name === undefined) {
    return text.others;
  }

  if (name === '') {
    return text.nameless[kind];
  }

  return kind === 'cohorts' ? quarter(name) : text[kind]?.[name] ?? name;
}

/** The base value by phase, tier, segment, channel and cohort. */
export function groups(portfolio, money) {
  return node('section', 'panel groups',
    node('h2', '', text.groups),
    views(text.groups, Object.entries(text.kinds).map(([kind, label]) => [label, () => one(portfolio, kind, label, money)])));
}

function one(portfolio, kind, label, money) {
  const rows = portfolio[kind].toSorted((left, right) =>
    (left.name === undefined) - (right.name === undefined) || orders[kind](left, right));
  const at = scale(rows.map(({ totals }) => totals.future));
  const { future } = portfolio.total;
  const prospects = rows.some(({ totals }) => totals.prospects > 0);
  return table(`${text.base}: ${label}`, [
    [label, ({ name, totals }) => [nameOf(kind, name), totals.customers > 0 ? node('small', '', text.countOf(totals.customers)) : '']],
    ['', ({ totals }) => track(at, ['whole', 0, totals.future]), 'chart'],
    [text.base, ({ totals }) => totals.customers === 0 ? '–' : [
      money.of(totals.future), future > 0 ? node('small', '', percent(totals.future / future)) : '']],
    [text.lifetime, ({ totals }) => totals.customers === 0 ? '–' : [
      money.of(totals.lifetime), node('small', '', text.each(money.of(totals.lifetime / totals.customers)))]],
    prospects ? [text.fromProspects, ({ totals }) => totals.prospects === 0 ? '–' : [
      money.of(totals.prospectsExpected), node('small', '', text.prospectsOf(totals.prospects))]] : undefined,
  ].filter(Boolean), rows);
}
