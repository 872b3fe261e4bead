import { ask, failure } from './api.js';
import { card } from './card.js';
import { text, translate } from './words.js';

const element = id => document.getElementById(id);
let latest = 0;

function say(message, spokenOnly = false) {
  element('message').textContent = message;
  element('message').classList.toggle('spoken', spokenOnly);
}

function show(id, answer) {
  element('card').replaceChildren(...card(id, answer));
  element('card').hidden = false;
  // Who cannot see the card hears the gist of it.
  const { phase, tier, action } = answer.customer;
  say([id, phase.label, tier?.label, action?.title].filter(Boolean).join(', '), true);
}

async function refusal(answer) {
  switch (answer.status) {
    case 400: return text.unusable;
    case 404: return (await answer.json()).run ? text.unknown : text.nothing;
    default: return failure(answer);
  }
}

async function find(id) {
  const mine = ++latest;
  element('card').hidden = true;
  say(text.loading);
  let body;
  let message;
  try {
    const answer = await ask(`api/customers?id=${encodeURIComponent(id)}`);
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
    show(id, body);
  } catch (error) {
    say(text.failed);
    throw error;
  }
}

element('search').addEventListener('submit', event => {
  event.preventDefault();
  element('id').select();
  find(element('id').value.trim());
});

// A telephone system opens the page with #id, which no server's log ever sees.
function fromAddress() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id) {
    element('id').value = id;
    element('id').select();
    find(id);
  }
}

translate();
say(text.hint);
addEventListener('hashchange', fromAddress);
element('id').focus();
fromAddress();
