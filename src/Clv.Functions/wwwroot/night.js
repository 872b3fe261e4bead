import { ask } from './api.js';
import { facts } from './figures.js';
import { day, node, number } from './format.js';
import { table } from './table.js';
import { text } from './words.js';
import { when } from './when.js';

/** One night: what it waits for, how far it is, what became of every row, and what it counted. */
export function night(report, { canPublish }, changed) {
  return node('section', 'panel night',
    node('h2', '', text.night.of(day(report.date), report.run)),
    report.reason ? node('p', report.state === 'held' ? 'hold' : 'alarm', report.reason) : '',
    canPublish ? publish(report, changed) : '',
    node('div', 'whatif', phases(report), counts(report)),
    files(report),
    list(text.night.problems, report.problems),
    list(text.notes, report.off));
}

/** The decision that is the operator's: to release a held night, or to serve another one. Its reason is kept with it. */
function publish({ run, state, published }, changed) {
  if (published) {
    return '';
  }

  const reason = node('input');
  Object.assign(reason, { required: true, maxLength: 500, id: 'reason', autocomplete: 'off' });
  const label = node('label', '', text.night.because);
  label.htmlFor = reason.id;
  const outcome = node('p', 'state');
  outcome.role = 'status';
  const form = node('form', 'decision', label, reason, node('button', '', state === 'held' ? text.night.release : text.night.rollBack));
  form.addEventListener('submit', async event => {
    event.preventDefault();
    outcome.textContent = text.night.asking;
    try {
      const answer = await ask(`api/runs/${run}:publish`, { reason: reason.value });
      outcome.textContent = answer.ok ? '' : (await answer.json()).detail;
      if (answer.ok) {
        await changed();
      }
    } catch {
      outcome.textContent = text.unreachable;
    }
  });
  return [form, outcome];
}

function phases({ phases: all }) {
  return node('div', '',
    node('h3', '', text.night.phases),
    all.map(({ phase, units, done, seconds }) => {
      const progress = node('progress');
      Object.assign(progress, { max: units, value: done });
      progress.setAttribute('aria-label', text.night.phase[phase]);
      return node('div', 'phase',
        node('span', '', text.night.phase[phase]), progress,
        node('small', '', typeof seconds === 'number' ? text.night.seconds(seconds) : text.night.ofUnits(done, units)));
    }));
}

function counts(report) {
  const count = (name, value) => value ? [name, number(value)] : '';
  return node('div', '',
    node('h3', '', text.night.counted),
    facts([
      count(text.customers, report.customers),
      count(text.night.prospects, report.prospects),
      count(text.night.others, report.others),
      count(text.contracts, report.contracts),
      count(text.night.interactions, report.interactions),
      count(text.night.callers, report.callers),
      count(text.night.events, report.events),
      report.settings ? [text.night.kind, report.settings.snapshot ? text.night.snapshot : text.night.delta(report.settings.baseRun)] : '',
      [text.night.started, when(report.startedAt)],
      report.endedAt ? [text.night.ended, when(report.endedAt)] : '',
    ]));
}

function files({ files: all, ignored }) {
  if (all.length === 0) {
    return '';
  }

  const columns = [
    [text.night.file, ({ file }) => file],
    [text.night.read, ({ read }) => number(read)],
    [text.night.used, ({ used }) => number(used)],
    [text.night.replaced, ({ replaced }) => number(replaced)],
    all.some(({ erased }) => erased > 0) ? [text.night.erased, ({ erased }) => number(erased ?? 0)] : '',
    [text.night.quarantined, ({ quarantined, reasons }) => [
      number(quarantined), node('small', '', Object.entries(reasons).map(([reason, rows]) => `${reason} ${number(rows)}`).join(', '))]],
  ].filter(Boolean);
  return [
    node('h3', 'books', text.night.books), table(text.night.books, columns, all, 20),
    ignored.length > 0 ? node('p', 'remark', text.night.ignored(ignored.join(', '))) : '',
  ];
}

const list = (title, sentences) => sentences.length === 0 ? '' : node('div', 'notes',
  node('h3', '', title), node('ul', '', sentences.map(sentence => node('li', '', sentence))));
