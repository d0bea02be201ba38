// The catalogue's pages: what they link, how they are found by search engines, what they say about caching.
import { test, assert } from '../lib/tap.mjs';
import { Visitor, environment } from '../lib/shop.mjs';
import { makeVariant, sql } from '../lib/goods.mjs';

const v = new Visitor();
const base = environment().url;
const linkedData = (page) => [...page.text.matchAll(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/g)].map((m) => JSON.parse(m[1]));
const canonical = (page) => page.text.match(/<link rel="canonical" href="([^"]+)"/)?.[1];
const decode = (text) => text.replaceAll('&amp;', '&');

test('home shows the categories, what is loved and what is new', async () => {
  const page = await v.get('/');
  assert.equal(page.status, 200);
  assert.ok(page.text.match(/href="\/c\/[a-z-]+"/g).length >= 8);
  assert.ok(page.text.match(/class="card"/g).length >= 12);
  assert.equal(canonical(page), `${base}/`);
  assert.equal(linkedData(page)[0]['@type'], 'WebSite');
});

test('a category: cards, filters that stay filled in, pages, a canonical address', async () => {
  const page = await v.get('/c/table');
  assert.equal(canonical(page), `${base}/c/table`);
  assert.match(page.text, /aria-current="page">[^<]*Table/);
  const filtered = await v.get('/c/table?sort=-price&price_min=20,00&price_max=50.00&available=true&utm_source=x');
  assert.equal(filtered.status, 200);
  assert.match(filtered.text, /value="20,00"/);
  assert.match(filtered.text, /<option value="-price" selected>/);
  assert.match(filtered.text, /name="available"[^>]*checked/);
  assert.equal(canonical(filtered), undefined);
  assert.match(filtered.text, /<meta name="robots" content="noindex">/);
  assert.doesNotMatch(filtered.headers['cache-control'] ?? '', /max-age=[1-9]/);
  const crumbs = linkedData(page)[0]['@graph'].find((x) => x['@type'] === 'BreadcrumbList');
  assert.deepEqual(crumbs.itemListElement.map((x) => x.position), [1, 2]);
  assert.equal(crumbs.itemListElement[1].item, `${base}/c/table`);
});

test('odd filters are no filters; pages that are not there are not found', async () => {
  for (const query of ['sort=size', 'price_min=cheap', 'price_max=-5', 'price_min=1e9']) assert.equal((await v.get(`/c/table?${query}`)).status, 200, query);
  for (const target of ['/c/table?page=300', '/search?q=mug&page=300']) assert.equal((await v.get(target)).status, 404, target);
  assert.equal((await v.get('/c/nowhere')).status, 404);
});

