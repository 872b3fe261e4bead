import { ask, failure } from './api.js';
import { node } from './format.js';
import { nameOf } from './groups.js';
import { outcome } from './outcome.js';
import { text } from './words.js';

const least = -90;
const most = 100;
const usual = 50;
const pause = 200;

/** Levers to move, and what that would do: asked of the API whenever one of them comes to rest. */
export function scenario({ segments }, run, money) {
  const result = node('div', 'outcome');
  const state = node('p', 'state');
  state.setAttribute('role', 'status');
  const levers = Object.keys(text.levers).map(lever => leverOf(lever, changed));
  const segment = node('select', '',
    node('option', '', text.everySegment),
    segments.filter(({ name }) => name !== undefined).map(({ name }) => node('option', '', nameOf('segments', name))));
  segment.id = 'segment';
  segment.addEventListener('change', changed);
  const label = node('label', '', text.forWhom);
  label.htmlFor = segment.id;
  const reset = node('button', 'more', text.reset);
  reset.type = 'button';
  reset.addEventListener('click', () => {
    levers.forEach(lever => lever.set(0));
    changed();
  });

  let waiting;
  let latest = 0;
  function changed() {
    latest++;
    clearTimeout(waiting);
    waiting = setTimeout(calculate, pause);
    state.textContent = text.calculating;
  }

  async function calculate() {
    const mine = latest;
    const forSegment = segments[segment.selectedIndex - 1]?.name;
    // An unmoved lever is sent as well: without a change, the answer is how things are.
    const changes = levers.map(({ lever, percent }) => ({ lever, percent: percent(), segment: forSegment }));
    let answered;
    let message = '';
    try {
      const answer = await ask('api/scenarios', { changes });
      if (answer.ok) {
        answered = await answer.json();
      } else {
        message = answer.status === 400 ? (await answer.json()).detail : failure(answer);
      }
    } catch {
      message = text.unreachable;
    }

    // What a lever was on the way to where it is now must not replace where it is.
    if (mine !== latest) {
      return;
    }

    state.textContent = message || (answered.run === run ? '' : text.newer);
    if (answered) {
      result.replaceChildren(...outcome(answered.scenario, money));
    }
  }

  changed();
  return node('section', 'panel scenario',
    node('h2', '', text.scenario),
    node('div', 'whatif',
      node('div', 'levers', node('p', 'scope', label, segment, reset), levers.map(lever => lever.row), node('p', 'remark', text.scenarioMeaning)),
      node('div', '', result, state)));
}

// A slider for the usual range beside a field for the exact per cent; each follows the other.
function leverOf(lever, changed) {
  const [name, meaning] = text.levers[lever];
  const field = input('number', `${lever}-field`, { min: least, max: most, step: 'any' });
  const slider = input('range', lever, { min: -usual, max: usual, step: 1 });
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
    lever, row, percent,
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
