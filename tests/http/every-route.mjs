// Every row of every route table is asked at least once through the real nginx and gives its success, the answer that the API's document declares, and
// headers that every answer has. A new row without a line here (or a marker in another test, see README.md) fails the first test.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Contract } from '../lib/openapi.mjs';
import { Visitor, environment, findForm, until } from '../lib/shop.mjs';
import { makeVariant, readyCart } from '../lib/goods.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const build = process.env.SOUK_BUILD ?? path.join(here, '../../build');
const rows = execFileSync(path.join(build, 'routegen'), ['list'], { encoding: 'utf8' }).trim().split('\n')
  .map((line) => { const [method, pattern, pool, name] = line.split(' '); return { method, pattern, pool, name }; });

const v = new Visitor(), shopper = new Visitor();
const contract = new Contract((await v.api('GET', '/v1/openapi.json')).json);
const cup = makeVariant({ price: 1250, stock: 500 });
const key = () => Math.random().toString(36).slice(2);
const shared = {};

const placed = async (method = 'tok_ok') => {
  const cart = await readyCart(v, cup);
  const made = await cart.checkout({ json: { payment_method: method } });
  assert.equal(made.status, 201, made.text);
  return { cart, answer: made, ...made.json };
};
const payment = (o, method, more = '', options = {}) => v.api(method, `/v1/payments/${o.payment_id}${more}`, { headers: { 'payment-token': o.payment_token }, ...options });
const step = async (page) => new URL(page.url).pathname;
const ADDRESS = { email: 'ada@example.com', 'address.name': 'Ada Example', 'address.line1': 'Example Street 1', 'address.postal_code': '10115', 'address.city': 'Berlin', 'address.country': 'DE' };

// The page with the button of a visitor with one cup.
async function reviewed(visitor) {
  await visitor.post('/cart/items', { variant_id: cup.id, quantity: 1 });
  const shipping = await visitor.submit(await visitor.get('/checkout'), '/checkout', ADDRESS);
  const pay = await visitor.submit(shipping, '/checkout/shipping');
  assert.equal(await step(pay), '/checkout/payment');
  return pay;
}

// The way of a visitor whose card wants a word with its holder, and that of one whose card is declined.
async function challenged() {
  const visitor = new Visitor();
  const bank = await visitor.submit(await reviewed(visitor), '/checkout/payment', { method: 'tok_challenge' });
  assert.equal(await step(bank), '/pay/challenge', visitor.trail.join('\n'));
  const answered = await visitor.submit(bank, '/pay/challenge', {}, { button: 'approve', follow: false });
  return { visitor, bank, answered };
}

async function declined() {
  const visitor = new Visitor();
  const page = await visitor.submit(await reviewed(visitor), '/checkout/payment', { method: 'tok_declined' });
  return { visitor, page: findForm(page.text, '/pay/') ? page : await until('the refusal', async () => { const p = await visitor.get(page.url); return findForm(p.text, '/pay/') && p; }) };
}

