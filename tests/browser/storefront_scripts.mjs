// What the storefront's scripts do in a real browser, under the shop's real Content-Security-Policy: nothing may be logged as an error.
import { assert, cleanup, test } from '../lib/tap.mjs';
import { makeVariant, sql } from '../lib/goods.mjs';
import { environment, until } from '../lib/shop.mjs';
import { chromium } from 'playwright-core';

const { url } = environment();
const errors = [];
let browser, page;

async function open(options = {}) {
  browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 900 }, ...options });
  const fresh = await context.newPage();
  fresh.on('pageerror', (e) => errors.push(e.message));
  fresh.on('console', (m) => { if (m.type() === 'error') errors.push(m.text()); });
  return fresh;
}
const badge = () => page.locator('[data-cart-badge]');

test('another variant comes without loading the page, and keeps the quantity', async () => {
  page = await open();
  await page.goto(`${url}/p/mug-morning`);
  await page.evaluate(() => { window.samePage = true; });
  await page.fill('#quantity', '2');
  const before = await page.locator('.shot-main img').getAttribute('src');
  const choice = page.locator('.choice:not([aria-current]):not(.choice-out)').first();
  const name = (await choice.textContent()).trim();
  await choice.click();
  await until('the new variant', async () => (await page.locator('.choice[aria-current]').textContent()).trim() === name);
  assert.equal(await page.evaluate(() => window.samePage), true);
  assert.equal(await page.inputValue('#quantity'), '2');
  assert.notEqual(await page.locator('.shot-main img').getAttribute('src'), before);
  assert.equal((await page.evaluate(() => document.activeElement.textContent)).trim(), name);
});

test('a small picture changes places with the big one', async () => {
  const small = page.locator('[data-gallery] a:not(.shot-main)').first();
  const wanted = await small.locator('img').evaluate((img) => img.src);
  await small.click();
  assert.equal(await page.locator('.shot-main img').evaluate((img) => img.src), wanted);
});

test('adding opens the drawer with the line, and the badge counts', async () => {
  await page.click('[data-add] [type=submit]');
  await page.waitForSelector('dialog[open] .line');
  assert.equal(await badge().textContent(), '2');
  assert.equal(await page.evaluate(() => document.querySelector('dialog').contains(document.activeElement)), true);
});

test('the stepper in the drawer changes the cart on the server and tells the total', async () => {
  await page.click('dialog .stepper-button:last-child');
  await until('three pieces', async () => (await badge().textContent()) === '3');
  assert.match(await page.locator('dialog [data-live]').textContent(), /Total €\d/);                // behind the open drawer nothing would be heard
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog[open]').count(), 0);
});

test('the cart page follows changes of quantity without a reload, and removing the last line empties it', async () => {
  await page.goto(`${url}/cart`);
  await page.evaluate(() => { window.samePage = true; });
  const sum = await page.locator('.summary .totals-sum').textContent();
  await page.fill('.line input[type=number]', '1');
  await page.locator('.line input[type=number]').press('Tab');
  await until('a new total', async () => (await page.locator('.summary .totals-sum').textContent()) !== sum);
  await page.click('.line-remove button');
  await page.waitForSelector('.empty');
  assert.equal(await page.evaluate(() => window.samePage), true);
});

test('the count of the cart is filled in on pages that come from the cache', async () => {
  await page.goto(`${url}/p/soap-olive`);
  await page.click('[data-add] [type=submit]');
  await page.waitForSelector('dialog[open] .line');
  await page.goto(`${url}/`);
  await until('the badge', async () => (await badge().isVisible()) && (await badge().textContent()) === '1');
  await page.click('[data-cart-link]');
  await page.waitForSelector('dialog[open] .line');
  await page.click('dialog .drawer-head button');
  assert.equal(await page.locator('dialog[open]').count(), 0);
});

