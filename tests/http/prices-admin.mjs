// Prices for staff and their programs: lists of what is, was and will be; batches that set them; every refusal; and that everybody who looks sees the new price.
// route: price_list_list, price_list, price_batch
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Contract } from '../lib/openapi.mjs';
import { Visitor, sleep, until } from '../lib/shop.mjs';
import { idText, makeVariant, readyCart, apiCart, sql, uuidOf } from '../lib/goods.mjs';
import { bearer, forgetTries, member } from '../lib/people.mjs';
import { apiKey, staff } from '../lib/staff.mjs';

const v = new Visitor();
const contract = new Contract((await v.api('GET', '/v1/openapi.json')).json);
const goods = [];
const cup = (options = {}) => { const made = makeVariant({ price: 1250, stock: 20, ...options }); goods.push(made); return made; };
const eur = (amount) => ({ amount, currency: 'EUR' });
const soon = (ms) => new Date(Date.now() + ms).toISOString();
const DAY = 86400000;
let writer, reader, boss;

const ask = async (who, method, path, options = {}) => v.api(method, `/v1/admin/${path}`, { ...options, headers: { ...(who ? bearer(who) : {}), ...options.headers } });
const list = async (query) => { const r = await ask(reader.secret, 'GET', `prices${query}`); assert.equal(r.status, 200, r.text); contract.check('price_list', r); return r.json; };
const batch = (prices, options = {}) => ask(options.who ?? writer.secret, 'POST', 'prices/batch', { json: { prices }, ...options });
const set = async (prices, options) => { const r = await batch(prices, options); assert.equal(r.status, 200, r.text); contract.check('price_batch', r); return r.json; };
const refused = async (answer, status, code) => {
  const r = await answer;
  assert.deepEqual([r.status, r.json.code], [status, code], r.text);
  contract.check('price_batch', r);
  return r.json;
};
const told = (problem) => problem.errors.map((e) => `${e.param} ${e.code}`);
const history = (c) => sql(`SELECT string_agg(p.amount::text, ' ' ORDER BY p.valid_from) FROM catalog.prices p WHERE p.variant_id = '${c.uuid}'`);
const overlaps = () => sql(`SELECT count(*) FROM catalog.prices p JOIN catalog.prices q ON q.variant_id = p.variant_id AND q.price_list_id = p.price_list_id AND q.id <> p.id
  AND tstzrange(p.valid_from, p.valid_to) && tstzrange(q.valid_from, q.valid_to)`);

test('a key that may write, one that may only read', async () => {
  forgetTries();
  boss = await staff(v, ['owner']);
  writer = await apiKey(v, boss, { permissions: ['read_products', 'write_products'] });
  reader = await apiKey(v, boss, { permissions: ['read_products'] });
});

// --- reading -------------------------------------------------------------------------------------------------------------------

test('price lists: the default one first, with their markets', async () => {
  const r = await ask(reader.secret, 'GET', 'price-lists');
  contract.check('price_list_list', r);
  assert.deepEqual(r.json.data.map((l) => [l.code, l.currency, l.tax_included, l.default]).slice(0, 1), [['eur', 'EUR', true, true]]);
  assert.ok(r.json.data[0].markets.includes('de') && r.json.data[0].markets.includes('at'));
  assert.ok(r.headers.etag);
  assert.equal(r.headers['cache-control'], 'no-store');
});

test('prices: by variant, product and SKU; what is, was, will be', async () => {
  const c = cup();
  await set([{ sku: c.sku, price: eur(1100) }]);
  await set([{ sku: c.sku, price: eur(900), compare_at: eur(1100), valid_from: soon(DAY), valid_to: soon(2 * DAY) }]);
  const rows = async (query) => (await list(`?${query}`)).data.map((p) => `${p.price.amount} ${p.state}`);
  for (const by of [`sku=${c.sku}`, `variant_id=${c.id}`, `product_id=${idText('prod', c.productUuid)}`]) {
    assert.deepEqual(await rows(by), ['1100 current'], by);
    assert.deepEqual(await rows(`${by}&state=past`), ['1250 past']);
    assert.deepEqual(await rows(`${by}&state=planned`), ['900 planned', '1100 planned']);
    assert.deepEqual(await rows(`${by}&state=all`), ['1100 planned', '900 planned', '1100 current', '1250 past']);
    assert.deepEqual(await rows(`${by}&state=all&price_list=gbp`), []);
  }
  const [sale] = (await list(`?sku=${c.sku}&state=planned`)).data;
  assert.deepEqual([sale.variant_id, sale.sku, sale.product_id, sale.price_list, sale.compare_at], [c.id, c.sku, idText('prod', c.productUuid), 'eur', eur(1100)]);
  assert.deepEqual(await rows('sku=NO-SUCH'), []);
  assert.deepEqual(await rows(`sku=${c.sku}&variant_id=${cup().id}`), [], 'filters that contradict each other');
});

