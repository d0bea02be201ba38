// What search engines and other sites get to see: canonical addresses, the sitemap, structured data, previews, moved addresses; and the
// headers that protect every kind of page.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, decodeEntities, environment, until } from '../lib/shop.mjs';
import { everyPage, makeCategory } from '../lib/pages.mjs';
import { idText, makeVariant, sql } from '../lib/goods.mjs';

const { url } = environment();
const v = new Visitor();
const shelf = makeCategory();
const odd = makeVariant({ price: 1999, stock: 3, name: 'Odd </script><script>alert(1)</script> "cup" & <b>saucer</b>' });

const attribute = (html, pattern) => { const m = html.match(pattern); return m && decodeEntities(m[1]); };
const canonical = (page) => attribute(page.text, /<link rel="canonical" href="([^"]*)"/);
const title = (page) => attribute(page.text, /<title>([^<]*)<\/title>/);
const description = (page) => attribute(page.text, /<meta name="description" content="([^"]*)"/);
const property = (page, name) => attribute(page.text, new RegExp(`<meta property="${name}" content="([^"]*)"`));
const hidden = (page) => /<meta name="robots" content="noindex">/.test(page.text);
const linked = (page) => [...page.text.matchAll(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/g)].map((m) => JSON.parse(m[1]))
  .flatMap((d) => { assert.equal(d['@context'], 'https://schema.org'); return d['@graph'] ?? [d]; });
const kind = (page, type) => linked(page).filter((d) => d['@type'] === type);

test('one address for each page, whatever stands behind the question mark', async () => {
  const one = (await v.get('/p/notebook-field')).text.match(/variant=(var_\w+)/)[1];
  const table = [
    ['/', '/'], ['/?utm_source=x', '/'], ['/terms', '/terms'], ['/privacy?x=1', '/privacy'],
    ['/c/table', '/c/table'], ['/c/table?sort=price', '/c/table'], ['/c/table?page=1', '/c/table'], ['/c/table?fbclid=1&sort=name', '/c/table'],
    [`/c/${shelf.slug}?page=2`, `/c/${shelf.slug}?page=2`], [`/c/${shelf.slug}?sort=-price&page=2&gclid=3`, `/c/${shelf.slug}?page=2`],
    ['/p/notebook-field', '/p/notebook-field'], [`/p/notebook-field?variant=${one}`, '/p/notebook-field'], ['/p/notebook-field?variant=nonsense&x=y', '/p/notebook-field'],
  ];
  for (const [target, expected] of table) {
    const page = await v.get(target);
    assert.equal(page.status, 200, target);
    assert.equal(canonical(page), url + expected, target);
    assert.equal(property(page, 'og:url'), url + expected, target);
    assert.equal(hidden(page), false, target);
  }
});

test('what is nobody’s entrance is not to be indexed', async () => {
  for (const target of ['/c/table?price_min=10', '/c/table?available=true', '/c/table?sort=price&price_max=20', '/search', '/search?q=mug', '/cart', '/orders/lookup', '/nowhere', '/p/nowhere']) {
    const page = await v.get(target);
    assert.deepEqual([canonical(page), property(page, 'og:url'), hidden(page)], [null, null, true], target);
  }
  assert.equal((await v.get('/c/table?page=99')).status, 404);
});

test('second pages are reached by links', async () => {
  const first = await v.get(`/c/${shelf.slug}`);
  assert.equal(attribute(first.text, /<a class="pager-link" href="([^"]*)" rel="next"/), `/c/${shelf.slug}?page=2`);
  const second = await v.get(`/c/${shelf.slug}?page=2`);
  assert.equal(attribute(second.text, /<a class="pager-link" href="([^"]*)" rel="prev"/), `/c/${shelf.slug}`);
  assert.notEqual(title(first), title(second));
});

