import { node } from './format.js';

/** The amount that a panel is about. */
export function amount(value, money) {
  const made = node('strong', 'amount', money.large(value));
  made.classList.toggle('negative', value < 0);
  made.classList.toggle('long', Math.abs(value) >= 1e6);
  return made;
}

/** A figure with its name and the terms that it is given on. */
export const figure = (name, value, kind, ...terms) =>
  node('div', `figure ${kind}`,
    node('h3', '', name), node('strong', '', value), terms.filter(Boolean).map(term => node('small', '', term)));

/** An amount of change, coloured by its sign. */
export const change = (value, money) => node('strong', value > 0 ? 'up' : value < 0 ? 'down' : '', money.signed(value));

/** Names and values side by side, each [name, value, class]; what is not known is not there. */
export const facts = rows => node('dl', '', rows.filter(Boolean).map(([name, value, className]) =>
  node('div', className, node('dt', '', name), node('dd', '', value))));
