import { text } from './words.js';

/** Asks the API, with the function key that the agent gives once a session. The page itself holds no data and no key. */
export async function ask(path) {
  const headers = {};
  const key = sessionStorage.getItem('key');
  if (key) {
    headers['x-functions-key'] = key;
  }

  const answer = await fetch(path, { headers });
  if (answer.status === 401) {
    const given = prompt(text.key);
    if (given) {
      sessionStorage.setItem('key', given);
      return ask(path);
    }
  }

  return answer;
}
