// The whole purchase without a script: forms, redirects, what is kept, what is said. And what the pages refuse.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, findForm, until } from '../lib/shop.mjs';
import { makeVariant, sql, uuidOf } from '../lib/goods.mjs';

const cup = makeVariant({ price: 1250, stock: 100, name: 'Paper cup' });
const visitors = [];
const visitor = (options) => { const v = new Visitor(options); visitors.push(v); return v; };

const ADDRESS = { email: 'ada@example.com', phone: '', 'address.name': 'Ada Example', 'address.line1': 'Example Street 1', 'address.line2': '',
  'address.postal_code': '10115', 'address.city': 'Berlin', 'address.country': 'DE' };
const add = (v, variant, quantity = 1, options = {}) => v.post('/cart/items', { variant_id: variant.id, quantity }, options);
const path = (page) => new URL(page.url).pathname;
const never = (page) => assert.equal(page.headers['cache-control'], 'no-store');

async function toPayment(v, variant = cup, quantity = 1) {
  await add(v, variant, quantity);
  const shipping = await v.submit(await v.get('/checkout'), '/checkout', ADDRESS);
  assert.equal(path(shipping), '/checkout/shipping', shipping.text);
  const payment = await v.submit(shipping, '/checkout/shipping');
  assert.equal(path(payment), '/checkout/payment');
  return payment;
}

test('add from a product page, change, remove', async () => {
  const v = visitor();
  const product = await v.get(`/p/${cup.slug}`);
  assert.equal(product.status, 200);
  const cart = await v.submit(product, '/cart/items', { quantity: 2 });
  assert.deepEqual([cart.status, path(cart)], [200, '/cart']);
  never(cart);
  assert.match(cart.text, /Paper cup/);
  assert.match(cart.text, /25\.00|25,00/);
  const cookie = v.jar.details('__Host-cart');
  assert.deepEqual(['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/'].filter((o) => !cookie.options.some((x) => x.toLowerCase() === o.toLowerCase())), []);
  const line = findForm(cart.text, (f) => f.action.startsWith('/cart/items/'));
  const three = await v.submit(cart, line.action, { quantity: 3 });
  assert.match(three.text, /37\.50|37,50/);
  const empty = await v.submit(three, line.action, { quantity: 0 });
  assert.match(empty.text, /Your cart is empty/);
  const again = await v.submit(three, line.action, { quantity: 1 });              // the line is gone: the page says how things stand
  assert.deepEqual([again.status, path(again)], [200, '/cart']);
});

test('the drawer fragment is a fragment, never cached', async () => {
  const v = visitor();
  let fragment = await v.get('/cart/fragment');
  assert.deepEqual([fragment.status, /<html/.test(fragment.text), /data-count="0"/.test(fragment.text)], [200, false, true]);
  never(fragment);
  await add(v, cup, 3);
  fragment = await v.get('/cart/fragment');
  assert.match(fragment.text, /data-count="3"/);
});

test('what cannot be added is said on the cart page', async () => {
  const v = visitor();
  const rare = makeVariant({ price: 100, stock: 2 });
  for (const [quantity, status, words] of [[5, 409, /Only 2 of these are left/], [0, 422, /within the limit/], [1000, 422, /within the limit/], ['many', 422, /within the limit/]]) {
    const page = await add(v, rare, quantity);
    assert.equal(page.status, status);
    assert.match(page.text, words);
  }
  rare.setStock(0);
  assert.match((await add(v, rare, 1)).text, /sold out/);
  const unknown = await v.post('/cart/items', { variant_id: 'var_nonsense', quantity: 1 });
  assert.deepEqual([unknown.status, /no longer available/.test(unknown.text)], [422, true]);
  rare.remove();
});

