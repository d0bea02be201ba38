// /v1/orders: who may read, look-up, cancellation, and the cart of a canceled order.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, until } from '../lib/shop.mjs';
import { makeVariant, readyCart, apiCart, sql, uuidOf } from '../lib/goods.mjs';

const v = new Visitor();
const cup = makeVariant({ price: 1250, stock: 100 });

const order = async (quantity = 1, variant = cup, json = undefined) => {
  const cart = await readyCart(v, variant, quantity);
  const made = await cart.checkout(json ? { json } : {});
  assert.equal(made.status, 201, made.text);
  return { cart, ...made.json };
};
const read = (o, headers) => v.api('GET', `/v1/orders/${o.order_id}`, { headers });
const confirm = (o) => v.api('POST', `/v1/payments/${o.payment_id}/confirm`, { key: Math.random().toString(36), json: {}, headers: { 'payment-token': o.payment_token } });
const paid = (o) => until('paid', async () => (await read(o, { 'order-token': o.access_token })).json.status === 'paid');

test('an order opens with its link or the token of its cart, and with nothing else', async () => {
  const a = await order(), b = await order();
  assert.equal((await read(a, { 'order-token': a.access_token })).status, 200);
  assert.equal((await read(a, { 'cart-token': a.cart.token })).status, 200);
  const cut = a.access_token.slice(0, -2) + (a.access_token.endsWith('AA') ? 'BB' : 'AA');
  for (const headers of [{}, { 'order-token': b.access_token }, { 'cart-token': b.cart.token }, { 'order-token': cut }, { 'order-token': 'x' }]) {
    const answer = await read(a, headers);
    assert.deepEqual([answer.status, answer.json.code, answer.json.detail], [404, 'not_found', 'There is no such order']);
  }
  const none = await v.api('GET', '/v1/orders/ord_01j00000000000000000000000', { headers: { 'order-token': a.access_token } });
  assert.deepEqual([none.status, none.json.detail], [404, 'There is no such order']);
});

test('look-up by number and e-mail; a wrong number and a wrong address are one answer', async () => {
  const o = await order();
  const look = (number, email) => v.api('POST', '/v1/orders/lookup', { json: { number, email } });
  for (const [number, email] of [[o.number, 'ada@example.com'], [` ${o.number.toLowerCase()} `, ' ADA@Example.COM ']]) {
    const found = await look(number, email);
    assert.deepEqual([found.status, found.json.id], [200, o.order_id]);
    assert.equal((await read(o, { 'order-token': found.json.access_token })).status, 200);
  }
  const wrong = await Promise.all([look(o.number, 'eve@example.com'), look('99999-AAAAAA', 'ada@example.com'), look(o.number, 'nobody'),
    look(o.number.slice(0, -1) + (o.number.endsWith('0') ? '1' : '0'), 'ada@example.com')]);
  for (const w of wrong) {
    const { request_id: _, ...rest } = w.json;
    assert.equal(w.status, 404);
    assert.deepEqual(rest, (({ request_id: __, ...x }) => x)(wrong[0].json));
  }
  assert.equal((await v.api('POST', '/v1/orders/lookup', { json: { number: o.number } })).status, 422);
});