test('pages: each price once, in every state, and a cursor belongs to its filters', async () => {
  const c = cup();
  for (let i = 1; i <= 4; i += 1) await set([{ sku: c.sku, price: eur(1000 + i), valid_from: soon(i * DAY), valid_to: soon((i + 0.5) * DAY) }]);
  await set([{ sku: c.sku, price: eur(1001) }]);
  for (const query of ['?limit=100', '?state=past&limit=100', '?state=all&limit=100', '?price_list=eur&limit=100', `?sku=${c.sku}&state=all&limit=1`]) {
    const seen = [];
    for (let cursor = '', n = 0; cursor !== null && n < 60; n += 1) {
      const page = await list(query + (cursor && `&cursor=${cursor}`));
      seen.push(...page.data.map((p) => p.id));
      cursor = page.next_cursor;
      assert.equal(page.has_more, cursor !== null);
    }
    assert.equal(new Set(seen).size, seen.length, query);
    if (query.startsWith('?limit')) assert.ok(seen.length >= 100);
  }
  const { next_cursor: cursor } = await list('?limit=1');
  for (const query of ['?state=all', '?state=current&price_list=eur', `?sku=${c.sku}`, '?state=planned']) {
    const r = await ask(reader.secret, 'GET', `prices${query}&cursor=${cursor}`);
    assert.deepEqual([r.status, r.json.code], [400, 'invalid_cursor'], query);
  }
  assert.equal((await ask(reader.secret, 'GET', `prices?limit=1&cursor=${cursor}`)).status, 200);
  assert.equal((await ask(reader.secret, 'GET', `prices?state=current&limit=1&cursor=${cursor}`)).status, 200, 'current is what no state means');
});

test('what cannot be meant is refused', async () => {
  for (const [query, code, param] of [['product_id=prod_x', 'invalid', 'product_id'], ['variant_id=1', 'invalid', 'variant_id'], ['state=old', 'invalid', 'state'], ['limit=0', 'out_of_range', 'limit'],
    ['limit=101', 'out_of_range', 'limit'], ['colour=red', 'unknown_field', 'colour']]) {
    const r = await ask(reader.secret, 'GET', `prices?${query}`);
    assert.deepEqual([r.status, r.json.code, r.json.param], [422, code, param], query);
  }
  assert.deepEqual([(await ask(reader.secret, 'GET', 'prices?cursor=x')).status], [400]);
});

// --- who ------------------------------------------------------------------------------------------------------------------------

test('nobody, customers and keys without the permission are refused', async () => {
  const c = cup(), item = [{ sku: c.sku, price: eur(1) }];
  await refused(v.api('POST', '/v1/admin/prices/batch', { json: { prices: item } }), 401, 'unauthenticated');
  await refused(batch(item, { who: reader.secret }), 403, 'forbidden');
  await refused(batch(item, { who: await member(v) }), 403, 'forbidden');
  await refused(batch(item, { who: await staff(v, ['support']) }), 403, 'forbidden');
  const blind = await apiKey(v, boss, { permissions: ['write_products'] });
  assert.equal((await ask(blind.secret, 'GET', 'prices')).status, 403);
  assert.equal((await set(item, { who: await staff(v, ['catalogue']) })).changed, 1, 'staff by a session');
  assert.equal((await set(item, { who: blind.secret })).unchanged, 1);
});

// --- setting --------------------------------------------------------------------------------------------------------------------

