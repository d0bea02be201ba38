// POST /v1/carts/{id}/checkout: success, every refusal, idempotency, and an order that agrees with its cart to the cent.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { makeVariant, apiCart, readyCart, ADDRESS, CONTACT, sql, uuidOf } from '../lib/goods.mjs';

const v = new Visitor();
const cup = makeVariant({ price: 1250, stock: 200 });
const book = makeVariant({ price: 1999, stock: 200, taxClass: 'reduced' });

const problem = (answer, status, code) => {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.code, code, answer.text);
  return answer.json;
};
const key = () => Math.random().toString(36).slice(2);

test('a cart becomes an order with its payment; the order agrees with the cart', async () => {
  const cart = await readyCart(v, cup, 2);
  await cart.add(book, 3);
  const before = (await cart.get()).json;
  const answer = await cart.checkout({ json: { payment_method: 'tok_ok', note: 'Second floor' } });
  assert.equal(answer.status, 201, answer.text);
  const made = answer.json;
  assert.match(made.number, /^\d{5,}-[0-9A-Z]{6}$/);
  assert.deepEqual([made.status, made.total], ['pending_payment', before.totals.total]);
  assert.match(made.payment_id, /^pay_/);
  assert.match(made.payment_url, /^\/pay\/pay_/);
  assert.equal(answer.headers.location, `/v1/orders/${made.order_id}`);
  assert.equal(Date.parse(made.expires_at) - Date.parse(made.created_at), 900000);
  const order = (await v.api('GET', answer.headers.location, { headers: { 'order-token': made.access_token } })).json;
  assert.deepEqual(order.totals, before.totals);
  assert.deepEqual(order.lines.map((l) => [l.sku, l.quantity, l.unit_price.amount, l.total.amount, l.tax_rate]),
    [[cup.sku, 2, 1250, 2500, 190000], [book.sku, 3, 1999, 5997, 70000]]);
  assert.deepEqual([order.contact.email, order.shipping_address, order.note, order.shipping_name],
    [CONTACT.email, before.shipping_address, 'Second floor', before.shipping_option.name]);
  assert.deepEqual([order.payment.id, order.payment.number, order.can_cancel], [made.payment_id, 1, true]);
  const after = (await cart.get()).json;
  assert.deepEqual([after.status, after.order_id, after.can_checkout], ['ordered', made.order_id, false]);
  problem(await cart.add(cup), 409, 'invalid_state');
  problem(await cart.address(), 409, 'invalid_state');
});

test('the stored explanation adds up, and the tables agree with it', async () => {
  const cart = await readyCart(v, cup, 3);
  const made = (await cart.checkout()).json, id = uuidOf(made.order_id);
  const steps = JSON.parse(sql(`SELECT explanation FROM orders.orders WHERE id = '${id}'`)).steps;
  const value = Object.fromEntries(steps.map((s) => [s.what, s.value]));
  assert.equal(value.total, made.total.amount);
  // 3750 / 1.19 = 3151.26 -> 3151 -> 599; 490 / 1.19 = 411.76 -> 412 -> 78
  assert.deepEqual([value['lines[0].list'], value['lines[0].tax'], value['shipping.tax'], value.tax], [3750, 599, 78, 677]);
  assert.equal(sql(`SELECT calc_version, tax, total = (SELECT sum(total) FROM orders.order_line WHERE order_id = o.id) + shipping FROM orders.orders o WHERE id = '${id}'`), '1|677|t');
});

test('what is missing is named', async () => {
  const empty = await apiCart(v);
  problem(await empty.checkout(), 422, 'cart_empty');
  await empty.add(cup);
  const p = problem(await empty.checkout(), 422, 'required');
  assert.deepEqual(p.errors.map((e) => e.param), ['contact.email', 'shipping_address']);
  const cart = await readyCart(v, cup);
  problem(await cart.api('POST', '/checkout', { json: { payment_method: 'tok_ok' } }), 422, 'idempotency_key_required');
  problem(await cart.checkout({ json: {} }), 422, 'required');
  problem(await cart.checkout({ json: { payment_method: 'gold' } }), 422, 'invalid');
  problem(await cart.checkout({ json: { payment_method: 'tok_ok', note: 'x'.repeat(501) } }), 422, 'out_of_range');
  problem(await cart.checkout({ json: { payment_method: 'tok_ok', discount: 100 } }), 422, 'unknown_field');
  problem(await v.api('POST', `/v1/carts/${cart.id}/checkout`, { cart: 'x'.repeat(43), key: key(), json: { payment_method: 'tok_ok' } }), 404, 'not_found');
  assert.equal((await cart.checkout()).status, 201);
});

test('a price that changed is told first; the second try goes through', async () => {
  const mug = makeVariant({ price: 1000, stock: 10 });
  const cart = await readyCart(v, mug, 2);
  mug.setPrice(1300);
  const k = key();
  const told = problem(await cart.checkout({ key: k }), 409, 'cart_changed');
  assert.deepEqual(told.data.changes.map((c) => [c.code, c.previous_unit_price.amount, c.unit_price.amount]), [['price_changed', 1000, 1300]]);
  assert.equal(told.data.totals.total.amount, 2600 + 490);
  assert.deepEqual(mug.level(), { onHand: 10, reserved: 0, allocated: 0 });
  const placed = await cart.checkout({ key: k });                     // a refusal is not stored: the same key goes on
  assert.equal(placed.status, 201, placed.text);
  assert.equal(placed.json.total.amount, 2600 + 490);
  mug.remove();
});

