// What the page cache promises: a new price is seen soon, also by the first visitor after a quiet time, and pages outlive
// their pool, the database and Redis.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, sleep, until } from '../lib/shop.mjs';
import { makeVariant } from '../lib/goods.mjs';
import { withoutPool } from '../lib/processes.mjs';

const cup = makeVariant({ price: 1111, stock: 50, name: 'Cup of the cache' });
const path = `/p/${cup.slug}`;
const v = new Visitor();
const shows = (page, price) => page.text.includes(price) || page.text.includes(price.replace('.', ','));

test('under traffic a new price is seen soon, and the old one never again', async (t) => {
  assert.ok(shows(await v.get(path), '11.11'));
  cup.setPrice(2222);
  const start = Date.now();
  let fresh = 0;
  for (const end = start + 4000; Date.now() < end;) {
    const answers = await Promise.all(Array.from({ length: 8 }, () => v.get(path)));
    const seen = answers.filter((a) => shows(a, '22.22')).length;
    if (seen === 8 && !fresh) fresh = Date.now() - start;
    if (fresh && Date.now() - start > fresh + 1100) assert.equal(seen, 8, 'an old page came back');
    await sleep(50);
  }
  t.diag(`seen after ${fresh} ms`);
  assert.ok(fresh > 0, 'not seen within 4 s');
});

test('the first visitor after a quiet time sees the price of three seconds ago', async () => {
  await v.get(path);
  await sleep(2500);
  cup.setPrice(3333);
  await sleep(3000);
  const page = await v.get(path);
  assert.ok(shows(page, '33.33'), page.headers['x-cache']);
  assert.notEqual(page.headers['x-cache'], 'STALE');
});

test('the API shows a new price at once', async () => {
  cup.setPrice(4444);
  const product = (await v.api('GET', `/v1/products/${cup.slug}`)).json;
  assert.match(JSON.stringify(product), /4444/);
});

test('many visitors of a page that is not kept wake the pool once or a few times', async () => {
  await sleep(2500);
  const answers = await Promise.all(Array.from({ length: 60 }, () => v.get(path)));
  assert.ok(answers.every((a) => a.status === 200));
  const asked = answers.filter((a) => ['MISS', 'EXPIRED'].includes(a.headers['x-cache'])).length;
  assert.ok(asked < 60, `${asked} of 60 went to the pool`);
});

test('without the database kept pages are served, others say 503', async () => {
  await v.get('/');
  await v.get(path);
  await withoutPool('postgres', async () => {
    await sleep(2500);
    for (const target of ['/', path]) {
      const page = await v.get(target);
      assert.equal(page.status, 200, target);
    }
    const product = await v.api('GET', `/v1/products/${cup.slug}`);
    assert.deepEqual([product.status, product.json.code], [503, 'unavailable']);
    const cart = await new Visitor().get('/checkout');
    assert.ok([200, 303, 503].includes(cart.status), `${cart.status}`);
  }, 'SIGINT');
  await until('the database is back', async () => (await v.api('GET', `/v1/products/${cup.slug}`)).status === 200, { ms: 30000 });
}, { ms: 120000 });

test('without Redis everything works', async () => {
  await withoutPool('redis', async () => {
    assert.equal((await v.get('/')).status, 200);
    assert.equal((await v.api('GET', '/v1/products?limit=3')).status, 200);
    const shopper = new Visitor();
    const cart = await shopper.submit(await shopper.get(path), '/cart/items', {});
    assert.match(cart.text, /Cup of the cache/);
    assert.equal((await shopper.get('/checkout')).status, 200);
    shopper.close();
  });
}, { ms: 120000 });

cleanup('the cup', async () => { cup.remove(); v.close(); });
