// A purchase by keyboard alone, where the focus goes and that it can be seen; how pages are read: headings, landmarks, names, and at twice the size.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { until } from '../lib/shop.mjs';
import { restock } from '../lib/pages.mjs';
import { open, close, PHONE } from '../lib/browser.mjs';

let page;
const focused = () => page.evaluate(() => {
  const e = document.activeElement;
  return { tag: e.tagName, id: e.id, text: (e.labels?.[0]?.textContent ?? e.getAttribute('aria-label') ?? e.textContent).trim().replace(/\s+/g, ' '), inDialog: !!e.closest('dialog') };
});

// Presses Tab until what has the focus fits; every stop on the way must be visible and show its outline.
async function tabTo(wanted, { key = 'Tab', most = 60 } = {}) {
  const stops = [];
  for (let i = 0; i < most; i += 1) {
    await page.keyboard.press(key);
    const f = await focused();
    if (f.tag === 'BODY') continue;
    stops.push(f.text || f.tag);
    const seen = await visibleFocus();
    assert.equal(seen, '', `${f.tag} “${f.text}”: ${seen}`);
    if (wanted(f)) return stops;
  }
  throw new Error(`not reached by keyboard; stops: ${stops.join(' | ')}`);
}

// What is wrong with the mark of the focus: nothing, or words. A wrapper may carry the mark for its field.
const visibleFocus = () => page.evaluate(() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  if (box.width < 1 || box.height < 1) return 'has no size';
  if (box.bottom < 0 || box.top > window.innerHeight || box.right < 0 || box.left > window.innerWidth) return 'is outside of the screen';
  const marked = (node, pseudo) => {
    const s = getComputedStyle(node, pseudo);
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
  };
  return marked(e) || marked(e, '::after') || (e.parentElement && marked(e.parentElement)) ? '' : 'shows no outline';
});

test('the first stop leads past the header', async () => {
  page = await open();
  await page.goto('/p/notebook-field');
  await page.keyboard.press('Tab');
  assert.equal((await focused()).text, 'Skip to content');
  assert.equal(await visibleFocus(), '');
  await page.keyboard.press('Enter');
  const stops = await tabTo((f) => f.text.includes('Moss'));
  assert.ok(!stops.includes('Search the shop'), stops.join(' | '));
});

test('a variant is chosen and the focus stays on it', async () => {
  await page.keyboard.press('Enter');
  await until('the variant', async () => (await page.locator('.choice[aria-current]').first().textContent()).trim() === 'Moss');
  await until('the focus', async () => (await focused()).text === 'Moss');
});

test('quantity and button come next, and Enter opens the drawer with the focus in it', async () => {
  await tabTo((f) => f.id === 'quantity');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.inputValue('#quantity'), '2');
  const stops = await tabTo((f) => f.text === 'Add to cart', { most: 2 });
  assert.equal(stops.length, 1, 'the stepper’s buttons are no stops');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open] .line');
  assert.equal((await focused()).inDialog, true);
});

test('the drawer keeps the focus, forwards and backwards', async () => {
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let i = 0; i < 12; i += 1) {
      await page.keyboard.press(key);
      const f = await focused();
      assert.ok(f.inDialog || f.tag === 'BODY', `${key}: the focus left to ${f.tag} ${f.text}`);
    }
  }
});

test('a quantity changed in the drawer keeps the focus on its field and is said', async () => {
  await tabTo((f) => f.inDialog && f.tag === 'INPUT');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Tab');
  await until('the new sum is said', async () => /Total/.test(await page.locator('dialog [data-live]').textContent()));
  assert.equal((await focused()).inDialog, true);
});

test('Escape closes it and gives the focus back to the button', async () => {
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog[open]').count(), 0);
  assert.equal((await focused()).text, 'Add to cart');
});

test('the checkout by keyboard, errors first', async () => {
  await page.goto('/checkout');
  await tabTo((f) => f.id === 'email');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.error-summary');
  assert.match((await focused()).text, /Please check these fields/);
  await tabTo((f) => /^E-mail address: /.test(f.text), { most: 1 });
  await page.keyboard.press('Enter');
  assert.equal((await focused()).id, 'email');
  const typed = { email: 'ada@example.com', 'address.name': 'Ada Example', 'address.line1': 'Example Street 1', 'address.postal_code': '10115', 'address.city': 'Berlin' };
  for (const [id, value] of Object.entries(typed)) {
    if ((await focused()).id !== id) await tabTo((f) => f.id === id, { most: 4 });
    await page.keyboard.type(value);
  }
  await tabTo((f) => f.text === 'Continue to delivery', { most: 2 });
  await page.keyboard.press('Enter');
  await page.waitForURL('**/checkout/shipping');
});

test('radio buttons by arrows, and the order is placed with Enter', async () => {
  await tabTo((f) => /Standard/.test(f.text));
  await page.keyboard.press('ArrowDown');
  assert.match((await focused()).text, /Express/);
  await tabTo((f) => f.text === 'Continue to payment', { most: 2 });
  await page.keyboard.press('Enter');
  await page.waitForURL('**/checkout/payment');
  await tabTo((f) => /^Test card/.test(f.text));
  await tabTo((f) => /^Order and pay/.test(f.text), { most: 6 });
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/orders\/ord_/);
  assert.match(await page.textContent('h1'), /Thank you/);
  assert.deepEqual(page.complaints.filter((c) => !/status of 422/.test(c)), []);
});

test('pages are read in order: one h1, no level skipped, named landmarks', async () => {
  for (const path of ['/', '/c/table', '/p/notebook-field', '/search?q=mug', '/cart', '/orders/lookup', '/terms', '/nowhere']) {
    await page.goto(path);
    const levels = await page.$$eval('h1, h2, h3, h4, h5, h6', (all) => all.filter((h) => h.checkVisibility()).map((h) => Number(h.tagName[1])));
    assert.equal(levels.filter((l) => l === 1).length, 1, `${path}: ${levels}`);
    levels.reduce((before, now) => { assert.ok(now <= before + 1, `${path}: ${levels}`); return now; }, 0);
    const names = await page.$$eval('nav', (all) => all.map((n) => n.getAttribute('aria-label')));
    assert.ok(names.every(Boolean) && new Set(names).size === names.length, `${path}: ${names}`);
    assert.equal(await page.locator('main').count(), 1, path);
  }
});

test('letters twice as big: nothing is cut off and nothing scrolls sideways', async () => {
  const phone = await open({ viewport: PHONE });
  await phone.addInitScript(() => {
    const style = new CSSStyleSheet();
    style.replaceSync('html { font-size: 200%; }');
    document.adoptedStyleSheets.push(style);
  });
  for (const path of ['/', '/c/table', '/p/notebook-field', '/search?q=mug', '/cart', '/orders/lookup', '/terms']) {
    await phone.goto(path);
    assert.equal(await phone.evaluate(() => getComputedStyle(document.documentElement).fontSize), '32px');
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${path}: ${wide} pixels too wide`);
  }
  await phone.context().close();
});

cleanup('goods and the browser', async () => {
  restock('notebook-field', 3);
  await close();
});
