// Errors that nginx raises itself: problem+json below /v1, HTML pages elsewhere, with the same fields as those of the pools.
import fs from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { test, assert } from '../lib/tap.mjs';
import { Visitor, environment, sleep, until } from '../lib/shop.mjs';
import { frozen, withoutPool } from '../lib/processes.mjs';

const { url, httpUrl, home, source } = environment();
const port = Number(new URL(url).port);
const shopper = new Visitor();
const table = fs.readFileSync(`${source}/src/base/problem.def`, 'utf8');

// The title that problem.def has for a code: what nginx says must be the same.
const titleOf = (code) => table.match(new RegExp(`"${code}",\\s*\\d+,\\s*"([^"]*)"`))[1];

function assertProblem(answer, status, code) {
  assert.equal(answer.status, status);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  const { request_id: id, ...rest } = answer.json;
  assert.deepEqual(rest, { type: `urn:souk:problem:${code}`, title: titleOf(code), status, code });
  assert.equal(answer.headers['request-id'], id);
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
}

function assertErrorPage(answer, status) {
  assert.equal(answer.status, status);
  assert.match(answer.headers['content-type'], /^text\/html/);
  assert.match(answer.text, new RegExp(`<p class="eyebrow">${status}</p>`));
  assert.match(answer.text, /<a class="button" href="\/">/);
  assert.doesNotMatch(answer.text, /nginx/);
  assert.match(answer.headers['content-security-policy'], /default-src 'none'/);
}

// Sends bytes as they are over TLS and parses the answer.
function raw(bytes) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }, () => socket.write(bytes));
    const chunks = [];
    socket.setTimeout(20000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (c) => chunks.push(c));
    socket.on('error', reject);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString();
      const [head, ...body] = text.split('\r\n\r\n');
      const [line, ...fields] = head.split('\r\n');
      const headers = Object.fromEntries(fields.map((f) => [f.slice(0, f.indexOf(':')).toLowerCase(), f.slice(f.indexOf(':') + 2)]));
      resolve({ status: Number(line.split(' ')[1]), headers, text: body.join('\r\n\r\n'), get json() { return JSON.parse(this.text); } });
    });
  });
}

