import { scale, track } from './charts.js';
import { views } from './choice.js';
import { node, number } from './format.js';
import { table } from './table.js';
import { text } from './words.js';

const parts = ['new', 'lost', 'grown', 'shrunk', 'historic', 'model'];

/** How the value of all customers moved since last night, step by step from the opening to the closing value. */
export function movement(moved, money) {
  return node('section', 'panel movement',
    node('h2', '', text.movement),
    moved
      ? views(text.which, [
        [text.base, () => waterfall(moved, moved.future, text.base, parts.filter(part => part !== 'historic'), money)],
        [text.lifetime, () => waterfall(moved, moved.lifetime, text.lifetime, parts, money)],
      ])
      : node('p', '', text.noMovement));
}

function waterfall(moved, value, name, shown, money) {
  const { opening, closing } = value;
  const steps = [];
  let level = opening;
  for (const part of shown) {
    steps.push({ part, amount: value[part], from: level, to: level += value[part] });
  }

  const levels = [opening, closing, ...steps.map(step => step.to)];
  const at = scale(levels, origin(levels));
  const rows = [
    { part: 'opening', amount: opening, total: true, bar: ['whole', at.origin, opening] },
    ...steps.map(step => ({ ...step, bar: [step.amount < 0 ? 'loss' : 'gain', step.from, step.to] })),
    { part: 'closing', amount: closing, total: true, bar: ['whole', at.origin, closing] },
  ];
  return [
    ...table(`${text.movement}: ${name}`, [
      [text.step, ({ part }) => [text.steps[part], people(moved, part).map(line => node('small', '', line))]],
      ['', row => track(at, row.bar), 'chart'],
      [text.amount, ({ amount, total }) => total ? node('strong', '', money.of(amount)) : money.signed(amount)],
    ], rows, rows.length),
    at.cut ? node('p', 'remark', text.cut(money.of(at.origin))) : '',
  ].filter(Boolean);
}

// What moves overnight is small beside the whole: a scale from zero would show nothing of it.
function origin(levels) {
  const low = Math.min(...levels);
  const moved = Math.max(...levels) - low;
  const rounded = moved === 0 ? 0 : 10 ** Math.floor(Math.log10(moved));
  return low > 4 * moved && moved > 0 ? Math.floor((low - moved / 2) / rounded) * rounded : 0;
}

function people({ opening, new: fresh, gone, turned, closing }, part) {
  switch (part) {
    case 'opening': return [text.countOf(opening)];
    case 'new': return [text.countOf(fresh)];
    case 'lost': return [turned > 0 ? text.turned(number(turned)) : '', gone > 0 ? text.gone(number(gone)) : ''].filter(Boolean);
    case 'closing': return [text.countOf(closing)];
    default: return [];
  }
}
