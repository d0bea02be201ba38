// The catalogue's API: lists, cursors, filters, search, one product, categories, suggestions, availability.
import { test, assert } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { makeVariant, sql, idText, uuidOf } from '../lib/goods.mjs';

const v = new Visitor();
const get = (path, options) => v.api('GET', path, options);
const slugs = (answer) => answer.json.data.map((p) => p.slug);

test('a list has the envelope, prices with currency, a Link to the next page', async () => {
  const page = await get('/v1/products?limit=3');
  assert.equal(page.status, 200);
  assert.match(page.headers['content-type'], /^application\/json/);
  assert.equal(page.json.data.length, 3);
  assert.equal(page.json.has_more, true);
  assert.ok(page.headers.link.includes(`cursor=${page.json.next_cursor}>; rel="next"`), page.headers.link);
  for (const p of page.json.data) {
    assert.match(p.id, /^prod_[0-9a-z]{26}$/);
    assert.equal(p.url, `/p/${p.slug}`);
    assert.ok(Number.isInteger(p.price.amount) && p.price.currency === 'EUR');
    assert.equal(typeof p.available, 'boolean');
    assert.equal(p.variants, undefined);
  }
});

for (const sort of ['popularity', 'newest', 'price', '-price', 'name']) {
  test(`page by page a list sorted by ${sort} is the whole list, each product once`, async () => {
    const seen = [], values = [];
    let cursor = '';
    do {
      const page = await get(`/v1/products?category=table&sort=${sort}&limit=5${cursor}`);
      assert.equal(page.status, 200, page.text);
      for (const p of page.json.data) { seen.push(p.slug); values.push(p); }
      cursor = page.json.next_cursor ? `&cursor=${page.json.next_cursor}` : '';
    } while (cursor);
    assert.ok(seen.length >= 10);
    assert.equal(new Set(seen).size, seen.length);
    const whole = await get(`/v1/products?category=table&sort=${sort}&limit=100`);
    assert.deepEqual(seen, slugs(whole));
    const prices = values.map((p) => p.price.amount), dates = values.map((p) => p.published_at);
    if (sort === 'price') assert.deepEqual(prices, [...prices].sort((a, b) => a - b));
    if (sort === '-price') assert.deepEqual(prices, [...prices].sort((a, b) => b - a));
    if (sort === 'newest') assert.deepEqual(dates, [...dates].sort().reverse());
  });
}

test('a cursor belongs to its filters and its sort', async () => {
  const { next_cursor: cursor } = (await get('/v1/products?sort=price&limit=2')).json;
  for (const other of ['sort=name', 'sort=price&available=true', 'sort=price&q=mug', 'sort=price&category=tea', 'sort=price&price[gte]=1', '']) {
    const answer = await get(`/v1/products?${other}&cursor=${cursor}`);
    assert.equal(answer.status, 400, other);
    assert.equal(answer.json.code, 'invalid_cursor');
    assert.equal(answer.json.param, 'cursor');
  }
  for (const nonsense of ['x', 'AAAA', '-_-', `${cursor}x`]) assert.equal((await get(`/v1/products?sort=price&cursor=${nonsense}`)).status, 400, nonsense);
});

test('how many there are on all pages is told when it is asked for', async () => {
  const all = slugs(await get('/v1/products?category=tea&limit=100')).length;
  assert.ok(all > 5);
  const first = await get('/v1/products?category=tea&limit=2&total=true');
  assert.equal(first.json.total, all);
  assert.ok(first.headers.link.includes('total=true'), 'the next page counts, too');
  assert.equal((await get(`/v1/products?category=tea&limit=2&total=true&cursor=${first.json.next_cursor}`)).json.total, all);
  assert.equal((await get('/v1/products?category=tea&limit=2')).json.total, undefined);
  const cheap = slugs(await get('/v1/products?category=tea&price[lte]=900&limit=100')).length;
  assert.equal((await get('/v1/products?category=tea&price[lte]=900&limit=1&total=true')).json.total, cheap);
  assert.ok(cheap > 0 && cheap < all);
  const mugs = slugs(await get('/v1/products?q=linen&limit=100')).length;
  assert.equal((await get('/v1/products?q=linen&limit=1&total=true')).json.total, mugs);
  assert.equal((await get('/v1/products?q=zeppelinfahrer&total=true')).json.total, 0);
  const documented = (await get('/v1/openapi.json')).json.paths['/v1/products'].get.responses['200'].content['application/json'].schema;
  assert.equal(documented.properties.total.type, 'integer');
  assert.ok(!documented.required.includes('total'));
});

