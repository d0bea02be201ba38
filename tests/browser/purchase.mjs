// Whole purchases in a real browser, with scripts and without, on a phone and on a desk: found in a category and by search, with a
// mistake on the way, cards that are approved, declined and challenged; then the order's link, the look-up and the mail.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { environment, sleep, until } from '../lib/shop.mjs';
import { restock } from '../lib/pages.mjs';
import { mailsAbout } from '../lib/mail.mjs';
import { open, close, DESK, PHONE } from '../lib/browser.mjs';

const { url } = environment();
const EMAIL = 'grace@example.com';
const phone = { viewport: PHONE, isMobile: true, hasTouch: true };
const ways = [
  { name: 'with scripts, on a phone', script: true, options: phone }, { name: 'with scripts, on a desk', script: true, options: { viewport: DESK } },
  { name: 'without scripts, on a phone', script: false, options: { ...phone, javaScriptEnabled: false } },
  { name: 'without scripts, on a desk', script: false, options: { viewport: DESK, javaScriptEnabled: false } },
];
const orders = [];              // { number, total, address, name }
const sold = [];

const cents = (text) => Number(text.replace(/[^\d]/g, ''));
const euros = (n) => `€${(n / 100).toFixed(2)}`;
const priceIn = async (place) => cents(await place.textContent());
const main = (page) => page.locator('main');
// Every answer of the shop with an error is in the console: only what the test provoked may be there.
function only(page, ...statuses) {
  const said = page.complaints.splice(0);
  assert.deepEqual(said.map((s) => s.replace(/^.*responded with a status of (\d+).*$/, '$1')), statuses.map(String));
}

async function add(page, way) {
  await page.click('[data-add] [type=submit]');
  if (way.script) await page.waitForSelector('dialog[open] .line');
  else await page.waitForURL('**/cart');
}

// A variant that is not chosen yet, two of it. Returns its price.
async function chooseInCategory(page, way) {
  await page.goto('/');
  await page.locator('.cats-link', { hasText: 'Tea' }).click();
  await page.waitForURL('**/c/tea');
  await page.locator('.card-link', { hasText: 'Breakfast Assam' }).click();
  await page.waitForURL(/\/p\/tea-breakfast/);
  const before = await priceIn(page.locator('.buy .price'));
  const choice = page.locator('.choice:not([aria-current])').first();
  const name = (await choice.textContent()).trim();
  await choice.click();
  await page.waitForURL(/variant=/);
  await page.locator('.choice[aria-current]', { hasText: name }).waitFor();
  const price = await priceIn(page.locator('.buy .price'));
  assert.notEqual(price, before, 'another size has another price');
  if (way.script) await page.locator('.stepper-button').last().click();
  else await page.fill('#quantity', '2');
  assert.equal(await page.inputValue('#quantity'), '2');
  await add(page, way);
  const line = page.locator('[data-line]').first();
  assert.match(await line.textContent(), new RegExp(name));
  sold.push(['tea-breakfast', 2]);
  return price;
}

async function findBySearch(page, way) {
  if (way.script) await page.keyboard.press('Escape');
  await page.fill('#q', 'olive sop');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/search\?q=/);
  await page.locator('.card-link', { hasText: 'Olive Soap' }).click();
  await page.waitForURL('**/p/soap-olive');
  const price = await priceIn(page.locator('.buy .price'));
  await add(page, way);
  return price;
}

// The second line gets three pieces; the page tells the new sum.
async function changeQuantity(page, way, expected) {
  if (way.script) await page.click('dialog a[href="/cart"]');
  await page.waitForURL('**/cart');
  const line = page.locator('[data-line]', { hasText: 'Olive Soap' });
  await line.locator('input[type=number]').fill('3');
  if (way.script) await line.locator('input[type=number]').press('Tab');
  else await line.locator('[data-update]').click();
  await until('the new sum', async () => (await priceIn(page.locator('.summary .totals-sum dd'))) === expected);
  sold.push(['soap-olive', 3]);
}

async function fillAddress(page) {
  await page.fill('[name="email"]', EMAIL);
  await page.fill('[name="address.name"]', 'Grace Example');
  await page.fill('[name="address.line1"]', 'Example Street 1');
  await page.fill('[name="address.postal_code"]', '10115');
  await page.fill('[name="address.city"]', 'Berlin');
}

const press = (page, action) => page.locator(`main form[action^="${action}"] button[type=submit]`).last().click();

