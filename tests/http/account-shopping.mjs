// What accounts shop: one cart on every device, guests' carts and orders claimed, merges at the same time, the list of orders, other people's doors.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, until } from '../lib/shop.mjs';
import { ADDRESS, apiCart, idText, makeVariant, sql, uuidOf } from '../lib/goods.mjs';
import { bearer, forgetTries, login, mailsTo, codeIn, member, register } from '../lib/people.mjs';

const v = new Visitor();
const cup = makeVariant({ price: 1250, stock: 300 }), pot = makeVariant({ price: 4000, stock: 5 });
const as = (who) => ({ headers: bearer(who) });
const call = (who, method, path, options = {}) => v.api(method, path, { ...options, headers: { ...bearer(who), ...options.headers } });
const ok = (answer, status = 200) => { assert.equal(answer.status, status, answer.text); return answer.json; };
const quantities = (cart) => Object.fromEntries(cart.items.map((i) => [i.variant_id, i.quantity]));
const codes = (cart) => cart.changes.map((c) => c.code).sort();
const person = (n) => member(v, { name: `Ada ${n}` });
let ada;

// A guest's cart with these lines: [[variant, n], …]
const guest = async (lines) => apiCart(v, { items: lines.map(([variant, quantity]) => ({ variant_id: variant.id, quantity })) });
const claim = (who, cart, token = cart.token) => call(who, 'POST', `/v1/carts/${cart.id}/claim`, { cart: token });

test('an account has one cart, found without a token', async () => {
  forgetTries();
  ada = await person('One');
  assert.equal((await call(ada, 'GET', '/v1/carts/mine')).status, 404);
  assert.equal((await v.api('GET', '/v1/carts/mine')).status, 401);
  const made = ok(await call(ada, 'POST', '/v1/carts', { json: { items: [{ variant_id: cup.id, quantity: 2 }] } }), 201);
  assert.equal(made.token, undefined, 'nothing to keep');
  const mine = ok(await call(ada, 'GET', '/v1/carts/mine'));
  assert.deepEqual([mine.id, quantities(mine)], [made.id, { [cup.id]: 2 }]);
  ok(await call(ada, 'POST', `/v1/carts/${mine.id}/items`, { json: { variant_id: pot.id, quantity: 1 } }));
  const second = ok(await login(v, ada));
  assert.deepEqual(quantities(ok(await call(second, 'GET', `/v1/carts/${mine.id}`))), { [cup.id]: 2, [pot.id]: 1 });
  const more = ok(await call(ada, 'POST', '/v1/carts', { json: { items: [{ variant_id: cup.id, quantity: 3 }] } }), 201);
  assert.deepEqual([more.id, quantities(more)], [mine.id, { [cup.id]: 3, [pot.id]: 1 }], 'another new cart is put into it');
});

// route: cart_mine, cart_claim
test('a guest cart is claimed, and its token is void', async () => {
  const bob = await person('Two');
  const cart = await guest([[cup, 4]]);
  const claimed = ok(await claim(bob, cart));
  assert.deepEqual([claimed.id, quantities(claimed), codes(claimed)], [cart.id, { [cup.id]: 4 }, []]);
  assert.equal((await cart.get()).status, 404, 'the token opens nothing any more');
  assert.equal((await claim(ada, cart)).status, 404, 'nobody else can have it');
  assert.deepEqual(quantities(ok(await claim(bob, cart))), { [cup.id]: 4 }, 'again is fine');
  assert.equal((await call(ada, 'GET', `/v1/carts/${cart.id}`)).status, 404);
  assert.equal((await call(bob, 'POST', `/v1/carts/${idText('cart', '01900000-0000-7000-8000-00000000dead')}/claim`, { cart: 'x'.repeat(43) })).status, 404);
});

test('merging keeps the larger quantity, clamped to stock and limits, and says what came out differently', async () => {
  const cid = await person('Three');
  ok(await call(cid, 'POST', '/v1/carts', { json: { items: [{ variant_id: cup.id, quantity: 5 }, { variant_id: pot.id, quantity: 1 }] } }), 201);
  pot.setStock(5);
  const cart = await guest([[cup, 2], [pot, 5]]);
  pot.setStock(3);
  const merged = ok(await claim(cid, cart));
  assert.deepEqual(quantities(merged), { [cup.id]: 5, [pot.id]: 3 });
  const change = merged.changes.find((c) => c.variant_id === pot.id);
  assert.deepEqual([change.code, change.quantity, change.previous_quantity, change.wanted_quantity, change.available], ['merge_reduced', 3, 1, 5, 3]);
  const line = merged.items.find((i) => i.variant_id === cup.id);
  const after = ok(await call(cid, 'PATCH', `/v1/carts/${merged.id}/items/${line.id}`, { json: { quantity: 6 } }));
  assert.deepEqual(codes(after), [], 'told until she acts');
  pot.setStock(50);
});

