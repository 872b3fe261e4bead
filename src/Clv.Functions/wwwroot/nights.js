import { ask, failure } from './api.js';
import { node } from './format.js';
import { night } from './night.js';
import { served } from './served.js';
import { table } from './table.js';
import { text, translate } from './words.js';
import { when } from './when.js';

const pollMilliseconds = 5000;

const element = id => document.getElementById(id);

const underWay = ['running', 'publishing'];

let latest = 0;
let next;

/** Every night there was, with the one that lookups are answered from at the top and one of them in detail. */
function page({ runs, served: current }, details) {
  const rows = table(text.nights, [
    [text.date, run => link(run)],
    [text.night.state, run => badges(run), 'left'],
    [text.night.started, run => when(run.startedAt)],
    [text.night.took, run => run.endedAt ? text.night.minutes((new Date(run.endedAt) - new Date(run.startedAt)) / 60000) : ''],
    [text.why, run => node('span', 'reason', run.reason), 'left'],
  ], runs, 14);
  return [
    served(runs, current),
    details ? night(details, runs.find(({ run }) => run === details.run), () => attempt(details.run)) : '',
    node('section', 'panel list', node('h2', '', text.nights), rows),
  ];
}

function link({ run, date }) {
  const made = node('a', '', date, node('small', '', run));
  made.href = `#${run}`;
  return made;
}

const badges = ({ state, published }) => [
  badge(state, text.night.states[state]), published ? [' ', badge('served', text.night.served)] : ''];

function badge(code, label) {
  const made = node('span', 'badge', label);
  made.dataset.code = code;
  return made;
}

async function read(path) {
  const answer = await ask(path);
  if (!answer.ok) {
    throw new Error(failure(answer));
  }

  return answer.json();
}

async function show(run, request) {
  const list = await read('api/runs');
  const { runs } = list;
  const chosen = runs.some(known => known.run === run) ? run : (runs.find(({ state }) => state !== 'failed') ?? runs[0])?.run;
  const details = chosen ? await read(`api/runs/${chosen}`) : undefined;
  if (request !== latest) {
    return;
  }

  element('message').textContent = chosen ? '' : text.night.none;
  element('nights').hidden = !chosen;
  if (chosen) {
    element('nights').replaceChildren(...page(list, details).filter(Boolean));
  }

  if (runs.some(({ state }) => underWay.includes(state))) {
    next = setTimeout(() => attempt(chosen), pollMilliseconds);
  }
}

/** Shows a night, unless another one is asked for meanwhile; what fails while one is watched is tried again. */
async function attempt(run) {
  clearTimeout(next);
  const request = ++latest;
  try {
    await show(run, request);
  } catch (error) {
    if (request === latest) {
      element('message').textContent = error instanceof TypeError ? text.unreachable : error.message;
      next = element('nights').hidden ? undefined : setTimeout(() => attempt(run), pollMilliseconds);
    }
  }
}

translate();
element('message').textContent = text.loadingAll;
addEventListener('hashchange', () => attempt(location.hash.slice(1)));
attempt(location.hash.slice(1));
