// Kept pages belong to nobody: whoever asks, with whatever headers, cookies, addresses and tricks, the next visitor gets the same clean page.
import fs from 'node:fs';
import https from 'node:https';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, sleep } from '../lib/shop.mjs';
import { TYPED } from '../lib/pages.mjs';
import { makeVariant, sql } from '../lib/goods.mjs';

const { url, home } = environment();
const MARK = `poison${Date.now().toString(36)}`;                   // stands in everything that the attacker sends
const cup = makeVariant({ price: 1250, stock: 50, name: 'Clean cup' });
const clean = () => new Visitor();
const PAGES = ['/', '/c/table', '/c/table?sort=price', '/p/notebook-field', `/p/${cup.slug}`, '/terms', '/privacy', '/sitemap.xml', '/sitemap-1.xml', '/robots.txt'];

const files = () => fs.readdirSync(`${home}/cache/pages`, { recursive: true }).map((f) => `${home}/cache/pages/${f}`).filter((f) => fs.statSync(f).isFile());
const keys = () => files().map((f) => fs.readFileSync(f, 'latin1').match(/^KEY: (.*)$/m)[1]);

async function fresh(target) {
  const v = clean(), page = await v.get(target);
  v.close();
  return page;
}

// A request line as it is, without a client that tidies it up.
const raw = (path, headers = {}, method = 'GET') => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(url);
  https.request({ hostname, port, path, method, headers, rejectUnauthorized: false, servername: 'localhost', agent: false }, (answer) => {
    const chunks = [];
    answer.on('data', (c) => chunks.push(c)).on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() }));
  }).on('error', reject).end();
});

// Two shoppers with different carts, addresses and an order's worth of cookies.
async function shopper(name, quantity) {
  const v = new Visitor();
  await v.post('/cart/items', { variant_id: cup.id, quantity });
  await v.submit(await v.get('/checkout'), '/checkout', { ...TYPED, email: `${name}@example.com`, 'address.name': name });
  return v;
}

test('three visitors, two of them with carts, get the same bytes of every kept page', async () => {
  const visitors = [await shopper('MarkOfAda', 2), await shopper('MarkOfBen', 5), clean()];
  for (const target of PAGES) {
    const answers = [];
    for (let round = 0; round < 2; round += 1) {
      for (const v of visitors) answers.push(await v.get(target, { headers: { authorization: 'Bearer x', 'cart-token': 'x', 'accept-language': 'de, fr' } }));
    }
    for (const page of answers) {
      assert.deepEqual([page.status, page.headers['set-cookie'], page.headers.vary?.toLowerCase().includes('cookie') ?? false], [200, undefined, false], target);
      assert.ok(page.body.equals(answers[0].body), `${target} differs between visitors`);
      assert.doesNotMatch(page.text, /MarkOf|_csrf|@example\.com/, target);
    }
  }
  for (const file of files()) {
    const text = fs.readFileSync(file, 'latin1');
    assert.doesNotMatch(text, /MarkOf|_csrf|@example\.com|set-cookie|crt_[0-9a-z]{26}|ord_[0-9a-z]{26}/i, text.match(/^KEY: .*$/m)?.[0]);
    assert.doesNotMatch(text, /^KEY: \/(?:cart|checkout|orders|pay|v1)/m);
  }
  visitors.forEach((v) => v.close());
});

test('searches and filters, which are not kept, say nothing about their visitor either', async () => {
  const ada = await shopper('MarkOfAda', 3), nobody = clean();
  for (const target of ['/search?q=cup', '/c/table?price_min=10', '/search']) {
    const [one, two] = [await ada.get(target), await nobody.get(target)];
    assert.ok(one.body.equals(two.body), target);
    assert.equal(one.headers['set-cookie'], undefined);
  }
  ada.close();
});

