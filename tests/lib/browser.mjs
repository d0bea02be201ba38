// A real browser for tests: Debian's Chromium driven by playwright-core.
import { chromium } from 'playwright-core';

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 900 };

// For waitForURL: the very path. ('**/account' is also the end of /sign-in?return_to=/account.)
export const at = (path) => (url) => url.pathname === path;

let browser;

export async function open({ url = process.env.SOUK_URL, viewport = DESK, ...options } = {}) {
  browser ??= await chromium.launch({
    executablePath: '/usr/bin/chromium', args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  const context = await browser.newContext({ baseURL: url, ignoreHTTPSErrors: true, viewport, ...options });
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  page.complaints = [];           // what the browser logged as an error: a script's, a refused style, a missing file
  page.on('pageerror', (e) => page.complaints.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error') page.complaints.push(m.text()); });
  return page;
}

export async function close() {
  await browser?.close();
  browser = undefined;
}
