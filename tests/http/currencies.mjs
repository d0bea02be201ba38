// Currencies without and with three decimals, and prices with tax on top: the same amounts from the cart over the provider's books to the mail.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, until, decodeEntities } from '../lib/shop.mjs';
import { makeVariant, apiCart, sql, uuidOf } from '../lib/goods.mjs';
import { mailsAbout } from '../lib/mail.mjs';

const v = new Visitor();
const goods = [];

// A market of its own; `rate` in 1/10,000 percent, `shipping` in minor units.
const MARKETS = [
  // 3 x 1,480 = 4,440 yen, 10 % included: 4440 / 1.1 = 4036.36 -> 4036 -> 404. Shipping 800: 727.27 -> 727 -> 73.
  { code: 'test-jp', list: '5b000000-0000-7000-8000-0000000000a1', id: '5b000000-0000-7000-8000-0000000000b1', option: '5b000000-0000-7000-8000-0000000000c1', currency: 'JPY',
    country: 'JP', included: true, rate: 100000, shipping: 800, price: 1480, address: { postal_code: '100-0001', city: 'Chiyoda', region: 'Tokyo' },
    line: 4440, lineShown: 4440, subtotal: 4440, tax: 477, total: 5240, said: { line: '¥4,440', shipping: '¥800', tax: '¥477', total: '¥5,240' } },
  // 3 x 1.250 = 3.750 dinars and 5 % on top: 187.5 -> 188 fils (half away from zero). Shipping 1.500: 75.
  { code: 'test-kw', list: '5b000000-0000-7000-8000-0000000000a2', id: '5b000000-0000-7000-8000-0000000000b2', option: '5b000000-0000-7000-8000-0000000000c2', currency: 'KWD',
    country: 'KW', included: false, rate: 50000, shipping: 1500, price: 1250, address: { postal_code: '13001', city: 'Kuwait City' },
    line: 3938, lineShown: 3750, subtotal: 3750, tax: 263, total: 5513, said: { line: 'KWD 3.750', shipping: 'KWD 1.500', tax: 'KWD 0.263', total: 'KWD 5.513' } },
];

const open = (m) => sql(`BEGIN;
  INSERT INTO catalog.price_lists (id, code, currency, tax_included, created_at, updated_at) VALUES ('${m.list}', '${m.code}', '${m.currency}', ${m.included}, '2026-01-01', '2026-01-01')
    ON CONFLICT DO NOTHING;
  INSERT INTO catalog.markets (id, code, country, locale, price_list_id, time_zone, created_at, updated_at)
    VALUES ('${m.id}', '${m.code}', '${m.country}', 'en', '${m.list}', 'UTC', '2026-01-01', '2026-01-01') ON CONFLICT DO NOTHING;
  INSERT INTO orders.tax_rate (country, tax_class, rate, valid_from, created_at, updated_at)
    SELECT '${m.country}', 'standard', ${m.rate}, '2026-01-01', '2026-01-01', '2026-01-01' WHERE NOT EXISTS (SELECT FROM orders.tax_rate WHERE country = '${m.country}');
  INSERT INTO orders.shipping_option (id, code, countries, currency, price, tax_class, days_min, days_max, created_at, updated_at)
    VALUES ('${m.option}', 'standard', '{${m.country}}', '${m.currency}', ${m.shipping}, 'standard', 2, 4, '2026-01-01', '2026-01-01')
    ON CONFLICT (id) DO UPDATE SET archived_at = NULL;
  COMMIT;`);

const plain = (text) => decodeEntities(text).replaceAll('\u00a0', ' ');
const money = (m, amount) => ({ amount, currency: m.currency });

