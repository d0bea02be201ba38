// Lighthouse gives home, category and product at least 95 of 100 in all four categories, on its own slow phone and on a desk.
// Not part of ./check without a name: the first category is a matter of time, and so of the machine.
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { environment } from '../lib/shop.mjs';

const { url } = environment();
const BAR = 95;
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
let chrome;

async function judge(target, config) {
  chrome ??= await launch({
    chromePath: '/usr/bin/chromium', logLevel: 'silent',
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--ignore-certificate-errors'],
  });
  const { lhr } = await lighthouse(url + target, { port: chrome.port, logLevel: 'silent', onlyCategories: CATEGORIES }, config);
  const scores = CATEGORIES.map((c) => Math.round(lhr.categories[c].score * 100));
  const lost = CATEGORIES.flatMap((c) => lhr.categories[c].auditRefs.filter((r) => r.weight > 0 && (lhr.audits[r.id].score ?? 1) < 0.9))
    .map((r) => `${r.id}: ${lhr.audits[r.id].displayValue ?? lhr.audits[r.id].title}`);
  return { scores, lost, error: lhr.runtimeError?.message };
}

for (const [place, config] of [['phone', undefined], ['desk', desktopConfig]]) {
  for (const [name, target] of [['home', '/'], ['category', '/c/table'], ['product', '/p/notebook-field']]) {
    test(`${name}, ${place}`, async (t) => {
      let result;
      for (let i = 0; i < 3; i += 1) {                    // something else on the machine must not decide
        result = await judge(target, config);
        if (result.scores.every((s) => s >= BAR)) break;
      }
      t.diag(CATEGORIES.map((c, i) => `${c} ${result.scores[i]}`).join(', '));
      for (const words of result.lost) t.diag(words);
      assert.equal(result.error, undefined);
      assert.ok(result.scores.every((s) => s >= BAR));
    }, { ms: 180000 });
  }
}

cleanup('the browser', async () => { await chrome?.kill(); });
