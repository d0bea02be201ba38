// /v1/carts: making, reading, changing; every refusal; what is told when the shop changes meanwhile.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { makeVariant, apiCart, ADDRESS, CONTACT, sql, uuidOf } from '../lib/goods.mjs';

const v = new Visitor();
const cup = makeVariant({ price: 1250, stock: 20 });
const pot = makeVariant({ price: 3999, stock: 3, weight: 900 });
const book = makeVariant({ price: 2000, stock: 50, taxClass: 'reduced' });

const problem = (answer, status, code, param) => {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.equal(answer.json.code, code);
  if (param !== undefined) assert.ok(answer.json.param === param || answer.json.errors?.some((e) => e.param === param), answer.text);
  return answer.json;
};

test('a new cart has a token that is told once, and belongs to nobody else', async () => {
  const cart = await apiCart(v);
  assert.match(cart.token, /^[\w-]{43}$/);
  assert.equal(cart.made.status, 'open');
  const read = await cart.get();
  assert.equal(read.status, 200);
  assert.equal(read.json.token, undefined);
  assert.equal(read.headers['cache-control'], 'no-store');
  assert.deepEqual([read.json.id, read.json.currency, read.json.market, read.json.item_count, read.json.can_checkout], [cart.id, 'EUR', 'de', 0, false]);
  assert.ok(!sql(`SELECT encode(token_hash, 'escape') FROM orders.cart WHERE id = '${uuidOf(cart.id)}'`).includes(cart.token));
  const other = await apiCart(v);
  problem(await v.api('GET', `/v1/carts/${cart.id}`, { cart: other.token }), 404, 'not_found');
  problem(await v.api('GET', `/v1/carts/${cart.id}`, { cart: 'x'.repeat(43) }), 404, 'not_found');
  problem(await v.api('GET', `/v1/carts/${cart.id}`), 422, 'required', 'cart-token');
  problem(await v.api('GET', '/v1/carts/cart_0000', { cart: cart.token }), 404, 'not_found');
});

test('carts know markets', async () => {
  assert.equal((await apiCart(v, { market: 'at' })).made.market, 'at');
  problem(await v.api('POST', '/v1/carts', { json: { market: 'zz' } }), 422, 'invalid', 'market');
  problem(await v.api('POST', '/v1/carts', { json: { colour: 'red' } }), 422, 'unknown_field', 'colour');
  problem(await v.api('POST', '/v1/carts', { body: '{"market":', headers: { 'content-type': 'application/json' } }), 400, 'invalid_json');
  problem(await v.api('POST', '/v1/carts', { body: 'a=b', headers: { 'content-type': 'text/plain' } }), 415, 'unsupported_media_type');
});

test('pieces are added, summed, changed and removed; totals follow', async () => {
  const cart = await apiCart(v);
  const one = (await cart.add(cup, 2)).json;
  assert.deepEqual(one.items.map((i) => [i.sku, i.quantity, i.unit_price.amount, i.total.amount, i.status]), [[cup.sku, 2, 1250, 2500, 'ok']]);
  // 2500 / 1.19 = 2100.84 -> 2101 -> 399
  assert.deepEqual([one.totals.subtotal.amount, one.totals.tax.amount, one.totals.total.amount, one.totals.shipping], [2500, 399, 2500, null]);
  const more = (await cart.add(cup, 3)).json;
  assert.deepEqual([more.items.length, more.items[0].quantity, more.item_count], [1, 5, 5]);
  const two = (await cart.add(book, 1)).json;
  assert.equal(two.items.length, 2);
  assert.deepEqual(two.totals.taxes.map((t) => t.rate), [190000, 70000]);
  const item = two.items[0].id;
  const set = await cart.api('PATCH', `/items/${item}`, { json: { quantity: 1 } });
  assert.equal(set.json.items[0].quantity, 1);
  assert.ok(set.json.version > two.version);
  const gone = await cart.api('DELETE', `/items/${item}`);
  assert.deepEqual([gone.status, gone.json.items.map((i) => i.sku)], [200, [book.sku]]);
  problem(await cart.api('DELETE', `/items/${item}`), 404, 'not_found');
  problem(await cart.api('PATCH', `/items/${item}`, { json: { quantity: 1 } }), 404, 'not_found');
});

