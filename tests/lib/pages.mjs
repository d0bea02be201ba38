// Every kind of page of the shop, fetched once: what the checks of HTML, of accessibility and of headers look at.
//
//   const shop = await everyPage();       // { pages: [{ name, url, status, headers, html, kept }], page(name), remove() }
//
// `kept` tells the pages of the page cache from those of one visitor. remove() takes away what was made and puts the goods back.
import fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import { Visitor, decodeEntities, environment, findForm, until } from './shop.mjs';
import { makeVariant, sql } from './goods.mjs';
import { Authenticator, appCode, calmStep } from './factors.mjs';
import { codeIn, forgetTries, linkIn, mailsTo, member, newEmail } from './people.mjs';

export const TYPED = { email: 'ada@example.com', phone: '+49 30 1234567', 'address.name': 'Ada Example', 'address.line1': 'Example Street 1', 'address.line2': 'Second yard',
  'address.postal_code': '10115', 'address.city': 'Berlin', 'address.country': 'DE' };

// A category below another one with all goods in it, so that there are sub-categories and second pages.
export function makeCategory(parent = 'kitchen') {
  const slug = `test-${randomBytes(5).toString('hex')}`;
  sql(`BEGIN;
    INSERT INTO catalog.categories (id, parent_id, slug, position, created_at, updated_at)
      SELECT gen_random_uuid(), id, '${slug}', 99, '2026-01-01', '2026-01-01' FROM catalog.categories WHERE slug = '${parent}';
    INSERT INTO catalog.category_texts (category_id, locale, name, description) SELECT id, 'en', 'Everything & more', 'All that is on the shelves.'
      FROM catalog.categories WHERE slug = '${slug}';
    INSERT INTO catalog.product_categories (product_id, category_id, position) SELECT p.id, c.id, 9 FROM catalog.products p, catalog.categories c
      WHERE c.slug = '${slug}' AND p.status = 'active';
    COMMIT;`);
  return { slug, parent, remove: () => sql(`BEGIN;
    DELETE FROM catalog.product_categories WHERE category_id = (SELECT id FROM catalog.categories WHERE slug = '${slug}');
    DELETE FROM catalog.categories WHERE slug = '${slug}';
    COMMIT;`) };
}

// Puts back what demo goods were bought: restock('soap-olive', 2)
export function restock(slug, quantity) {
  sql(`SELECT inventory.adjust_v1(l.variant_id, l.warehouse_id, ${quantity}, 'receive', NULL, 'test', NULL, NULL, platform.clock())
    FROM inventory.levels l JOIN catalog.variants v ON v.id = l.variant_id JOIN catalog.products p ON p.id = v.product_id
    WHERE p.slug = '${slug}' ORDER BY l.allocated DESC LIMIT 1`);
}

class Collection {
  constructor() {
    this.pages = [];
    this.undo = [];
    this.visitors = [];
  }

  visitor() {
    const v = new Visitor();
    this.visitors.push(v);
    return v;
  }

  keep(name, page, status = 200, kept = false) {
    if (page.status !== status) throw new Error(`${name}: ${page.url} answered ${page.status} instead of ${status}`);
    this.pages.push({ name, url: page.url, status, headers: page.headers, html: page.text, kept });
    return page;
  }

  page(name) {
    const found = this.pages.find((p) => p.name === name);
    if (!found) throw new Error(`no page ${name}`);
    return found;
  }

  remove() {
    for (const step of this.undo.splice(0)) step();
    for (const v of this.visitors) v.close();
  }
}

