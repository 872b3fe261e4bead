import { locale, text } from './words.js';

const minus = formatted => formatted.replace('-', '\u2212');

/** A number with a fixed number of decimals. */
export const number = (value, digits = 0) =>
  minus(value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }));

/** A share of 1 in per cent. */
export const percent = (value, digits = 1) =>
  minus(value.toLocaleString(locale, { style: 'percent', maximumFractionDigits: digits, signDisplay: 'negative' }));

/** A factor as the change it makes, with its sign: 0.88 is −12 %. */
export const effect = factor =>
  minus((factor - 1).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }));

/** A day, written yyyy-MM-dd. */
export const day = iso => new Date(`${iso}T00:00:00Z`).toLocaleDateString(locale, { timeZone: 'UTC', dateStyle: 'medium' });

/** A quarter, written yyyy-Qn. */
export const quarter = code => text.quarter(...code.split('-Q'));

/** How long ago something was, in the largest unit that leaves at least two of it. */
export function ago(hours) {
  const [unit, length] = hours >= 48 ? ['day', 24] : hours >= 2 ? ['hour', 1] : ['minute', 1 / 60];
  return new Intl.RelativeTimeFormat(locale).format(-Math.floor(hours / length), unit);
}

/** Amounts of a currency, or without one where the extracts say none. */
export function amounts(currency) {
  const options = currency
    ? { style: 'currency', currency }
    : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const plain = new Intl.NumberFormat(locale, options);
  const signed = new Intl.NumberFormat(locale, { ...options, signDisplay: 'exceptZero' });
  return {
    of: value => minus(plain.format(value)),
    /** With its sign, which stays on the line of the amount. */
    signed: value => minus(signed.format(value)).replace('+', '+\u2060'),
    /** The amount with its decimals set small. */
    large: value => plain.formatToParts(value).map(({ type, value: part }) =>
      type === 'decimal' || type === 'fraction' ? node('small', '', part) : minus(part)),
  };
}

/** An element with a class and children: texts, nodes, lists of them at any depth; what is missing is left out. */
export function node(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }

  element.append(...children.flat(Infinity).filter(child => child !== undefined && child !== null && child !== ''));
  return element;
}