test('filters: price, stock, category', async () => {
  const cheap = await get('/v1/products?price[gte]=1000&price[lte]=2000&limit=100');
  assert.ok(cheap.json.data.length > 3);
  assert.ok(cheap.json.data.every((p) => p.price.amount >= 1000 && p.price.amount <= 2000));
  const there = await get('/v1/products?available=true&limit=100');
  assert.ok(there.json.data.every((p) => p.available));
  const byId = (await get('/v1/categories')).json.data.find((c) => c.slug === 'tea');
  assert.deepEqual(slugs(await get(`/v1/products?category=${byId.id}&limit=100`)), slugs(await get('/v1/products?category=tea&limit=100')));
  assert.equal((await get('/v1/products?category=nowhere')).status, 404);
});

test('what is wrong is named', async () => {
  for (const [query, status, param] of [['limit=0', 422, 'limit'], ['limit=101', 422, 'limit'], ['limit=ten', 422, 'limit'], ['sort=size', 422, 'sort'],
    ['sort=relevance', 422, 'sort'], ['price[gte]=-1', 422, 'price[gte]'], ['price[gte]=1.5', 422, 'price[gte]'], ['available=maybe', 422, 'available'],
    ['expand[]=secrets', 422, 'expand[]'], ['colour=red', 422, 'colour'], [`q=${'x'.repeat(101)}`, 422, 'q']]) {
    const answer = await get(`/v1/products?${query}`);
    assert.equal(answer.status, status, `${query}: ${answer.text}`);
    assert.match(answer.headers['content-type'], /^application\/problem\+json/);
    assert.equal(answer.json.errors?.[0]?.param ?? answer.json.param, param, query);
  }
});

test('search finds words, beginnings, SKUs, and forgives typing errors', async () => {
  assert.ok(slugs(await get('/v1/products?q=mug')).includes('mug-morning'));
  assert.ok(slugs(await get('/v1/products?q=morni')).includes('mug-morning'));
  assert.ok(slugs(await get('/v1/products?q=mornign mgu')).includes('mug-morning') || slugs(await get('/v1/products?q=mornign')).includes('mug-morning'));
  assert.deepEqual(slugs(await get('/v1/products?q=101-MM-1')), ['mug-morning']);
  assert.equal((await get('/v1/products?q=zeppelinfahrer')).json.data.length, 0);
  for (const odd of ["'", '"', '\\', '&|!()', '%25', ':*', '<b>', '😀', "');--"]) {
    assert.equal((await get(`/v1/products?q=${encodeURIComponent(odd)}`)).status, 200, odd);
  }
});

test('ETag: unchanged answers 304, a new price another one', async () => {
  const cup = makeVariant({ price: 1700, stock: 5, name: 'Cup with a tag' });
  const first = await get(`/v1/products/${cup.slug}`);
  assert.match(first.headers.etag, /^"[0-9a-f]+"$/);
  const again = await get(`/v1/products/${cup.slug}`, { headers: { 'if-none-match': first.headers.etag } });
  assert.equal(again.status, 304);
  assert.equal(again.text, '');
  cup.setPrice(1600);
  const changed = await get(`/v1/products/${cup.slug}`, { headers: { 'if-none-match': first.headers.etag } });
  assert.equal(changed.status, 200);
  assert.equal(changed.json.price.amount, 1600);
  cup.remove();
  assert.equal((await get(`/v1/products/${cup.slug}`)).status, 404);
});

test('one product: by slug and by id, whole, with what is expanded', async () => {
  const bySlug = (await get('/v1/products/mug-morning?expand[]=categories&expand[]=variants.prices')).json;
  const byId = (await get(`/v1/products/${bySlug.id}`)).json;
  assert.equal(byId.slug, 'mug-morning');
  assert.equal(byId.categories, undefined);
  assert.equal(bySlug.categories[0].slug, 'table');
  assert.deepEqual(bySlug.options, [{ name: 'Colour', values: ['Sand', 'Moss', 'Rain', 'Rust'] }]);
  assert.equal(bySlug.variants.length, 4);
  for (const variant of bySlug.variants) {
    assert.equal(variant.options[0].name, 'Colour');
    assert.equal(variant.title, variant.options[0].value);
    assert.equal(variant.prices[0].price.amount, variant.price.amount);
    assert.equal(variant.prices[0].valid_to, null);
  }
  assert.equal((await get('/v1/products/nowhere')).status, 404);
  assert.equal((await get(`/v1/products/${idText('prod', uuidOf(bySlug.id).replace(/^./, '7'))}`)).status, 404);
});