const HEADERS = [
  { 'x-forwarded-host': `${MARK}.example` }, { 'x-forwarded-proto': 'http', 'x-forwarded-port': '81' }, { forwarded: `host=${MARK}.example;proto=http` },
  { 'x-host': `${MARK}.example`, 'x-forwarded-server': `${MARK}.example` }, { 'x-original-url': `/${MARK}`, 'x-rewrite-url': `/${MARK}` }, { host: `${MARK}.example` },
  { host: `localhost:19543@${MARK}.example` }, { 'x-http-method-override': 'POST', 'x-method-override': 'DELETE' }, { origin: `https://${MARK}.example` }, { referer: `https://${MARK}.example/` },
  { 'accept-language': MARK }, { accept: 'application/json' }, { 'accept-encoding': 'identity' }, { 'accept-encoding': `${MARK}, gzip` }, { cookie: `a=${MARK}; __Host-cart=${MARK}` }, { authorization: `Bearer ${MARK}` },
  { 'request-id': `${MARK}-${MARK}` }, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }, { range: 'bytes=0-9' }, { 'if-range': '"x"', range: 'bytes=5-9' }, { 'if-none-match': '*' },
  { 'if-modified-since': new Date(Date.now() + 1e9).toUTCString() }, { 'cache-control': 'no-store, max-age=0', pragma: 'no-cache' }, { 'content-length': '0', 'content-type': MARK }, { expect: MARK }, { te: 'trailers', 'x-amz-website-redirect-location': `/${MARK}` },
  { 'save-data': 'on', 'sec-ch-ua-mobile': '?1', 'user-agent': MARK }, { 'x-wap-profile': `http://${MARK}.example`, via: MARK, 'x-real-ip': MARK, 'x-forwarded-for': MARK },
];

test('no header of one visitor changes what the next one gets', async () => {
  const target = `/p/${cup.slug}`, good = await fresh(target);
  for (const headers of HEADERS) {
    await sleep(40);
    for (let i = 0; i < 2; i += 1) await raw(target, headers);
    const page = await fresh(target);
    assert.ok(page.status === 200 && page.body.equals(good.body), `after ${JSON.stringify(headers)}: ${page.status} ${page.body.length}`);
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  }
});

test('nor when the page is rendered because of that visitor', async () => {
  const goods = HEADERS.map((_, i) => makeVariant({ price: 1000 + i, stock: 5, name: 'Cup of one' }));
  try {
    await Promise.all(HEADERS.map(async (headers, i) => {
      const target = `/p/${goods[i].slug}`;
      const first = await raw(target, headers), page = await fresh(target);
      const said = JSON.stringify(headers);
      assert.deepEqual([page.status, page.text.includes('</html>'), page.headers.location, page.headers['set-cookie']], [200, true, undefined, undefined], said);
      assert.ok(page.text.includes(`<link rel="canonical" href="${url}${target}">`), said);
      assert.doesNotMatch(page.text + JSON.stringify(page.headers), new RegExp(MARK), said);
      assert.doesNotMatch(first.text, new RegExp(MARK), said);
    }));
  } finally {
    goods.forEach((g) => g.remove());
  }
  // The id of the request that made a page lies in its file; nginx never shows it.
  for (const file of files()) assert.ok(!fs.readFileSync(file, 'latin1').replace(/^Request-Id: .*$/m, '').includes(MARK), file);
});

