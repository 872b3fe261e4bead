import { scale, track } from './charts.js';
import { change, figure } from './figures.js';
import { node } from './format.js';
import { nameOf } from './groups.js';
import { table } from './table.js';
import { text } from './words.js';

/** What a scenario does: before, after and the difference, for all and by segment. */
export function outcome({ before, after, difference, segments, prospects, prospectsLifetime }, money) {
  const range = ({ low, high }, write = money.of) => low === undefined ? '' : `${text.range}: ${text.fromTo(write(low), write(high))}`;
  const at = scale([before, after].flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]));
  const differences = scale(segments.map(segment => segment.difference.value));
  return [
    node('h3', '', text.whatFor),
    node('div', 'figures',
      figure(text.before, money.of(before.value), 'past', range(before)),
      figure(text.after, money.of(after.value), 'ahead', range(after)),
      figure(text.difference, change(difference.value, money), '', difference.value === 0 ? '' : range(difference, money.signed))),
    pair(at, before, 'past'),
    pair(at, after, 'ahead'),
    // A lifetime's value and a horizon's are not added up.
    prospects > 0 ? node('p', 'remark', text.prospectsToo(money.of(prospectsLifetime.before.value), money.of(prospectsLifetime.after.value), money.signed(prospectsLifetime.difference.value))) : '',
    ...table(text.bySegment, [
      [text.segment, ({ segment }) => nameOf('segments', segment)],
      [text.before, row => money.of(row.before.value)],
      [text.after, row => money.of(row.after.value)],
      ['', row => track(differences, [row.difference.value < 0 ? 'loss' : 'gain', 0, row.difference.value]), 'chart'],
      [text.difference, row => [change(row.difference.value, money), row.difference.value === 0 || row.difference.low === undefined
        ? '' : node('small', '', text.fromTo(money.signed(row.difference.low), money.signed(row.difference.high)))]],
    ], segments),
  ];
}

// The value as a bar and its range as a line over it.
function pair(at, { value, low, high }, kind) {
  return track(at, [kind, 0, value], ...(low === undefined ? [] : [['range', low, high]]));
}
