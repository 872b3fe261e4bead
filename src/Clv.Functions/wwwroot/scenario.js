import { ask, failure } from './api.js';
import { node } from './format.js';
import { nameOf } from './groups.js';
import { lever } from './lever.js';
import { outcome } from './outcome.js';
import { text } from './words.js';

const pause = 200;

/** Levers to move, and what that would do: asked of the API whenever one of them comes to rest. */
export function scenario({ segments }, run, money) {
  const result = node('div', 'outcome');
  const state = node('p', 'state');
  state.setAttribute('role', 'status');
  const levers = Object.keys(text.levers).map(code => lever(code, changed));
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
    levers.forEach(one => one.set(0));
    changed();
  });

  let waiting;
  let latest = 0;
  function changed() {
    latest++;
    clearTimeout(waiting);
    waiting = setTimeout(calculate, pause);
    state.classList.remove('spoken');
    state.textContent = text.calculating;
  }

  async function calculate() {
    const mine = latest;
    const forSegment = segments[segment.selectedIndex - 1]?.name;
    // An unmoved lever is sent as well: without a change, the answer is how things are.
    const changes = levers.map(({ code, percent }) => ({ lever: code, percent: percent(), segment: forSegment }));
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

    const seen = answered?.run === run;
    // Who cannot see the outcome hears the gist of it.
    state.classList.toggle('spoken', seen);
    state.textContent = message || (seen ? `${text.difference}: ${money.signed(answered.scenario.difference.value)}` : text.newer);
    result.replaceChildren(...(answered ? outcome(answered.scenario, money) : []));
  }

  changed();
  return node('section', 'panel scenario',
    node('h2', '', text.scenario),
    node('div', 'whatif',
      node('div', 'levers',
        node('p', 'scope', label, segment, reset), levers.map(({ row }) => row), node('p', 'remark', text.scenarioMeaning)),
      node('div', '', result, state)));
}