async function withMistakes(page, way) {
  await page.fill('[name="email"]', 'grace@');
  await page.fill('[name="address.name"]', 'Grace "Amazing" <Example>');
  await press(page, '/checkout');
  const summary = page.locator('.error-summary');
  await summary.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.className), 'error-summary', 'with scripts and without');
  assert.match(await page.title(), /^Error: /);
  assert.deepEqual([await page.inputValue('[name="email"]'), await page.inputValue('[name="address.name"]')], ['grace@', 'Grace "Amazing" <Example>']);
  assert.equal(await page.locator('[aria-invalid="true"]').count(), await summary.locator('a').count());
  await summary.locator('a[href="#address.city"]').click();
  assert.equal(await page.locator(':focus').getAttribute('id'), 'address.city');
  only(page, 422);
}

async function throughCheckout(page, { way, method, shipping = 'Express' } = {}) {
  await page.locator('a[href="/checkout"]').first().click();
  await page.waitForURL('**/checkout');
  if (way) await withMistakes(page, way);
  await fillAddress(page);
  await press(page, '/checkout');
  await page.waitForURL('**/checkout/shipping');
  const option = page.locator('label.radio', { hasText: shipping });
  await option.click();
  const cost = cents(await option.locator('.radio-price').textContent());
  await press(page, '/checkout/shipping');
  await page.waitForURL('**/checkout/payment');
  if (method) await pick(page, method);
  const total = await priceIn(page.locator('main form .button'));
  await press(page, '/checkout/payment');
  return { cost, total };
}

async function pick(page, method) {
  const field = page.locator(`[name="method"][value="${method}"]`);
  if (!await field.isVisible()) await page.locator('details.more summary').click();
  await page.locator('label.radio', { has: field }).click();
}

async function confirmed(page, name) {
  await page.waitForURL(/\/orders\/ord_/, { timeout: 20000 });
  const text = await main(page).textContent();
  assert.match(text, /Thank you/);
  assert.equal((await page.locator('.status').textContent()).trim(), 'Paid');
  const order = { name, number: text.match(/\d{5,}-[0-9A-Z]{6}/)[0], total: await priceIn(page.locator('.totals-sum dd')), address: page.url() };
  orders.push(order);
  return order;
}

for (const way of ways) {
  test(`a whole purchase ${way.name}`, async () => {
    const page = await open(way.options);
    const tea = await chooseInCategory(page, way), soap = await findBySearch(page, way);
    await changeQuantity(page, way, 2 * tea + 3 * soap);
    const { cost, total } = await throughCheckout(page, { way });
    assert.equal(total, 2 * tea + 3 * soap + cost);
    assert.equal((await confirmed(page, way.name)).total, total);
    await page.goto('/cart');
    assert.match(await main(page).textContent(), /Your cart is empty/);
    only(page);
    await page.context().close();
  });
}

// From a product's page straight to the card.
async function quickly(way, method) {
  const page = await open(way.options);
  page.waited = page.getByRole('heading', { name: 'One moment' }).waitFor({ timeout: 30000 }).then(() => true, () => false);
  await page.goto('/p/matches-long');
  await add(page, way);
  sold.push(['matches-long', 1]);
  await throughCheckout(page, { method, shipping: 'Standard' });
  return page;
}

async function anotherCard(page, words, name) {
  await page.waitForURL(/\/pay\/pay_/);
  assert.match(await page.locator('.error-summary').textContent(), words);
  await pick(page, 'tok_ok');
  await press(page, '/pay/');
  await confirmed(page, name);
  only(page);
  await page.context().close();
}

const [scriptPhone, scriptDesk, plainPhone, plainDesk] = ways;

for (const way of [scriptPhone, plainDesk]) {
  test(`a card that the bank asks about, confirmed: ${way.name}`, async () => {
    const page = await quickly(way, 'tok_challenge');
    await page.waitForURL(/\/pay\/challenge\?/);
    assert.match(await main(page).textContent(), /Shop\s*Souk[\s\S]*€/);
    await page.click('[name=result][value=approve]');
    await confirmed(page, `challenge ${way.name}`);
    only(page);
    await page.context().close();
  });
}

test('refused on the bank’s page, then another card: with scripts', async () => {
  const page = await quickly(scriptDesk, 'tok_challenge');
  await page.click('[name=result][value=decline]');
  await anotherCard(page, /not confirm|bank/i, 'refused');
});

test('refused on the bank’s page, then another card: without scripts', async () => {
  const page = await quickly(plainPhone, 'tok_challenge');
  await page.click('[name=result][value=decline]');
  await anotherCard(page, /not confirm|bank/i, 'refused plainly');
});