test('suggestions are a combobox that the keyboard can use', async () => {
  await page.goto(`${url}/`);
  await page.locator('#q').pressSequentially('teap', { delay: 20 });
  await page.waitForSelector('.suggest:not([hidden]) [role=option]');
  assert.equal(await page.getAttribute('#q', 'aria-expanded'), 'true');
  assert.match(await page.locator('[role=option]', { hasText: 'Halma Teapot' }).textContent(), /Halma Teapot €69\.00/);
  await page.keyboard.press('ArrowDown');
  const active = await page.getAttribute('#q', 'aria-activedescendant');
  assert.equal(await page.getAttribute(`#${active}`, 'aria-selected'), 'true');
  await page.keyboard.press('Escape');
  assert.equal(await page.getAttribute('#q', 'aria-expanded'), 'false');
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('.suggest:not([hidden]) [role=option]');
  await page.keyboard.press('ArrowDown');
  const target = await page.locator('[role=option][aria-selected=true]').getAttribute('href');
  await page.keyboard.press('Enter');
  await page.waitForURL((u) => u.pathname + u.search === new URL(target, url).pathname + new URL(target, url).search);
});

test('a suggestion says the lowest of several prices', async () => {
  await page.goto(`${url}/`);
  await page.locator('#q').pressSequentially('darj', { delay: 20 });
  await page.waitForSelector('.suggest:not([hidden]) [role=option]');
  assert.match(await page.locator('[role=option]', { hasText: 'Darjeeling' }).textContent(), /Darjeeling First Flush from €9\.80$/);
});

test('filters apply themselves and leave empty fields out of the address', async () => {
  await page.goto(`${url}/c/table`);
  const other = await page.locator('#sort option:not([selected])').first().getAttribute('value');
  await page.selectOption('#sort', other);
  await page.waitForURL(/[?&]sort=/);
  assert.ok(!new URL(page.url()).searchParams.has('price_min'));
});