test('forms from elsewhere are refused', async () => {
  const v = visitor({ origin: false });
  assert.equal((await add(v, cup, 1)).status, 403);
  assert.equal((await add(v, cup, 1, { headers: { origin: 'https://evil.example' } })).status, 403);
  assert.equal((await add(v, cup, 1, { headers: { origin: 'null' } })).status, 403);
  assert.equal((await add(v, cup, 1, { headers: { 'sec-fetch-site': 'same-origin' } })).status, 200);
  const mine = visitor(), other = visitor();
  await add(mine, cup, 1);
  await add(other, cup, 1);
  const form = findForm((await mine.get('/checkout')).text, '/checkout'), token = form.fields.find(([n]) => n === '_csrf')[1];
  assert.equal((await mine.post('/checkout', ADDRESS)).status, 403);              // no token
  assert.equal((await other.post('/checkout', { ...ADDRESS, _csrf: token })).status, 403);   // another visitor's
  assert.equal((await mine.post('/checkout', { ...ADDRESS, _csrf: token })).status, 200);
});

test('steps cannot be skipped', async () => {
  const v = visitor();
  for (const step of ['/checkout', '/checkout/shipping', '/checkout/payment']) assert.equal(path(await v.get(step)), '/cart');
  await add(v, cup, 1);
  assert.equal(path(await v.get('/checkout')), '/checkout');
  assert.equal(path(await v.get('/checkout/shipping')), '/checkout');
  assert.equal(path(await v.get('/checkout/payment')), '/checkout');
});

test('mistakes: a summary, the fields named, and everything typed is kept', async () => {
  const v = visitor();
  await add(v, cup, 1);
  const bad = await v.submit(await v.get('/checkout'), '/checkout', { ...ADDRESS, email: 'ada@', phone: 'call me', 'address.name': '', 'address.line1': '<b>"Street"</b>',
    'address.postal_code': '1' });
  assert.equal(bad.status, 422);
  never(bad);
  assert.match(bad.text, /role="alert"/);
  for (const anchor of ['#email', '#phone', '#address.name', '#address.postal_code']) assert.ok(bad.text.includes(`href="${anchor}"`), anchor);
  const kept = Object.fromEntries(findForm(bad.text, '/checkout').fields);
  assert.deepEqual([kept.email, kept.phone, kept['address.line1'], kept['address.city'], kept['address.country']], ['ada@', 'call me', '<b>"Street"</b>', 'Berlin', 'DE']);
  assert.ok(!bad.text.includes('<b>"Street"'));
  const good = await v.submit(bad, '/checkout', ADDRESS);
  assert.equal(path(good), '/checkout/shipping');
  const back = Object.fromEntries(findForm((await v.get('/checkout')).text, '/checkout').fields);
  assert.deepEqual([back.email, back['address.name'], back['address.postal_code']], ['ada@example.com', 'Ada Example', '10115']);
});

test('the whole purchase, confirmation and look-up', async () => {
  const v = visitor();
  const payment = await toPayment(v, cup, 2);
  never(payment);
  assert.match(payment.text, /29\.90|29,90/);                                     // 25.00 + 4.90
  assert.match(payment.text, /Ada Example/);
  const order = await v.submit(payment, '/checkout/payment', { note: 'Ring <twice>' });
  const arrived = await until('the order page', async () => {
    const page = /^\/orders\/ord_/.test(path(order)) ? await v.get(order.url) : order;
    return /^\/orders\//.test(path(page)) && /Thank you/.test(page.text) && page;
  });
  never(arrived);
  assert.match(arrived.text, /Ring &lt;twice&gt;/);
  const number = arrived.text.match(/\d{5,}-[0-9A-Z]{6}/)[0];
  assert.ok(v.trail.some((t) => /POST \/checkout\/payment 303/.test(t)));
  const stranger = visitor();
  assert.equal((await stranger.get(arrived.url)).status, 200);                    // the link opens it
  assert.equal((await stranger.get(path(arrived))).status, 404);                  // the address alone does not
  const lookup = await stranger.get('/orders/lookup');
  const found = await stranger.submit(lookup, '/orders/lookup', { number, email: 'ADA@example.com' });
  assert.deepEqual([found.status, /ord_/.test(path(found))], [200, true]);
  assert.match(found.text, new RegExp(number));
  const missed = await stranger.submit(lookup, '/orders/lookup', { number, email: 'eve@example.com' });
  assert.deepEqual([missed.status, /No order fits/.test(missed.text)], [404, true]);
  assert.equal(Object.fromEntries(findForm(missed.text, '/orders/lookup').fields).number, number);
  assert.match((await v.get('/cart')).text, /Your cart is empty/);                // the next cart begins empty
  assert.equal((await add(v, cup, 1)).status, 200);
});