test('an unpaid order can be canceled: the stock comes back when the payment is closed', async () => {
  const mug = makeVariant({ price: 1000, stock: 4 });
  const o = await order(3, mug);
  assert.deepEqual(mug.level(), { onHand: 4, reserved: 3, allocated: 0 });
  const cancel = () => v.api('POST', `/v1/orders/${o.order_id}/cancel`, { headers: { 'order-token': o.access_token } });
  const answer = await cancel();
  assert.equal(answer.status, 200, answer.text);
  assert.ok(answer.json.status === 'canceled' || answer.json.cancel_requested);
  assert.equal((await cancel()).status, 200);                         // repeating it is harmless
  await until('canceled', async () => (await read(o, { 'order-token': o.access_token })).json.status === 'canceled', { ms: 15000 });
  assert.deepEqual(mug.level(), { onHand: 4, reserved: 0, allocated: 0 });
  const now = (await read(o, { 'order-token': o.access_token })).json;
  assert.deepEqual([now.can_cancel, now.can_pay, now.cancel_reason], [false, false, 'shopper']);
  const back = await v.api('POST', '/v1/carts', { json: { from_order: o.order_id }, headers: { 'order-token': o.access_token } });
  assert.equal(back.status, 201, back.text);
  assert.deepEqual(back.json.items.map((i) => [i.sku, i.quantity]), [[mug.sku, 3]]);
  assert.notEqual(back.json.id, o.cart.id);
  mug.remove();
});

test('what cannot be canceled, who may not cancel', async () => {
  const o = await order();
  const cancel = (token) => v.api('POST', `/v1/orders/${o.order_id}/cancel`, { headers: token ? { 'order-token': token } : {} });
  assert.equal((await cancel()).status, 404);
  assert.equal((await cancel('nonsense')).status, 404);
  const early = await v.api('POST', '/v1/carts', { json: { from_order: o.order_id }, headers: { 'order-token': o.access_token } });
  assert.deepEqual([early.status, early.json.code], [409, 'invalid_state']);
  assert.equal((await confirm(o)).status, 200);
  await paid(o);
  const late = await cancel(o.access_token);
  assert.deepEqual([late.status, late.json.code], [409, 'invalid_state']);
});

test('paid: stock is allocated, events follow one another without a gap', async () => {
  const mug = makeVariant({ price: 1000, stock: 4 });
  const o = await order(2, mug);
  await confirm(o);
  await paid(o);
  assert.deepEqual(mug.level(), { onHand: 4, reserved: 0, allocated: 2 });
  const now = (await read(o, { 'order-token': o.access_token })).json;
  assert.ok(now.paid_at && !now.can_cancel && !now.payment_token);
  assert.equal(sql(`SELECT string_agg(type || ' ' || seq, ',' ORDER BY seq) FROM platform.outbox WHERE object_id = '${uuidOf(o.order_id)}'`), 'order.placed 1,order.paid 2');
  mug.remove();
});

test('a decline leaves the order open for another try', async () => {
  const o = await order(1, cup, { payment_method: 'tok_declined' });
  await confirm(o);
  const now = await until('declined', async () => {
    const x = (await read(o, { 'order-token': o.access_token })).json;
    return x.payment.status === 'failed' && x;
  });
  assert.deepEqual([now.status, now.can_pay, now.can_cancel], ['pending_payment', true, true]);
  const gone = await v.api('POST', `/v1/orders/${o.order_id}/cancel`, { headers: { 'order-token': o.access_token } });
  assert.equal(gone.json.status, 'canceled');                         // nothing is open: at once
});

test('the copied cart leaves out what is gone and takes what is left', async () => {
  const mug = makeVariant({ price: 1000, stock: 5 }), pot = makeVariant({ price: 500, stock: 5 });
  const cart = await readyCart(v, mug, 4);
  await cart.add(pot, 1);
  const made = (await cart.checkout({ json: { payment_method: 'tok_declined' } })).json;
  await confirm(made);
  await until('canceled', async () => (await v.api('POST', `/v1/orders/${made.order_id}/cancel`, { headers: { 'order-token': made.access_token } })).json.status === 'canceled');
  mug.setStock(2);
  pot.archive();
  const back = await v.api('POST', '/v1/carts', { json: { from_order: made.order_id }, headers: { 'order-token': made.access_token } });
  assert.deepEqual(back.json.items.map((i) => [i.sku, i.quantity, i.status]), [[mug.sku, 2, 'ok']]);
  assert.notEqual(back.json.token, cart.token);
  mug.remove();
  pot.remove();
});

cleanup('goods', () => { cup.remove(); v.close(); });
