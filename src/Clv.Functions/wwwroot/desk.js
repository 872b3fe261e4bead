import { ask, failure } from './api.js';
import { card } from './card.js';
import { node } from './format.js';
import { matches } from './matches.js';
import { text, translate } from './words.js';

const element = id => document.getElementById(id);
let latest = 0;

function say(message, spokenOnly = false) {
  element('message').textContent = message;
  element('message').classList.toggle('spoken', spokenOnly);
}

function show(asked, answer) {
  if (answer.customers.length > 1) {
    choose(asked, answer);
  } else {
    showOne(asked, answer, answer.customers[0]);
  }
}

function showOne(asked, answer, customer) {
  const { run, by, customers } = answer;
  const back = node('button', 'back', text.back(customers.length));
  back.type = 'button';
  back.addEventListener('click', () => choose(asked, answer));
  element('card').replaceChildren(...customers.length > 1 ? [back] : [], ...card(asked, { run, by, customer }));
  element('card').hidden = false;
  // Who cannot see the card hears the gist of it.
  const { phase, tier, action } = customer;
  say([asked, phase.label, tier?.label, action?.title].filter(Boolean).join(', '), true);
  element('id').focus();
  element('id').select();
}

function choose(asked, answer) {
  element('card').replaceChildren(...matches(asked, answer, customer => showOne(asked, answer, customer)));
  element('card').hidden = false;
  say(text.people(answer.customers.length, answer.by), true);
  element('card').querySelector('.match').focus();
}

async function refusal(answer) {
  switch (answer.status) {
    case 400: return text.unusable;
    case 404: return (await answer.json()).run ? text.unknown : text.nothing;
    default: return failure(answer);
  }
}

async function find(kind, asked) {
  const mine = ++latest;
  element('card').hidden = true;
  say(text.loading);
  let body;
  let message;
  try {
    const answer = await ask('api/customers:find', { [kind]: asked });
    if (answer.ok) {
      body = await answer.json();
    } else {
      message = await refusal(answer);
    }
  } catch {
    message = text.unreachable;
  }

  // The answer to a question that was asked before the latest one must not replace its answer.
  if (mine !== latest) {
    return;
  }

  if (!body) {
    say(message);
    return;
  }

  try {
    show(asked, body);
  } catch (error) {
    say(text.failed);
    throw error;
  }
}

element('search').addEventListener('submit', event => {
  event.preventDefault();
  element('id').select();
  find('query', element('id').value.trim());
});

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// A telephone system opens the page with #phone=, #email=, #id= or simply #id, which no server's log ever sees. Nor does it stay in the address
// bar and the history.
function fromAddress() {
  const fragment = location.hash.slice(1);
  if (!fragment) {
    return;
  }

  history.replaceState(null, '', location.pathname + location.search);
  const [, kind = 'query', part] = /^(?:(phone|email|id)=)?(.*)$/.exec(fragment);
  const asked = decoded(part).trim();
  if (asked) {
    element('id').value = asked;
    element('id').select();
    find(kind, asked);
  }
}

translate();
say(text.hint);
addEventListener('hashchange', fromAddress);
element('id').focus();
fromAddress();
