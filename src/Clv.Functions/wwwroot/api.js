import { text } from './words.js';

/**
 * Asks the API, with the function key that the user gives once a session; with a body it is sent as JSON. The page itself holds
 * no data and no key.
 */
export async function ask(path, body) {
  const headers = {};
  const key = sessionStorage.getItem('key');
  if (key) {
    headers['x-functions-key'] = key;
  }

  const request = { headers };
  if (body) {
    headers['content-type'] = 'application/json';
    Object.assign(request, { method: 'POST', body: JSON.stringify(body) });
  }

  const answer = await fetch(path, request);
  if (answer.status === 401) {
    const given = prompt(text.key);
    if (given) {
      sessionStorage.setItem('key', given);
      return ask(path, body);
    }
  }

  return answer;
}

/** Why the API did not give what it was asked for, in words. */
export function failure({ status }) {
  switch (status) {
    case 404: return text.nothing;
    case 503: return text.down;
    default: return `${text.failed} (${status})`;
  }
}
