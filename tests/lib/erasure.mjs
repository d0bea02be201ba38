// The person of tests/run/erasure.sh, over the shop's own API. `node tests/lib/erasure.mjs STEP FILE`: what later steps need stands in FILE.
//   prepare   an order as a guest, an account that claims it, an address, an export
//   erase     the owner deletes the account; waits until it is done
//   look      prints what the API still tells of her: one line each, nothing when all is well
import fs from 'node:fs';
import { Visitor, until } from './shop.mjs';
import { ADDRESS, apiCart, makeVariant, sql, uuidOf } from './goods.mjs';
import { newEmail, signUp } from './members.mjs';

const [step, file] = process.argv.slice(2);
const v = new Visitor();
const known = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
const auth = (token) => ({ authorization: `Bearer ${token}` });
const must = (r, status) => { if (r.status !== status) throw new Error(`${r.method} ${r.url}: ${r.status} ${r.text}`); return r.text && r.json; };
const login = () => v.api('POST', '/v1/auth/login', { json: { email: known.email, password: known.password } });

async function prepare() {
  const email = newEmail('erased');
  const cart = await apiCart(v);
  await cart.add(makeVariant({ price: 1250, stock: 5 }), 1);
  must(await cart.api('PATCH', '', { json: { contact: { email, phone: '+49 30 5550123' }, shipping_address: { ...ADDRESS, name: 'Erna Erasmus', line1: 'Vergissmeinnichtweg 7' } } }), 200);
  const order = must(await cart.checkout(), 201);
  must(await v.api('POST', `/v1/payments/${order.payment_id}/confirm`, { key: 'k1', json: {}, headers: { 'payment-token': order.payment_token } }), 200);
  await until('paid', async () => (await v.api('GET', `/v1/orders/${order.order_id}`, { headers: { 'order-token': order.access_token } })).json.status === 'paid');
  sql(`UPDATE orders.orders SET state = 'fulfilling' WHERE id = '${uuidOf(order.order_id)}';
    UPDATE orders.orders SET state = 'completed', completed_at = '2026-01-02' WHERE id = '${uuidOf(order.order_id)}'`);
  const erna = await signUp(v, { email, name: 'Erna Erasmus' });
  must(await v.api('POST', '/v1/me/addresses', { json: { label: 'Home', address: { ...ADDRESS, name: 'Erna Erasmus', line1: 'Vergissmeinnichtweg 7' } }, headers: auth(erna.token) }), 201);
  const asked = must(await v.api('POST', '/v1/me/data-requests', { json: { kind: 'export' }, headers: auth(erna.token) }), 202);
  await until('the export', async () => (await v.api('GET', `/v1/me/data-requests/${asked.id}`, { headers: auth(erna.token) })).json.status === 'ready', { ms: 30000 });
  fs.writeFileSync(file, JSON.stringify({ ...erna, uuid: uuidOf(erna.id), order, exported: asked.id }));
}

async function erase() {
  must(await v.api('POST', '/v1/auth/password/forgot', { json: { email: newEmail('nobody') } }), 204);         // a mail that nobody gets is no fault of the shop's
  must(await v.api('DELETE', '/v1/me', { headers: auth(must(await login(), 200).access_token) }), 202);
  await until('erased', () => sql(`SELECT status FROM identity.account WHERE id = '${known.uuid}'`) === 'erased', { ms: 30000 });
}

async function look() {
  const says = (what, r) => { if (r.status < 300 && /Erasmus|Vergissmeinnicht|5550123/.test(r.text)) console.log(`${what}: ${r.text.slice(0, 300)}`); };
  const signIn = await login();
  if (signIn.status === 200) console.log('she can sign in');
  says('the order', await v.api('GET', `/v1/orders/${known.order.order_id}`, { headers: { 'order-token': known.order.access_token } }));
  const found = await v.api('POST', '/v1/orders/lookup', { json: { number: known.order.number, email: known.email } });
  if (found.status === 200) console.log('her order is found by her address');
  for (const target of ['/v1/me', '/v1/me/addresses', `/v1/me/data-requests/${known.exported}/download`]) {
    const r = await v.api('GET', target, { headers: auth(known.token) });
    if (r.status !== 401) console.log(`${target}: ${r.status}`);
  }
}

await { prepare, erase, look }[step]();
v.close();
