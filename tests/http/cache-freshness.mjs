// The bound of the page cache, in all phases of its clock: two seconds under traffic, and for the first visitor of a page that nobody asked
// for in an hour (the file in the cache is made an hour older). Prices by the API, by SQL and by import, stock, lists, home.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, sleep, until } from '../lib/shop.mjs';
import { makeVariant, sql } from '../lib/goods.mjs';
import { bearer, forgetTries } from '../lib/people.mjs';
import { pidOf } from '../lib/processes.mjs';
import { apiKey, staff } from '../lib/staff.mjs';

const { home, prefix } = environment();
const cups = Array.from({ length: 6 }, (_, i) => makeVariant({ price: 1000 + i, stock: 20, name: `Fresh cup ${i}` }));
const visitors = cups.map(() => new Visitor());
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'souk-fresh-'));
const run = promisify(execFile);
// Without stopping this program, which goes on asking.
const change = (text) => run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', process.env.SOUK_PGROOT, '-c', text]);
// As an owner changes a price: by a program with a key, or by plain SQL. The key is made by the first test.
const program = new Visitor();
let key;
const ways = {
  'the API': async (cup, amount) => {
    const r = await program.api('POST', '/v1/admin/prices/batch', { json: { prices: [{ sku: cup.sku, price: { amount, currency: 'EUR' } }] }, headers: bearer(key.secret) });
    assert.deepEqual([r.status, r.json.changed], [200, 1], r.text);
  },
  SQL: (cup, amount) => change(`UPDATE catalog.prices SET amount = ${amount} WHERE variant_id = '${cup.uuid}' AND valid_to IS NULL`),
};
// Two seconds, and what one request and one rendering may take on a busy machine: who asks in the moment of the renewal gets the page before it.
const LIMIT = 2300;
const shown = (page) => Math.round(Number(page.text.match(/class="price[^"]*">€([\d.]+)/)[1]) * 100);

// Asks all the time; returns for how long after `alter` the old page was still handed out (to requests that began after it), in ms.
async function oldFor(v, target, alter, isNew, { ms = 6000 } = {}) {
  let changed = 0, last = 0, stop = false;
  const ask = async () => {
    while (!stop) {
      const start = Date.now(), page = await v.get(target);
      if (changed && start >= changed && !isNew(page)) last = Math.max(last, start - changed);
      if (changed && isNew(page) && start - changed > 2500) stop = true;
      await sleep(20);
    }
  };
  const asking = [ask(), ask()];
  await sleep(1300);
  await alter();
  changed = Date.now();
  const timer = setTimeout(() => { stop = true; }, ms);
  await Promise.all(asking);
  clearTimeout(timer);
  assert.ok(isNew(await v.get(target)), `${target}: still the old page after ${ms} ms`);
  return last;
}

test('a key of a program', async () => {
  forgetTries();
  key = await apiKey(program, await staff(program, ['owner']), { permissions: ['write_products'] });
});

for (const [n, [way, setPrice]] of Object.entries(ways).entries()) {
  test(`a price set by ${way} shows within two seconds under traffic, whenever it is set`, async (t) => {
    const waits = await Promise.all(cups.map(async (cup, i) => {
      await sleep(i * 170);                                                 // other phases of nginx's clock, which counts whole seconds
      const amount = 2000 + 100 * n + i;
      return oldFor(visitors[i], `/p/${cup.slug}`, () => setPrice(cup, amount), (page) => shown(page) === amount);
    }));
    t.diag(`old pages were seen for ${waits.join(', ')} ms`);
    assert.ok(waits.every((ms) => ms <= LIMIT), waits.join(', '));
  });
}

test('stock that runs out shows as soon', async () => {
  const cup = cups[0];
  const wait = await oldFor(visitors[0], `/p/${cup.slug}`, () => change(`SELECT inventory.adjust_v1(variant_id, warehouse_id, -on_hand, 'adjust', 'test', 'test', NULL, NULL, platform.clock()) FROM inventory.levels WHERE variant_id = '${cup.uuid}'`), (page) => /Sold out/.test(page.text) && !/action="\/cart\/items"/.test(page.text));
  assert.ok(wait <= LIMIT, `${wait} ms`);
  cup.setStock(20);
});

for (const [way, setPrice] of Object.entries(ways)) {
  test(`a category and the home page show a new price by ${way} as soon`, async () => {
    const cup = makeVariant({ price: 5000, stock: 5, name: 'Cup of the front page' });
    sql(`INSERT INTO catalog.product_categories (product_id, category_id, position) SELECT '${cup.productUuid}', id, 0 FROM catalog.categories WHERE slug = 'table';
      UPDATE catalog.products SET popularity = 1000000 WHERE id = '${cup.productUuid}'`);
    try {
      const has = (words) => (page) => new RegExp(`${cup.slug}"[\\s\\S]{0,900}${words}`).test(page.text);
      for (const target of ['/', '/c/table?sort=popularity']) await until(`the cup on ${target}`, async () => has('€50\\.00')(await visitors[1].get(target)));
      let once;
      const waits = await Promise.all(['/', '/c/table?sort=popularity'].map((target) => oldFor(visitors[1], target, () => { once ??= setPrice(cup, 6000); return once; }, has('€60\\.00'))));
      assert.ok(waits.every((ms) => ms <= LIMIT), waits.join(', '));
    } finally {
      cup.remove();
    }
  });
}

async function importPrice(handle, price) {
  const file = path.join(folder, `${price}.csv`);
  fs.writeFileSync(file, `Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Variant Compare At Price,Status
${handle},Imported cup,<p>A cup that came in a file.</p>,Pottery,,test,TRUE,Title,Default Title,${handle.toUpperCase()},5,${price},,active\n`);
  await run(`${prefix}/bin/souk`, ['--config', process.env.SOUK_CONFIG, 'import', 'shopify', file]);
}

test('a price that comes with an import shows within two seconds under traffic', async () => {
  const handle = `test-import-${Date.now()}`;
  await importPrice(handle, '10.00');
  await until('the imported cup', async () => (await visitors[2].get(`/p/${handle}`)).status === 200);
  const wait = await oldFor(visitors[2], `/p/${handle}`, () => importPrice(handle, '12.50'), (page) => shown(page) === 1250);
  sql(`UPDATE catalog.products SET status = 'archived', archived_at = platform.clock() WHERE slug = '${handle}'`);
  assert.ok(wait <= LIMIT, `${wait} ms`);
});

// The file of a kept page. Its head (ngx_http_file_cache_header_t) begins with a version and the seconds at which the page stops being valid,
// being shown while it is renewed, and being shown when the pool fails; it is read anew for each request.
function cacheFile(key) {
  const files = fs.readdirSync(`${home}/cache/pages`, { recursive: true }).map((f) => `${home}/cache/pages/${f}`).filter((f) => fs.statSync(f).isFile());
  return files.find((f) => fs.readFileSync(f, 'latin1').includes(`\nKEY: ${key}\n`));
}

function makeOlder(key, seconds) {
  const fd = fs.openSync(cacheFile(key), 'r+'), head = Buffer.alloc(32);
  fs.readSync(fd, head, 0, 32, 0);
  assert.equal(head.readBigUInt64LE(0), 5n, 'the layout of nginx 1.22');
  for (const at of [8, 16, 24]) {
    const time = head.readBigInt64LE(at);
    if (time > 0n) head.writeBigInt64LE(time - BigInt(seconds), at);
  }
  fs.writeSync(fd, head, 0, 32, 0);
  fs.closeSync(fd);
}

for (const [n, [way, setPrice]] of Object.entries(ways).entries()) {
  test(`the first visitor after an hour sees the price of now, set by ${way}`, async () => {
    for (const [i, cup] of cups.entries()) {
      const target = `/p/${cup.slug}`, amount = 3000 + 100 * n + i;
      await visitors[i].get(target);
      await until('a kept page', async () => (await visitors[i].get(target)).headers['x-cache'] === 'HIT');
      await setPrice(cup, amount);
      makeOlder(`${target}?`, 3600);
      const page = await visitors[i].get(target);
      assert.deepEqual([shown(page), page.headers['x-cache']], [amount, 'EXPIRED'], target);
    }
  });

  test(`a page that was asked for once, and then three seconds later, is new, set by ${way}`, async () => {
    await Promise.all(cups.map(async (cup, i) => {
      const amount = 4000 + 100 * n + i;
      await sleep(i * 170);
      await visitors[i].get(`/p/${cup.slug}`);
      await setPrice(cup, amount);
      await sleep(3000);
      assert.equal(shown(await visitors[i].get(`/p/${cup.slug}`)), amount);
    }));
  });
}

const childrenOf = (parent) => fs.readdirSync('/proc').filter((p) => /^\d+$/.test(p)).map(Number).filter((p) => {
  try { return Number(fs.readFileSync(`/proc/${p}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1]) === parent; } catch { return false; }
});

test('a database that hangs: pages an hour old are better than none', async () => {
  const target = `/p/${cups[0].slug}`;
  await until('a kept page', async () => (await visitors[0].get(target)).headers['x-cache'] === 'HIT');
  makeOlder(`${target}?`, 3600);
  const stopped = childrenOf(pidOf('postgres'));
  stopped.forEach((p) => process.kill(p, 'SIGSTOP'));
  try {
    const page = await visitors[0].get(target);
    assert.deepEqual([page.status, page.headers['x-cache'], shown(page)], [200, 'STALE', 4100]);
  } finally {
    stopped.forEach((p) => process.kill(p, 'SIGCONT'));
  }
  await until('the database is back', async () => (await visitors[0].api('GET', `/v1/products/${cups[0].slug}`)).status === 200);
});

cleanup('the cups', () => {
  for (const cup of cups) cup.remove();
  for (const v of [...visitors, program]) v.close();
  fs.rmSync(folder, { recursive: true, force: true });
});
