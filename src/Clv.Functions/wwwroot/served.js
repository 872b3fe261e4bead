import { figure } from './figures.js';
import { ago, day, node, number } from './format.js';
import { stale } from './stale.js';
import { text } from './words.js';

/** The night that lookups are answered from, and how the last one went. */
export function served(runs, current) {
  const ageHours = current && (Date.now() - new Date(current.publishedAt)) / 3600000;
  const [last] = runs;
  return node('section', 'headline',
    node('div', '',
      node('h1', '', text.night.servedFrom),
      node('strong', 'amount', current ? day(current.date) : '\u2013'),
      node('p', '', current ? text.night.publishedIn(current.run, ago(ageHours)) : text.nothing),
      current ? stale(ageHours, current.date) : ''),
    node('div', 'figures',
      figure(text.night.last, text.night.states[last.state], '', `${day(last.date)} · ${last.run}`),
      figure(text.night.held, number(runs.filter(({ state }) => state === 'held').length), '', text.night.heldMeaning),
      figure(text.night.failed, number(runs.filter(({ state }) => state === 'failed').length), '', text.night.ofLast(runs.length))));
}