test('many products make pages that link each other', async () => {
  const tag = 'pages' + Date.now().toString(36);
  const made = Array.from({ length: 27 }, (_, i) => makeVariant({ price: 1000 + i, name: `Stamp ${tag}` }));
  const first = await v.get(`/search?q=${tag}&sort=price`);
  assert.equal(first.text.match(/class="card"/g).length, 24);
  const next = decode(first.text.match(/href="([^"]+)" rel="next"/)[1]);
  assert.equal(next, `/search?q=${tag}&sort=price&page=2`);
  const second = await v.get(next);
  assert.equal(second.text.match(/class="card"/g).length, 3);
  assert.equal(decode(second.text.match(/href="([^"]+)" rel="prev"/)[1]), `/search?q=${tag}&sort=price`);
  assert.doesNotMatch(second.text, /rel="next"/);
  for (const page of [first, second]) assert.match(page.text, /<h2 class="list-count">27 products<\/h2>/);
  assert.match(first.text, /Page 1 of 2/);
  for (const m of made) m.remove();
});

test('a product: every variant has an address, the chosen one fills the form', async () => {
  const api = (await v.api('GET', '/v1/products/mug-morning')).json;
  const page = await v.get('/p/mug-morning');
  assert.equal(canonical(page), `${base}/p/mug-morning`);
  assert.match(page.text, /<meta property="og:type" content="product">/);
  const rain = api.variants.find((x) => x.title === 'Rain');
  const href = [...page.text.matchAll(/href="(\/p\/mug-morning\?variant=[^"]+)"[^>]*>([^<]*)/g)].find((m) => m[2].includes('Rain'))[1];
  assert.equal(href, `/p/mug-morning?variant=${rain.id}`);
  const chosen = await v.get(href);
  assert.match(chosen.text, new RegExp(`name="variant_id" value="${rain.id}"`));
  assert.equal(canonical(chosen), `${base}/p/mug-morning`);
  assert.match(chosen.text, new RegExp(rain.sku));
  assert.equal((await v.get('/p/mug-morning?variant=nonsense')).status, 200);

  const [product, crumbs] = linkedData(page)[0]['@graph'];
  assert.equal(product['@type'], 'Product');
  assert.equal(product.offers.length, api.variants.length);
  for (const [i, offer] of product.offers.entries()) {
    assert.equal(offer['@type'], 'Offer');
    assert.equal(offer.price, (api.variants[i].price.amount / 100).toFixed(2));
    assert.equal(offer.priceCurrency, 'EUR');
    assert.match(offer.availability, /^https:\/\/schema\.org\/(InStock|OutOfStock)$/);
    assert.ok(offer.url.startsWith(base));
  }
  assert.ok(product.image.every((url) => url.startsWith(`${base}/media/`)));
  assert.equal(crumbs['@type'], 'BreadcrumbList');
});

test('a sold-out product says so and cannot be put into the cart', async () => {
  const cup = makeVariant({ stock: 3, name: 'Cup soon gone' });
  assert.match((await v.get(`/p/${cup.slug}`)).text, /action="\/cart\/items"/);
  cup.setStock(0);
  const page = await v.get(`/p/${cup.slug}?variant=${cup.id}`);                     // an address of its own: not from the cache
  assert.doesNotMatch(page.text, /action="\/cart\/items"/);
  assert.equal(linkedData(page)[0]['@graph'][0].offers[0].availability, 'https://schema.org/OutOfStock');
  cup.remove();
});

test('old slugs answer 301, for products and categories', async () => {
  const cup = makeVariant({ name: 'Cup with an old name' });
  const id = sql(`INSERT INTO catalog.categories (id, slug, position, created_at, updated_at) VALUES (gen_random_uuid(), 'old-${cup.slug}', 99, '2026-01-01', '2026-01-01') RETURNING id`);
  sql(`INSERT INTO catalog.category_texts (category_id, locale, name) VALUES ('${id}', 'en', 'Old and new')`);
  sql(`UPDATE catalog.categories SET slug = 'new-${cup.slug}' WHERE id = '${id}'; UPDATE catalog.products SET slug = 'new-${cup.slug}' WHERE id = '${cup.productUuid}'`);
  for (const [from, to] of [[`/p/${cup.slug}`, `/p/new-${cup.slug}`], [`/c/old-${cup.slug}`, `/c/new-${cup.slug}`]]) {
    const answer = await v.get(from, { follow: false });
    assert.equal(answer.status, 301, from);
    assert.ok(answer.headers.location.endsWith(to));
  }
  assert.equal((await v.get(`/c/new-${cup.slug}`)).status, 200);                     // an empty category is a page, not an error
  sql(`UPDATE catalog.categories SET status = 'archived', archived_at = '2026-01-02' WHERE id = '${id}'`);
  cup.remove();
});

test('what people wrote is text, not markup', async () => {
  const cup = makeVariant({ name: '<script>alert(1)</script> & "Cup"' });
  sql(`UPDATE catalog.product_texts SET description = '<img src=x onerror=alert(1)> </script><script>alert(2)</script>' WHERE product_id = '${cup.productUuid}'`);
  for (const path of [`/p/${cup.slug}`, `/search?q=${encodeURIComponent('"><script>alert(3)</script>')}`]) {
    const page = await v.get(path);
    assert.doesNotMatch(page.text.replace(/<script (type|src)[^>]*>/g, ''), /<script>|<img src=x/, path);
  }
  const page = await v.get(`/p/${cup.slug}`);
  assert.equal(linkedData(page)[0]['@graph'][0].name, '<script>alert(1)</script> & "Cup"');
  sql(`UPDATE catalog.product_texts SET description_html = true WHERE product_id = '${cup.productUuid}'`);
  assert.doesNotMatch((await v.get(`/p/${cup.slug}?variant=${cup.id}`)).text, /onerror|alert\(2\)<\/script>/);
  cup.remove();
});

test('a description in HTML is told to search engines as words', async () => {
  const cup = makeVariant({ name: 'Cup of another shop' });
  sql(`UPDATE catalog.product_texts SET description = '<p>A <b>tall</b> cup.</p><ul><li>Holds &frac12; l</li></ul>', description_html = true WHERE product_id = '${cup.productUuid}'`);
  const page = await v.get(`/p/${cup.slug}`);
  assert.match(page.text, /<meta name="description" content="A tall cup. Holds ½ l">/);
  assert.equal(linkedData(page)[0]['@graph'][0].description, 'A tall cup. Holds ½ l');
  cup.remove();
});

test('search: words stay in the field, corrections are told, nothing found offers what is loved', async () => {
  const page = await v.get('/search?q=teepot');
  assert.match(page.text, /value="teepot"/);
  assert.match(page.text, /teapot/i);
  const none = await v.get('/search?q=zeppelinfahrer');
  assert.equal(none.status, 200);
  assert.ok(none.text.match(/class="card"/g).length >= 4);
  assert.equal(canonical(none), undefined);
});

test('goods without a price, for now or for good, are sold out and break no page', async () => {
  const ended = makeVariant({ name: 'Ended price' }), archived = makeVariant({ name: 'Nothing left of it' }), free = makeVariant({ name: 'Never priced' });
  sql(`DELETE FROM catalog.prices WHERE variant_id = '${free.uuid}'`);
  archived.archive();
  sql(`UPDATE catalog.prices SET valid_to = platform.clock() + interval '1200 milliseconds' WHERE variant_id = '${ended.uuid}'`);
  assert.match((await v.get(`/p/${ended.slug}`)).text, /12[.,]50/);
  for (const until = Date.now() + 1500; Date.now() < until;) {        // also in the moment in which the lists do not know yet
    for (const path of ['/', '/v1/products?limit=50&sort=newest', '/search?q=ended+price']) assert.equal((await v.get(path)).status, 200, path);
  }
  for (const goods of [ended, archived, free]) {
    const page = await v.get(`/p/${goods.slug}?variant=${goods.id}`);
    assert.equal(page.status, 200, goods.name);
    assert.match(page.text, /stock-out/, goods.name);
    assert.doesNotMatch(page.text, /buy-price|12[.,]50/, goods.name);
    assert.doesNotMatch(page.text, /data-add/, goods.name);
    assert.equal(linkedData(page)[0]['@graph'][0].offers, undefined, goods.name);
    const answer = await v.api('GET', `/v1/products/${goods.slug}`);
    assert.deepEqual([answer.status, answer.json.price, answer.json.available], [200, null, false], goods.name);
    goods.remove();
  }
});

test('sitemap and robots', async () => {
  const map = await v.get('/sitemap.xml');
  assert.match(map.headers['content-type'], /xml/);
  const urls = [...map.text.matchAll(/<loc>([^<]+)<\/loc>/g)].map((m) => m[1]);
  for (const path of ['/', '/c/tea', '/p/mug-morning', '/terms']) assert.ok(urls.includes(base + path), path);
  assert.equal(new Set(urls).size, urls.length);
  const robots = await v.get('/robots.txt');
  assert.match(robots.text, new RegExp(`^Sitemap: ${base}/sitemap.xml$`, 'm'));
  assert.match(robots.text, /^Disallow: \/cart$/m);
});

test('pages for everybody carry no cookie and no token', async () => {
  for (const path of ['/', '/c/tea', '/p/mug-morning', '/search?q=tea', '/terms', '/privacy', '/p/nowhere']) {
    const page = await new Visitor().get(path);
    assert.equal(page.headers['set-cookie'], undefined, path);
    assert.doesNotMatch(page.text, /name="_?csrf"/, path);
  }
});
