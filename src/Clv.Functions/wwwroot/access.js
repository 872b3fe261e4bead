import { text } from './words.js';

const store = 'key';

// A link such as /#key=... brings the key, which is taken out of the address bar and its history before anything else looks at it.
function takeFromAddress() {
  const given = /^#key=(.+)$/.exec(location.hash);
  if (given) {
    sessionStorage.setItem(store, decodeURIComponent(given[1]));
    history.replaceState(null, '', location.pathname + location.search);
  }
}

takeFromAddress();
addEventListener('hashchange', takeFromAddress);

/**
 * Fetches with the key of this session, and asks for one when there is none or it is refused. Whether it is the app that wants it or the
 * Functions host in front of it is theirs to know: it goes to both.
 */
export async function fetchWithKey(path, request = {}) {
  const key = sessionStorage.getItem(store);
  const headers = key ? { ...request.headers, 'x-api-key': key, 'x-functions-key': key } : request.headers;
  // The app redirects nobody; App Service does, whose sign-in has ended (Clv:Access AppService), to a page that a fetch could not read.
  const answer = await fetch(path, { ...request, headers, redirect: 'manual' });
  if (answer.type === 'opaqueredirect') {
    // Without what stands behind #, which may be a customer: nothing of it goes to a server.
    const here = location.pathname + location.search;
    location.assign(`/.auth/login/aad?post_login_redirect_uri=${encodeURIComponent(here)}`);
    return new Promise(() => {});
  }

  if (answer.status === 401) {
    const given = prompt(text.key);
    if (given) {
      sessionStorage.setItem(store, given.trim());
      return fetchWithKey(path, request);
    }
  }

  return answer;
}
