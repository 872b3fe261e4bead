import { ask, failure } from './api.js';
import { node } from './format.js';
import { night } from './night.js';
import { served } from './served.js';
import { table } from './table.js';
import { text, translate } from './words.js';
import { when } from './when.js';

const pollMilliseconds = 2000;

const element = id => document.getElementById(id);

let chosen;

/** Every night there was, with the one that lookups are answered from at the top and one of them in detail. */
function page(runs, details, ageHours) {
  const rows = table(text.nights, [
    [text.date, run => link(run)],
    [text.night.state, run => badges(run), 'left'],
    [text.night.started, run => when(run.startedAt)],
    [text.night.took, run => run.endedAt ? text.night.minutes((new Date(run.endedAt) - new Date(run.startedAt)) / 60000) : ''],
    [text.why, run => node('span', 'reason', run.reason), 'left'],
  ], runs, 14);
  return [
    served(runs, details, ageHours),
    details ? night(details, runs.find(({ run }) => run === details.run), () => show(details.run)) : '',
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

async function show(run) {
  const [{ runs }, health] = await Promise.all([read('api/runs'), read('api/healthz')]);
  if (runs.length === 0) {
    element('message').textContent = text.night.none;
    return;
  }

  chosen = runs.some(known => known.run === run) ? run : (runs.find(({ state }) => state !== 'failed') ?? runs[0]).run;
  const details = await read(`api/runs/${chosen}`);
  element('nights').replaceChildren(...page(runs, details, health.ageHours).filter(Boolean));
  element('nights').hidden = false;
  element('message').textContent = '';
  if (details.state === 'running' || details.state === 'publishing') {
    setTimeout(() => attempt(chosen), pollMilliseconds);
  }
}

async function attempt(run) {
  try {
    await show(run);
  } catch (error) {
    element('nights').hidden = true;
    element('message').textContent = error instanceof TypeError ? text.unreachable : error.message;
  }
}

translate();
element('message').textContent = text.loadingAll;
addEventListener('hashchange', () => attempt(location.hash.slice(1)));
attempt(location.hash.slice(1));
