// The Nu HTML checker finds no error in any page; mails and nginx's error pages included.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment } from '../lib/shop.mjs';
import { everyPage } from '../lib/pages.mjs';

const { prefix } = environment();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'souk-html-'));
const names = new Map();

function save(name, text) {
  const file = path.join(folder, `${String(names.size).padStart(2, '0')}-${name.replace(/[^a-z0-9]+/gi, '-')}.html`);
  fs.writeFileSync(file, text);
  names.set(file, name);
}

test('every page can be fetched', async () => {
  const v = new Visitor();
  await everyPage(v, async (name, page) => {
    assert.match(page.headers['content-type'], /^text\/html/, `${name}: ${page.status} ${page.url}`);
    save(name, page.text);
  });
  v.close();
  const errors = `${prefix}/share/souk/errors`;
  for (const file of fs.readdirSync(errors)) save(`error page ${file}`, fs.readFileSync(`${errors}/${file}`, 'utf8'));
  assert.ok(names.size > 25, `${names.size} pages`);
}, { ms: 120000 });

test('the checker finds nothing', async (t) => {
  assert.ok(names.size > 0, 'no pages');
  const jar = createRequire(import.meta.url).resolve('vnu-jar');
  const { default: jarPath } = await import(jar);
  let report = '';
  try {
    execFileSync('java', ['-Xss1024k', '-jar', jarPath, '--format', 'json', '--stdout', '--exit-zero-always', ...names.keys()],
      { encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'pipe'] }).split('\n').forEach((l) => { report += l; });
  } catch (e) {
    throw new Error(`the checker itself failed: ${e.stderr}`);
  }
  const messages = JSON.parse(report).messages.filter((m) => m.type !== 'info');
  for (const m of messages.slice(0, 40)) {
    t.diag(`${names.get(m.url.replace('file:', ''))}:${m.lastLine}: ${m.message}  ${(m.extract ?? '').replace(/\n/g, ' ')}`);
  }
  assert.equal(messages.length, 0, `${messages.length} errors`);
}, { ms: 180000 });

cleanup('the folder', async () => fs.rmSync(folder, { recursive: true }));
