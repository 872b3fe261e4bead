import { scale, track } from './charts.js';
import { node, percent, number } from './format.js';
import { nameOf } from './groups.js';
import { table } from './table.js';
import { text } from './words.js';

/** Next steps by segment, the best use of the next euro first, as the report orders them. */
export function budget(rows, money) {
  const at = scale([...rows.map(row => row.returnPerEuro ?? 0), 1]);
  const assumed = value => node('span', 'assumed', value);
  return node('section', 'panel budget',
    node('h2', '', text.budget),
    rows.length === 0
      ? node('p', '', text.noBudget)
      : table(text.budget, [
        [text.action, row => [row.action === undefined ? text.others : text.actions[row.action] ?? row.action,
          node('small', '', [row.action === undefined ? '' : nameOf('segments', row.segment), text.peopleOf(row.customers)].filter(Boolean).join(' · '))]],
        [text.stake, row => money.of(row.stake)],
        [text.costAssumed, row => row.cost === undefined ? '–' : assumed(money.of(row.cost))],
        [text.gainAssumed, row => row.gain === undefined ? '–' : assumed(money.of(row.gain))],
        ['', row => row.returnPerEuro === undefined ? '' : track(at, [row.returnPerEuro < 1 ? 'loss' : 'whole', 0, row.returnPerEuro], ['mark', 1, 1]), 'chart'],
        [text.perEuro, row => row.returnPerEuro === undefined ? (row.assumed ? '–' : node('small', '', text.noAssumption)) : [assumed(`${number(row.returnPerEuro, 2)}×`), row.returnPerEuro < 1 ? node('small', '', text.notPaying) : '']],
        [text.breakEven, breakEven],
      ], rows, 10),
    node('p', 'remark', text.budgetMeaning));
}

function breakEven({ breakEvenShare }) {
  return breakEvenShare === undefined ? '–'
    : breakEvenShare > 1 ? node('span', 'badge under', text.notBreaking)
    : percent(breakEvenShare, breakEvenShare < 0.1 ? 2 : 1);
}
