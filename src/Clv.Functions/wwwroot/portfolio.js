import { acquisition } from './acquisition.js';
import { ask, failure } from './api.js';
import { budget } from './budget.js';
import { ago, amounts, day, node } from './format.js';
import { groups } from './groups.js';
import { headline, origins } from './headline.js';
import { movement } from './movement.js';
import { scenario } from './scenario.js';
import { stale } from './stale.js';
import { text, translate } from './words.js';

const element = id => document.getElementById(id);

/** Everything known of all customers: what they are worth, how that moved, where it lies, what brings more. */
function report({ run, date, ageHours, currency, portfolio }) {
  const money = amounts(currency);
  return [
    stale(ageHours, date),
    headline(portfolio, money, date),
    node('div', portfolio.movement ? 'pair' : 'stack', movement(portfolio.movement, money), origins(portfolio.total, money)),
    groups(portfolio, money),
    acquisition(portfolio.acquisition, money),
    budget(portfolio.budget, money),
    scenario(portfolio, run, money),
    notes(portfolio.notes),
    node('footer', '', [text.run(day(date), run, ago(ageHours))]),
  ].filter(Boolean);
}

function notes(codes) {
  return codes.length === 0 ? '' : node('section', 'panel notes',
    node('h2', '', text.notes), node('ul', '', codes.map(code => node('li', '', text.noteTexts[code] ?? code))));
}

async function load() {
  element('message').textContent = text.loadingAll;
  let served;
  try {
    const answer = await ask('api/portfolio');
    if (!answer.ok) {
      element('message').textContent = failure(answer);
      return;
    }

    served = await answer.json();
  } catch {
    element('message').textContent = text.unreachable;
    return;
  }

  try {
    element('portfolio').replaceChildren(...report(served));
  } catch (error) {
    element('message').textContent = text.failed;
    throw error;
  }

  element('portfolio').hidden = false;
  element('message').textContent = '';
}

translate();
load();