test('robots.txt keeps robots out of what is personal, and names the sitemap', async () => {
  const robots = await v.get('/robots.txt');
  assert.match(robots.headers['content-type'], /^text\/plain/);
  assert.ok(robots.text.includes(`\nSitemap: ${url}/sitemap.xml\n`), robots.text);
  const closed = [...robots.text.matchAll(/^Disallow: (\S+)$/gm)].map((m) => m[1]);
  for (const path of ['/cart', '/checkout/payment', '/orders/lookup', '/pay/x', '/search?q=x', '/v1/products']) assert.ok(closed.some((c) => path.startsWith(c)), path);
  for (const path of ['/', '/c/table', '/p/mug-morning', '/assets/shop.css', '/media/demo/x.svg', '/terms']) assert.ok(!closed.some((c) => path.startsWith(c)), path);
});

// Every address of the sitemap, opened once: [{ address, page }]. What other tests make comes and goes, shares a name and has no words: it is left out.
let entries;
test('the sitemap is XML of the protocol, and lists every product and category once', async () => {
  const map = await v.get('/sitemap.xml');
  assert.match(map.headers['content-type'], /^application\/xml/);
  assert.match(map.text, /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<urlset xmlns="http:\/\/www\.sitemaps\.org\/schemas\/sitemap\/0\.9">\s*(<url><loc>[^<>&\s]+<\/loc>(<lastmod>\d{4}-\d\d-\d\d<\/lastmod>)?<\/url>\s*)+<\/urlset>\s*$/);
  const listed = [...map.text.matchAll(/<loc>([^<]+)<\/loc>/g)].map((m) => m[1]), lasting = (a) => /\/[pc]\/(?!test-)/.test(a);   // what other tests make comes and goes
  assert.equal(new Set(listed).size, listed.length);
  const wanted = [];
  for (let next = '/v1/products?limit=50'; next;) {
    const { data, next_cursor: cursor } = (await v.api('GET', next)).json;
    wanted.push(...data.map((p) => `${url}${p.url}`));
    next = cursor && `/v1/products?limit=50&cursor=${cursor}`;
  }
  wanted.push(...(await v.api('GET', '/v1/categories')).json.data.map((c) => `${url}${c.url}`));
  assert.ok(wanted.length > 60);
  assert.deepEqual(listed.filter(lasting).sort(), wanted.filter(lasting).sort());
  entries = await Promise.all(listed.filter((a) => !/\/[pc]\/test-/.test(a)).map(async (address) => ({ address, page: await v.get(address, { follow: false }) })));
});

test('each of its addresses answers 200 and calls itself canonical', () => {
  for (const { address, page } of entries) {
    assert.equal(page.status, 200, address);
    assert.equal(canonical(page), address);
    assert.equal(hidden(page), false, address);
  }
});

const products = () => entries.filter(({ address }) => address.includes('/p/'));

test('titles and descriptions tell the pages apart', () => {
  const pages = entries, titles = pages.map(({ page }) => title(page)), words = pages.map(({ page }) => description(page));
  titles.forEach((t, i) => assert.ok(t && t.length <= 90, `${pages[i].address}: ${t}`));
  words.forEach((w, i) => assert.ok(w && w.length >= 20 && w.length <= 320, `${pages[i].address}: ${w}`));
  const twice = (list) => list.filter((x, i) => list.indexOf(x) !== i);
  assert.deepEqual([twice(titles), twice(words)], [[], []]);
});

