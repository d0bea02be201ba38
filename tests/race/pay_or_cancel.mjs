// Paying, paying again and canceling at the same moment: one of them wins, everybody is told which, and the provider's books agree.
import { randomBytes } from 'node:crypto';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, until, sleep } from '../lib/shop.mjs';
import { makeVariant, readyCart, sql, uuidOf } from '../lib/goods.mjs';

const ORDERS = 24;
const crowd = Array.from({ length: 8 }, () => new Visitor());
const cup = makeVariant({ price: 1250, stock: ORDERS * 2 });
const key = () => randomBytes(12).toString('hex');

async function order(i, method) {
  const cart = await readyCart(crowd[i % crowd.length], cup);
  const made = await cart.checkout({ json: { payment_method: method } });
  assert.equal(made.status, 201, made.text);
  return made.json;
}
const pay = (v, o, path, json) => v.api('POST', path, { key: key(), headers: { 'payment-token': o.payment_token }, json });
const confirm = (v, o) => pay(v, o, `/v1/payments/${o.payment_id}/confirm`);
const cancel = (v, o) => v.api('POST', `/v1/orders/${o.order_id}/cancel`, { headers: { 'order-token': o.access_token } });
const ids = (orders) => orders.map((o) => `'${uuidOf(o.order_id)}'`).join(',');
const held = (orders) => sql(`SELECT count(*) FROM payment.attempt a JOIN sandbox.intent i ON i.attempt_id = a.id WHERE a.order_id IN (${ids(orders)}) AND i.state IN ('authorized', 'captured')
  AND (i.state = 'authorized' OR i.captured > i.refunded)`);

test(`${ORDERS} orders are paid and canceled at once`, async (t) => {
  const slow = (i) => i % 3 === 0;               // the bank takes three seconds: there is time to change one's mind
  const orders = await Promise.all(Array.from({ length: ORDERS }, (_, i) => order(i, slow(i) ? 'tok_slow' : 'tok_ok')));
  const outcomes = await Promise.all(orders.map(async (o, i) => {
    const late = (ms) => sleep(Math.random() * ms);
    const [paid, canceled] = await Promise.all([late(30).then(() => confirm(crowd[i % 8], o)), late(slow(i) ? 4000 : 60).then(() => cancel(crowd[(i + 1) % 8], o))]);
    assert.equal(paid.status, 200, paid.text);
    assert.ok(canceled.status === 200 || (canceled.status === 409 && canceled.json.code === 'invalid_state'), canceled.text);
    return { o, canceled: canceled.status === 200, told: paid.json };
  }));
  const wants = new Map(outcomes.map((x) => [uuidOf(x.o.order_id), x.canceled ? 'canceled' : 'paid']));
  await until('every order is decided', () => sql(`SELECT count(*) FROM orders.orders WHERE id IN (${ids(orders)}) AND state = 'pending_payment'`) === '0', { ms: 60000, every: 200 });
  const states = new Map(sql(`SELECT id, state FROM orders.orders WHERE id IN (${ids(orders)})`).split('\n').map((l) => l.split('|')));
  assert.deepEqual([...states].sort(), [...wants].sort(), 'who was told "canceled" has a canceled order, and nobody else');
  const paid = outcomes.filter((x) => !x.canceled).length;
  t.diag(`${paid} paid, ${ORDERS - paid} canceled`);
  for (const x of outcomes.filter((y) => y.told.order_status === 'paid')) assert.ok(!x.canceled, 'who was told "paid" is not canceled');
  await until('no money is held for a canceled order', () => held(orders) === String(paid), { ms: 60000, every: 200 });
  assert.deepEqual(cup.level(), { onHand: ORDERS * 2, reserved: 0, allocated: paid });
}, { ms: 150000 });

test('another card, taken five times at once: one try, one hold', async () => {
  const declined = await Promise.all(Array.from({ length: 6 }, (_, i) => order(i, 'tok_declined')));
  await Promise.all(declined.map((o, i) => confirm(crowd[i % 8], o)));
  for (const o of declined) {
    const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => pay(crowd[i], o, '/v1/payments', { order_id: o.order_id, method: 'tok_ok' })));
    assert.deepEqual(answers.map((a) => a.status).sort(), [201, 409, 409, 409, 409], answers.map((a) => a.text).join('\n'));
    assert.equal(answers.find((a) => a.status === 201).json.try, 2);
  }
  assert.equal(held(declined), String(declined.length));
  assert.equal(sql(`SELECT count(*) FROM payment.attempt WHERE order_id IN (${ids(declined)})`), String(declined.length * 2));
});

cleanup('goods', () => { cup.remove(); for (const v of crowd) v.close(); });