test('a merge never fails: sold out and withdrawn things come along and say so', async () => {
  const dan = await person('Four');
  const gone = makeVariant({ price: 500, stock: 5 }), out = makeVariant({ price: 600, stock: 5 });
  ok(await call(dan, 'POST', '/v1/carts', { json: { items: [{ variant_id: cup.id, quantity: 1 }] } }), 201);
  const cart = await guest([[gone, 2], [out, 2]]);
  gone.archive();
  out.setStock(0);
  const merged = ok(await claim(dan, cart));
  const states = Object.fromEntries(merged.items.map((i) => [i.variant_id, i.status]));
  assert.deepEqual([states[gone.id], states[out.id], states[cup.id]], ['unavailable', 'sold_out', 'ok']);
});

test('twenty devices merge at once: no line is lost', async () => {
  const eve = await person('Five');
  const things = Array.from({ length: 20 }, (_, i) => makeVariant({ price: 100 + i, stock: 100 }));
  const carts = await Promise.all(things.map((thing, i) => guest([[thing, 1], [cup, i + 1]])));
  const answers = await Promise.all(carts.map((cart) => claim(eve, cart)));
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [200]);
  assert.equal(new Set(answers.map((a) => a.json.id)).size, 1, 'one cart');
  const mine = ok(await call(eve, 'GET', '/v1/carts/mine'));
  assert.deepEqual(quantities(mine), { ...Object.fromEntries(things.map((t) => [t.id, 1])), [cup.id]: 20 });
  const again = await Promise.all(carts.map((cart) => claim(eve, cart)));
  assert.deepEqual([...new Set(again.map((a) => a.status))], [200]);
  assert.deepEqual(quantities(ok(await call(eve, 'GET', '/v1/carts/mine'))), quantities(mine), 'claimed again, nothing changes');
  for (const t of things) t.remove();
}, { ms: 60000 });

test('two accounts race for one guest cart: one of them has it', async () => {
  const [one, two] = [await person('Six'), await person('Seven')];
  const cart = await guest([[cup, 7]]);
  const answers = await Promise.all([claim(one, cart), claim(two, cart)]);
  assert.deepEqual(answers.map((a) => a.status).sort(), [200, 404]);
});

const order = async (who, lines = [[cup, 1]], email = who.email) => {
  const cart = ok(await call(who, 'POST', '/v1/carts', { json: { items: lines.map(([x, quantity]) => ({ variant_id: x.id, quantity })), contact: { email }, shipping_address: ADDRESS } }), 201);
  return ok(await call(who, 'POST', `/v1/carts/${cart.id}/checkout`, { json: { payment_method: 'tok_ok' }, key: `${Math.random()}` }), 201);
};
const personOf = (id) => sql(`SELECT person_id FROM orders.orders WHERE id = '${uuidOf(id)}'`);

// route: order_list
test('orders belong to the account, are sealed under its own key, and open for it alone', async () => {
  const placed = await order(ada, [[cup, 1]], 'somewhere.else@example.com');
  const own = sql(`SELECT person_id FROM identity.account WHERE id = '${uuidOf(ada.id)}'`);
  assert.equal(personOf(placed.order_id), own, 'whatever address she gave');
  assert.equal(sql(`SELECT account_id FROM orders.orders WHERE id = '${uuidOf(placed.order_id)}'`), uuidOf(ada.id));
  const read = ok(await call(ada, 'GET', `/v1/orders/${placed.order_id}`));
  assert.deepEqual([read.contact.email, read.shipping_address.city], ['somewhere.else@example.com', 'Berlin']);
  assert.equal((await v.api('GET', `/v1/orders/${placed.order_id}`)).status, 404);
  assert.equal((await call(await person('Eight'), 'GET', `/v1/orders/${placed.order_id}`)).status, 404);
  assert.equal((await v.api('GET', `/v1/orders/${placed.order_id}`, { headers: { 'order-token': placed.access_token } })).status, 200, 'the link of the mail');
  assert.equal((await v.api('GET', '/v1/orders')).status, 401);
  const list = ok(await call(ada, 'GET', '/v1/orders'));
  assert.deepEqual([list.data[0].id, list.data[0].number, list.data[0].item_count], [placed.order_id, placed.number, 4]);
});

