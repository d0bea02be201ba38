// The sitemap of a small shop is one file, that of a large one an index of files: together they name every address once, whatever the size.
import { execFileSync } from 'node:child_process';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, until } from '../lib/shop.mjs';
import { sql } from '../lib/goods.mjs';

const { url } = environment();
const v = new Visitor();
const MANY = 12000;                                     // more than one file holds, fewer than two
const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

// Without the triggers that make lists and search: these products are names for the sitemap and nothing else.
const addMany = () => sql(`SET session_replication_role = replica;
  INSERT INTO catalog.products (id, status, slug, tax_class, published_at, created_at, updated_at)
  SELECT gen_random_uuid(), 'active', 'test-sitemap-' || i, 'standard', '2026-01-01', '2026-01-01', '2026-02-03' FROM generate_series(1, ${MANY}) i;
  INSERT INTO catalog.products (id, status, slug, tax_class, published_at, created_at, updated_at, archived_at)
  VALUES (gen_random_uuid(), 'draft', 'test-sitemap-draft', 'standard', '2026-01-01', '2026-01-01', '2026-02-03', NULL),
    (gen_random_uuid(), 'archived', 'test-sitemap-archived', 'standard', '2026-01-01', '2026-01-01', '2026-02-03', '2026-02-03')`);
const removeMany = () => sql("SET session_replication_role = replica; DELETE FROM catalog.products WHERE slug LIKE 'test-sitemap-%'");
const active = () => Number(sql("SELECT count(*) FROM catalog.products WHERE status = 'active'"));

// What the document names. xmllint reads it: what is not well-formed, or of another root, fails here.
function addresses(page, root, entry) {
  assert.equal(page.status, 200, page.text.slice(0, 200));
  assert.equal(page.headers['content-type'], 'application/xml; charset=utf-8');
  assert.ok(page.text.length < 50_000_000);
  const told = execFileSync('xmllint', ['--nonet', '--xpath', `/*[local-name() = "${root}" and namespace-uri() = "${NAMESPACE}"]/*[local-name() = "${entry}"]/*[local-name() = "loc"]/text()`, '-'],
    { input: page.text, encoding: 'utf8', maxBuffer: 1 << 26 });
  const list = told.trim().split('\n');
  assert.equal(list.length, page.text.match(/<loc>/g).length);
  assert.ok(list.length <= 50_000);
  return list;
}

const single = async () => addresses(await v.get('/sitemap.xml'), 'urlset', 'url');
const isIndex = async () => (await v.get('/sitemap.xml')).text.includes('<sitemapindex');

test('a small shop: one file, which is also the first of its files', async () => {
  const list = await single();
  assert.equal(list.filter((a) => a.startsWith(`${url}/p/`)).length, active());
  assert.deepEqual(addresses(await v.get('/sitemap-1.xml'), 'urlset', 'url'), list);
});

const unknown = async (names) => {
  for (const name of names) {
    const page = await v.get(name);
    assert.deepEqual([page.status, page.headers['content-type']], [404, 'text/html; charset=utf-8'], name);
  }
};
test('files that are not there: a page that says so', () => unknown(['/sitemap-0.xml', '/sitemap-2.xml', '/sitemap--1.xml', '/sitemap-x.xml', '/sitemap-1.xmlx', '/sitemap-1xml', '/sitemap-.xml',
  '/sitemap-1.xml/', '/sitemap-99999999999999999999.xml']));

let files;
test('a large shop: an index', async () => {
  addMany();
  await until('the sitemap is an index', isIndex);
  files = addresses(await v.get('/sitemap.xml'), 'sitemapindex', 'sitemap');
  assert.deepEqual(files, files.map((_, i) => `${url}/sitemap-${i + 1}.xml`));
  assert.ok(files.length >= 2 && files.length <= 4, `${files.length} files`);
  assert.match((await v.get('/robots.txt')).text, new RegExp(`^Sitemap: ${url}/sitemap.xml$`, 'm'));
});

test('its files together name every page, category and product once', async () => {
  const pages = [await until('the first file is a part', async () => { const page = await v.get(files[0]); return page.text.includes('/p/test-sitemap-') && page; })];
  for (const file of files.slice(1)) pages.push(await v.get(file));
  const lists = pages.map((p) => addresses(p, 'urlset', 'url')), all = lists.flat();
  const slugs = sql("SELECT '/p/' || slug FROM catalog.products WHERE status = 'active' UNION ALL SELECT '/c/' || slug FROM catalog.categories WHERE status = 'active'").split('\n');
  assert.deepEqual(all.sort(), ['/', '/terms', '/privacy', ...slugs].map((path) => url + path).sort());
  for (const list of lists) assert.ok(list.length > MANY / files.length / 2, `${lists.map((l) => l.length)}: the files are of about the same size`);
  assert.equal(pages.map((p) => p.text).join('').match(/<loc>[^<]*\/p\/test-sitemap-\d+<\/loc><lastmod>2026-02-03<\/lastmod>/g).length, MANY);
  await unknown([`/sitemap-${files.length + 1}.xml`]);
});

test('a file is kept by nginx like every page', async () => {
  await v.get(files[1]);
  const page = await v.get(files[1]);
  assert.deepEqual([page.headers['x-cache'], page.headers['cache-control']], ['HIT', 'no-cache']);
});

test('small again: one file again', async () => {
  removeMany();
  await until('the sitemap is one file', async () => !(await isIndex()));
  const list = await single();
  assert.equal(list.filter((a) => a.startsWith(`${url}/p/`)).length, active());
  await until('the first file holds everything', async () => addresses(await v.get('/sitemap-1.xml'), 'urlset', 'url').length === list.length);
  await until('there is no second', async () => (await v.get('/sitemap-2.xml')).status === 404);
});

cleanup('the many products are gone', () => {
  removeMany();
  v.close();
});
