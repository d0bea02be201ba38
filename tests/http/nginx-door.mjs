// What nginx adds to every answer, how static files are sent, and what is kept in the page cache.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { test, assert } from '../lib/tap.mjs';
import { withoutPool } from '../lib/processes.mjs';
import { Visitor, environment, sleep, until } from '../lib/shop.mjs';

const { url, home, source } = environment();
const port = Number(new URL(url).port);
const shopper = new Visitor();
const home1 = await shopper.get('/');
const productPath = home1.text.match(/href="(\/p\/[^"?#]+)"/)[1];
const categoryPath = home1.text.match(/href="(\/c\/[^"?#]+)"/)[1];
const stylesheet = home1.text.match(/\/assets\/[^"]+\.css/)[0];

test('security headers on pages, the API, files and errors', async () => {
  for (const target of ['/', productPath, '/cart', '/v1/categories', stylesheet, '/nowhere', '/v1/nowhere']) {
    const { headers } = await shopper.get(target);
    assert.equal(headers['x-content-type-options'], 'nosniff', target);
    assert.match(headers['strict-transport-security'], /^max-age=\d{8}/, target);
    assert.equal(headers['referrer-policy'], 'strict-origin-when-cross-origin', target);
    assert.match(headers['permissions-policy'], /camera=\(\)/, target);
    assert.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/, target);
    assert.doesNotMatch(headers['content-security-policy'], /unsafe-inline|unsafe-eval|\*/, target);
    assert.ok(headers['request-id'], target);
    assert.equal(headers.server, 'nginx', target);
  }
});

test('TLS 1.2 and 1.3, nothing older', async () => {
  const connect = (version) => new Promise((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' },
      () => { resolve(socket.getProtocol()); socket.destroy(); });
    socket.on('error', () => resolve('refused'));
  });
  assert.equal(await connect('TLSv1.3'), 'TLSv1.3');
  assert.equal(await connect('TLSv1.2'), 'TLSv1.2');
  assert.equal(await connect('TLSv1.1'), 'refused');
});

test('HTTP/2', async () => {
  const client = http2.connect(url, { rejectUnauthorized: false });
  const status = await new Promise((resolve, reject) => {
    const stream = client.request({ ':path': '/' });
    stream.on('response', (h) => { resolve(h[':status']); stream.resume(); });
    client.on('error', reject);
  });
  client.close();
  assert.equal(status, 200);
});

test('assets are kept for ever and come compressed', async () => {
  const answer = await shopper.request('GET', stylesheet, { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers['cache-control'], /max-age=31536000, immutable/);
  assert.match(answer.headers['content-type'], /^text\/css/);
  assert.equal(answer.headers['content-encoding'], 'gzip');
  assert.ok(zlib.gunzipSync(answer.body).length > answer.body.length);
});

test('pictures come from the home and may run nothing', async () => {
  const picture = home1.text.match(/src="(\/media\/[^"]+)"/)[1];
  const answer = await shopper.get(picture);
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'], /^image\//);
  assert.match(answer.headers['content-security-policy'], /sandbox/);
});

test('a page is kept: the second visitor gets it from nginx', async () => {
  await shopper.get(productPath);
  const again = await new Visitor().get(productPath);
  assert.match(again.headers['x-cache'], /^(HIT|STALE|UPDATING)$/);
  assert.equal(again.headers['cache-control'], 'no-cache');
});

test('whatever a visitor sends, a kept page is the same and carries no cookie', async () => {
  const plain = await shopper.get(productPath);
  const variations = [
    { cookie: '__Host-cart=crt_00000000000000000000000000; session=x' }, { authorization: 'Bearer x' }, { 'accept-language': 'de' },
    { host: 'evil.example' }, { 'x-forwarded-host': 'evil.example' }, { market: 'at' }, { 'cart-token': 'x' }, { 'x-csrf-token': 'x' },
  ];
  for (const headers of variations) {
    for (let i = 0; i < 3; i += 1) {
      const answer = await new Visitor().request('GET', productPath, { headers });
      assert.equal(answer.status, 200, JSON.stringify(headers));
      assert.equal(answer.text, plain.text, JSON.stringify(headers));
      assert.equal(answer.headers['set-cookie'], undefined, JSON.stringify(headers));
      if (i === 1) await sleep(1100);       // the third one is rendered anew
    }
  }
  assert.doesNotMatch(plain.text, /evil\.example|name="_?csrf"/);
});

test('no file of the page cache holds a cookie or a token', async () => {
  const cart = new Visitor();
  await cart.get('/cart');
  await cart.submit(await cart.get(productPath), '/cart/items', {});
  await cart.get(productPath);
  const files = fs.readdirSync(`${home}/cache/pages`, { recursive: true }).map((f) => `${home}/cache/pages/${f}`).filter((f) => fs.statSync(f).isFile());
  assert.ok(files.length > 0);
  for (const file of files) {
    const text = fs.readFileSync(file, 'latin1');
    assert.doesNotMatch(text, /set-cookie/i, file);
    assert.doesNotMatch(text, /name="_?csrf"|__Host-/, file);
    assert.doesNotMatch(text, /^KEY: \/(?:cart|checkout|orders|pay|v1)/m, file);
  }
});

// The keys under which pages are kept.
const keys = () => fs.readdirSync(`${home}/cache/pages`, { recursive: true }).map((f) => `${home}/cache/pages/${f}`).filter((f) => fs.statSync(f).isFile())
  .map((f) => fs.readFileSync(f, 'latin1').match(/^KEY: (.*)$/m)[1]);

test('the key holds only what may change the page, in one order', async () => {
  await shopper.get(`${categoryPath}?utm_source=mail&sort=newest&fbclid=1`);
  await shopper.get(`${categoryPath}?gclid=2&sort=newest`);
  const mine = keys().filter((k) => k.startsWith(categoryPath));
  assert.ok(mine.includes(`${categoryPath}?sort=newest&`), mine.join(' '));
  assert.ok(!mine.some((k) => /utm|clid/.test(k)), mine.join(' '));
  assert.match((await shopper.get(`${categoryPath}?sort=newest&price_min=&price_max=`)).headers['x-cache'], /^(HIT|STALE|UPDATING|EXPIRED)$/);
  const one = await shopper.get(`${categoryPath}?sort=newest&page=2`);
  const two = await shopper.get(`${categoryPath}?page=2&sort=newest`);
  assert.equal(one.text, two.text);
});

test('filters and searches are answered, never kept', async () => {
  for (const query of ['price_min=10', 'available=true', 'sort=newest&price_max=50', 'q=mug']) {
    const target = query.startsWith('q=') ? `/search?${query}` : `${categoryPath}?${query}`;
    for (let i = 0; i < 2; i += 1) {
      const answer = await shopper.get(target);
      assert.equal(answer.status, 200, target);
      assert.equal(answer.headers['x-cache'], 'BYPASS', target);
    }
  }
  assert.ok(!keys().some((k) => /price_|available|q=/.test(k)));
});

test('a filter really filters', async () => {
  const all = await shopper.get(categoryPath);
  const none = await shopper.get(`${categoryPath}?price_min=99999`);
  assert.notEqual(all.text, none.text);
});

test('a HEAD never stores an empty page', async () => {
  const target = `${categoryPath}?sort=name&page=1`;
  const head = await shopper.request('HEAD', target);
  assert.equal(head.body.length, 0);
  assert.ok((await shopper.get(target)).text.includes('</html>'));
});

test('a POST to a page is refused and does not spoil it', async () => {
  const answer = await shopper.post(productPath, {});
  assert.equal(answer.status, 405);
  assert.equal((await shopper.get(productPath)).status, 200);
});

test('404 of the pool is a page of the shop', async () => {
  const answer = await shopper.get('/p/there-is-no-such-thing');
  assert.equal(answer.status, 404);
  assert.match(answer.headers['content-type'], /^text\/html/);
});

test('the log holds no address and no query', async () => {
  const mark = `secret-${Date.now()}`;
  await shopper.get(`/nowhere-${mark}?email=${mark}@example.com`);
  const line = await until('the line', () => fs.readFileSync(`${home}/log/access.log`, 'utf8').split('\n').find((l) => l.includes(`/nowhere-${mark}`)));
  const entry = JSON.parse(line);
  assert.equal(entry.status, 404);
  assert.doesNotMatch(line, /127\.0\.0\.1|email|example\.com/);
});

const ops = (path) => new Promise((resolve, reject) => {
  import('node:http').then(({ default: http }) => {
    http.get({ socketPath: `${home}/run/ops.sock`, path }, (answer) => {
      let text = '';
      answer.on('data', (c) => { text += c; }).on('end', () => resolve({ status: answer.statusCode, text }));
    }).on('error', reject);
  });
});

// The processes of the shop, as ./run starts them.
const services = fs.readFileSync(`${source}/scripts/run/services.table`, 'utf8').split('\n').filter((l) => l && !l.startsWith('#')).map((l) => l.split(/\s+/));
const [pools, jobs] = ['pool', 'jobs'].map((kind) => services.filter((s) => s[1] === kind).map((s) => s[0]));

test('the listener for operators: health, readiness, metrics', async () => {
  assert.equal((await ops('/healthz')).status, 200);
  assert.match((await ops('/stub_status')).text, /Active connections/);
  for (const pool of pools) {
    assert.equal((await ops(`/readyz/${pool}`)).status, 200, pool);
    assert.match((await ops(`/metrics/${pool}`)).text, /^souk_requests_total\{/m, pool);
  }
  for (const group of jobs) assert.match((await ops(`/metrics/${group}`)).text, /^# TYPE /m);
  assert.ok((await ops('/readyz/..%2f..')).status >= 400);
  assert.equal((await shopper.get('/healthz')).text, 'ok\n');
  for (const path of ['/stub_status', '/metrics/product', '/readyz/product']) assert.equal((await shopper.get(path)).status, 404, path);
});

test('promtool accepts the metrics of every pool and of all jobs', async (t) => {
  for (const name of [...pools, ...jobs]) {
    const r = spawnSync('promtool', ['check', 'metrics'], { input: (await ops(`/metrics/${name}`)).text });
    if (r.error) t.skip('promtool is not installed');
    assert.equal(r.status, 0, `${name}: ${r.stdout}${r.stderr}`);
  }
});

test('10,000 connections that say nothing cost nobody else anything', async (t) => {
  const limit = Number(fs.readFileSync('/proc/self/limits', 'utf8').match(/Max open files\s+(\d+)/)[1]);
  const n = Math.min(10000, limit - 500);
  if (n < 10000) t.diag(`only ${n}: the limit of open files is ${limit}`);
  const open = () => new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket.removeAllListeners('error').on('error', () => {})));
    socket.once('error', reject);
  });
  const active = async () => Number((await ops('/stub_status')).text.match(/Active connections: (\d+)/)[1]);
  const idle = [];
  while (idle.length < n) idle.push(...await Promise.all(Array.from({ length: Math.min(250, n - idle.length) }, open)));
  await until('nginx has them', async () => (await active()) >= n * 0.9, { ms: 8000 });
  for (const target of ['/', productPath, '/cart', '/v1/categories']) assert.equal((await new Visitor().get(target)).status, 200, target);
  idle.forEach((socket) => socket.destroy());
  await until('they are gone', async () => (await active()) < 50, { ms: 20000 });
}, { ms: 90000 });

test('a pool is ready without Redis, and not without its database', async () => {
  const all = async (status) => (await Promise.all(pools.map((pool) => ops(`/readyz/${pool}`)))).every((r) => r.status === status);
  await withoutPool('redis', async () => { await sleep(2500); assert.ok(await all(200)); });
  await withoutPool('postgres', () => until('no pool is ready', () => all(503), { ms: 15000 }), 'SIGINT');
  await until('all are ready again', () => all(200), { ms: 30000 });
}, { ms: 120000 });