test('with the sum that was shown: accepted when it still holds, refused when not', async () => {
  const mug = makeVariant({ price: 1000, stock: 10 });
  const cart = await readyCart(v, mug, 2);
  mug.setPrice(900);
  const pay = (amount, currency = 'EUR') => cart.checkout({ json: { payment_method: 'tok_ok', expected_total: { amount, currency } } });
  problem(await pay(2490), 409, 'cart_changed');
  problem(await pay(2290, 'USD'), 409, 'cart_changed');
  assert.equal((await pay(2290)).status, 201);
  mug.remove();
});

test('no stock: 409 with what is left, and nothing is kept', async () => {
  const mug = makeVariant({ price: 1000, stock: 5 });
  const one = await readyCart(v, mug, 3), two = await readyCart(v, mug, 3);
  assert.equal((await one.checkout()).status, 201);
  const p = problem(await two.checkout(), 409, 'insufficient_stock');
  assert.deepEqual([p.errors[0].param, p.data.items[0].available, p.data.items[0].status], ['items[0]', 2, 'insufficient_stock']);
  assert.deepEqual(mug.level(), { onHand: 5, reserved: 3, allocated: 0 });
  assert.equal(sql(`SELECT count(*) FROM orders.orders WHERE cart_id = '${uuidOf(two.id)}'`), '0');
  await two.api('PATCH', `/items/${p.data.items[0].id}`, { json: { quantity: 2 } });
  assert.equal((await two.checkout()).status, 201);
  mug.remove();
});

test('a withdrawn variant cannot be ordered', async () => {
  const mug = makeVariant({ price: 1000, stock: 5 });
  const cart = await readyCart(v, mug);
  mug.archive();
  const p = problem(await cart.checkout(), 409, 'cart_changed');
  assert.equal(p.errors[0].code, 'variant_unavailable');
  mug.remove();
});

test('the same key: one order, the same answer', async () => {
  const cart = await readyCart(v, cup);
  const k = key();
  const first = await cart.checkout({ key: k }), second = await cart.checkout({ key: k });
  assert.deepEqual([first.status, second.status], [201, 201]);
  assert.deepEqual(second.json, first.json);
  assert.deepEqual([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']], [undefined, 'true']);
  assert.equal(second.headers.location, first.headers.location);
  problem(await cart.checkout({ key: k, json: { payment_method: 'tok_ok', note: 'other' } }), 422, 'idempotency_key_reused');
  problem(await cart.checkout({ key: key() }), 409, 'invalid_state');              // another key: the cart is an order already
  const blanks = await cart.api('POST', '/checkout', { key: k, body: '{ "payment_method" :  "tok_ok" }', headers: { 'content-type': 'application/json' } });
  assert.equal(blanks.headers['idempotent-replayed'], 'true');                     // the same body, written differently
});

test('what is stored with a key holds ids, no secret and nothing personal', async () => {
  const cart = await readyCart(v, cup);
  const k = key();
  const made = (await cart.checkout({ key: k, json: { payment_method: 'tok_ok', note: 'Ring twice' } })).json;
  const row = sql(`SELECT i::text FROM platform.idempotency i WHERE key = '${k}'`);
  assert.ok(row.includes(made.number));
  assert.ok(!row.includes(made.access_token) && !row.includes(made.payment_token) && !/ada[@ ]|Ring twice|Example/i.test(row));
});

test('ten times the same at once: one order; the others are replays or told that it is in flight', async () => {
  const cart = await readyCart(v, cup);
  const k = key();
  const answers = await Promise.all(Array.from({ length: 10 }, () => cart.checkout({ key: k })));
  const made = answers.filter((a) => a.status === 201);
  assert.ok(made.length >= 1);
  assert.equal(new Set(made.map((a) => a.json.order_id)).size, 1);
  assert.equal(made.filter((a) => !a.headers['idempotent-replayed']).length, 1);
  for (const a of answers.filter((x) => x.status !== 201)) {
    problem(a, 409, 'request_in_flight');
    assert.ok(Number(a.headers['retry-after']) >= 1);
  }
  assert.equal(sql(`SELECT count(*) FROM orders.orders WHERE cart_id = '${uuidOf(cart.id)}'`), '1');
});

test('ten keys at once for one cart: one order', async () => {
  const cart = await readyCart(v, cup);
  const answers = await Promise.all(Array.from({ length: 10 }, () => cart.checkout()));
  assert.equal(answers.filter((a) => a.status === 201).length, 1);
  for (const a of answers.filter((x) => x.status !== 201)) problem(a, 409, 'invalid_state');
});

test('every order has its lines, its attempt, its reservation and its event', async () => {
  const cart = await readyCart(v, cup, 2);
  const id = uuidOf((await cart.checkout()).json.order_id);
  assert.equal(sql(`SELECT (SELECT count(*) FROM orders.order_line WHERE order_id = '${id}'), (SELECT count(*) FROM payment.attempt WHERE order_id = '${id}'),
    (SELECT sum(quantity) FROM inventory.reservations WHERE order_id = '${id}' AND status = 'active'),
    (SELECT string_agg(type || ' ' || seq, ',') FROM platform.outbox WHERE object_id = '${id}')`), '1|1|2|order.placed 1');
});

test('Austria pays Austrian tax on the same gross price', async () => {
  const cart = await apiCart(v);
  await cart.add(cup, 2);
  const now = (await cart.api('PATCH', '', { json: { contact: CONTACT, shipping_address: { ...ADDRESS, country: 'AT', postal_code: '1010' } } })).json;
  // 2500 / 1.2 = 2083.33 -> 417; 790 / 1.2 = 658.33 -> 132
  assert.deepEqual([now.totals.total.amount, now.totals.tax.amount], [3290, 549]);
  const made = (await cart.checkout()).json;
  assert.equal(made.total.amount, 3290);
});

cleanup('goods', () => { for (const x of [cup, book]) x.remove(); v.close(); });
