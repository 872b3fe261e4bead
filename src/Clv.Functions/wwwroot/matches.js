import { amounts, node } from './format.js';
import { stale } from './stale.js';
import { text } from './words.js';

/** As much of a pseudonym as tells people apart. */
export const shortKey = key => key.slice(0, 8);

/** Several people of one number or address, who is worth most first, to choose from; nobody has a name here. */
export function matches(asked, { run, by, customers, more }, chosen) {
  return [
    stale(run.ageHours, run.date),
    node('header', 'who', node('h1', '', asked), node('span', 'segment', text.people(customers.length, by))),
    node('ol', 'matches', customers.map(customer => {
      const button = node('button', 'match panel', match(customer));
      button.type = 'button';
      button.addEventListener('click', () => chosen(customer));
      return node('li', '', button);
    })),
    more ? node('p', 'segment', text.morePeople(customers.length)) : '',
  ].filter(Boolean);
}

function match({ key, currency, phase, tier, segment, value, prospect, action }) {
  const badge = ({ code, label }) => {
    const mark = node('span', 'badge', label);
    mark.dataset.code = code;
    return mark;
  };
  const worth = value ? [text.lifetime, value.lifetime] : prospect ? [text.expectedValue, prospect.expected] : undefined;
  return [
    node('span', 'person', node('code', '', shortKey(key)), segment ? node('small', '', segment) : ''),
    node('span', 'standing', badge(phase), tier ? badge(tier) : ''),
    node('span', 'doing', action ? action.title : node('small', '', text.noStep)),
    node('span', 'worth', worth ? [node('strong', '', amounts(currency).of(worth[1])), node('small', '', worth[0])] : ''),
  ];
}
