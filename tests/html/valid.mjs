// Every kind of page is valid HTML: no error and no warning of the Nu HTML checker (vnu), asked once for all of them.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { everyPage } from '../lib/pages.mjs';

const BAD = `<!doctype html><html lang="en"><head><title>Bad</title></head><body><h1>Bad</h1><img src="/x.png"><p><div>A block in a paragraph</p>
<form action="/x"><label for="nothing">Label</label><input id="a" name="a"><input id="a" name="b"></form></body></html>`;
const WARNED = '<!doctype html><html><head><title>No language</title></head><body><section><p>A section without a heading, of a page without a language</p></section></body></html>';

// Every browser of the last five years knows inputmode, and phones need it for the right keyboard.
const OUTDATED = /^The .inputmode. attribute is not supported in all browsers/;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'souk-html-'));
const vnu = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
const said = new Map();         // name -> what the checker says

async function check(pages) {
  for (const [name, html] of pages) fs.writeFileSync(`${folder}/${name}.html`, html);
  // It writes everything to stdout and ends with 1 when a page is bad.
  const { stdout } = await promisify(execFile)('java', ['-Xss4m', '-jar', vnu, '--stdout', '--format', 'json', '--exit-zero-always', folder], { maxBuffer: 64 << 20 });
  for (const [name] of pages) said.set(name, []);
  for (const m of JSON.parse(stdout).messages) {
    if (m.type === 'info' && m.subType !== 'warning') continue;
    if (OUTDATED.test(m.message)) continue;
    said.get(path.basename(m.url ?? 'none', '.html')).push(`${m.type} line ${m.lastLine}: ${m.message} … ${m.extract ?? ''}`);
  }
}

let shop;
test('the checker ran over every kind of page', async () => {
  shop = await everyPage();
  const v = new Visitor();
  await v.submit(await v.get('/p/espresso-pair'), '/cart/items');
  const fragment = await v.get('/cart/fragment');
  const pages = shop.pages.map((p) => [p.name, p.html]);
  pages.push(['cart-fragment', `<!doctype html><html lang="en"><head><title>Drawer</title></head><body><h1>Drawer</h1>${fragment.text}</body></html>`], ['bad', BAD], ['warned', WARNED]);
  await check(pages);
  assert.ok(shop.pages.length > 50, `${shop.pages.length} pages`);
});

test('it refuses a bad page', () => {
  const all = said.get('bad').join('\n');
  for (const fault of [/element must have an .alt. attribute/, /Duplicate ID/, /No .p. element in scope/, /.for. attribute of the .label. element must be the ID/]) assert.match(all, fault);
  assert.match(said.get('warned').join('\n'), /.lang. attribute/);
});

test('every page', async (t) => {
  const faults = [...said].filter(([name, messages]) => messages.length > 0 && !['bad', 'warned'].includes(name));
  for (const [name, messages] of faults) t.diag(`${name}\n  ${messages.join('\n  ')}`);
  assert.deepEqual(faults.map(([name]) => name), []);
});

test('no page leaves an address empty, and every fragment of an address leads somewhere', () => {
  for (const { name, html } of shop.pages) {
    assert.doesNotMatch(html, /(?:href|src|action)=""/, name);
    for (const [, id] of html.matchAll(/(?:href="#|aria-labelledby="|aria-describedby=")([^"\s]+)/g)) assert.ok(html.includes(`id="${id}"`), `${name}: #${id}`);
  }
});

cleanup('goods and files', () => {
  shop?.remove();
  fs.rmSync(folder, { recursive: true, force: true });
});