test('the button pressed twice leads to one order', async () => {
  const v = visitor();
  const payment = await toPayment(v);
  const pairs = Object.fromEntries(findForm(payment.text, '/checkout/payment').fields);
  const answers = await Promise.all([1, 2, 3, 4].map(() => v.post('/checkout/payment', pairs, { follow: false })));
  const places = answers.map((a) => a.headers.location);
  assert.ok(answers.every((a) => a.status === 303) && new Set(places).size === 1 && places[0].startsWith('/pay/'),      // each press leads to paying
    answers.map((a) => `${a.status} ${a.headers.location}`).join(', '));
  const third = await v.post('/checkout/payment', pairs, { follow: false });
  assert.deepEqual([third.status, third.headers.location], [303, places[0]]);
});

test('a price that changes while the last page is open is shown before anything is ordered', async () => {
  const v = visitor();
  const mug = makeVariant({ price: 1000, stock: 5 });
  const payment = await toPayment(v, mug);
  mug.setPrice(1500);
  const told = await v.submit(payment, '/checkout/payment');
  assert.equal(told.status, 409);
  assert.match(told.text, /Prices or stock changed/);
  assert.match(told.text, /19\.90|19,90/);
  const placed = await v.submit(told, '/checkout/payment', {}, { follow: false });
  assert.deepEqual([placed.status, /^\/pay\//.test(placed.headers.location)], [303, true]);
  mug.remove();
});

test('a price change is told on the cart page', async () => {
  const v = visitor();
  const mug = makeVariant({ price: 1000, stock: 5 });
  await add(v, mug, 1);
  mug.setPrice(1200);
  const cart = await v.get('/cart');
  assert.match(cart.text, /The price has changed/);
  assert.match(cart.text, /Something changed/);
  mug.setStock(0);
  const gone = await v.get('/cart');
  assert.match(gone.text, /No longer available/);
  assert.ok(!/href="\/checkout"/.test(gone.text));
  assert.equal(path(await v.get('/checkout')), '/cart');
  mug.remove();
});

test('sold out between the last page and the button', async () => {
  const v = visitor();
  const mug = makeVariant({ price: 1000, stock: 1 });
  const payment = await toPayment(v, mug);
  mug.setStock(0);
  const told = await v.submit(payment, '/checkout/payment');
  assert.equal(path(told), '/cart');
  assert.match(told.text, /No longer available/);
  mug.remove();
});

// route: page_order_cancel, page_order_copy
test('an unpaid order can be canceled on its page, and its cart comes back', async () => {
  const v = visitor();
  const payment = await toPayment(v, cup, 2);
  const to = await v.submit(payment, '/checkout/payment', {}, { follow: false });
  assert.equal(to.status, 303);
  const id = sql(`SELECT o.id FROM orders.orders o JOIN payment.attempt a ON a.order_id = o.id WHERE a.id = '${uuidOf(to.headers.location.match(/pay_\w+/)[0])}'`);
  const address = `/orders/${(await import('../lib/goods.mjs')).idText('ord', id)}`;
  const page = await v.get(address);                                              // the cookie of its cart opens it
  assert.equal(page.status, 200);
  assert.match(page.text, /Waiting for payment/);
  const canceled = await v.submit(page, '/cancel');
  assert.equal(canceled.status, 200);
  const done = await until('canceled', async () => {
    const p = await v.get(address);
    return /was canceled/.test(p.text) && p;
  }, { ms: 15000 });
  const cart = await v.submit(done, /\/orders\/.*\/cart/);
  assert.equal(path(cart), '/cart');
  assert.match(cart.text, /data-count="2"/);
});

test('unknown orders, unknown addresses', async () => {
  const v = visitor();
  for (const address of ['/orders/ord_01j00000000000000000000000', '/orders/ord_01j00000000000000000000000?t=x', '/orders/nonsense', '/cart/nonsense']) {
    const page = await v.get(address);
    assert.equal(page.status, 404, address);
    assert.match(page.headers['content-type'], /^text\/html/);
  }
});

cleanup('goods', () => { cup.remove(); for (const v of visitors) v.close(); });