test('a cart can begin with everything that is known', async () => {
  const body = { items: [{ variant_id: cup.id, quantity: 2 }, { variant_id: book.id }], contact: CONTACT, shipping_address: ADDRESS };
  const cart = await apiCart(v, body);
  assert.deepEqual([cart.made.items.map((i) => [i.sku, i.quantity]), cart.made.can_checkout, cart.made.version], [[[cup.sku, 2], [book.sku, 1]], true, 1]);
  assert.equal((await cart.checkout()).status, 201);
  const bad = problem(await v.api('POST', '/v1/carts', { json: { ...body, items: [{ variant_id: pot.id, quantity: 9 }, { variant_id: 'var_01j00000000000000000000000' }] } }), 409, 'insufficient_stock', 'items[0]');
  assert.deepEqual(bad.errors.map((e) => [e.code, e.param]), [['insufficient_stock', 'items[0]'], ['variant_unavailable', 'items[1]']]);
  problem(await v.api('POST', '/v1/carts', { json: { items: [{ variant_id: cup.id, quantity: 0 }] } }), 422, 'out_of_range', 'items[0].quantity');
  problem(await v.api('POST', '/v1/carts', { json: { items: [{ quantity: 1 }] } }), 422, 'required', 'items[0].variant_id');
  problem(await v.api('POST', '/v1/carts', { json: { ...body, contact: { email: 'ada' } } }), 422, 'invalid', 'contact.email');
  problem(await v.api('POST', '/v1/carts', { json: { ...body, contact: undefined } }), 422, 'required', 'contact.email');
  problem(await v.api('POST', '/v1/carts', { json: { ...body, shipping_address: { ...ADDRESS, country: 'JP', postal_code: '100-0001', region: 'Tokyo' } } }), 422, 'not_shippable');
});

test('limits are told clearly', async () => {
  const cart = await apiCart(v);
  for (const quantity of [0, -1, 1000, 1e9]) problem(await cart.add(cup, quantity), 422, 'out_of_range', 'quantity');
  for (const quantity of ['two', 1.5, {}]) assert.equal((await cart.add(cup, quantity)).status, 422);
  const short = problem(await cart.add(pot, 4), 409, 'insufficient_stock', 'quantity');
  assert.deepEqual(short.data, { available: 3, in_cart: 0 });
  const added = (await cart.add(pot, 2)).json;
  assert.deepEqual(problem(await cart.add(pot, 2), 409, 'insufficient_stock').data, { available: 3, in_cart: 2 });
  problem(await cart.api('PATCH', `/items/${added.items[0].id}`, { json: { quantity: 4 } }), 409, 'insufficient_stock');
  problem(await cart.api('PATCH', `/items/${added.items[0].id}`, { json: { quantity: 0 } }), 422, 'out_of_range', 'quantity');
  problem(await cart.api('POST', '/items', { json: { variant_id: 'var_01j00000000000000000000000', quantity: 1 } }), 422, 'variant_unavailable', 'variant_id');
  problem(await cart.api('POST', '/items', { json: { variant_id: 'prod_01j00000000000000000000000' } }), 422, 'invalid', 'variant_id');
  problem(await cart.api('POST', '/items', { json: { quantity: 1 } }), 422, 'required', 'variant_id');
  const gbp = await apiCart(v, { market: 'gb' });
  problem(await gbp.add(cup), 422, 'variant_unavailable');            // no price in that market
});

test('a cart holds 100 lines and no more', async () => {
  const cart = await apiCart(v);
  const uuid = uuidOf(cart.id);
  sql(`INSERT INTO orders.cart_item (id, cart_id, variant_id, quantity, price_seen, created_at, updated_at)
       SELECT gen_random_uuid(), '${uuid}', gen_random_uuid(), 1, 1, '2026-01-01', '2026-01-01' FROM generate_series(1, 99)`);
  assert.equal((await cart.add(cup)).json.items.length, 100);
  problem(await cart.add(book), 422, 'cart_full');
  assert.equal((await cart.add(cup)).status, 200);                    // a line that is there may grow
});

