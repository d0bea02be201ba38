// Redis is wiped in the middle of shopping: nothing is lost, nothing fails.
import { execFileSync } from 'node:child_process';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, sleep } from '../lib/shop.mjs';
import { makeVariant, readyCart } from '../lib/goods.mjs';

const v = new Visitor();
const cup = makeVariant({ price: 1250, stock: 1000 });

test('FLUSHALL while carts are filled and ordered', async (t) => {
  const config = execFileSync('grep', ['-E', '^ *redis *=', `${environment().home}/souk.conf`], { encoding: 'utf8' });
  const socket = config.split('=')[1].trim();
  const flush = () => execFileSync('redis-cli', ['-s', socket, 'flushall'], { encoding: 'utf8' }).trim();
  try { flush(); } catch (error) { t.skip(`redis-cli cannot reach ${socket}: ${String(error.message).split('\n')[0]}`); }
  let going = true;
  const wiper = (async () => { while (going) { assert.equal(flush(), 'OK'); await sleep(20); } })();
  const shoppers = Array.from({ length: 8 }, async () => {
    for (let i = 0; i < 5; i += 1) {
      const cart = await readyCart(v, cup, 2);
      const read = await cart.get();
      assert.deepEqual([read.status, read.json.item_count, read.json.contact.email], [200, 2, 'ada@example.com']);
      const made = await cart.checkout();
      assert.equal(made.status, 201, made.text);
      assert.equal((await v.api('GET', made.headers.location, { cart: cart.token })).status, 200);
    }
  });
  await Promise.all(shoppers);
  going = false;
  await wiper;
  assert.deepEqual(cup.level(), { onHand: 1000, reserved: 80, allocated: 0 });
});

cleanup('goods', () => { cup.remove(); v.close(); });
