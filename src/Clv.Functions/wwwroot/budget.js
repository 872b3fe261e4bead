import { scale, track } from './charts.js';
import { node, number, percent } from './format.js';
import { nameOf } from './groups.js';
import { table } from './table.js';
import { text } from './words.js';

const stepsAtFirst = 10;

/** Next steps by segment, the best use of the next euro first, as the report orders them. */
export function budget(rows, money) {
  const at = scale([...rows.map(row => row.returnPerEuro ?? 0), 1]);
  return node('section', 'panel budget',
    node('h2', '', text.budget),
    rows.length === 0
      ? node('p', '', text.noBudget)
      : table(text.budget, [
        [text.action, step],
        [text.stake, row => money.of(row.stake)],
        [text.costAssumed, row => row.cost === undefined ? '–' : assumed(money.of(row.cost))],
        [text.gainAssumed, row => row.gain === undefined ? '–' : assumed(money.of(row.gain))],
        ['', ({ returnPerEuro: gained }) =>
          gained === undefined ? '' : track(at, [gained < 1 ? 'loss' : 'whole', 0, gained], ['mark', 1, 1]), 'chart'],
        [text.perEuro, gain],
        [text.breakEven, breakEven],
      ], rows, stepsAtFirst),
    node('p', 'remark', text.budgetMeaning));
}

const assumed = value => node('span', 'assumed', value);

function step({ action, segment, customers }) {
  const people = text.peopleOf(customers);
  return action === undefined
    ? [text.others, node('small', '', people)]
    : [text.actions[action] ?? action, node('small', '', `${nameOf('segments', segment)} · ${people}`)];
}

function gain({ returnPerEuro, assumed: hasAssumption }) {
  if (returnPerEuro === undefined) {
    return hasAssumption ? '–' : node('small', '', text.noAssumption);
  }

  return [assumed(`${number(returnPerEuro, 2)}×`), returnPerEuro < 1 ? node('small', '', text.notPaying) : ''];
}

function breakEven({ breakEvenShare: share }) {
  if (share === undefined) {
    return '–';
  }

  return share > 1 ? node('span', 'badge under', text.notBreaking) : percent(share, share < 0.1 ? 2 : 1);
}