test('a changed price is told until the shopper acts on it', async () => {
  const cart = await apiCart(v);
  const mug = makeVariant({ price: 1000, stock: 10 });
  await cart.add(mug, 2);
  mug.setPrice(1100);
  for (let i = 0; i < 2; i += 1) {                                    // reading tells; it does not accept
    const now = (await cart.get()).json;
    assert.deepEqual(now.changes.map((c) => [c.code, c.previous_unit_price.amount, c.unit_price.amount]), [['price_changed', 1000, 1100]]);
    assert.deepEqual([now.items[0].status, now.items[0].previous_unit_price.amount, now.totals.total.amount], ['price_changed', 1000, 2200]);
  }
  const item = (await cart.get()).json.items[0].id;
  const accepted = (await cart.api('PATCH', `/items/${item}`, { json: { quantity: 3 } })).json;
  assert.deepEqual([accepted.changes, accepted.items[0].status, accepted.totals.total.amount], [[], 'ok', 3300]);
  mug.remove();
});

test('stock that shrinks, sells out or is withdrawn is told', async () => {
  const cart = await apiCart(v);
  const mug = makeVariant({ price: 1000, stock: 10 });
  await cart.add(mug, 5);
  await cart.address();
  assert.equal((await cart.get()).json.can_checkout, true);
  mug.setStock(2);
  let now = (await cart.get()).json;
  assert.deepEqual([now.items[0].status, now.items[0].available, now.can_checkout, now.changes[0].code], ['insufficient_stock', 2, false, 'insufficient_stock']);
  mug.setStock(0);
  now = (await cart.get()).json;
  assert.deepEqual([now.items[0].status, now.changes[0].available], ['sold_out', 0]);
  mug.setStock(10);
  assert.equal((await cart.get()).json.items[0].status, 'ok');
  mug.archive();
  now = (await cart.get()).json;
  assert.deepEqual([now.items[0].status, now.can_checkout, now.totals.subtotal.amount], ['unavailable', false, 0]);
  problem(await cart.add(mug), 422, 'variant_unavailable');
  assert.equal((await cart.api('DELETE', `/items/${now.items[0].id}`)).json.items.length, 0);
  mug.remove();
});

test('contact and address: normal forms out, bad fields named', async () => {
  const cart = await apiCart(v);
  await cart.add(cup);
  const done = await cart.api('PATCH', '', { json: { contact: { email: ' Ada@EXAMPLE.com ', phone: '+49 (0)30 / 123-45' },
    shipping_address: { ...ADDRESS, postal_code: ' 10 115 ' } } });
  assert.equal(done.status, 200, done.text);
  assert.deepEqual(done.json.contact, { email: 'Ada@example.com', phone: '+493012345' });
  assert.equal(done.json.shipping_address.postal_code, '10115');
  assert.equal(done.json.shipping_option.code, 'standard');           // the cheapest that gets there
  assert.ok(done.json.shipping_option.days_max >= 1);
  const bad = problem(await cart.api('PATCH', '', { json: { contact: { email: 'ada', phone: 'x' }, shipping_address: { country: 'DE', postal_code: '1' } } }), 422, 'invalid');
  assert.deepEqual(bad.errors.map((e) => e.param).sort(), ['contact.email', 'contact.phone', 'shipping_address.city', 'shipping_address.line1',
    'shipping_address.name', 'shipping_address.postal_code']);
  problem(await cart.api('PATCH', '', { json: { shipping_address: { ...ADDRESS, country: 'ZZ' } } }), 422, 'invalid', 'shipping_address.country');
  problem(await cart.api('PATCH', '', { json: { shipping_address: { ...ADDRESS, country: 'JP', postal_code: '100-0001', region: 'Tokyo' } } }), 422, 'not_shippable');
  problem(await cart.api('PATCH', '', { json: { contact: { email: 'a@example.com' }, loyalty: 1 } }), 422, 'unknown_field', 'loyalty');
  assert.deepEqual((await cart.get()).json.contact.email, 'Ada@example.com');      // refusals changed nothing
  const fresh = await apiCart(v);
  problem(await fresh.api('PATCH', '', { json: { shipping_address: ADDRESS } }), 422, 'required', 'contact.email');
});

test('personal data is ciphertext in the database', async () => {
  const cart = await apiCart(v);
  const secret = 'Zanzibar Quux';
  await cart.api('PATCH', '', { json: { contact: { email: 'zanzibar@example.com', phone: '+4930987654' }, shipping_address: { ...ADDRESS, name: secret } } });
  const row = sql(`SELECT c::text || encode(email_sealed, 'escape') || encode(address_sealed, 'escape') FROM orders.cart c WHERE id = '${uuidOf(cart.id)}'`);
  assert.ok(!/zanzibar|987654|Example Street|Berlin/i.test(row));
  assert.deepEqual(sql(`SELECT ship_country, ship_postal_area FROM orders.cart WHERE id = '${uuidOf(cart.id)}'`), 'DE|10');
});