test('structured data of every product: Product with its offers', async () => {
  for (const { address, page } of products()) {
    const found = kind(page, 'Product');
    assert.equal(found.length, 1, address);
    const [p] = found, known = (await v.api('GET', `/v1/products/${new URL(address).pathname.slice(3)}`)).json;
    assert.deepEqual([p.name, p.url], [known.name, address]);
    assert.ok(typeof p.description === 'string' && p.description.length > 10, address);
    assert.ok(p.sku && (known.images.length === 0 || p.image.length === known.images.length), address);
    for (const picture of p.image ?? []) assert.ok(picture.startsWith(`${url}/`), picture);
    assert.equal(p.offers.length, known.variants.length, address);
    for (const offer of p.offers) {
      const variant = known.variants.find((x) => x.sku === offer.sku);
      assert.deepEqual([offer['@type'], offer.priceCurrency, offer.itemCondition], ['Offer', 'EUR', 'https://schema.org/NewCondition'], address);
      assert.match(offer.price, /^\d+\.\d\d$/);
      assert.equal(Math.round(Number(offer.price) * 100), variant.price.amount, `${address} ${offer.sku}`);
      assert.equal(offer.availability, `https://schema.org/${variant.available ? 'InStock' : 'OutOfStock'}`, `${address} ${offer.sku}`);
      assert.ok(offer.url.startsWith(address), offer.url);
    }
  }
});

test('an offer’s address shows that offer', async () => {
  const { page } = products().find(({ address }) => address.endsWith('/tea-breakfast'));
  for (const offer of kind(page, 'Product')[0].offers) {
    const shown = await v.get(offer.url);
    assert.ok(shown.text.includes(offer.sku) && shown.text.includes(`€${offer.price}`), offer.url);
  }
});

