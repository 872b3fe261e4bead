import { node } from './format.js';

/** The amount that a panel is about. */
export const amount = (value, money) =>
  node('strong', ['amount', value < 0 ? 'negative' : '', Math.abs(value) < 1e6 ? '' : 'long'].filter(Boolean).join(' '), money.large(value));

/** A figure with its name and the terms that it is given on. */
export const figure = (name, value, kind, ...terms) =>
  node('div', `figure ${kind}`, node('h3', '', name), node('strong', '', value), terms.filter(Boolean).map(term => node('small', '', term)));

/** An amount of change, coloured by its sign. */
export const change = (value, money) => node('strong', value > 0 ? 'up' : value < 0 ? 'down' : '', money.signed(value));

/** Names and values side by side, each [name, value, class]; what is not known is not there. */
export const facts = rows => node('dl', '', rows.filter(Boolean).map(([name, value, className]) =>
  node('div', className, node('dt', '', name), node('dd', '', value))));
