// Where things stand at the widths of phones, tablets and desks: what only a browser that lays out can see.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { open, close } from '../lib/browser.mjs';

const WIDTHS = [320, 360, 390, 640, 720, 800, 1024, 1280];
const page = await open();
const near = (a, b) => Math.abs(a - b) <= 2;

// Boxes of what is shown in the bar: { form, sort, price, available, show, clear }
const bar = () => page.evaluate(() => {
  const box = (selector) => {
    const found = document.querySelector(selector), r = found?.getBoundingClientRect();
    return r?.width ? { left: r.left, right: r.right, top: r.top, bottom: r.bottom, middle: (r.top + r.bottom) / 2 } : null;
  };
  return { form: box('.filters'), sort: box('.filters-sort'), price: box('.filters-price'), available: box('.filters .check'), show: box('.filters [type=submit]'), clear: box('.filters-reset') };
});

for (const [what, target] of [['nothing to clear', '/c/table'], ['something to clear', '/c/table?price_min=20&available=true'], ['a search', '/search?q=cup&sort=price']]) {
  test(`filters, ${what}: the button ends a row that it shares, at the right edge`, async () => {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(target);
      const { form, sort, price, available, show, clear } = await bar();
      assert.equal(clear !== null, what === 'something to clear', `${width}`);
      assert.ok(near(show.right, form.right), `${width}: the button ends at ${show.right}, the bar at ${form.right}`);
      assert.ok([price, available, clear].some((other) => other && other.left < show.left && near(other.middle, show.middle)), `${width}: the button stands alone`);
      assert.ok(near(sort.left, form.left), `${width}: the bar begins with the order`);
      if (width >= 640) assert.ok(near(price.middle, sort.middle), `${width}: order and price share a row`);
      if (width >= 1024) assert.ok(near(show.middle, sort.middle), `${width}: one row`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${width}: nothing sticks out`);
    }
  });
}

test('a shelf emptied by filters offers once to clear them', async () => {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const target of ['/c/table?price_min=9999', '/search?q=cup&price_min=9999']) {
      await page.goto(target);
      assert.equal(await page.getByRole('link', { name: 'Clear filters' }).count(), 1, `${target} at ${width}`);
    }
  }
});

test('nothing was reported in the browser’s console', () => { assert.deepEqual(page.complaints, []); });
cleanup('close', close);
