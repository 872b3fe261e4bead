import { node } from './format.js';

let choices = 0;

/** A choice between few things, each [value, label], the first chosen: radio buttons, so the arrow keys work as everywhere. */
export function choice(legend, options, chosen) {
  const name = `choice-${++choices}`;
  return node('fieldset', 'choice', node('legend', 'spoken', legend), options.map(([value, label], place) => {
    const input = node('input');
    Object.assign(input, { type: 'radio', name, checked: place === 0 });
    input.addEventListener('change', () => chosen(value));
    return node('label', '', input, node('span', '', label));
  }));
}

/** One view at a time, each [label, what makes its nodes]: the choice and the place where the chosen view appears. */
export function views(legend, options) {
  const view = node('div', 'view', options[0][1]());
  return [choice(legend, options.map(([label, make]) => [make, label]), make => view.replaceChildren(...make())), view];
}