test('another e-mail address makes it another person: what was sealed still opens', async () => {
  const cart = await apiCart(v);
  await cart.address();
  const changed = await cart.api('PATCH', '', { json: { contact: { email: 'grace@example.com' } } });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual([changed.json.contact.email, changed.json.contact.phone, changed.json.shipping_address.name], ['grace@example.com', null, ADDRESS.name]);
});

test('shipping options: by destination, weight and value, cheapest first', async () => {
  const cart = await apiCart(v);
  await cart.add(cup);
  const list = (await cart.api('GET', '/shipping-options')).json.data;
  assert.deepEqual(list.map((o) => o.code), ['standard', 'express', 'freight']);
  const austria = (await cart.api('GET', '/shipping-options?country=at')).json.data;
  assert.deepEqual(austria.map((o) => [o.code, o.price.amount]), [['standard', 790], ['freight', 3900]]);
  assert.deepEqual((await cart.api('GET', '/shipping-options?country=JP')).json.data, []);
  problem(await cart.api('GET', '/shipping-options?country=xx'), 422, 'invalid', 'country');
  problem(await cart.api('GET', '/shipping-options?weight=1'), 422, 'unknown_field', 'weight');
  await cart.address();
  const chosen = (await cart.api('PATCH', '', { json: { shipping_option_id: list[1].id } })).json;
  assert.deepEqual([chosen.shipping_option.code, chosen.totals.shipping.amount, chosen.totals.total.amount], ['express', 990, 1250 + 990]);
  problem(await cart.api('PATCH', '', { json: { shipping_option_id: austria[0].id } }), 422, 'invalid', 'shipping_option_id');
  const moved = (await cart.api('PATCH', '', { json: { shipping_address: { ...ADDRESS, country: 'AT', postal_code: '1010' } } })).json;
  assert.deepEqual([moved.shipping_option.code, moved.totals.shipping.amount, moved.items[0].tax_rate], ['standard', 790, 200000]);   // Austria's rate
  const heavy = makeVariant({ price: 100, stock: 5, weight: 40000 });
  await cart.add(heavy);
  const now = (await cart.get()).json;
  assert.equal(now.shipping_option, null);                            // too heavy for a parcel: told
  assert.equal(now.changes.at(-1).code, 'shipping_unavailable');
  assert.deepEqual((await cart.api('GET', '/shipping-options')).json.data.map((o) => o.code), ['freight']);
  heavy.remove();
});

test('shipping is free from a value of goods on', async () => {
  const cart = await apiCart(v);
  await cart.add(cup, 4);
  assert.equal((await cart.address()).json.totals.shipping.amount, 490);
  assert.equal((await cart.add(cup, 1)).json.totals.shipping.amount, 0);           // 62.50
});

test('an idempotency key adds once', async () => {
  const cart = await apiCart(v);
  const first = await cart.add(cup, 2, { key: 'add-1' }), second = await cart.add(cup, 2, { key: 'add-1' });
  assert.deepEqual([first.status, first.headers['idempotent-replayed']], [200, undefined]);
  assert.deepEqual([second.status, second.headers['idempotent-replayed'], second.json.items[0].quantity], [200, 'true', 2]);
  problem(await cart.add(cup, 3, { key: 'add-1' }), 422, 'idempotency_key_reused');
  assert.equal((await cart.add(cup, 2, { key: 'add-2' })).json.items[0].quantity, 4);
  problem(await cart.add(cup, 1, { key: 'a b' }), 400, 'bad_request');
  problem(await cart.add(cup, 1, { key: 'k'.repeat(256) }), 400, 'bad_request');
});

test('changes at the same time: none is lost', async () => {
  const cart = await apiCart(v);
  await cart.add(cup, 1);
  const answers = await Promise.all(Array.from({ length: 8 }, () => cart.add(cup, 1)));
  const good = answers.filter((a) => a.status === 200).length;
  for (const a of answers) assert.ok(a.status === 200 || (a.status === 409 && a.json.code === 'conflict'), a.text);
  assert.equal((await cart.get()).json.items[0].quantity, 1 + good);
  assert.ok(good >= 1);
});

cleanup('goods', () => { for (const x of [cup, pot, book]) x.remove(); v.close(); });
