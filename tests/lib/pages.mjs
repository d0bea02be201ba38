// Walks the whole shop as a visitor without scripts and hands over every kind of page in every state that matters:
// filled, empty, with mistakes. `visit(name, page)` gets what Visitor returned; the walk goes on when it returns.
import { until } from './shop.mjs';
import { makeVariant } from './goods.mjs';

export const ADDRESS = {
  email: 'ada@example.com', phone: '', 'address.name': 'Ada Example', 'address.line1': 'Example Street 1', 'address.line2': '',
  'address.postal_code': '10115', 'address.city': 'Berlin', 'address.country': 'DE',
};

async function shelves(v, visit) {
  const home = await v.get('/');
  await visit('home', home);
  const category = await v.get(home.text.match(/href="(\/c\/[^"?#]+)"/)[1]);
  await visit('category', category);
  const path = new URL(category.url).pathname;
  await visit('category sorted and filtered', await v.get(`${path}?sort=price&price_min=10&price_max=200&available=true`));
  await visit('category without results', await v.get(`${path}?price_min=99999`));
  await visit('search', await v.get('/search?q=mug'));
  await visit('search without results', await v.get('/search?q=zeppelin'));
  await visit('search without words', await v.get('/search'));
  await visit('product', await v.get(category.text.match(/href="(\/p\/[^"?#]+)"/)[1]));
  await visit('product with variants', await v.get('/p/mug-morning'));
  for (const name of ['terms', 'privacy', 'orders/lookup', 'nowhere', 'p/nowhere']) await visit(name, await v.get(`/${name}`));
}

async function soldOut(v, visit) {
  const cup = makeVariant({ stock: 1, name: 'Sold-out cup' });
  cup.setStock(0);
  await visit('product that is sold out', await v.get(`/p/${cup.slug}`));
  cup.remove();
}

async function basket(v, visit, cup) {
  await visit('cart, empty', await v.get('/cart'));
  await visit('cart', await v.post('/cart/items', { variant_id: cup.id, quantity: 2 }));
  await visit('cart with too many', await v.post('/cart/items', { variant_id: cup.id, quantity: 900 }));
}

export async function toPayment(v, visit = async () => {}) {
  const first = await v.get('/checkout');
  await visit('checkout', first);
  await visit('checkout with mistakes', await v.submit(first, '/checkout', { ...ADDRESS, email: 'ada@', 'address.name': '', 'address.postal_code': '1' }));
  const shipping = await v.submit(first, '/checkout', ADDRESS);
  await visit('checkout, shipping', shipping);
  const payment = await v.submit(shipping, '/checkout/shipping');
  await visit('checkout, payment', payment);
  return payment;
}

const placed = (page) => /^\/orders\/ord_/.test(new URL(page.url).pathname);

// Waits on the page that says that the payment is being worked on, as a browser without scripts does.
export async function toOrder(v, page, visit = async () => {}) {
  await visit('after the payment', page);
  return until('the order page', async () => {
    const now = await v.get(page.url);
    return placed(now) && /Thank you/.test(now.text) && now;
  }, { ms: 20000, every: 300 });
}

async function payments(v, visit, cup) {
  await visit('payment declined', await v.submit(await toPayment(v, visit), '/checkout/payment', { method: 'tok_declined' }));
  const other = new v.constructor();
  await other.post('/cart/items', { variant_id: cup.id, quantity: 1 });
  const bank = await other.submit(await toPayment(other), '/checkout/payment', { method: 'tok_challenge' });
  await visit("the bank's page", bank);
  const order = await toOrder(other, await other.submit(bank, undefined, { result: 'approve' }), visit);
  await visit('order', order);
  other.close();
  await visit('look-up that fails', await v.submit(await v.get('/orders/lookup'), '/orders/lookup', { number: '12345-ABCDEF', email: 'x@example.com' }));
}

export async function everyPage(v, visit) {
  const cup = makeVariant({ price: 1250, stock: 50, name: 'Cup of the walk' });
  await shelves(v, visit);
  await soldOut(v, visit);
  await basket(v, visit, cup);
  await payments(v, visit, cup);
  cup.remove();
}