const request = (line, ...headers) => [line, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n');
const long = 'a'.repeat(60000);

test('404 of the API', async () => assertProblem(await shopper.api('GET', '/v1/nowhere'), 404, 'not_found'));
test('404 of /v1 itself', async () => assertProblem(await shopper.api('GET', '/v1?x=1'), 404, 'not_found'));
test('404 page', async () => assertErrorPage(await shopper.get('/nowhere'), 404));
test('404 page for a name that only begins like the API', async () => assertErrorPage(await shopper.get('/v1x'), 404));
test('405 of the API', async () => assertProblem(await shopper.api('POST', '/v1/openapi.json', { json: {} }), 405, 'method_not_allowed'));
test('405 page', async () => {
  const icon = (await shopper.get('/')).text.match(/\/assets\/[^"]+\.css/)[0];
  assertErrorPage(await shopper.post(icon, {}), 405);
});
test('413 of the API', async () => {
  assertProblem(await shopper.api('POST', '/v1/carts', { body: Buffer.alloc(2 << 20, 32), headers: { 'content-type': 'application/json' } }), 413, 'body_too_large');
});
test('413 page', async () => assertErrorPage(await shopper.post('/cart/items', { x: 'y'.repeat(2 << 20) }), 413));
test('414 of the API', async () => assertProblem(await raw(request(`GET /v1/products?q=${long} HTTP/1.1`)), 414, 'uri_too_long'));
test('414 page', async () => assertErrorPage(await raw(request(`GET /search?q=${long} HTTP/1.1`)), 414));
test('one header of 60 KB is 400', async () => {
  assertProblem(await raw(request('GET /v1/products HTTP/1.1', `X-Long: ${long}`)), 400, 'headers_too_large');
});
test('60 KB of many headers is 400', async () => {
  const many = Array.from({ length: 60 }, (_, i) => `X-${i}: ${'b'.repeat(1000)}`);
  assertProblem(await raw(request('GET /v1/products HTTP/1.1', ...many)), 400, 'headers_too_large');
});
test('headers of 200 bytes and of 8 KB are fine', async () => {
  for (const size of [200, 8000]) {
    const answer = await raw(request('GET /v1/categories HTTP/1.1', `X-Long: ${'c'.repeat(size)}`));
    assert.equal(answer.status, 200);
  }
});
test('a page with 60 KB of headers is an HTML 400', async () => assertErrorPage(await raw(request('GET /cart HTTP/1.1', `Cookie: a=${long}`)), 400));
test('a request without Host is 400', async () => assertProblem(await raw('GET /v1/products HTTP/1.1\r\nConnection: close\r\n\r\n'), 400, 'bad_request'));
test('an HTTP version and a transfer coding that nobody speaks are 400, in our form', async () => {
  assertProblem(await raw('GET /v1/products HTTP/3.0\r\nHost: localhost\r\nConnection: close\r\n\r\n'), 400, 'bad_request');
  assertErrorPage(await raw('GET /cart HTTP/3.0\r\nHost: localhost\r\nConnection: close\r\n\r\n'), 400);
  assertProblem(await raw(request('POST /v1/carts HTTP/1.1', 'Transfer-Encoding: gzip', 'Content-Type: application/json')), 400, 'bad_request');
  assertErrorPage(await raw(request('POST /cart/items HTTP/1.1', 'Transfer-Encoding: gzip')), 400);
});
test('conditions on files: 412 in our form; a range that is none gets the whole file', async () => {
  const asset = (await shopper.get('/')).text.match(/\/assets\/[^"]+\.css/)[0];
  assertProblem(await raw(request('GET /v1/openapi.json HTTP/1.1', 'If-Match: "never"')), 412, 'precondition_failed');
  assertErrorPage(await raw(request(`GET ${asset} HTTP/1.1`, 'If-Match: "never"')), 412);
  for (const target of ['/v1/openapi.json', asset]) {
    assert.equal((await shopper.request('GET', target, { headers: { range: 'bytes=99999999-' } })).status, 200, target);
  }
});
test('nonsense is 400', async () => assert.equal((await raw('hello there\r\n\r\n')).status, 400));

test('a well-formed Request-Id is kept, another is replaced', async () => {
  const id = 'client-1234567890';
  assert.equal((await shopper.api('GET', '/v1/nowhere', { headers: { 'request-id': id } })).json.request_id, id);
  assert.equal((await shopper.api('GET', '/v1/categories', { headers: { 'request-id': id } })).headers['request-id'], id);
  for (const bad of ['short', 'with"quote-12345', 'x'.repeat(65)]) {
    const answer = await shopper.api('GET', '/v1/nowhere', { headers: { 'request-id': bad } });
    assert.match(answer.json.request_id, /^[0-9a-f]{32}$/);
  }
});
test('an error of a pool has the Request-Id of its header', async () => {
  const answer = await shopper.api('GET', '/v1/products/there-is-no-such-thing');
  assert.equal(answer.status, 404);
  assert.equal(answer.json.request_id, answer.headers['request-id']);
});

test('429 after a burst from one address, with Retry-After', async () => {
  const crowd = Array.from({ length: 16 }, () => new Visitor({ localAddress: '127.0.0.2' }));
  let limited;
  await Promise.all(crowd.map(async (v) => {
    for (let i = 0; i < 60 && !limited; i += 1) {
      const answer = await v.api('GET', '/v1/openapi.json');
      if (answer.status === 429) limited = answer;
    }
    v.close();
  }));
  assert.ok(limited, 'nobody was limited');
  assertProblem(limited, 429, 'rate_limited');
  assert.equal(limited.headers['retry-after'], '1');
  await sleep(1000);
}, { ms: 60000 });

test('502 while a pool is away, of the API and of a page', async () => {
  await withoutPool('order', async () => {
    assertProblem(await shopper.api('POST', '/v1/carts', { json: {} }), 502, 'bad_gateway');
    assertErrorPage(await shopper.get('/cart'), 502);
  });
  await until('order is back', async () => (await shopper.get('/cart')).status === 200);
}, { ms: 90000 });

test('504 while a pool does not answer', async () => {
  await frozen('inventory', async () => assertProblem(await shopper.api('GET', '/v1/availability?variant=x'), 504, 'timeout'));
}, { ms: 60000 });

test('pages are served while their pool is away or does not answer', async () => {
  const path = (await shopper.get('/')).text.match(/href="(\/p\/[^"?#]+)"/)[1];
  const page = (await shopper.get(path)).text;
  await frozen('product', async () => {
    await sleep(2500);
    const answers = await Promise.all(['/', path, path].map((p) => shopper.get(p)));
    assert.deepEqual(answers.map((a) => a.status), [200, 200, 200]);
    assert.equal(answers[1].text, page);
  });
  await withoutPool('product', async () => {
    await sleep(2500);
    const answer = await shopper.get(path);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['x-cache'], 'STALE');
    assertErrorPage(await shopper.get('/p/never-asked-for-before'), 502);
  });
  await until('product is back', async () => (await shopper.api('GET', '/v1/categories')).status === 200);
}, { ms: 120000 });

test('http redirects to https, also on the TLS port', async () => {
  const plain = new Visitor({ url: httpUrl });
  const answer = await plain.request('GET', '/c/x?y=1');
  assert.equal(answer.status, 308);
  assert.equal(answer.headers.location, `${url}/c/x?y=1`);
  const wrong = await new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('GET /p/x HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    socket.once('data', (d) => { resolve(d.toString()); socket.destroy(); });
    socket.on('error', reject);
  });
  assert.match(wrong, /^HTTP\/1\.1 308 /);
  assert.match(wrong, new RegExp(`\r\nLocation: ${url}/p/x\r\n`));
});
