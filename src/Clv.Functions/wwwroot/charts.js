import { node } from './format.js';

/**
 * Parts of a sum side by side, each [kind, amount]: those below zero lie to the left of the line at zero, the others to its right;
 * lengths are the amounts. Like every chart here it is for the eye only, the figures are next to it.
 */
export function bar(parts) {
  const length = parts.reduce((sum, [, amount]) => sum + Math.abs(amount), 0);
  const segments = sign => parts.filter(([, amount]) => amount * sign > 0).map(([kind, amount]) => {
    const segment = node('span', sign < 0 ? `${kind} negative` : kind);
    segment.style.flexGrow = Math.abs(amount) / length;
    return segment;
  });
  return silent(node('div', 'bar', segments(-1), node('i'), segments(1)));
}

/** Where amounts lie from the lowest to the highest, in per cent; the scale holds zero unless it is told to begin elsewhere. */
export function scale(amounts, origin = 0) {
  const low = amounts.reduce((least, amount) => Math.min(least, amount), origin);
  const high = amounts.reduce((most, amount) => Math.max(most, amount), origin);
  return Object.assign(amount => high === low ? 0 : (100 * (amount - low)) / (high - low), { origin, cut: origin !== 0 });
}

/** Bars on a scale, each [kind, from, to], over one another; a mark is a line, and so is the origin. */
export function track(at, ...bars) {
  return silent(node('div', at.cut ? 'track cut' : 'track',
    bars
      .filter(([kind, from, to]) => kind === 'mark' || from !== to)
      .map(([kind, from, to]) => place(node('span', kind), at(Math.min(from, to)), at(Math.max(from, to)))),
    place(node('i'), at(at.origin), at(at.origin))));
}

function place(mark, left, right) {
  mark.style.left = `${left}%`;
  mark.style.width = `${right - left}%`;
  return mark;
}

function silent(chart) {
  chart.setAttribute('aria-hidden', 'true');
  return chart;
}