test('by SKU or id, in the order asked; the same again changes nothing', async () => {
  const a = cup(), b = cup(), items = [{ variant_id: b.id, price: eur(1500), compare_at: eur(2000) }, { sku: a.sku, price_list: 'eur', price: eur(1250) }, { sku: a.sku, price_list: 'gbp', price: { amount: 999, currency: 'GBP' } }];
  const first = await set(items);
  assert.deepEqual([first.changed, first.unchanged], [2, 1]);
  assert.deepEqual(first.prices.map((p) => [p.variant_id, p.sku, p.outcome, p.price.price_list, p.price.price.amount, p.price.compare_at?.amount, p.price.state]),
    [[b.id, b.sku, 'changed', 'eur', 1500, 2000, 'current'], [a.id, a.sku, 'unchanged', 'eur', 1250, undefined, 'current'], [a.id, a.sku, 'changed', 'gbp', 999, undefined, 'current']]);
  const again = await set(items);
  assert.deepEqual([again.changed, again.unchanged], [0, 3]);
  assert.deepEqual(again.prices.map((p) => p.price), first.prices.map((p) => p.price));
  assert.equal(history(b), '1250 1500');
  assert.equal(sql(`SELECT string_agg(o.seq || ' ' || o.type, ', ' ORDER BY o.seq) FROM platform.outbox o WHERE o.object_id = '${a.uuid}' AND o.type LIKE 'price.%'`), '1 price.created');
  const said = JSON.parse(sql(`SELECT detail FROM platform.audit WHERE action = 'prices.changed' AND actor = '${writer.id}' AND detail::text LIKE '%${b.id}%'`));
  assert.deepEqual([said.changed, said.unchanged, said.variants.sort()], [2, 1, [a.id, b.id].sort()]);
});

test('every bad item is named with its own reason, and nothing is changed', async () => {
  const good = cup(), bad = cup(), gone = cup(), past = soon(-DAY), next = soon(DAY);
  gone.archive();
  const item = (more) => ({ sku: bad.sku, price: eur(100), ...more });
  const items = [{ sku: good.sku, price: eur(1) }, item({ sku: 'NO-SUCH' }), item({ sku: undefined, variant_id: idText('var', '01900000-0000-7000-8000-00000000dead') }), item({ variant_id: bad.id }),
    item({ sku: undefined }), item({ price: { amount: 100, currency: 'GBP' } }), item({ compare_at: eur(100) }), item({ compare_at: { amount: 200, currency: 'GBP' } }), item({ valid_from: past }),
    item({ valid_from: next, valid_to: next }), item({ sku: gone.sku }), item({ price_list: 'usd' }), item({ if_price_id: idText('price', '01900000-0000-7000-8000-00000000dead'), valid_from: soon(9 * DAY), valid_to: soon(10 * DAY) }),
    item({ valid_from: soon(3 * DAY), valid_to: soon(5 * DAY) }), item({ valid_from: soon(4 * DAY), valid_to: soon(6 * DAY) })];
  const problem = await refused(batch(items), 422, 'unknown_variant');
  assert.deepEqual(told(problem), ['prices[1].sku unknown_variant', 'prices[2].variant_id unknown_variant', 'prices[3].sku invalid', 'prices[4].variant_id required', 'prices[5].price currency_mismatch',
    'prices[6].compare_at invalid', 'prices[7].compare_at invalid', 'prices[8].valid_from in_the_past', 'prices[9].valid_to invalid', 'prices[10].sku variant_archived', 'prices[11].price_list unknown_price_list',
    'prices[12].if_price_id precondition_failed', 'prices[13].valid_from overlap', 'prices[14].valid_from overlap']);
  assert.equal(problem.param, 'prices[1].sku');
  assert.deepEqual([history(good), history(bad)], ['1250', '1250']);
  const many = await refused(batch(Array.from({ length: 40 }, (_, i) => item({ sku: `NO-SUCH-${i}` }))), 422, 'unknown_variant');
  assert.equal(many.errors.length, 40, 'more than a refusal usually names');
});

test('only when the price is the one that was seen', async () => {
  const c = cup(), [seen] = (await list(`?sku=${c.sku}`)).data;
  await set([{ sku: c.sku, price: eur(1300), if_price_id: seen.id }]);
  const problem = await refused(batch([{ sku: c.sku, price: eur(1400), if_price_id: seen.id }]), 412, 'precondition_failed');
  assert.deepEqual(told(problem), ['prices[0].if_price_id precondition_failed']);
  const [now] = (await list(`?sku=${c.sku}`)).data;
  await set([{ sku: c.sku, price: eur(1400), if_price_id: now.id, valid_from: soon(DAY) }]);
  assert.equal(history(c), '1250 1300 1400');
});

