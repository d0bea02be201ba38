// Dispatcher and gates, one request at a time: what is let through, what is refused, with which status and which words.
import { test, cleanup, assert } from '../lib/tap.mjs';
import { Pool } from '../lib/pool.mjs';

let pool;
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const own = { origin: 'https://shop.example' };
const echo = (body, headers = {}, target = '/v1/echo/slug-1') =>
  pool.once('POST', target, { headers: { ...json, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
const refused = (r, status, code) => {
  assert.equal(r.status, status, r.text);
  assert.equal(r.headers['content-type'], 'application/problem+json');
  assert.equal(r.json.code, code);
  assert.equal(r.json.status, status);
  assert.equal(r.json.request_id, r.headers['request-id']);
  assert.equal(r.headers['cache-control'], 'no-store');
  return r.json;
};

test('start', async () => { pool = await Pool.start(['--body_max', '200000']); });

test('unknown addresses: a problem under /v1, a page elsewhere', async () => {
  refused(await pool.once('GET', '/v1/nothing'), 404, 'not_found');
  refused(await pool.once('GET', '/v1'), 404, 'not_found');
  const page = await pool.once('GET', '/nothing');
  assert.equal(page.status, 404);
  assert.match(page.headers['content-type'], /^text\/html/);
  assert.match(page.text, /<h1>/);
});

test('paths: literals win, placeholders decode, odd ones are refused', async () => {
  assert.match((await pool.once('GET', '/p/fixed')).text, /page_fixed/);
  assert.match((await pool.once('GET', '/p/gr%C3%BCn')).text, /<p>\/p\/grün/);
  for (const bad of ['/p/%zz', '/p/%', '/p/%2e%2e', '/p/..', '/p/a%2Fb', '/p/%00', '/p/%ff', '/p/%0a', '//p', 'p', '*']) {
    const r = await pool.once('GET', bad);
    assert.ok(r.status === 400 || r.status === 404, `${bad} ${r.status}`);
  }
  assert.equal((await pool.once('GET', '/p/..')).status, 400);
  assert.equal((await pool.once('GET', 'https://shop.example/p/x?y=1')).status, 200);
});

test('a page with a slash too many has moved', async () => {
  const r = await pool.once('GET', '/p/x/?a=1');
  assert.equal(r.status, 301);
  assert.equal(r.headers.location, '/p/x?a=1');
  assert.equal((await pool.once('GET', '/v1/hello/')).status, 404);
});

test('methods: HEAD where GET is, 405 with Allow, OPTIONS', async () => {
  const head = await pool.once('HEAD', '/v1/hello');
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  assert.ok(Number(head.headers['content-length']) > 20);
  const wrong = await pool.once('DELETE', '/v1/hello');
  refused(wrong, 405, 'method_not_allowed');
  assert.equal(wrong.headers.allow, 'GET, HEAD, OPTIONS');
  assert.equal((await pool.once('BREW', '/v1/hello')).status, 405);
  const options = await pool.once('OPTIONS', '/form');
  assert.equal(options.status, 204);
  assert.equal(options.headers.allow, 'GET, HEAD, POST, OPTIONS');
});

test('CORS: any origin for public calls, never for the others', async () => {
  const get = await pool.once('GET', '/v1/hello', { headers: { origin: 'https://elsewhere.example' } });
  assert.equal(get.headers['access-control-allow-origin'], '*');
  assert.match(get.headers['access-control-expose-headers'], /Request-Id/);
  assert.equal(get.headers['access-control-allow-credentials'], undefined);
  const preflight = await pool.once('OPTIONS', '/v1/echo/x', { headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-methods'], 'POST, OPTIONS');
  assert.match(preflight.headers['access-control-allow-headers'], /Idempotency-Key/);
  const none = await pool.once('OPTIONS', '/v1/tagged', { headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' } });
  assert.equal(none.headers['access-control-allow-origin'], undefined);
});

test('typed input comes from path, query, headers and body', async () => {
  const body = {
    name: '  Ada  ', color: 'red', email: 'ada@example.com', count: 7, flag: true, perhaps: false, price: { amount: 2499, currency: 'EUR' },
    at: '2026-11-22T22:00:00+01:00', product_id: 'prod_01jd9v7q3e8m2k5x6r4t0w1y9z', address: { city: 'Köln', note: 'two\nlines' },
    items: [{ variant_id: 'var_01jd9v7q3e8m2k5x6r4t0w1y9z' }], tags: ['a', 'b'],
  };
  const r = await echo(body, { 'echo-token': 'secret' }, '/v1/echo/gr%C3%BCn?limit=5');
  assert.equal(r.status, 201, r.text);
  assert.deepEqual(r.json, {
    slug: 'grün', limit: 5, token: 'secret', name: 'Ada', color: 'red', email: 'ada@example.com', count: 7, flag: true, perhaps: false,
    price: { amount: 2499, currency: 'EUR' }, at: '2026-11-22T21:00:00Z', product_id: 'prod_01jd9v7q3e8m2k5x6r4t0w1y9z',
    address: { city: 'Köln', note: 'two\nlines' }, items: [{ variant_id: 'var_01jd9v7q3e8m2k5x6r4t0w1y9z', quantity: 1 }], tags: ['a', 'b'],
  });
});

test('defaults and nulls', async () => {
  const r = (await echo({ name: 'Ada', color: null })).json;
  assert.deepEqual([r.count, r.flag, r.limit, r.price, r.address, r.items], [3, false, null, null, null, []]);
});

test('every bad field is named at once', async () => {
  const r = refused(await echo({
    count: 11, color: 'pink', email: 'nobody', product_id: 'ord_01jd9v7q3e8m2k5x6r4t0w1y9z', price: { amount: 1.5, currency: 'EUR' }, flag: 'yes', at: 'now',
    address: { note: 'x', zip: 1 }, items: [{ quantity: 0 }], tags: 'a', surplus: 1,
  }, {}, '/v1/echo/x?limit=1000&page=2'), 422, 'out_of_range');
  const by = Object.fromEntries(r.errors.map((f) => [f.param, f.code]));
  assert.deepEqual(by, {
    limit: 'out_of_range', page: 'unknown_field', name: 'required', count: 'out_of_range', color: 'invalid', email: 'invalid', product_id: 'invalid', price: 'invalid',
    flag: 'invalid', at: 'invalid', 'address.city': 'required', 'address.zip': 'unknown_field', 'items[0].variant_id': 'required',
    'items[0].quantity': 'out_of_range', tags: 'invalid', surplus: 'unknown_field',
  });
  assert.ok(r.errors.every((f) => f.detail.length > 5));
});

test('JSON that is none', async () => {
  for (const bad of ['', '{', '[]', '"x"', '{"name":"a" "b":1}', '{"name":"Ada","name":"Eve"}', '{"name":01}', '{"name":"\u0001"}', '{"name":"a\\u0000b"}', '{"count":1e5,}',
    '{"a":'.repeat(40) + '1' + '}'.repeat(40), '{"count":99999999999999999999}', "{'name':'x'}", '{"name":"x"}{}', 'NaN', '{"name":NaN}', '// {}']) {
    const r = await echo(bad);
    assert.equal(r.status, bad === '' ? 422 : 400, bad + r.text);
    if (bad) assert.equal(r.json.code, 'invalid_json', bad);
  }
  assert.equal((await pool.once('POST', '/v1/echo/x', { headers: json, body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) })).status, 400);
});

test('body limits and content types', async () => {
  refused(await echo(JSON.stringify({ name: 'x'.repeat(70000) })), 413, 'body_too_large');
  refused(await pool.once('POST', '/v1/strict', { headers: { ...json, 'idempotency-key': 'k' }, body: 'x'.repeat(200001) }), 413, 'body_too_large');
  refused(await pool.once('POST', '/v1/echo/x', { headers: { 'content-type': 'text/plain' }, body: '{"name":"Ada"}' }), 415, 'unsupported_media_type');
  refused(await pool.once('POST', '/v1/echo/x', { body: '{"name":"Ada"}' }), 415, 'unsupported_media_type');
  assert.equal((await pool.once('POST', '/v1/echo/x', { headers: { 'content-type': 'Application/JSON; charset=utf-8' }, body: '{"name":"Ada"}' })).status, 201);
  refused(await pool.once('POST', '/v1/strict', { headers: { ...json, 'idempotency-key': 'k' }, body: '{"x":1}' }), 422, 'unknown_field');
  assert.equal((await pool.once('POST', '/v1/raw', { headers: { 'content-type': 'x/y' }, body: Buffer.from([0, 255, 7]) })).text, '3\n');
});

test('idempotency keys: required, bounded, and a hash that does not depend on how the body is written', async () => {
  refused(await pool.once('POST', '/v1/strict'), 422, 'idempotency_key_required');
  refused(await pool.once('POST', '/v1/strict', { headers: { 'idempotency-key': 'k'.repeat(256) } }), 400, 'bad_request');
  refused(await pool.once('POST', '/v1/strict', { headers: { 'idempotency-key': 'a b' } }), 400, 'bad_request');
  assert.equal((await pool.once('POST', '/v1/strict', { headers: { 'idempotency-key': 'k'.repeat(255) } })).status, 200);
  const hash = async (body, target) => (await echo(body, { 'idempotency-key': 'k1' }, target)).headers['body-hash'];
  const one = await hash('{"name":"Ada","count":2}');
  assert.match(one, /^[0-9a-f]{64}$/);
  assert.equal(await hash('{ "count": 2,\n "name": "\\u0041da" }'), one);
  assert.notEqual(await hash('{"name":"Ada","count":3}'), one);
  assert.notEqual(await hash('{"name":"Ada","count":2}', '/v1/echo/other'), one);
  assert.equal((await echo({ name: 'Ada' })).headers['body-hash'], undefined);
});

test('a cookie of ours together with Authorization is ambiguous; somebody else\'s cookie is not', async () => {
  refused(await pool.once('GET', '/v1/hello', { headers: { authorization: 'Bearer x', cookie: 'a=b; __Host-cart=1' } }), 400, 'ambiguous_credentials');
  assert.equal((await pool.once('GET', '/v1/hello', { headers: { authorization: 'Bearer x', cookie: '_ga=1' } })).status, 200);
});

test('accounts do not exist yet: 401, not a crash', async () => { refused(await pool.once('GET', '/v1/private'), 401, 'unauthenticated'); });

test('forms are taken from our own origin only', async () => {
  const send = (headers) => pool.once('POST', '/simple', { headers: { ...form, ...headers }, body: 'name=Ada' });
  assert.equal((await send(own)).status, 200);
  assert.equal((await send({ 'sec-fetch-site': 'same-origin' })).status, 200);
  for (const bad of [{}, { origin: 'null' }, { origin: 'https://evil.example' }, { origin: 'http://shop.example' }, { origin: 'https://shop.example.evil' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'cross-site' }]) {
    assert.equal((await send(bad)).status, 403, JSON.stringify(bad));
  }
});

test('synchronizer tokens: of this visitor only, each page another one, all of them good', async () => {
  const page = await pool.once('GET', '/form');
  assert.equal(page.headers['cache-control'], 'no-store');
  const cookie = page.cookies[0].split(';')[0];
  assert.match(page.cookies[0], /^__Host-form=[\w-]{24}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
  const token = page.text.match(/value="([\w-]+)"/)[1];
  const again = await pool.once('GET', '/form', { headers: { cookie } });
  assert.equal(again.cookies.length, 0);
  const token2 = again.text.match(/value="([\w-]+)"/)[1];
  assert.notEqual(token, token2);
  const send = (csrf, headers) => pool.once('POST', '/form', { headers: { ...form, ...own, ...headers }, body: `name=Ada&_csrf=${csrf}` });
  assert.equal((await send(token, { cookie })).status, 200);
  assert.equal((await send(token2, { cookie })).status, 200);
  assert.equal((await send('', { cookie, 'x-csrf-token': token })).status, 200);
  for (const [t, h] of [['', { cookie }], [token, {}], [token, { cookie: '__Host-form=' + 'A'.repeat(24) }], ['x'.repeat(43), { cookie }], [token.slice(1), { cookie }], [token, { cookie: '__Host-form=' }]]) {
    assert.equal((await send(t, h)).status, 403);
  }
  assert.equal((await send(token, { cookie, origin: 'https://evil.example' })).status, 403);
});

test('forms: nested names, lists, empty inputs, hidden fields, unknown fields', async () => {
  const send = (body) => pool.once('POST', '/simple', { headers: { ...form, ...own }, body });
  assert.equal((await send('name=Ada+L%C3%B6velace&address.city=K%C3%B6ln&tags=a&tags=b&_ignored=1')).text, 'name=Ada Lövelace city=Köln tags=2 key=\n');
  assert.equal((await send('name=Ada&address.city=&address.note=')).text, 'name=Ada city= tags=0 key=\n');
  assert.equal((await send('name=+&address.city=x')).status, 422);
  assert.equal((await send('name=Ada&unknown=1')).status, 422);
  assert.equal((await send('name=Ada&name=Eve')).status, 422);
  assert.equal((await send('name=%ff')).status, 400);
  assert.equal((await pool.once('POST', '/simple', { headers: { ...json, ...own }, body: '{"name":"Ada"}' })).status, 415);
  const page = await pool.once('GET', '/form');
  const keyed = await pool.once('POST', '/form', { headers: { ...form, ...own, cookie: page.cookies[0].split(';')[0] }, body: `name=Ada&_key=abc&_csrf=${page.text.match(/value="([\w-]+)"/)[1]}` });
  assert.match(keyed.text, /key=abc/);
});

test('pages ignore query parameters that they do not know, the API does not', async () => {
  assert.equal((await pool.once('GET', '/p/x?utm_source=mail&fbclid=1')).status, 200);
  refused(await pool.once('GET', '/v1/hello?utm_source=mail'), 422, 'unknown_field');
});

test('rates: three a minute for an address, then 429 with Retry-After; Redis is not needed', async () => {
  const ask = (remote) => pool.once('GET', '/v1/limited', { remote });
  for (let i = 0; i < 3; i++) assert.equal((await ask('203.0.113.1')).status, 200);
  const r = await ask('203.0.113.1');
  refused(r, 429, 'rate_limited');
  assert.ok(Number(r.headers['retry-after']) >= 1 && Number(r.headers['retry-after']) <= 20);
  assert.equal(r.headers['ratelimit-limit'], '3');
  assert.equal((await ask('203.0.113.2')).status, 200);
  for (let i = 0; i < 3; i++) await ask(`2001:db8:1:2::${i}`);
  assert.equal((await ask('2001:db8:1:2:ffff::9')).status, 429);
});

test('problems and pages of failures', async () => {
  for (const [code, status] of [['insufficient_stock', 409], ['precondition_failed', 412], ['internal', 500], ['unavailable', 503], ['request_timeout_is_none', 404]]) {
    assert.equal((await pool.once('GET', `/v1/fail/${code}`)).status, status);
    const page = await pool.once('GET', `/broken/${code}`);
    assert.equal(page.status, status);
    assert.match(page.headers['content-type'], /^text\/html/);
  }
  assert.equal((await pool.once('GET', '/v1/fail/unavailable')).headers['retry-after'], '1');
  assert.equal((await pool.once('GET', '/v1/fail/rate_limited')).headers['retry-after'], '7');
  refused(await pool.once('GET', '/v1/fail/silent'), 500, 'internal');
  assert.match((await pool.once('GET', '/v1/fail/not_found')).json.type, /^urn:souk:problem:not_found$/);
});

test('entity tags', async () => {
  const r = await pool.once('GET', '/v1/tagged');
  assert.equal(r.headers.etag, '"v7"');
  assert.equal(r.headers['cache-control'], 'private, no-cache');
  for (const match of ['"v7"', 'W/"v7"', '"a", W/"v7"', '*']) {
    const same = await pool.once('GET', '/v1/tagged', { headers: { 'if-none-match': match } });
    assert.equal(same.status, 304, match);
    assert.equal(same.body.length, 0);
  }
  assert.equal((await pool.once('GET', '/v1/tagged', { headers: { 'if-none-match': '"v8"' } })).status, 200);
});

test('a public page never sets a cookie, even when its handler tries', async () => {
  const good = await pool.once('GET', '/');
  assert.equal(good.headers['cache-control'], 'public, max-age=1, stale-while-revalidate=1, stale-if-error=86400');
  assert.equal(good.cookies.length, 0);
  const bad = await pool.once('GET', '/leaky');
  assert.equal(bad.headers['cache-control'], 'no-store');
});

test('unusable trace headers are replaced', async () => {
  for (const bad of ['', 'x', '00-00000000000000000000000000000000-b7ad6b7169203331-01', '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01', 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01']) {
    const r = await pool.once('GET', '/v1/hello', { headers: { traceparent: bad } });
    const line = await new Promise((resolve) => setTimeout(() => resolve(pool.logLines().find((l) => l.request_id === r.headers['request-id'])), 30));
    assert.match(line.trace_id, /^[0-9a-f]{32}$/);
    assert.notEqual(line.trace_id, '0'.repeat(32));
  }
});

cleanup('end', async () => {
  assert.equal(await pool.stop(), 0);
  assert.doesNotMatch(pool.logText(), /Sanitizer|runtime error/);
  await pool.remove();
});