async function shelves(all, category) {
  const v = all.visitor();
  const public_ = async (name, target, status = 200) => all.keep(name, await v.get(target), status, true);
  await public_('home', '/');
  await public_('category', '/c/table');
  await public_('category-sorted', '/c/table?sort=price');
  await public_('category-filtered', '/c/table?price_min=20&price_max=60&available=true');
  await public_('category-nothing', '/c/table?price_min=9999');
  await public_('category-with-children', `/c/${category.parent}`);
  await public_('category-first', `/c/${category.slug}`);
  await public_('category-second', `/c/${category.slug}?page=2`);
  await public_('search', '/search?q=mug');
  await public_('search-corrected', '/search?q=teappot');
  await public_('search-nothing', '/search?q=%22%3E%3Cb%3Exyzzy');
  await public_('search-start', '/search');
  await public_('product', '/p/espresso-pair');
  await public_('product-variants', '/p/notebook-field');
  const variant = findForm(all.page('product-variants').html, '/cart/items').fields.find(([n]) => n === 'variant_id')[1];
  await public_('product-variant', `/p/notebook-field?variant=${variant}`);
  await public_('product-reduced', '/p/pitcher-well');
  await public_('product-low', '/p/book-slow-tea');
  await public_('product-sold-out', '/p/butter-dish');
  await public_('terms', '/terms');
  await public_('privacy', '/privacy');
  await public_('not-found', '/p/there-is-no-such-thing', 404);
  all.keep('nowhere', await v.get('/nowhere'), 404);
  for (const [pool, target] of [['user', '/account/nowhere'], ['order', '/checkout/nowhere'], ['payment', '/pay/nowhere']]) all.keep(`nowhere-${pool}`, await v.get(target), 404);
}

async function carts(all) {
  const v = all.visitor();
  all.keep('cart-empty', await v.get('/cart'));
  all.keep('cart', await v.submit(await v.get('/p/notebook-field'), '/cart/items', { quantity: 2 }));
  all.keep('cart-two', await v.submit(await v.get('/p/pitcher-well'), '/cart/items'));

  const dear = makeVariant({ price: 1000, stock: 9, name: 'Cup that grew dear' }), rare = makeVariant({ price: 900, stock: 9, name: 'Cup that grew rare' });
  const gone = makeVariant({ price: 800, stock: 9, name: 'Cup that went' });
  all.undo.push(() => { dear.remove(); rare.remove(); gone.remove(); });
  const w = all.visitor();
  for (const one of [dear, rare, gone]) await w.post('/cart/items', { variant_id: one.id, quantity: 3 });
  dear.setPrice(1200);
  rare.setStock(1);
  gone.archive();
  all.keep('cart-changed', await w.get('/cart'));
  all.keep('cart-refused', await w.post('/cart/items', { variant_id: rare.id, quantity: 9 }), 409);
  all.keep('foreign-form', await w.post('/checkout', TYPED), 403);
  return v;
}

async function toPayment(v, typed = TYPED) {
  await v.submit(await v.get('/p/soap-olive'), '/cart/items', { quantity: 2 });
  const shipping = await v.submit(await v.get('/checkout'), '/checkout', typed);
  return v.submit(shipping, '/checkout/shipping');
}

async function checkouts(all, v) {
  const first = all.keep('checkout', await v.get('/checkout'));
  all.keep('checkout-errors', await v.submit(first, '/checkout', { ...TYPED, email: 'ada@', phone: 'call me', 'address.name': '', 'address.line1': '', 'address.postal_code': '1', 'address.city': '' }), 422);
  const shipping = all.keep('checkout-shipping', await v.submit(first, '/checkout', TYPED));
  all.keep('checkout-shipping-errors', await v.submit(shipping, '/checkout/shipping', { shipping_option: 'nonsense' }), 422);
  const payment = all.keep('checkout-payment', await v.submit(shipping, '/checkout/shipping'));
  all.keep('checkout-payment-errors', await v.submit(payment, '/checkout/payment', { method: 'nonsense' }), 422);

  const mug = makeVariant({ price: 1000, stock: 5, name: 'Mug that grew dear' });
  all.undo.push(() => mug.remove());
  const w = all.visitor();
  await w.post('/cart/items', { variant_id: mug.id, quantity: 1 });
  const last = await toPayment(w);
  mug.setPrice(1500);
  all.keep('checkout-payment-changed', await w.submit(last, '/checkout/payment'), 409);
}

const orderPath = (page) => page.text.match(/href="(\/orders\/ord_[^"]+)"/)[1].replaceAll('&amp;', '&');