test('bodies that are none, too large, of another kind, with fields that nobody knows', async () => {
  const c = cup(), item = { sku: c.sku, price: eur(100) };
  const raw = (body, type = 'application/json') => ask(writer.secret, 'POST', 'prices/batch', { body, headers: { 'content-type': type } });
  await refused(raw('{"prices":['), 400, 'invalid_json');
  await refused(raw('prices=1', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type');
  await refused(raw(JSON.stringify({ prices: [item], pad: 'x'.repeat(1100000) })), 413, 'body_too_large');
  await refused(ask(writer.secret, 'POST', 'prices/batch', { json: {} }), 422, 'required');
  await refused(batch([]), 422, 'out_of_range');
  await refused(batch([{ ...item, colour: 'red' }]), 422, 'unknown_field');
  await refused(ask(writer.secret, 'POST', 'prices/batch', { json: { prices: [item], market: 'de' } }), 422, 'unknown_field');
  await refused(batch([{ sku: c.sku }]), 422, 'required');
  await refused(batch([{ sku: c.sku, price: eur(-1) }]), 422, 'out_of_range');
  await refused(batch([{ sku: c.sku, price: eur(9007199254740992) }]), 422, 'out_of_range');
  await refused(batch([{ sku: c.sku, price: eur(1.5) }]), 422, 'invalid');
  await refused(batch([{ sku: c.sku, price: { amount: 100, currency: 'ZZZ' } }]), 422, 'invalid');
  await refused(batch([{ ...item, valid_from: 'tomorrow' }]), 422, 'invalid');
  assert.equal(history(c), '1250');
});

test('five hundred at once, with everything that an item may say; one more is refused', async () => {
  const c = Array.from({ length: 5 }, () => cup());
  const items = Array.from({ length: 500 }, (_, i) => ({ sku: c[i % 5].sku, price_list: 'eur', price: eur(2000 + i), compare_at: eur(9000), valid_from: soon((1 + Math.floor(i / 5)) * DAY),
    valid_to: soon((1.5 + Math.floor(i / 5)) * DAY) }));
  const start = Date.now(), done = await set(items, { key: `big-${start}` });
  assert.deepEqual([done.changed, done.prices.length], [500, 500]);
  assert.deepEqual(done.prices.map((p) => p.price.price.amount), items.map((i) => i.price.amount));
  const replay = await batch(items, { key: `big-${start}` });
  assert.deepEqual([replay.headers['idempotent-replayed'], replay.json], ['true', done]);
  await refused(batch([...items, items[0]]), 422, 'out_of_range');
  assert.equal(overlaps(), '0');
});

test('an idempotency key: once, the same answer; another body is refused', async () => {
  const c = cup(), key = `price-${Date.now()}`, first = await batch([{ sku: c.sku, price: eur(1300) }], { key });
  await set([{ sku: c.sku, price: eur(1400) }]);
  const again = await batch([{ price: eur(1300), sku: c.sku }], { key });
  assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.json], [200, 'true', first.json]);
  assert.equal(first.headers['idempotent-replayed'], undefined);
  assert.equal(history(c), '1250 1300 1400', 'it is not set again');
  await refused(batch([{ sku: c.sku, price: eur(1500) }], { key }), 422, 'idempotency_key_reused');
  await refused(batch([{ sku: 'NO-SUCH', price: eur(1500) }], { key: `${key}-b` }), 422, 'unknown_variant');
  await set([{ sku: c.sku, price: eur(1600) }], { key: `${key}-b` });
});