test('a description says whether it is HTML, and HTML is harmless', async () => {
  const plain = (await get('/v1/products/mug-morning')).json;
  assert.equal(plain.description_html, false);
  const cup = makeVariant({ name: 'Cup with a past' });
  sql(`UPDATE catalog.product_texts SET description_html = true, description = '<p onclick="x()">Old <b>cup</b></p><script>alert(1)</script><a href="javascript:x()">more</a>' WHERE product_id = '${cup.productUuid}'`);
  const { description, description_html: html } = (await get(`/v1/products/${cup.slug}`)).json;
  assert.deepEqual([html, description], [true, '<p>Old <strong>cup</strong></p><a href="#" rel="nofollow noopener">more</a>']);
  assert.equal((await get(`/v1/products?q=${cup.sku}`)).json.data[0].description_html, undefined);
  cup.remove();
});

test('an old slug answers 301 to the new one', async () => {
  const cup = makeVariant({ name: 'Cup that moved' });
  sql(`UPDATE catalog.products SET slug = '${cup.slug}-new' WHERE id = '${cup.productUuid}'`);
  const moved = await get(`/v1/products/${cup.slug}`, { follow: false });
  assert.equal(moved.status, 301);
  assert.ok(moved.headers.location.endsWith(`/v1/products/${cup.slug}-new`), moved.headers.location);
  assert.equal((await get(`/v1/products/${cup.slug}-new`)).status, 200);
  cup.remove();
});

test('categories: the tree, one of them', async () => {
  const all = (await get('/v1/categories')).json;
  assert.equal(all.has_more, false);
  const tea = all.data.find((c) => c.slug === 'tea');
  assert.equal(tea.parent_id, null);
  assert.equal(tea.depth, 1);
  const one = (await get(`/v1/categories/${tea.id}`)).json;
  assert.deepEqual(one.ancestors, []);
  assert.deepEqual(one.children, []);
  assert.equal((await get('/v1/categories/nowhere')).status, 404);
});

test('suggestions: categories first, typing errors forgiven, nothing is an answer', async () => {
  const te = (await get('/v1/suggest?q=te')).json.data;
  assert.equal(te[0].type, 'category');
  assert.ok(te.some((s) => s.type === 'product' && s.price.amount > 0 && s.price_max.amount >= s.price.amount && s.url.startsWith('/p/')));
  assert.equal((await get('/v1/suggest?q=teepot')).json.data[0].slug, 'teapot-halma');
  assert.deepEqual((await get('/v1/suggest?q=zzzzzzzzz')).json.data, []);
  assert.ok((await get('/v1/suggest?q=te&limit=1')).json.data.length <= 1);
  assert.equal((await get('/v1/suggest')).status, 422);
});

test('availability: counts for up to 100 variants, unknown ones are out of stock', async () => {
  const cup = makeVariant({ stock: 7, name: 'Counted cup' });
  const ask = (ids) => get(`/v1/availability?${ids.map((id) => `variant_id=${id}`).join('&')}`);
  const answer = (await ask([cup.id, cup.id, idText('var', cup.productUuid)])).json.data;
  assert.deepEqual(answer, [{ variant_id: cup.id, status: 'in_stock', available: 7 },
    { variant_id: idText('var', cup.productUuid), status: 'out_of_stock', available: 0 }]);
  cup.setStock(0);
  assert.equal((await ask([cup.id])).json.data[0].status, 'out_of_stock');
  assert.equal((await get('/v1/availability')).status, 422);
  assert.equal((await ask(Array.from({ length: 101 }, () => cup.id))).status, 422);
  assert.equal((await ask(['cup'])).status, 422);
  cup.remove();
});

test('a product that sells out leaves the filter for stock at once', async () => {
  const cup = makeVariant({ stock: 1, name: 'Last of its kind' });
  const listed = async () => slugs(await get('/v1/products?available=true&sort=newest&limit=100')).includes(cup.slug) ||
    slugs(await get(`/v1/products?available=true&q=${cup.sku}`)).includes(cup.slug);
  assert.equal(await listed(), true);
  cup.setStock(0);
  assert.equal(await listed(), false);
  assert.equal((await get(`/v1/products?q=${cup.sku}`)).json.data[0].available, false);
  cup.setStock(2);
  assert.equal(await listed(), true);
  cup.remove();
});