async function payments(all) {
  const v = all.visitor();
  const thanks = await until('the order', async () => {
    v.last ??= await v.submit(await toPayment(v), '/checkout/payment', { method: 'tok_ok', note: 'Ring <twice>' });
    const page = await v.get(v.last.url);
    return /^\/orders\//.test(new URL(page.url).pathname) && /Thank you/.test(page.text) && page;
  });
  all.undo.push(() => restock('soap-olive', 2));
  all.keep('order', thanks);
  all.number = thanks.text.match(/\d{5,}-[0-9A-Z]{6}/)[0];

  const declined = all.visitor();
  const again = all.keep('pay-declined', await declined.submit(await toPayment(declined), '/checkout/payment', { method: 'tok_declined' }));
  all.keep('pay-errors', await declined.submit(again, /^\/pay\//, { method: 'nonsense' }), 422);
  const pending = all.keep('order-pending', await declined.get(orderPath(again)));
  await declined.submit(pending, '/cancel');
  all.keep('order-canceled', await until('canceled', async () => {
    const page = await declined.get(pending.url);
    return /was canceled/.test(page.text) && page;
  }));

  const late = all.visitor();
  all.keep('pay-wait', await late.submit(await toPayment(late), '/checkout/payment', { method: 'tok_late_declined' }));

  const challenged = all.visitor();
  const bank = all.keep('bank', await challenged.submit(await toPayment(challenged), '/checkout/payment', { method: 'tok_challenge' }));
  const refused = await challenged.submit(bank, '/pay/challenge', { result: 'decline' });
  all.keep('pay-refused', refused);
  all.keep('bank-over', await challenged.get(bank.url));
}

async function lookups(all) {
  const v = all.visitor();
  const form = all.keep('lookup', await v.get('/orders/lookup'));
  all.keep('lookup-missed', await v.submit(form, '/orders/lookup', { number: all.number, email: 'eve@example.com' }), 404);
  all.keep('lookup-found', await v.submit(form, '/orders/lookup', { number: all.number, email: TYPED.email }));
  all.keep('order-unknown', await v.get('/orders/ord_01j00000000000000000000000?t=x'), 404);
}

// Signing in with two steps, and the security page with everything that it can show.
async function secondFactors(all) {
  const v = all.visitor(), who = await member(v);
  const enter = (visitor) => visitor.get('/sign-in').then((page) => visitor.submit(page, (f) => f.action === '/sign-in', { email: who.email, password: who.password }));
  await enter(v);
  const setup = all.keep('app-setup', await v.submit(all.keep('security-bare', await v.get('/account/security')), '/account/security/app'));
  all.keep('app-setup-errors', await v.submit(setup, '/confirm', { code: '12' }), 422);
  const secret = setup.text.match(/<code translate="no">([A-Z2-7 ]+)</)[1];
  const codes = all.keep('recovery-codes', await v.submit(setup, '/confirm', { code: appCode(secret, await calmStep()) }));
  const page = await v.get('/account/security');
  const options = JSON.parse(decodeEntities(page.text.match(/data-passkey="create" data-options="([^"]*)"/)[1]));
  await v.submit(page, '/account/security/passkeys', new Authenticator().create(options));
  const w = all.visitor();
  const asked = all.keep('second-step', await enter(w));
  all.keep('second-step-errors', await w.submit(asked, '/sign-in/mfa', { code: '1' }), 422);
  await w.submit(asked, '/sign-in/mfa', { code: codes.text.match(/<code>([a-z0-9-]+)</)[1], trust: 'true' });
  all.keep('security', await w.get('/account/security'));
  all.keep('confirm', await w.get('/sign-in/confirm?return_to=/account/security'));
}

// Registering, forgetting, and every page of an account with something on it.
async function accounts(all) {
  forgetTries();
  const v = all.visitor(), who = { name: 'Grace Hopper', email: newEmail('grace'), password: 'nine copper kettles' };
  const form = (visitor, target, values, at) => visitor.get(target).then((page) => visitor.submit(page, (f) => f.action === (at ?? target), values));
  all.keep('sign-in', await v.get('/sign-in?return_to=/checkout'));
  all.keep('sign-in-outside', await v.get('/sign-in/outside?problem=refused&provider=nobody'), 400);
  all.keep('sign-in-errors', await form(v, '/sign-in', { email: who.email, password: 'not this one' }), 422);
  all.keep('register-errors', await v.submit(all.keep('register', await v.get('/register')), '/register', { name: '', email: 'nobody', password: '1' }), 422);
  const verify = all.keep('verify', await form(v, '/register', who));
  all.keep('verify-errors', await v.submit(verify, (f) => f.action === '/verify', { code: 'x' }), 422);
  const [mail] = await mailsTo(who.email), link = linkIn(mail), elsewhere = all.visitor();
  all.keep('verify-link', await elsewhere.get(`/verify/link?link=${link}`));
  all.keep('account-empty', await v.submit(verify, (f) => f.action === '/verify', { code: codeIn(mail) }));
  all.keep('link-over', await elsewhere.get(`/verify/link?link=${link}`), 410);
  all.keep('forgot', await elsewhere.get('/forgot'));
  all.keep('forgot-sent', await elsewhere.get('/forgot?done=sent'));
  await form(elsewhere, '/forgot', { email: who.email });
  const asked = await mailsTo(who.email, { subject: /new password/ });
  all.keep('reset-errors', await elsewhere.submit(all.keep('reset', await elsewhere.get(`/reset?link=${linkIn(asked.at(-1))}`)), '/reset', { password: '1' }), 422);
  all.keep('unlock', await elsewhere.get('/unlock?link=x'));
  all.keep('addresses-empty', await v.get('/account/addresses'));
  all.keep('orders-empty', await v.get('/orders'));
  const address = { name: 'Grace Hopper', line1: 'Example Street 1', postal_code: '10115', city: 'Berlin', country: 'DE' };
  all.keep('address-errors', await v.submit(all.keep('address-new', await v.get('/account/addresses/new')), '/account/addresses/new', { ...address, postal_code: '1', city: '' }), 422);
  await form(v, '/account/addresses/new', { ...address, label: 'Home & garden' });
  const addresses = all.keep('addresses', await form(v, '/account/addresses/new', { ...address, line1: 'Other Street 2' }));
  const one = addresses.text.match(/href="(\/account\/addresses\/addr_[0-9a-z]+)"/)[1];
  all.keep('address', await v.get(one));
  all.keep('address-remove', await v.get(`${one}/remove`));
  all.keep('profile-errors', await v.submit(all.keep('profile', await v.get('/account/profile')), '/account/profile', { phone: 'call me' }), 422);
  all.keep('password-errors', await v.submit(all.keep('password', await v.get('/account/password')), '/account/password', { present: 'x', fresh: '1' }), 422);
  all.keep('email', await v.get('/account/email'));
  all.keep('email-code', await form(v, '/account/email', { email: newEmail('grace') }));
  all.keep('my-data', await form(v, '/account/privacy', { granted: ['newsletter'] }, '/account/privacy/consents'));
  all.keep('delete', await v.get('/account/delete'));
  await v.submit(await v.get('/p/soap-olive'), '/cart/items', { quantity: 1 });
  const checkout = all.keep('checkout-signed-in', await v.get('/checkout'));
  await v.submit(await v.submit(await v.submit(checkout, '/checkout'), '/checkout/shipping'), '/checkout/payment', { method: 'tok_ok' });
  all.undo.push(() => restock('soap-olive', 1));
  all.keep('orders', await v.get('/orders'));
  all.keep('account', await v.get('/account'));
  const guest = all.visitor();
  await guest.submit(await guest.get('/p/soap-olive'), '/cart/items', { quantity: 1 });
  await v.submit(await v.get('/p/notebook-field'), '/cart/items', { quantity: 1 });
  await form(guest, '/sign-in', { email: who.email, password: who.password });
  all.keep('cart-merged', await guest.get('/cart'));
}

// What nginx shows when no pool is asked or none answers.
function files(all) {
  const { prefix, url } = environment();
  const folder = `${prefix}/share/souk/errors`;
  for (const file of fs.readdirSync(folder).filter((f) => f.endsWith('.html'))) {
    all.pages.push({ name: `nginx-${file.slice(0, -5)}`, url: `${url}/nowhere/${file}`, status: Number(file.slice(0, 3)), html: fs.readFileSync(`${folder}/${file}`, 'utf8'), file: true });
  }
}

export async function everyPage() {
  const all = new Collection();
  const category = makeCategory();
  all.undo.push(() => category.remove());
  try {
    await shelves(all, category);
    await checkouts(all, await carts(all));
    await payments(all);
    await lookups(all);
    await secondFactors(all);
    await accounts(all);
    files(all);
  } catch (e) {
    all.remove();
    throw e;
  }
  return all;
}
