// The demo catalogue keeps the rules of sql/seed/README.md, and every picture that it names exists and is square.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { assert, test } from '../lib/tap.mjs';

const seed = new URL('../../sql/seed/', import.meta.url);
const demo = JSON.parse(readFileSync(new URL('demo.json', seed), 'utf8'));
const unique = (list, what) => assert.equal(new Set(list).size, list.length, `${what} are unique`);
const variants = demo.products.flatMap((p) => p.variants);

test('a shop of about sixty products in eight categories', () => {
  assert.equal(demo.categories.length, 8);
  assert.ok(demo.products.length >= 58 && demo.products.length <= 70);
  unique(demo.categories.map((c) => c.slug), 'category slugs');
  unique(demo.products.map((p) => p.slug), 'product slugs');
  unique(variants.map((v) => v.sku), 'SKUs');
});

test('categories and tax classes are known', () => {
  const known = new Set(demo.categories.map((c) => c.slug));
  for (const p of demo.products) {
    assert.ok(p.categories.length >= 1, p.slug);
    for (const c of p.categories) assert.ok(known.has(c), `${p.slug}: ${c}`);
    assert.ok(['standard', 'reduced'].includes(p.tax_class), p.slug);
  }
});

test('variants are every combination that is sold, each once, with a price', () => {
  for (const p of demo.products) {
    assert.ok(p.options.length <= 3 && p.variants.length >= 1, p.slug);
    unique(p.variants.map((v) => v.values.join('|')), `${p.slug}: variants`);
    for (const v of p.variants) {
      assert.equal(v.values.length, p.options.length, v.sku);
      v.values.forEach((value, i) => assert.ok(p.options[i].values.includes(value), `${v.sku}: ${value}`));
      assert.ok(Number.isSafeInteger(v.price) && v.price > 0 && Number.isSafeInteger(v.stock) && v.stock >= 0, v.sku);
      assert.ok(v.compare_at === null || v.compare_at > v.price, v.sku);
    }
  }
});

test('a few are reduced, some are low, at least one is sold out', () => {
  assert.ok(variants.some((v) => v.compare_at !== null));
  assert.ok(variants.some((v) => v.stock > 0 && v.stock < 6));
  assert.ok(demo.products.some((p) => p.variants.every((v) => v.stock === 0)));
});

test('every picture exists, is square, described and used', () => {
  const files = new Set(demo.products.flatMap((p) => p.images.map((i) => i.file)));
  for (const p of demo.products) {
    assert.ok(p.images.length >= 1, p.slug);
    for (const i of p.images) assert.ok(i.alt && i.w === i.h, i.file);
    for (const v of p.variants) assert.ok(v.image === null || p.images.some((i) => i.file === v.image), v.sku);
  }
  for (const c of demo.categories) assert.ok(c.image === null || files.has(c.image), c.slug);
  for (const file of files) {
    assert.ok(existsSync(new URL(`images/${file}`, seed)), file);
    const svg = readFileSync(new URL(`images/${file}`, seed), 'utf8');
    assert.match(svg, /viewBox="0 0 800 800"/, file);
    assert.doesNotMatch(svg, /NaN|undefined|<script|style=/, file);
  }
  for (const file of readdirSync(new URL('images', seed))) assert.ok(files.has(file), `${file} is used`);
});
