// axe finds no violation of WCAG 2.2 A and AA in any page: on a phone and on a desk, light and dark. Nothing is wider than the screen.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { everyPage } from '../lib/pages.mjs';
import { open, close, DESK, PHONE } from '../lib/browser.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pages = [];

// Pages that a GET shows again are opened by the browser; answers to a POST are shown as they came.
async function show(tab, page) {
  await tab.route('**/*', async (route) => {
    if (route.request().isNavigationRequest()) {
      await route.fulfill({ status: page.status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page.text });
    } else {
      await route.fallback();
    }
  });
  await tab.goto(page.url, { waitUntil: 'load' });
  await tab.unroute('**/*');
}

async function check(tab, name, page) {
  await show(tab, page);
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const found = await tab.evaluate(`(() => { ${axe}; return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }); })()`);
  const lines = found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${v.help}: ${n.html.slice(0, 160)} ${n.failureSummary.replace(/\s+/g, ' ')}`));
  assert.equal(lines.length, 0, `${name}: ${lines.slice(0, 8).join('\n')}`);
  assert.ok(wide <= 0, `${name}: ${wide} pixels wider than the screen`);
}

test('every page can be fetched', async () => {
  const v = new Visitor();
  await everyPage(v, async (name, page) => { pages.push([name, { url: page.url, status: page.status, text: page.text }]); });
  v.close();
  assert.ok(pages.length > 20);
}, { ms: 120000 });

const views = [
  ['phone, light', { viewport: PHONE, colorScheme: 'light', isMobile: true, hasTouch: true }], ['phone, dark', { viewport: PHONE, colorScheme: 'dark', isMobile: true, hasTouch: true }],
  ['desk, light', { viewport: DESK, colorScheme: 'light' }], ['desk, dark', { viewport: DESK, colorScheme: 'dark' }],
];
for (const [view, options] of views) {
  test(`no violation on any page: ${view}`, async () => {
    const tab = await open({ ...options, bypassCSP: true, reducedMotion: 'reduce' });
    assert.ok(pages.length > 0, 'no pages');
    const bad = [];
    for (const [name, page] of pages) {
      try { await check(tab, name, page); } catch (e) { bad.push(e.message); }
    }
    await tab.context().close();
    assert.equal(bad.length, 0, bad.join('\n'));
  }, { ms: 300000 });
}

cleanup('the browser', close);
