// A custom handler that does what a message tells it, and keeps a line per request in calls.jsonl for the tests to read.
const http = require('http');
const fs = require('fs');
const path = require('path');

const appRoot = process.env.FUNCTIONS_APP_ROOT_PATH;
const port = Number(process.env.FUNCTIONS_CUSTOMHANDLER_PORT);
const log = entry => fs.appendFileSync(path.join(appRoot, 'calls.jsonl'), JSON.stringify({ pid: process.pid, at: Date.now(), ...entry }) + '\n');

if (process.env.HANDLER_CRASHES_AT_START) {
  console.error('no licence for the flux capacitor');
  process.exit(3);
}

function answer(response, status, body, type = 'application/json') {
  response.writeHead(status, type ? { 'Content-Type': type } : {});
  response.end(body);
}

function run(what, deliveries, response) {
  const first = deliveries === 1;
  switch (what.do) {
    case 'fail': return deliveries <= what.times ? answer(response, 500, '{}') : answer(response, 200, '{}');
    case 'crash': return first ? process.kill(process.pid, 'SIGKILL') : answer(response, 200, '{}');
    case 'leave': return first ? process.exit(0) : answer(response, 200, '{}');
    case 'empty': return first ? answer(response, 200, '') : answer(response, 200, '{}');
    case 'text': return first ? answer(response, 200, 'done', 'text/plain') : answer(response, 200, '{}');
    case 'broken': return first ? answer(response, 200, '{"Outputs":') : answer(response, 200, '{}');
    case 'slow': return setTimeout(() => answer(response, 200, '{}'), what.ms);
    case 'hang': return first ? undefined : answer(response, 200, '{}');
    default: return answer(response, 200, JSON.stringify({ Outputs: {}, Logs: ['a line in the answer'], ReturnValue: null }));
  }
}

http.createServer((request, response) => {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const call = request.headers['x-azure-functions-invocationid'];
    const entry = { method: request.method, target: request.url, headers: request.rawHeaders, body: body.toString('base64'), cwd: process.cwd() };
    if (!call) {
      if (request.method === 'GET' && request.url === '/' && !request.headers['x-test']) {
        return answer(response, 200, '');
      }
      log({ kind: 'http', ...entry });
      response.writeHead(request.url.startsWith('/api/teapot') ? 418 : 200, { 'Content-Type': 'application/json', 'X-Handler': String(process.pid), 'Set-Cookie': ['a=1', 'b=2'] });
      return response.end(JSON.stringify(entry));
    }
    log({ kind: 'call', function: request.url.slice(1), ...entry });
    console.log(`called ${request.url}`);
    console.error(`a complaint about ${request.url}`);
    const message = JSON.parse(body);
    const data = Object.values(message.Data)[0];
    let what = {};
    try { what = typeof data === 'string' ? JSON.parse(JSON.parse(data)) : {}; } catch { /* a plain text */ }
    response.on('finish', () => log({ kind: 'end', function: request.url.slice(1) }));
    run(what, Number(message.Metadata.DequeueCount ?? 1), response);
  });
}).listen(port, '127.0.0.1');