for (const m of MARKETS) {
  test(`${m.currency}, tax ${m.included ? 'included' : 'on top'}: cart, order, payment, page and mail say the same`, async () => {
    open(m);
    const cup = makeVariant({ price: 1, stock: 20, name: 'Travelled cup' });
    goods.push(cup);
    sql(`INSERT INTO catalog.prices (variant_id, price_list_id, currency, amount, valid_from, created_at) VALUES ('${cup.uuid}', '${m.list}', '${m.currency}', ${m.price}, '2026-01-01', '2026-01-01')`);
    const cart = await apiCart(v, { market: m.code });
    assert.equal((await cart.add(cup, 3)).status, 200);
    const { json: now } = await cart.address({ shipping_address: { name: 'Ada Example', line1: 'Street 1', country: m.country, ...m.address } });
    assert.deepEqual([now.items[0].unit_price, now.items[0].total], [money(m, m.price), money(m, m.lineShown)]);
    assert.deepEqual([now.totals.subtotal, now.totals.shipping, now.totals.tax, now.totals.total], [m.subtotal, m.shipping, m.tax, m.total].map((a) => money(m, a)));

    const made = (await cart.checkout()).json;
    assert.deepEqual(made.total, money(m, m.total));
    const paid = await v.api('POST', `/v1/payments/${made.payment_id}/confirm`, { key: made.order_id, headers: { 'payment-token': made.payment_token } });
    assert.deepEqual([paid.json.state, paid.json.amount], ['authorized', money(m, m.total)], paid.text);
    assert.equal(sql(`SELECT amount, currency FROM sandbox.intent WHERE attempt_id = '${uuidOf(made.payment_id)}'`), `${m.total}|${m.currency}`);
    assert.equal(sql(`SELECT l.total, l.net, o.total FROM orders.orders o JOIN orders.order_line l ON l.order_id = o.id WHERE o.id = '${uuidOf(made.order_id)}'`),
      `${m.line}|${m.included ? 4036 : 3750}|${m.total}`);

    const page = plain((await v.get(`/orders/${made.order_id}?t=${made.access_token}`)).text);
    for (const [what, amount] of Object.entries(m.said)) assert.ok(page.includes(amount), `the order's page: ${what} ${amount}`);
    const [mail] = await until('the mail', () => { const all = mailsAbout(made.number); return all.length > 0 && all; });
    for (const text of [plain(mail.text), plain(mail.html)]) {
      for (const [what, amount] of Object.entries(m.said)) assert.ok(text.includes(amount), `the mail: ${what} ${amount} in\n${text}`);
    }
  });
}

// Pages speak the language of the default market.
const [HERE, LANGUAGE] = sql('SELECT id, locale FROM catalog.markets WHERE is_default').split('|');
const speak = async (language) => {
  sql(`UPDATE catalog.markets SET locale = '${language}' WHERE id = '${HERE}' AND locale <> '${language}'`);
  await until(`pages in ${language}`, async () => (await v.get('/cart')).text.includes(`<html lang="${language}">`));
};

// France's reduced rate is the one with a fraction: 5.5 %.
test('rates and amounts are written as the reader writes them: 5.5 % and 5,5 %', async () => {
  const book = makeVariant({ price: 123456, stock: 5, taxClass: 'reduced', name: 'Travelled book' });
  goods.push(book);
  await speak('de');
  const cart = await apiCart(v);
  assert.equal((await cart.add(book)).status, 200);
  const { json: now } = await cart.address({ shipping_address: { name: 'Ada Example', line1: 'Rue 1', postal_code: '75001', city: 'Paris', country: 'FR' } });
  assert.ok(now.totals.taxes.some((t) => t.rate === 55000), JSON.stringify(now.totals.taxes));
  const made = (await cart.checkout()).json;
  await v.api('POST', `/v1/payments/${made.payment_id}/confirm`, { key: made.order_id, headers: { 'payment-token': made.payment_token } });
  const page = async () => plain((await v.get(`/orders/${made.order_id}?t=${made.access_token}`)).text);
  const de = await page();
  assert.match(de, /5,5 % MwSt\./);
  assert.match(de, /1\.234,56 €/);
  assert.doesNotMatch(de, /\d\.\d+ %/);
  const [mail] = await until('the mail', () => { const all = mailsAbout(made.number); return all.length > 0 && all; });
  await speak('en');
  const en = await page();
  assert.match(en, /VAT 5\.5 %/);
  assert.match(en, /€1,234\.56/);
  for (const text of [plain(mail.text), plain(mail.html)]) {
    assert.match(text, /1\.234,56 €/);
    assert.match(text, /Darin enthaltene Steuer/);
    assert.doesNotMatch(text, /\d\.\d\d? ?[€%]|€\d/);
  }
});

test('souk verify\'s rules hold for them, too: each order comes out again to the same unit', () => {
  assert.equal(sql(`SELECT count(*) FROM orders.orders o WHERE o.currency IN ('JPY', 'KWD') AND o.total <> (SELECT sum(l.total) FROM orders.order_line l WHERE l.order_id = o.id)
    + o.shipping + CASE WHEN o.prices_include_tax THEN 0 ELSE o.shipping_tax END`), '0');
});

cleanup('the language of the shop', () => speak(LANGUAGE));
cleanup('markets and goods', () => {
  for (const m of MARKETS) sql(`DELETE FROM catalog.markets WHERE id = '${m.id}'; UPDATE orders.shipping_option SET archived_at = '2026-01-02' WHERE id = '${m.option}'`);
  for (const g of goods) g.remove();
  v.close();
});