test('no page scrolls sideways on a phone', async () => {
  const phone = await open({ viewport: { width: 390, height: 844 } });
  const word = 'Donaudampfschifffahrt'.repeat(8), long = makeVariant({ name: word, price: 1000, stock: 9 });
  cleanup('the long word', () => long.remove());
  sql(`UPDATE catalog.product_texts SET summary = '${word}', description = '${word}' WHERE product_id = '${long.productUuid}'`);
  for (const path of [`/p/${long.slug}`, `/search?q=${long.sku}`, `/search?q=${'z'.repeat(90)}`]) {
    await phone.goto(url + path);
    assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0, path);
  }
  await phone.goto(`${url}/p/${long.slug}`);
  await phone.click('[data-add] [type=submit]');
  await phone.waitForSelector('dialog[open] .line');
  assert.ok(await phone.evaluate(() => { const d = document.querySelector('dialog'); return d.scrollWidth <= d.clientWidth; }), 'the drawer');
  await phone.goto(`${url}/checkout`);
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0, '/checkout');
  await phone.setViewportSize({ width: 320, height: 640 });                 // the smallest: the count of the cart fits beside the name
  await phone.goto(url);
  await phone.locator('[data-cart-badge]').waitFor();
  assert.equal(await phone.evaluate(() => document.querySelector('.top-links').offsetTop - document.querySelector('.logo').offsetTop), 0, 'one row');
  for (const path of ['/', '/c/tea', '/p/teapot-halma', '/search?q=linen', '/cart', '/orders/lookup', '/terms']) {
    await phone.goto(url + path);
    const over = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${path}: ${over} pixels too wide`);
  }
});

// The network at its worst: what is matched by `pattern` takes its time, as long as `slow` says so.
async function slowly(tab, pattern, slow) {
  await tab.route(pattern, async (route) => {
    await new Promise((r) => { setTimeout(r, slow(route.request())); });
    await route.continue().catch(() => {});                       // given up meanwhile
  });
}

test('quick clicks all count, however slow the answers are, also on two lines at once', async () => {
  const tab = await open();
  for (const slug of ['soap-olive', 'espresso-pair']) {
    await tab.goto(`${url}/p/${slug}`);
    await tab.click('[data-add] [type=submit]');
    await tab.waitForSelector('dialog[open] .line');
    await tab.keyboard.press('Escape');
  }
  await tab.goto(`${url}/cart`);
  await tab.waitForSelector('.line .stepper-button');
  await slowly(tab, '**/cart/items/**', () => 400);
  const more = (name) => tab.locator('.line', { hasText: name }).locator('.stepper-button').last();
  for (const name of ['Olive Soap', 'Espresso Pair', 'Olive Soap', 'Olive Soap']) await more(name).click();
  await until('six pieces', async () => (await tab.locator('[data-cart-badge]').textContent()) === '6');
  assert.equal(await tab.locator('.busy').count(), 0);
  const amounts = await tab.locator('.line').evaluateAll((all) => all.map((l) => [l.querySelector('.line-name').textContent.trim(), l.querySelector('input[type=number]').value]));
  assert.deepEqual(Object.fromEntries(amounts), { 'Olive Soap': '4', 'Espresso Pair': '2' });
  await tab.context().close();
});

test('what was put into the cart is not put in twice when the drawer cannot be shown', async () => {
  const tab = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();              // its console may complain
  await tab.goto(`${url}/p/matches-long`);
  await tab.route('**/cart/fragment', (route) => route.abort());
  await tab.click('[data-add] [type=submit]');
  await tab.waitForURL(`${url}/cart`);
  assert.equal(await tab.inputValue('.line input[type=number]'), '1');
  await tab.context().close();
});

test('of two variants the one that was chosen last is shown, whichever answer comes first', async () => {
  const tab = await open();
  await tab.goto(`${url}/p/mug-morning`);
  const [first, last] = await tab.locator('.choice:not([aria-current])').evaluateAll((all) => all.slice(0, 2).map((a) => a.href));
  await slowly(tab, /variant=/, (request) => (request.url() === first ? 700 : 0));
  await tab.evaluate((hrefs) => { for (const href of hrefs) [...document.querySelectorAll('.choice')].find((a) => a.href === href).click(); }, [first, last]);
  await until('the last one', async () => (await tab.locator('.choice[aria-current]').evaluate((a) => a.href)) === last);
  await tab.waitForTimeout(1000);
  assert.equal(await tab.locator('.choice[aria-current]').evaluate((a) => a.href), last);
  assert.equal(tab.url(), last);
  await tab.context().close();
});

test('suggestions that come after Escape stay away', async () => {
  const tab = await open();
  await tab.goto(`${url}/`);
  await slowly(tab, '**/v1/suggest?*', () => 500);
  const asked = tab.waitForRequest('**/v1/suggest?*');
  await tab.locator('#q').pressSequentially('teap');
  await asked;
  await tab.keyboard.press('Escape');
  await tab.waitForTimeout(900);
  assert.equal(await tab.locator('.suggest').isVisible(), false);
  await tab.context().close();
});

test('going back to a list leaves its filters usable', async () => {
  const tab = await open();
  await tab.goto(`${url}/c/table`);
  await tab.selectOption('#sort', 'price');
  await tab.waitForURL(/\?sort=price$/);
  await tab.goBack();
  await tab.fill('#price_max', '30', { timeout: 3000 });
  await tab.locator('#price_max').press('Enter');
  await tab.waitForURL(/[?&]price_max=30(&|$)/);
  await tab.context().close();
});

test('another delivery shows its total at once', async () => {
  const tab = await open();
  await tab.goto(`${url}/p/soap-olive`);
  await tab.click('[data-add] [type=submit]');
  await tab.waitForSelector('dialog[open] .line');
  await tab.goto(`${url}/checkout`);
  const typed = { email: 'ada@example.com', 'address.name': 'Ada Example', 'address.line1': 'Example Street 1', 'address.postal_code': '10115', 'address.city': 'Berlin' };
  for (const [name, value] of Object.entries(typed)) await tab.fill(`[name="${name}"]`, value);
  await tab.locator('main form [type=submit]').click();
  await tab.waitForURL('**/checkout/shipping');
  const cents = async (place) => Number((await place.textContent()).replace(/[^\d]/g, ''));
  const total = tab.locator('.summary .totals-sum dd'), prices = tab.locator('.radio-price'), before = await cents(total);
  const other = tab.locator('label.radio:not(:has(:checked))').first(), [now, then] = [await cents(prices.first()), await cents(other.locator('.radio-price'))];
  await other.click();
  await until('the new total', async () => (await cents(total)) === before - now + then);
  assert.match(await tab.locator('[data-live]').textContent(), /Total €/);
  await tab.reload();
  assert.equal(await cents(tab.locator('.radio:has(:checked) .radio-price')), then, 'the choice is kept');
  await tab.context().close();
});

test('nothing was reported in the browser’s console', () => { assert.deepEqual(errors, []); });
cleanup('close', async () => { await browser?.close(); });
