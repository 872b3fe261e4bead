import { fetchWithKey } from './access.js';
import { text } from './words.js';

/** Asks the API; with a body it is sent as JSON. The page itself holds no data and no key. */
export function ask(path, body) {
  return body
    ? fetchWithKey(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    : fetchWithKey(path);
}

/** Why the API did not give what it was asked for, in words. */
export function failure({ status }) {
  switch (status) {
    case 403: return text.forbidden;
    case 404: return text.nothing;
    case 429: return text.tooOften;
    case 503: return text.down;
    default: return `${text.failed} (${status})`;
  }
}
