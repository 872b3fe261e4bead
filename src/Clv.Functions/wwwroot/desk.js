'use strict';

// The page holds no data: it asks the API, with the function key that the agent's tool or the agent gives it.
const texts = {
  en: {
    customer: 'Customer', find: 'Find', loading: 'Looking up …', unknown: 'No customer with this id', nothing: 'Nothing has been published yet',
    down: 'Storage does not answer. Try again in a few seconds.', failed: 'The lookup failed', key: 'Key for the API',
    terms: s => `expected in the next ${weeks(s.horizonWeeks)}, discounted at ${percent(s.discountRate)} a year`,
    noForecast: 'no purchase yet, so no forecast', likely: 'active', unsure: 'at risk', gone: 'probably lost',
    alive: 'Probability of being a customer', expected: 'Purchases expected', spend: 'Value of a purchase', historic: 'Value so far',
    purchases: 'Purchases so far', first: 'First purchase', last: 'Last purchase',
    range: 'In 4 of 5 cases it will be', none: 'Most likely no purchase', margin: 'Share of contribution margin', ofRevenue: ' (revenue)', ofMargin: 'contribution margin, ',
    run: r => `As of ${day(r.date)} (run ${r.id})${r.model ? `, ${r.model.name}${r.model.kept ? ` kept from run ${r.model.fittedIn}` : ''}` : ''}`, weekWord: 'weeks',
  },
  de: {
    customer: 'Kunde', find: 'Suchen', loading: 'Suche …', unknown: 'Kein Kunde mit dieser Nummer', nothing: 'Es wurde noch nichts veröffentlicht',
    down: 'Der Speicher antwortet nicht. Bitte in ein paar Sekunden noch einmal versuchen.', failed: 'Die Abfrage ist fehlgeschlagen', key: 'Schlüssel für die API',
    terms: s => `erwartet in den nächsten ${weeks(s.horizonWeeks)}, abgezinst mit ${percent(s.discountRate)} im Jahr`,
    noForecast: 'noch kein Kauf, daher keine Prognose', likely: 'aktiv', unsure: 'gefährdet', gone: 'wohl verloren',
    alive: 'Wahrscheinlichkeit, noch Kunde zu sein', expected: 'Erwartete Käufe', spend: 'Wert eines Kaufs', historic: 'Wert bisher',
    purchases: 'Käufe bisher', first: 'Erster Kauf', last: 'Letzter Kauf',
    range: 'In 4 von 5 Fällen werden es', none: 'Wahrscheinlich kein Kauf', margin: 'Deckungsbeitragsquote', ofRevenue: ' (Umsatz)', ofMargin: 'Deckungsbeitrag, ',
    run: r => `Stand ${day(r.date)} (Lauf ${r.id})${r.model ? `, ${r.model.name}${r.model.kept ? `, beibehalten aus Lauf ${r.model.fittedIn}` : ''}` : ''}`, weekWord: 'Wochen',
  },
};
const language = navigator.language.startsWith('de') ? 'de' : 'en';
const text = texts[language];
const element = id => document.getElementById(id);
const number = (value, digits) => value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = value => value.toLocaleString(language, { style: 'percent', maximumFractionDigits: 1 });
const money = (value, currency) => currency
  ? value.toLocaleString(language, { style: 'currency', currency })
  : number(value, 2);
const day = iso => new Date(`${iso}T00:00:00Z`).toLocaleDateString(language, { timeZone: 'UTC', dateStyle: 'medium' });
const weeks = value => `${number(value, 0)} ${text.weekWord}`;

document.documentElement.lang = language;
for (const labelled of document.querySelectorAll('[data-text]')) {
  labelled.textContent = text[labelled.dataset.text];
}

let latest = 0;

async function ask(id) {
  const headers = {};
  const key = sessionStorage.getItem('key');
  if (key) {
    headers['x-functions-key'] = key;
  }

  const answer = await fetch(`api/customers?id=${encodeURIComponent(id)}`, { headers });
  if (answer.status === 401) {
    const given = prompt(text.key);
    if (given) {
      sessionStorage.setItem('key', given);
      return ask(id);
    }
  }

  return answer;
}

function show(id, { run, customer }) {
  const alive = customer.probabilityAlive;
  const mood = alive === undefined ? '' : alive >= 0.7 ? 'likely' : alive >= 0.3 ? 'unsure' : 'gone';
  element('who').textContent = id;
  element('alive').textContent = mood ? text[mood] : '';
  element('alive').className = mood;
  element('future').textContent = alive === undefined ? '–' : money(customer.futureValue, customer.currency);
  const revenue = customer.marginRate === undefined ? '' : text.ofRevenue;
  element('terms').textContent = alive === undefined ? text.noForecast : `${revenue && text.ofMargin}${text.terms(customer)}`;
  element('bar').hidden = alive === undefined;
  element('bar').value = alive ?? 0;
  element('bar').title = text.alive;
  const facts = [[text.historic + revenue, money(customer.historicValue, customer.currency)]];
  if (alive !== undefined) {
    facts.unshift(
      [text.alive, percent(alive)],
      [text.expected, number(customer.expectedTransactions, 1)],
      [text.spend + revenue, money(customer.expectedSpend, customer.currency)]);
    if (customer.valueHigh !== undefined) {
      facts.unshift(customer.valueHigh > 0
        ? [text.range, `${money(customer.valueLow, customer.currency)} – ${money(customer.valueHigh, customer.currency)}`]
        : [text.none, percent(customer.noPurchase)]);
    }

    if (customer.marginRate !== undefined) {
      facts.push([text.margin, percent(customer.marginRate)]);
    }

    facts.push(
      [text.purchases, number(customer.frequency + 1, 0)],
      [text.first, day(customer.firstPurchase)],
      [text.last, day(customer.lastPurchase)]);
  }

  element('facts').replaceChildren(...facts.flatMap(([name, value]) => {
    const term = document.createElement('dt');
    const detail = document.createElement('dd');
    term.textContent = name;
    detail.textContent = value;
    return [term, detail];
  }));
  element('run').textContent = text.run(run);
  element('score').hidden = false;
}

async function find(id) {
  const mine = ++latest;
  element('score').hidden = true;
  element('message').textContent = text.loading;
  let message = '';
  try {
    const answer = await ask(id);
    const body = await answer.json();
    if (mine !== latest) {
      return;
    }

    if (answer.ok) {
      show(id, body);
    } else {
      message = answer.status === 404 ? (body.run ? text.unknown : text.nothing) : answer.status === 503 ? text.down : `${text.failed} (${answer.status})`;
    }
  } catch {
    message = text.down;
  }

  if (mine === latest) {
    element('message').textContent = message;
  }
}

element('search').addEventListener('submit', event => {
  event.preventDefault();
  find(element('id').value.trim());
});

// A telephone system opens the page with #id, which no server's log ever sees.
function fromAddress() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id) {
    element('id').value = id;
    find(id);
  }
}

addEventListener('hashchange', fromAddress);
fromAddress();
