// 50 buyers, a stock of 10: exactly 10 orders and 40 clear refusals, and books that agree.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { makeVariant, readyCart, sql, uuidOf } from '../lib/goods.mjs';

const BUYERS = 50, STOCK = 10;
const buyers = Array.from({ length: BUYERS }, () => new Visitor());
const mug = makeVariant({ price: 2400, stock: STOCK });

test('the last units are sold once', async (t) => {
  const carts = await Promise.all(buyers.map((b) => readyCart(b, mug)));
  const began = Date.now();
  const answers = await Promise.all(carts.map((c) => c.checkout()));
  t.diag(`50 checkouts at once: ${Date.now() - began} ms`);
  const won = answers.filter((a) => a.status === 201), lost = answers.filter((a) => a.status === 409);
  assert.deepEqual([won.length, lost.length], [STOCK, BUYERS - STOCK], answers.map((a) => a.status).join(' '));
  for (const a of lost) {
    assert.equal(a.json.code, 'insufficient_stock');
    assert.equal(a.json.data.items[0].available, 0);
    assert.equal(a.json.errors[0].param, 'items[0]');
  }
  assert.equal(new Set(won.map((a) => a.json.order_id)).size, STOCK);
  assert.deepEqual(mug.level(), { onHand: STOCK, reserved: STOCK, allocated: 0 });
  const ids = carts.map((c) => `'${uuidOf(c.id)}'`).join(',');
  assert.equal(sql(`SELECT count(*), count(a.id), sum(r.quantity) FROM orders.orders o LEFT JOIN payment.attempt a ON a.order_id = o.id
    LEFT JOIN inventory.reservations r ON r.order_id = o.id AND r.status = 'active' WHERE o.cart_id IN (${ids})`), `${STOCK}|${STOCK}|${STOCK}`);
  assert.equal(sql(`SELECT count(*) FROM inventory.pub_mismatches WHERE variant_id = '${mug.uuid}'`), '0');
  assert.equal(sql(`SELECT count(*) FROM orders.cart WHERE id IN (${ids}) AND state = 'open'`), String(BUYERS - STOCK));
});

test('several products at once, in any order: no deadlock, nothing half sold', async () => {
  const goods = [1, 2, 3].map(() => makeVariant({ price: 500, stock: 12 }));
  const carts = await Promise.all(buyers.slice(0, 30).map(async (b, i) => {
    const cart = await readyCart(b, goods[i % 3]);
    await cart.add(goods[(i + 1) % 3]);
    await cart.add(goods[(i + 2) % 3]);
    return cart;
  }));
  const answers = await Promise.all(carts.map((c) => c.checkout()));
  assert.deepEqual([answers.filter((a) => a.status === 201).length, answers.filter((a) => a.status === 409).length], [12, 18], answers.map((a) => a.status).join(' '));
  for (const g of goods) {
    assert.deepEqual(g.level(), { onHand: 12, reserved: 12, allocated: 0 });
    g.remove();
  }
});

cleanup('goods', () => { mug.remove(); for (const b of buyers) b.close(); });
