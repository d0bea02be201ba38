// A whole purchase in a real browser: with scripts on a desk and on a phone, and without any script. The confirmation mail arrives once.
import fs from 'node:fs';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { environment, until } from '../lib/shop.mjs';
import { makeVariant } from '../lib/goods.mjs';
import { open, close, DESK, PHONE } from '../lib/browser.mjs';

const { mail } = environment();
const cup = makeVariant({ price: 1850, stock: 40, name: 'Cup of the browser' });

async function fillAddress(page, email) {
  await page.fill('[name="email"]', email);
  await page.fill('[name="address.name"]', 'Ada Example');
  await page.fill('[name="address.line1"]', 'Example Street 1');
  await page.fill('[name="address.postal_code"]', '10115');
  await page.fill('[name="address.city"]', 'Berlin');
  await page.selectOption('[name="address.country"]', 'DE').catch(() => {});
}

// Presses the button of the form that posts to `action`.
const send = (page, action) => page.locator(`form[method="post"][action="${action}"] button[type="submit"]`).last().click();

async function buy(page, email, { method } = {}) {
  await page.goto(`/p/${cup.slug}`);
  await page.locator('form[action="/cart/items"] button[type="submit"]').first().click();
  await until('something in the cart', async () => (await page.context().cookies()).some((c) => c.name === '__Host-cart'));
  await page.goto('/cart');
  assert.match(await page.textContent('main'), /Cup of the browser/);
  await page.locator('a[href="/checkout"]').first().click();
  await fillAddress(page, email);
  await send(page, '/checkout');
  await page.waitForURL('**/checkout/shipping');
  await send(page, '/checkout/shipping');
  await page.waitForURL('**/checkout/payment');
  if (method) {
    await page.locator('details.more').evaluate((d) => { d.open = true; }).catch(() => {});
    await page.locator(`[name="method"][value="${method}"]`).check({ force: true });
  }
  await send(page, '/checkout/payment');
}

async function confirmed(page) {
  await page.waitForURL(/\/orders\/ord_/, { timeout: 20000 });
  const text = await page.textContent('main');
  assert.match(text, /Thank you/);
  return text.match(/\d{5,}-[0-9A-Z]{6}/)[0];
}

const mailsAbout = (number) => fs.readdirSync(mail).filter((f) => !f.startsWith('.')).filter((f) => fs.statSync(`${mail}/${f}`).isFile() && fs.readFileSync(`${mail}/${f}`, 'utf8').includes(number));

async function oneMail(number) {
  await until(`the mail about ${number}`, () => mailsAbout(number).length > 0, { ms: 20000 });
  await new Promise((r) => { setTimeout(r, 1500); });
  assert.equal(mailsAbout(number).length, 1);
}

const ways = [
  ['with scripts, on a desk', { viewport: DESK }], ['with scripts, on a phone', { viewport: PHONE, isMobile: true, hasTouch: true }],
  ['without any script', { viewport: DESK, javaScriptEnabled: false }],
];
for (const [way, options] of ways) {
  test(`a purchase ${way}`, async () => {
    const page = await open(options);
    await buy(page, 'ada@example.com');
    await oneMail(await confirmed(page));
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }, { ms: 120000 });
}

test('a challenge on the page of the bank, with scripts', async () => {
  const page = await open();
  await buy(page, 'ada@example.com', { method: 'tok_challenge' });
  await page.locator('button[name="result"][value="approve"]').click();
  await confirmed(page);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}, { ms: 120000 });

test('a declined card, then another one', async () => {
  const page = await open();
  await buy(page, 'ada@example.com', { method: 'tok_declined' });
  await page.waitForURL(/\/pay/);
  assert.match(await page.textContent('main'), /declined/i);
  await page.locator('[name="method"][value="tok_ok"]').check({ force: true });
  await page.locator('main form[method="post"] button[type="submit"]').last().click();
  await confirmed(page);
  await page.context().close();
}, { ms: 120000 });

cleanup('the browser', async () => { cup.remove(); await close(); });