// name of the row -> one request that succeeds; the answer is returned
const calls = {
  product_list: () => v.api('GET', '/v1/products?limit=2'),
  product_get: () => v.api('GET', `/v1/products/${cup.slug}`),
  category_list: async () => { const r = await v.api('GET', '/v1/categories'); shared.category = r.json.data[0]; return r; },
  category_get: () => v.api('GET', `/v1/categories/${shared.category.slug}`),
  suggest: () => v.api('GET', '/v1/suggest?q=te'),
  ping: () => v.api('GET', '/v1/ping'),
  home_page: () => v.get('/'),
  category_page: () => v.get(`/c/${shared.category.slug}`),
  product_page: () => v.get(`/p/${cup.slug}`),
  search_page: () => v.get('/search?q=cup'),
  terms_page: () => v.get('/terms'),
  privacy_page: () => v.get('/privacy'),
  sitemap: () => v.get('/sitemap.xml'),
  sitemap_file: () => v.get('/sitemap-1.xml'),
  robots: () => v.get('/robots.txt'),
  availability: () => v.api('GET', `/v1/availability?variant_id[]=${cup.id}`),

  cart_create: () => v.api('POST', '/v1/carts', { json: {} }),
  cart_get: async () => { shared.cart = await readyCart(v, cup); return shared.cart.get(); },
  cart_patch: () => shared.cart.address(),
  cart_item_add: async () => { const r = await shared.cart.add(cup, 2); shared.item = r.json.items[0].id; return r; },
  cart_item_patch: () => shared.cart.api('PATCH', `/items/${shared.item}`, { json: { quantity: 1 } }),
  cart_shipping_options: () => shared.cart.api('GET', '/shipping-options?country=DE'),
  cart_item_delete: () => shared.cart.api('DELETE', `/items/${shared.item}`),
  cart_checkout: async () => { shared.order = await placed(); return shared.order.answer; },
  order_get: () => v.api('GET', `/v1/orders/${shared.order.order_id}`, { headers: { 'order-token': shared.order.access_token } }),
  order_lookup: () => v.api('POST', '/v1/orders/lookup', { json: { number: shared.order.number, email: 'ada@example.com' } }),
  order_cancel: async () => {
    const o = await placed('tok_declined').catch(() => placed());
    return v.api('POST', `/v1/orders/${o.order_id}/cancel`, { json: {}, headers: { 'order-token': o.access_token } });
  },

  payment_get: () => payment(shared.order, 'GET'),
  payment_create: async () => {
    const o = await placed('tok_declined');
    await payment(o, 'POST', '/confirm', { key: key(), json: {} });
    await until('the refusal', async () => (await payment(o, 'GET')).json.state === 'failed');
    return v.api('POST', '/v1/payments', { key: key(), json: { order_id: o.order_id, method: 'tok_ok' }, headers: { 'payment-token': o.payment_token } });
  },
  payment_confirm: () => payment(shared.order, 'POST', '/confirm', { key: key(), json: {} }),

  hook_sandbox: () => v.api('POST', '/v1/hooks/sandbox', { json: {} }),       // unsigned: its success is what the payment tests show

  page_cart: () => shopper.get('/cart'),
  page_cart_fragment: () => shopper.get('/cart/fragment'),
  page_cart_add: () => shopper.post('/cart/items', { variant_id: cup.id, quantity: 1 }),
  page_cart_item: async () => { const cart = await shopper.get('/cart'); return shopper.submit(cart, '/cart/items/', { quantity: 2 }); },
  page_checkout: () => shopper.get('/checkout'),
  page_checkout_post: async () => shopper.submit(await shopper.get('/checkout'), '/checkout', ADDRESS),
  page_checkout_shipping: () => shopper.get('/checkout/shipping'),
  page_checkout_shipping_post: async () => shopper.submit(await shopper.get('/checkout/shipping'), '/checkout/shipping'),
  page_checkout_payment: () => shopper.get('/checkout/payment'),
  page_checkout_payment_post: async () => {
    const r = await shopper.submit(await shopper.get('/checkout/payment'), '/checkout/payment', {}, { follow: false });
    shared.payUrl = r.headers.location;
    return r;
  },
  pay_page: () => shopper.get(shared.payUrl),
  pay_challenge: async () => { shared.challenge = await challenged(); return shared.challenge.bank; },
  pay_challenge_answer: () => shared.challenge.answered,
  pay_return: () => shared.challenge.visitor.get(shared.challenge.answered.headers.location, { follow: false }),
  pay_again: async () => { const d = await declined(); return d.visitor.submit(d.page, '/pay/', { method: 'tok_ok' }, { follow: false }); },
  page_order_lookup: () => shopper.get('/orders/lookup'),
  page_order_lookup_post: async () => {
    const r = await shopper.submit(await shopper.get('/orders/lookup'), '/orders/lookup', { number: shared.order.number, email: 'ada@example.com' });
    shared.orderPage = r.url;
    return r;
  },
  page_order: () => shopper.get(shared.orderPage),
};

// Rows whose success other tests show; each needs the marker `route: NAME` there.
function marked() {
  const names = new Set();
  const walk = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) { if (entry.name !== 'node_modules') walk(file); continue; }
      if (!/\.(mjs|sh|vtc)$/.test(entry.name) || file.endsWith('every-route.mjs')) continue;
      for (const m of fs.readFileSync(file, 'utf8').matchAll(/\broute: ([a-z0-9_, ]+)/g)) m[1].split(',').forEach((n) => names.add(n.trim()));
    }
  };
  walk(path.join(here, '..'));
  return names;
}

test('every row of every route table has a test', () => {
  const elsewhere = marked();
  assert.deepEqual(rows.map((r) => r.name).filter((n) => !(n in calls) && !elsewhere.has(n)), []);
  assert.deepEqual(Object.keys(calls).filter((n) => !rows.some((r) => r.name === n)), [], 'tests of rows that are gone');
});