test('structured data: the trail of crumbs is the one that is shown', () => {
  for (const { address, page } of entries.filter(({ address: a }) => /\/[pc]\//.test(a))) {
    const found = kind(page, 'BreadcrumbList');
    assert.equal(found.length, 1, address);
    const items = found[0].itemListElement;
    assert.deepEqual(items.map((i) => i.position), items.map((_, i) => i + 1), address);
    for (const i of items) assert.ok(i['@type'] === 'ListItem' && i.item.startsWith(`${url}/`), address);
    const shown = [...page.text.match(/<ol class="crumbs-list">([\s\S]*?)<\/ol>/)[1].matchAll(/<li[^>]*>(?:<a[^>]*>)?([^<]*)/g)].map((m) => decodeEntities(m[1]).trim());
    assert.deepEqual(items.map((i) => i.name), shown, address);
    assert.equal(items.at(-1).item, address);
  }
});

test('the shop itself: a site that can be searched', async () => {
  const [site] = kind(await v.get('/'), 'WebSite');
  assert.equal(site.url, `${url}/`);
  const target = site.potentialAction.target.urlTemplate.replace('{search_term_string}', 'mug');
  assert.ok(target.startsWith(`${url}/search?q=`));
  assert.match((await v.get(target)).text, /Results for “mug”/);
});

test('a name cannot break out of the structured data, nor of the page', async () => {
  const page = await v.get(`/p/${odd.slug}`);
  const [p] = kind(page, 'Product');
  assert.equal(p.name, odd.name);
  assert.equal(property(page, 'og:title'), odd.name);
  assert.ok(description(page).startsWith(odd.name));
  assert.doesNotMatch(page.text, /<script>alert|<b>saucer/);
});

test('previews: title, kind and an absolute picture', () => {
  for (const { address, page } of entries) {
    assert.equal(property(page, 'og:site_name'), 'Souk', address);
    assert.ok(property(page, 'og:title'), address);
    assert.equal(property(page, 'og:type'), address.includes('/p/') ? 'product' : 'website', address);
    const picture = property(page, 'og:image');
    if (address.includes('/p/')) assert.ok(picture?.startsWith(`${url}/media/`), `${address}: ${picture}`);
  }
});

test('the pictures of previews and offers exist', async () => {
  const pictures = [...new Set(products().flatMap(({ page }) => [property(page, 'og:image'), ...(kind(page, 'Product')[0].image ?? [])]).filter(Boolean))];
  assert.ok(pictures.length > 60);
  const answers = await Promise.all(pictures.map((p) => v.request('HEAD', p)));
  answers.forEach((a, i) => assert.deepEqual([a.status, /^image\//.test(a.headers['content-type'])], [200, true], pictures[i]));
});

const goesTo = async (from, to) => {
  const answer = await v.request('GET', from);
  assert.deepEqual([answer.status, new URL(answer.headers.location ?? '/', url).pathname], [301, to], from);
};

test('an address that moved leads on for ever: product, category, API', async () => {
  const cup = makeVariant({ stock: 1 });
  const names = [cup.slug, `${cup.slug}-two`, `${cup.slug}-three`];
  const rename = (slug) => sql(`UPDATE catalog.products SET slug = '${slug}' WHERE id = '${cup.productUuid}'`);
  rename(names[1]);
  rename(names[2]);
  for (const old of names.slice(0, 2)) {
    await goesTo(`/p/${old}`, `/p/${names[2]}`);
    await goesTo(`/p/${old}?variant=x&utm=1`, `/p/${names[2]}`);
    await goesTo(`/v1/products/${old}`, `/v1/products/${names[2]}`);
  }
  await goesTo(`/p/${idText('prod', cup.productUuid)}`, `/p/${names[2]}`);
  assert.equal((await v.get(`/p/${names[0]}`)).status, 200);
  rename(names[0]);                                                         // and back again
  await until('the first address shows it', async () => (await v.request('GET', `/p/${names[0]}`)).status === 200);
  await until('the third leads back', async () => (await v.request('GET', `/p/${names[2]}`)).headers.location?.endsWith(`/p/${names[0]}`));
  const old = `${shelf.slug}-old`;
  sql(`UPDATE catalog.categories SET slug = '${old}' WHERE slug = '${shelf.slug}'; UPDATE catalog.categories SET slug = '${shelf.slug}' WHERE slug = '${old}'`);
  await goesTo(`/c/${old}`, `/c/${shelf.slug}`);
  await goesTo(`/c/${old}?sort=price`, `/c/${shelf.slug}`);
  cup.remove();
  await until('what is no longer sold is gone', async () => (await v.request('GET', `/p/${names[0]}`)).status === 404);
  await until('gone from the sitemap', async () => !(await v.get('/sitemap.xml')).text.includes(`${cup.slug}<`));
});

test('a slash too many moves, plain HTTP moves', async () => {
  const slash = await v.request('GET', '/c/table/?sort=price');
  assert.ok([301, 308].includes(slash.status), `${slash.status}`);
  assert.equal(new URL(slash.headers.location, url).href, `${url}/c/table?sort=price`);
  const plain = await v.request('GET', `${environment().httpUrl}/c/table?sort=price`);
  assert.deepEqual([plain.status, plain.headers.location], [308, `${url}/c/table?sort=price`]);
});

test('every kind of page carries the headers that protect it', async () => {
  const shop = await everyPage();
  shop.remove();
  const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
  for (const { name, headers, kept, html } of shop.pages.filter((p) => !p.file)) {
    assert.equal(headers['content-security-policy'], policy, name);
    assert.match(headers['strict-transport-security'], /^max-age=31536000/, name);
    assert.deepEqual([headers['x-content-type-options'], headers['x-frame-options'], headers['cross-origin-opener-policy']], ['nosniff', 'DENY', 'same-origin'], name);
    assert.equal(headers['referrer-policy'], /^((order|lookup-found)(-pending|-canceled)?|reset|reset-errors|verify-link)$/.test(name) ? 'same-origin' : 'strict-origin-when-cross-origin', name);
    assert.match(headers['permissions-policy'], /camera=\(\)/, name);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8', name);
    const shared = /search|nothing|filtered/.test(name) ? 'public, no-cache' : name === 'not-found' ? 'no-store' : 'no-cache';
    if (name !== 'nowhere') assert.equal(headers['cache-control'], kept ? shared : 'no-store', name);
    assert.deepEqual([headers.server, headers['x-powered-by']], ['nginx', undefined], name);
    assert.doesNotMatch(html, /<script(?! type="(?:module|application\/ld\+json)")|<style| style=| on[a-z]+="|javascript:/, name);
  }
});

cleanup('goods', () => {
  shelf.remove();
  odd.remove();
  v.close();
});
