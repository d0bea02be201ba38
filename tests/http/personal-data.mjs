// What a buyer tells the shop stands nowhere in clear: not in any table, event, job or result, not in Redis, the page cache or a log. Only the mail to
// herself holds it. Nor do logs and tables (but the bank's own books, which send her back) hold a token that opens her cart, order or payment.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, until } from '../lib/shop.mjs';
import { makeVariant, apiCart, sql } from '../lib/goods.mjs';
import { mailsAbout } from '../lib/mail.mjs';

const env = environment();
const v = new Visitor();
const cup = makeVariant({ price: 1250, stock: 50 });
const mark = randomBytes(6).toString('hex').replace(/\d/g, (d) => 'ghijklmnop'[d]);         // letters only: a name may have no digits
const phone = `+4930${String(Math.floor(1e8 + Math.random() * 9e8))}`;
const person = { name: `Quill ${mark}`, line1: `${mark} Street 9`, line2: `Rear ${mark}`, company: `${mark} Ltd`, postal_code: '10115', city: 'Berlin', country: 'DE' };
const contact = { email: `quill.${mark}@example.com`, phone };
const secrets = [mark, phone];
const tokens = [];

const key = () => randomBytes(9).toString('hex');

test('a buyer comes, errs, buys, asks, cancels', async () => {
  const buy = async (method) => {
    const cart = await apiCart(v);
    await cart.add(cup, 1, { key: key() });
    await cart.api('PATCH', '', { key: key(), json: { contact: { email: `quill.${mark}@`, phone: `${mark}` }, shipping_address: { ...person, postal_code: mark } } });     // refused
    const done = await cart.api('PATCH', '', { key: key(), json: { contact, shipping_address: person } });
    assert.equal(done.status, 200, done.text);
    const made = (await cart.checkout({ json: { payment_method: method, note: `Ring for ${mark}` } })).json;
    tokens.push(cart.token, made.access_token, made.payment_token);
    await v.api('POST', `/v1/payments/${made.payment_id}/confirm`, { key: key(), headers: { 'payment-token': made.payment_token } });
    return made;
  };
  const paid = await buy('tok_ok');
  assert.equal((await v.api('POST', '/v1/orders/lookup', { json: { number: paid.number, email: contact.email } })).status, 200);
  await v.api('POST', '/v1/orders/lookup', { json: { number: '99999-AAAAAA', email: contact.email } });
  assert.equal((await v.get(`/orders/${paid.order_id}?t=${paid.access_token}`)).status, 200);
  assert.equal((await v.get(`/orders/${paid.order_id}?t=${paid.access_token}x`)).status, 404);
  const gone = await buy('tok_declined');
  assert.equal((await v.api('POST', `/v1/orders/${gone.order_id}/cancel`, { headers: { 'order-token': gone.access_token } })).status, 200);
  assert.equal((await v.get(new URL((await buy('tok_challenge')).payment_url, env.url))).status, 200);
  const [mail] = await until('her mail', () => { const all = mailsAbout(`Subject: Your order ${paid.number}`); return all.length > 0 && all; }, { ms: 20000 });
  assert.ok(mail.text.includes(person.name) && mail.text.includes(person.line1));       // what is looked for below can be found
});

// Text as it is, and as a column of bytes would show it.
const forms = (word) => [word, Buffer.from(word).toString('hex')];
const found = (text, words) => words.filter((w) => forms(w).some((f) => text.toLowerCase().includes(f.toLowerCase())));

test('no table', () => {
  const tables = sql(`SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('identity', 'catalog', 'orders', 'payment', 'inventory', 'notification', 'platform', 'sandbox')`).split('\n');
  assert.ok(tables.length > 60, String(tables.length));
  const like = (words) => words.flatMap(forms).map((w) => `'%${w}%'`).join(',');
  const hits = (list, words) => sql(list.map((t) => `SELECT '${t}' WHERE EXISTS (SELECT FROM ${t} x WHERE x::text ILIKE ANY (ARRAY[${like(words)}]))`).join(' UNION ALL '));
  assert.equal(hits(tables, secrets), '');
  assert.equal(hits(tables.filter((t) => !t.startsWith('sandbox.')), tokens), '');
});

test('no log, and nothing in the page cache', () => {
  const files = ['log', 'cache', 'nginx'].flatMap((d) => fs.readdirSync(path.join(env.home, d), { recursive: true, withFileTypes: true }).filter((f) => f.isFile())
    .map((f) => path.join(f.parentPath ?? f.path, f.name)));
  assert.ok(files.some((f) => f.endsWith('order.log')) && files.some((f) => f.endsWith('access.log')));
  for (const f of files) {
    let text = '';
    try { text = fs.readFileSync(f, 'latin1'); } catch (error) { assert.equal(error.code, 'ENOENT'); }       // a file of the cache may go at any time
    assert.deepEqual(found(text, [...secrets, ...tokens]), [], f);
  }
});

test('nothing in Redis', (t) => {
  const socket = fs.readFileSync(process.env.SOUK_CONFIG, 'utf8').match(/^ *redis *= *(\S+)/m)[1];
  const redis = (...words) => execFileSync('redis-cli', ['-s', socket, ...words], { encoding: 'utf8' });
  try { redis('ping'); } catch (error) { t.skip(`redis-cli cannot reach ${socket}: ${String(error.message).split('\n')[0]}`); }
  const read = { string: (k) => redis('get', k), hash: (k) => redis('hgetall', k), zset: (k) => redis('zrange', k, '0', '-1'), set: (k) => redis('smembers', k), list: (k) => redis('lrange', k, '0', '-1') };
  for (const k of redis('--scan').split('\n').filter(Boolean)) {
    const kind = redis('type', k).trim();
    assert.deepEqual(found(k + (kind in read ? read[kind](k) : ''), [...secrets, ...tokens]), [], k);
  }
});

cleanup('goods', () => { cup.remove(); v.close(); });