for (const [name, call] of Object.entries(calls)) {
  const row = rows.find((r) => r.name === name);
  if (!row) continue;
  test(`${row.method} ${row.pattern}`, async () => {
    const r = await call();
    const refused = name === 'hook_sandbox';
    assert.ok(refused ? r.status === 401 : r.status >= 200 && r.status < 400, `${r.status} ${r.text.slice(0, 400)}`);
    assert.ok(r.headers['request-id'], 'Request-Id');
    assert.equal(r.headers['x-content-type-options'], 'nosniff');
    if (row.pattern.startsWith('/v1')) {
      if (r.status !== 204) assert.match(r.headers['content-type'], /^application\/(problem\+)?json/);
      assert.equal(r.headers['set-cookie'], undefined);
      if (row.method === 'GET') assert.ok(r.headers.etag, 'ETag');
      contract.check(name, r);
    } else if (r.status === 200 && !row.pattern.includes('.')) {
      assert.match(r.headers['content-type'], /^text\/html/);
      if (row.pool === 'product') assert.equal(r.headers['set-cookie'], undefined);
    }
  });
}

test('GET rows answer HEAD, and every path refuses a method that it has not', async () => {
  for (const target of ['/v1/products', '/v1/ping', '/', '/terms']) {
    const head = await v.request('HEAD', target, { cookies: false });
    assert.deepEqual([head.status, head.body.length], [200, 0], target);
  }
  for (const row of rows.filter((r) => r.pattern.startsWith('/v1'))) {
    const target = row.pattern.replace(/\{[a-z_]+\}/g, 'x');
    const r = await v.api('PUT', target, { json: {} });
    if (rows.some((o) => o.pattern === row.pattern && o.method === 'PUT')) continue;
    assert.deepEqual([r.status, r.json.code], [405, 'method_not_allowed'], target);
    assert.ok(r.headers.allow.includes(row.method), `${target}: ${r.headers.allow}`);
  }
});

test('the document names every call and is served as it was built', async () => {
  const r = await v.api('GET', '/v1/openapi.json');
  assert.equal(r.status, 200);
  const operations = Object.entries(r.json.paths).flatMap(([p, o]) => Object.entries(o).map(([m, x]) => `${m.toUpperCase()} ${p} ${x.operationId}`));
  assert.deepEqual(operations.sort(), rows.filter((x) => x.pattern.startsWith('/v1')).map((x) => `${x.method} ${x.pattern} ${x.name}`).sort());
});

test('a page of another origin may send every header that a public call takes', async () => {
  const { paths } = (await v.api('GET', '/v1/openapi.json')).json;
  const seen = new Set();
  for (const [pattern, methods] of Object.entries(paths)) {
    for (const [method, call] of Object.entries(methods)) {
      const wanted = (call.parameters ?? []).filter((p) => p.in === 'header').map((p) => p.name.toLowerCase());
      const r = await v.request('OPTIONS', pattern.replace(/\{[a-z_]+\}/g, 'x'), {
        cookies: false, headers: { origin: 'https://app.example', 'access-control-request-method': method.toUpperCase() } });
      if (r.headers['access-control-allow-origin'] !== '*') continue;              // not for other origins at all
      const allowed = r.headers['access-control-allow-headers'].toLowerCase().split(', ');
      assert.deepEqual(wanted.filter((h) => !allowed.includes(h)), [], `${method} ${pattern}`);
      wanted.forEach((h) => seen.add(h));
    }
  }
  for (const h of ['cart-token', 'order-token', 'payment-token', 'idempotency-key']) assert.ok(seen.has(h), h);
});

test('each pool is ready and its metrics name its rows', async () => {
  for (const pool of new Set(rows.map((r) => r.pool))) {
    const get = (target) => new Promise((resolve, reject) => {
      http.get({ socketPath: path.join(environment().home, `run/${pool}.ops.sock`), path: target }, (res) => {
        let text = '';
        res.on('data', (c) => { text += c; });
        res.on('end', () => resolve({ status: res.statusCode, text }));
      }).on('error', reject);
    });
    assert.equal((await get(`/readyz/${pool}`)).status, 200, pool);
    const { text } = await get(`/metrics/${pool}`);
    for (const row of rows.filter((r) => r.pool === pool)) assert.ok(text.includes(`route="${row.name}"`), row.name);
  }
});

cleanup('end', () => { cup.remove(); v.close(); shopper.close(); });
