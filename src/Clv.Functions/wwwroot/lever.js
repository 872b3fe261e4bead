import { node } from './format.js';
import { text } from './words.js';

// What the API takes, and what a slider is fine enough for.
const least = -90;
const most = 100;
const usual = 50;

/** A lever: a slider for the usual range beside a field for the exact per cent; each follows the other. */
export function lever(code, changed) {
  const [name, meaning] = text.levers[code];
  const field = input('number', `${code}-field`, { min: least, max: most, step: 'any' });
  const slider = input('range', code, { min: -usual, max: usual, step: 1 });
  slider.setAttribute('aria-label', text.inPercent(name));
  const label = node('label', '', name, node('small', '', meaning));
  label.htmlFor = field.id;
  const percent = () => Math.min(most, Math.max(least, field.valueAsNumber || 0));
  const moved = () => row.classList.toggle('moved', percent() !== 0);
  field.addEventListener('input', () => {
    slider.value = percent();
    moved();
    changed();
  });
  field.addEventListener('change', () => { field.value = percent(); });
  slider.addEventListener('input', () => {
    field.value = slider.value;
    moved();
    changed();
  });
  const row = node('div', 'lever', label, slider, node('span', 'percent', field, '%'));
  return {
    code, row, percent,
    set(value) {
      field.value = slider.value = value;
      moved();
    },
  };
}

function input(type, id, limits) {
  const made = node('input');
  Object.assign(made, { type, id, ...limits, value: 0 });
  return made;
}