test('the list has pages and filters, and its cursors are the account\'s own', async () => {
  const fay = await person('Nine');
  const placed = [];
  for (let i = 0; i < 5; i += 1) placed.unshift((await order(fay)).order_id);
  const seen = [];
  let path = '/v1/orders?limit=2', pages = 0, cursor;
  while (path) {
    const page = ok(await call(fay, 'GET', path));
    seen.push(...page.data.map((o) => o.id));
    cursor = page.next_cursor ?? cursor;
    path = page.next_cursor && `/v1/orders?limit=2&cursor=${page.next_cursor}`;
    pages += 1;
  }
  assert.deepEqual([seen, pages], [placed, 3]);
  assert.equal((await call(ada, 'GET', `/v1/orders?cursor=${cursor}`)).status, 400);
  assert.equal((await call(fay, 'GET', `/v1/orders?status=open&cursor=${cursor}`)).status, 400);
  assert.equal((await call(fay, 'GET', '/v1/orders?status=nonsense')).status, 422);
  assert.equal(ok(await call(fay, 'GET', '/v1/orders?status=open')).data.length, 5);
  assert.equal(ok(await call(fay, 'GET', '/v1/orders?status=completed')).data.length, 0);
  ok(await call(fay, 'POST', `/v1/orders/${placed[0]}/cancel`));
  await until('the cancellation', async () => ok(await call(fay, 'GET', '/v1/orders?status=canceled')).data.length === 1);
});

test('a guest order is claimed by the account whose verified address it has, and by nobody else', async () => {
  forgetTries();
  const gil = await register(v, { name: 'Gil' });
  const cart = await guest([[cup, 2]]);
  ok(await cart.address({ contact: { email: gil.email.toUpperCase() } }));
  const placed = ok(await cart.checkout(), 201);
  const other = await person('Ten');
  assert.equal((await call(other, 'GET', `/v1/orders/${placed.order_id}`)).status, 404);
  const begun = ok(await v.api('POST', '/v1/auth/verify-email', { json: { verification: gil.verification, code: codeIn((await mailsTo(gil.email))[0]) } }));
  const list = ok(await call(begun, 'GET', '/v1/orders'));
  assert.deepEqual(list.data.map((o) => [o.id, o.claimed]), [[placed.order_id, true]]);
  assert.equal(ok(await call(begun, 'GET', `/v1/orders/${placed.order_id}`)).contact.email.toLowerCase(), gil.email);
  // a later order as a guest comes along with the next sign-in
  const later = await guest([[cup, 1]]);
  ok(await later.address({ contact: { email: gil.email } }));
  const second = ok(await later.checkout(), 201);
  assert.equal(ok(await call(begun, 'GET', '/v1/orders')).data.length, 1);
  const again = ok(await login(v, gil));
  assert.deepEqual(ok(await call(again, 'GET', '/v1/orders')).data.map((o) => o.id), [second.order_id, placed.order_id]);
  assert.equal((await v.api('GET', `/v1/orders/${placed.order_id}`, { headers: { 'order-token': placed.access_token } })).status, 200, 'the guest\'s link still works');
});

test('what a guest entered before signing in is sealed again under the account\'s key', async () => {
  const hal = await person('Eleven');
  const cart = await guest([[cup, 1]]);
  ok(await cart.address({ contact: { email: `guest-${Date.now()}@example.com`, phone: '+49301234567' } }));
  const claimed = ok(await claim(hal, cart));
  assert.equal(claimed.shipping_address.city, 'Berlin');
  const placed = ok(await call(hal, 'POST', `/v1/carts/${cart.id}/checkout`, { json: { payment_method: 'tok_ok' }, key: `${Math.random()}` }), 201);
  assert.equal(personOf(placed.order_id), sql(`SELECT person_id FROM identity.account WHERE id = '${uuidOf(hal.id)}'`));
  const read = ok(await call(hal, 'GET', `/v1/orders/${placed.order_id}`));
  assert.deepEqual([read.contact.phone, read.shipping_address.line1], ['+49301234567', ADDRESS.line1]);
});

cleanup('the goods go', () => { cup.remove(); pot.remove(); });