test('a declined card, then another one: with scripts', async () => anotherCard(await quickly(scriptPhone, 'tok_declined'), /declined/, 'declined'));
test('a card without money, then another one: without scripts', async () => anotherCard(await quickly(plainDesk, 'tok_insufficient'), /money|funds|limit/i, 'without money'));

test('a bank that answers late: the page waits, with scripts and without', async () => {
  await Promise.all([scriptPhone, plainDesk].map(async (way) => {
    const page = await quickly(way, 'tok_late');
    assert.equal(await page.waited, true);
    await confirmed(page, `late, ${way.name}`);
    only(page);
    await page.context().close();
  }));
});

test('the order’s address opens it for whoever has it, and only the whole address', async () => {
  const { number, address } = orders[0];
  const page = await open();
  await page.goto(address);
  assert.match(await main(page).textContent(), new RegExp(number));
  only(page);
  await page.goto(address.split('?')[0]);
  assert.doesNotMatch(await page.content(), new RegExp(number));
  only(page, 404);
  await page.context().close();
});

for (const way of [scriptDesk, plainPhone]) {
  test(`the order is found by number and e-mail: ${way.name}`, async () => {
    const { number, total } = orders[0];
    const page = await open(way.options);
    await page.goto('/');
    await page.click('footer a[href="/orders/lookup"]');
    await page.fill('#number', ` ${number.toLowerCase()} `);
    await page.fill('#email', 'somebody@example.com');
    await press(page, '/orders/lookup');
    await page.locator('.error-summary').waitFor();
    only(page, 404);
    await page.fill('#email', EMAIL.toUpperCase());
    await press(page, '/orders/lookup');
    await page.waitForURL(/\/orders\/ord_/);
    assert.match(await main(page).textContent(), new RegExp(number));
    assert.equal(await priceIn(page.locator('.totals-sum dd')), total);
    only(page);
    await page.context().close();
  });
}

test('one mail about each order, as text and HTML, with its total and a link that opens it', async () => {
  assert.ok(orders.length >= 12, `${orders.length} orders`);
  for (const { number } of orders) await until(`the mail about ${number}`, () => mailsAbout(number).length > 0, { ms: 20000 });
  await sleep(1500);                                                        // a second one would be there by now
  const page = await open();
  for (const { number, total, name } of orders) {
    const mails = mailsAbout(number);
    assert.equal(mails.length, 1, `${name}: ${number}`);
    const { headers, text, html } = mails[0];
    assert.match(headers.to, new RegExp(EMAIL));
    assert.match(headers.subject, new RegExp(number));
    for (const part of [text, html]) assert.ok(part.includes(euros(total)) && part.includes(number), `${name}: ${part}`);
    assert.match(html, /^<!doctype html>/i);
  }
  const link = mailsAbout(orders[0].number)[0].text.match(/https:\S+\/orders\/\S+/)[0];
  assert.ok(link.startsWith(`${url}/`));
  await page.goto(link);
  assert.match(await main(page).textContent(), new RegExp(orders[0].number));
  await page.context().close();
});

// Everything that moves after it was painted, with the reason. The visitor has a cart, so the badge appears, too.
async function shifts(page, path) {
  await page.goto(path);
  await page.locator('[data-cart-badge]:not([hidden])').waitFor();
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 600) { window.scrollTo(0, y); await new Promise((r) => { setTimeout(r, 60); }); }
  });
  await page.waitForLoadState('networkidle');
  return page.evaluate(() => window.shifts);
}

for (const [name, options] of [['phone', phone], ['desk', { viewport: DESK }]]) {
  test(`nothing moves while home, category and product load: ${name}`, async () => {
    const page = await open(options);
    await page.addInitScript(() => {
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const e of list.getEntries()) window.shifts.push([e.value, ...(e.sources ?? []).map((s) => s.node?.outerHTML?.slice(0, 120))]);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto('/p/espresso-pair');
    await page.click('[data-add] [type=submit]');
    await page.waitForSelector('dialog[open] .line');
    for (const path of ['/', '/c/table', '/p/notebook-field', '/search?q=mug']) {
      const seen = await shifts(page, path), sum = seen.reduce((n, [value]) => n + value, 0);
      assert.ok(sum < 0.002, `${path}: ${sum} ${JSON.stringify(seen)}`);
    }
    only(page);
    await page.context().close();
  });
}

cleanup('goods and the browser', async () => {
  for (const [slug, quantity] of sold) restock(slug, quantity);
  await close();
});