test('parameters that are not on the list are dropped; those on it cannot smuggle', async () => {
  const target = '/c/table', good = await fresh(target), before = new Set(keys());
  const queries = [`utm_content=${MARK}`, `callback=${MARK}`, `_method=POST&x=${MARK}`, `sort=popularity%26q%3D${MARK}`, `sort=%3Cscript%3E${MARK}`, `sort=${MARK}`, `page=1%0d%0aX-${MARK}:1`,
    `page=${MARK}`, `page=-1&y=${MARK}`, `;page=2&z=${MARK}`, `page=1&page=${MARK}`, `sort=name&sort=${MARK}`, `PAGE=${MARK}`, `sort[]=${MARK}`, `variant=${MARK}`, `%73ort=${MARK}`];
  for (const query of queries) {
    for (let i = 0; i < 2; i += 1) {
      const answer = await raw(`${target}?${query}`);
      assert.ok([200, 400, 404, 422].includes(answer.status), `${query}: ${answer.status}`);
      assert.doesNotMatch(JSON.stringify(answer.headers), new RegExp(MARK), query);
      // What came as the sort may stand in links of the pager, never as markup.
      assert.doesNotMatch(answer.text, new RegExp(`<script>${MARK}`), query);
    }
    assert.ok((await fresh(target)).body.equals(good.body), query);
  }
  for (const key of keys().filter((k) => k.startsWith(target) && !before.has(k))) assert.match(key, /^\/c\/table\?(page=\d+&)?(sort=-?[a-z]+&)?(variant=var_\w{26}&)?$/);
  assert.ok(!keys().some((k) => !before.has(k) && k.includes(MARK)));
});

test('one page is one entry, in whatever order its parameters come', async () => {
  const count = () => keys().filter((k) => k.startsWith('/c/tea?')).length;
  await fresh('/c/tea?sort=name&page=1');
  const before = count();
  for (const query of ['page=1&sort=name', 'sort=name&utm_source=1&page=1', 'x=1&page=1&y=2&sort=name&z=3', 'sort=name&page=1#part']) await fresh(`/c/tea?${query}`);
  assert.equal(count(), before);
});

test('a private page cannot be made to look like a kept one', async () => {
  const ada = await shopper('MarkOfAda', 4), cookie = ada.jar.header;
  const tricks = ['/cart/x.css', '/cart.css', '/cart;x.css', '/cart%2Fx.css', '/cart/%2e%2e/p/x', '/p/../cart', '/p/%2e%2e/cart', '/p/..%2fcart', '/c/table/..%2f..%2fcart', '/cart%3Fx=.css', '/cart#/../p/x',
    '/assets/../cart', '/media/%2e%2e/cart', '//cart', '/./cart', '/p/x%00/../../cart', '/cart/fragment.js', '/cart/fragment/x.css', '/terms/..;/cart', '/orders/lookup/robots.txt', '/checkout/sitemap.xml', '/CART', '/p/cart'];
  for (const trick of tricks) {
    await raw(trick, { cookie });
    await raw(trick, { cookie });
    const other = await raw(trick);
    assert.doesNotMatch(other.text, /MarkOf|data-line=|ada@example\.com/i, `${trick}: somebody else’s cart`);
    assert.ok(!/HIT|STALE|UPDATING/.test(other.headers['x-cache'] ?? '') || !/class="lines"/.test(other.text), trick);
  }
  for (const file of files()) assert.doesNotMatch(fs.readFileSync(file, 'latin1'), /MarkOf|data-line="|class="lines"/, file);
  ada.close();
});

test('errors and redirects are not kept longer than the moment', async () => {
  const later = makeVariant({ stock: 5, name: 'Cup that comes later' });
  const missing = `${later.slug}-soon`;
  for (let i = 0; i < 3; i += 1) assert.equal((await raw(`/p/${missing}`)).status, 404);
  sql(`UPDATE catalog.products SET slug = '${missing}' WHERE id = '${later.productUuid}'`);
  assert.equal((await fresh(`/p/${missing}`)).status, 200);
  later.remove();
});

test('methods other than GET and HEAD leave the page as it is', async () => {
  const target = `/p/${cup.slug}`, good = await fresh(target);
  for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PURGE', MARK.toUpperCase()]) {
    const answer = await raw(target, { 'content-length': '0' }, method).catch(() => ({ status: 400, text: '' }));
    if (method === 'HEAD') assert.deepEqual([answer.status, answer.text], [200, '']);
    else assert.ok([204, 400, 404, 405, 501].includes(answer.status), `${method}: ${answer.status}`);
    assert.ok((await fresh(target)).body.equals(good.body), method);
  }
});

cleanup('goods', () => cup.remove());
