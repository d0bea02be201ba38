// axe finds no violation of WCAG 2.2 A and AA, and none of its best practices, on any kind of page: phone and desk, light and dark.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { everyPage } from '../lib/pages.mjs';
import { open, close, DESK, PHONE } from '../lib/browser.mjs';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const BAD = '<!doctype html><html><head><title>Bad</title></head><body style="background:#fff"><main><h1>Bad</h1><p style="color:#bbb">Pale words</p><img src="/x.png"><input><a href="/x"></a></main></body></html>';

let shop;

// A tab that shows pages as they were fetched; everything else comes from the shop. A page that waits for a payment does not load itself again
// while it is looked at.
async function tabFor(options) {
  const tab = await open({ bypassCSP: true, reducedMotion: 'reduce', ...options });
  await tab.route((url) => tab.shown?.url.split('#')[0] === url.href, (route) => {
    if (!route.request().isNavigationRequest()) return route.fallback();
    return route.fulfill({ status: tab.shown.status < 490 ? tab.shown.status : 200, contentType: 'text/html; charset=utf-8', body: tab.shown.html.replace(/ data-reload="\d+"/, '') });
  });
  // axe does not look at pictures, and painting them takes most of the time.
  await tab.route('**/media/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>' }));
  await tab.addInitScript(AXE);
  return tab;
}

async function show(tab, page) {
  tab.shown = page;
  await tab.goto(page.url, { waitUntil: 'load' });
}

// What axe says. The rules that look at structure say the same in the dark: only colours are looked at again.
async function violations(tab, only) {
  const found = await tab.evaluate((runOnly) => window.axe.run(document, { resultTypes: ['violations'], runOnly }).then((r) => r.violations), only ?? RULES);
  return found.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary.replace(/\s+/g, ' ').slice(0, 240)}`));
}

// The other colours, when the change to them is over.
async function wear(tab, colorScheme) {
  await tab.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await tab.evaluate(() => new Promise((done) => {
    const settle = () => (document.getAnimations().length > 0 ? requestAnimationFrame(settle) : done());
    requestAnimationFrame(() => requestAnimationFrame(settle));
  }));
}

async function look(tab, page) {
  const faults = [], tell = (words) => faults.push(...words.map((w) => `${page.name}: ${w}`));
  await tab.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await show(tab, page);
  tell(await violations(tab));
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) tell([`${wide} pixels wider than the screen`]);
  await wear(tab, 'dark');
  tell(await violations(tab, ['color-contrast']));
  return faults;
}

test('every kind of page was fetched', async () => {
  shop = await everyPage();
  assert.ok(shop.pages.length > 50);
});

test('axe refuses a bad page', async () => {
  const tab = await tabFor({});
  await show(tab, { url: `${process.env.SOUK_URL}/bad`, status: 200, html: BAD });
  const found = (await violations(tab)).map((v) => v.split(':')[0]);
  for (const rule of ['color-contrast', 'html-has-lang', 'image-alt', 'label', 'link-name']) assert.ok(found.includes(rule), `${rule} is not among ${found.join(' ')}`);
  assert.deepEqual((await violations(tab, ['color-contrast'])).map((v) => v.split(':')[0]), ['color-contrast']);
  await tab.context().close();
});

const views = [['on a phone', { viewport: PHONE, isMobile: true, hasTouch: true }], ['on a desk', { viewport: DESK }]];
// Pages that differ from another one in words alone; of nginx's own, which are one template, two are looked at.
const TWINS = ['category-sorted', 'category-first', 'product-variant', 'cart', 'nowhere', 'foreign-form', 'order-unknown', 'checkout-shipping-errors', 'checkout-payment-errors',
  'pay-errors', 'pay-refused', 'lookup-found', 'sign-in', 'register', 'verify', 'reset', 'unlock', 'addresses-empty', 'account-empty', 'address-new', 'address', 'delete', 'profile',
  'password', 'email-code', 'security-bare', 'app-setup', 'second-step'];
const wanted = (page) => (page.file ? ['nginx-404', 'nginx-502'].includes(page.name) : !TWINS.includes(page.name));

async function walk(options) {
  const tab = await tabFor(options);
  const faults = [];
  for (const page of shop.pages.filter(wanted)) faults.push(...await look(tab, page));
  await tab.context().close();
  return faults;
}

const walks = [];               // both at the same time
for (const [n, [view]] of views.entries()) {
  test(`no violation ${view}, light and dark`, async (t) => {
    if (n === 0) for (const [, options] of views) walks.push(walk(options));
    const faults = await walks[n];
    for (const fault of faults) t.diag(fault);
    assert.equal(faults.length, 0);
  }, { ms: 600000 });
}

test('no violation in what scripts show: drawer and suggestions, light and dark', async (t) => {
  const faults = [];
  for (const [view, options] of views) {
    const tab = await tabFor(options);
    const both = async (what) => {
      for (const colorScheme of ['light', 'dark']) {
        await wear(tab, colorScheme);
        for (const v of await violations(tab)) faults.push(`${what} ${view}, ${colorScheme}: ${v}`);
      }
    };
    await tab.goto('/p/notebook-field');
    await tab.click('[data-add] [type=submit]');
    await tab.waitForSelector('dialog[open] .line');
    await both('drawer');
    await tab.keyboard.press('Escape');
    await tab.fill('#q', '');
    await tab.locator('#q').pressSequentially('te');
    await tab.waitForSelector('[role=option]');
    await tab.keyboard.press('ArrowDown');
    await both('suggestions');
    await tab.context().close();
  }
  for (const fault of faults) t.diag(fault);
  assert.equal(faults.length, 0);
});

cleanup('goods and the browser', async () => {
  shop?.remove();
  await close();
});