test('many batches of the same variants at once: each is set everywhere or nowhere, one behind the other', async () => {
  const c = Array.from({ length: 12 }, () => cup()), n = 8;
  const answers = await Promise.all(Array.from({ length: n }, (_, k) => {
    const turned = c.map((_, i) => c[(i * 5 + k) % c.length]);                // each names them in another order
    return batch(turned.map((x) => ({ sku: x.sku, price: eur(3000 + k) })));
  }));
  assert.deepEqual(answers.map((a) => a.status), Array(n).fill(200), answers.map((a) => a.text.slice(0, 200)).join('\n'));
  const stories = new Set(c.map(history));
  assert.equal(stories.size, 1, [...stories].join('\n'));
  assert.deepEqual([...stories][0].split(' ').slice(1).sort(), Array.from({ length: n }, (_, k) => String(3000 + k)), 'every price was in force, for however short a time');
  assert.equal(overlaps(), '0');
  assert.equal(sql(`SELECT count(*) FROM (SELECT o.seq - row_number() OVER (PARTITION BY o.object_id ORDER BY o.seq) AS gap FROM platform.outbox o WHERE o.object_type = 'variant' AND o.object_id IN (${c.map((x) => `'${x.uuid}'`)})) g WHERE gap <> 0`), '0', 'events have no gap');
});

// --- who sees it ----------------------------------------------------------------------------------------------------------------

test('the product, lists, searches and the cart show the new price at once, and checkout says so first', async () => {
  const name = `Kiln ${Date.now().toString(36)}`, c = cup({ name, price: 1000 });
  const cart = await readyCart(v, c, 2), pages = await apiCart(v);
  await pages.add(c, 1);
  await set([{ sku: c.sku, price: eur(1300), compare_at: eur(1500) }]);
  const product = (await v.api('GET', `/v1/products/${c.slug}`)).json;
  assert.deepEqual([product.price, product.compare_at, product.variants[0].price], [eur(1300), eur(1500), eur(1300)]);
  assert.deepEqual((await v.api('GET', `/v1/products?q=${encodeURIComponent(name)}`)).json.data.filter((p) => p.slug === c.slug).map((p) => [p.price, p.compare_at]), [[eur(1300), eur(1500)]]);
  assert.deepEqual((await pages.get()).json.items.map((i) => i.unit_price), [eur(1300)]);
  const changed = await cart.checkout({ key: 'price-checkout' });
  assert.deepEqual([changed.status, changed.json.code], [409, 'cart_changed'], changed.text);
  assert.deepEqual(changed.json.data.changes.map((x) => [x.code, x.previous_unit_price, x.unit_price]), [['price_changed', eur(1000), eur(1300)]]);
  const placed = await cart.checkout({ key: 'price-checkout' });
  assert.deepEqual([placed.status, placed.json.total], [201, eur(2 * 1300 + 490)], placed.text);
});

test('a sale that is planned begins and ends by itself, in lists, on the page and in the cart', async () => {
  const name = `Sale ${Date.now().toString(36)}`, c = cup({ name, price: 1000 });
  const cart = await apiCart(v);
  await cart.add(c, 1);
  const looks = async () => [(await v.api('GET', `/v1/products/${c.slug}`)).json.price.amount, (await v.api('GET', `/v1/products?q=${encodeURIComponent(name)}`)).json.data[0].price.amount,
    (await cart.get()).json.items[0].unit_price.amount].join(' ');
  const from = Date.now() + 2000, to = from + 3000;
  const { prices: [sale] } = await set([{ sku: c.sku, price: eur(700), compare_at: eur(1000), valid_from: new Date(from).toISOString(), valid_to: new Date(to).toISOString() }]);
  assert.equal(sale.price.state, 'planned');
  assert.equal(await looks(), '1000 1000 1000');
  await sleep(from - Date.now() + 50);
  assert.equal(await looks(), '700 700 700');
  assert.match((await v.get(`/p/${c.slug}`)).text, /€7\.00/);
  assert.deepEqual((await list(`?sku=${c.sku}`)).data.map((p) => [p.id, p.price.amount, p.compare_at.amount]), [[sale.price.id, 700, 1000]]);
  await sleep(to - Date.now() + 50);
  assert.equal(await looks(), '1000 1000 1000');
  await until('the page without the sale', async () => !/€7\.00/.test((await v.get(`/p/${c.slug}`)).text), { ms: 3000 });
  assert.deepEqual((await list(`?sku=${c.sku}&state=all`)).data.map((p) => [p.price.amount, p.state]), [[1000, 'current'], [700, 'past'], [1000, 'past']]);
});

cleanup('the goods', () => { for (const g of goods) g.remove(); v.close(); });
