// What people may ask about their own data: everything in one file, and to be forgotten. The jobs do the work, the mails are real.
// route: data_request_ask, data_request_list, data_request_get, data_request_cancel, data_request_download, me_delete, page_export_download
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, until } from '../lib/shop.mjs';
import { mailTo, mailsTo, newEmail, signUp } from '../lib/members.mjs';
import { ADDRESS, makeVariant, apiCart, sql, uuidOf } from '../lib/goods.mjs';

const v = new Visitor();
const cup = makeVariant({ price: 1250, stock: 50 });
const call = (who, method, target, json) => v.api(method, target, { ...(json === undefined ? {} : { json }), headers: who ? { authorization: `Bearer ${who.token}` } : {} });
const good = (r, status = 200) => { assert.equal(r.status, status, `${r.status} ${r.text}`); return r.status === 204 ? undefined : r.json; };
const refused = (r, status, code) => assert.deepEqual([r.status, r.json.code], [status, code], r.text);
const reach = (who, id, status) => until(`request ${status}`, async () => {
  const r = await call(who, 'GET', `/v1/me/data-requests/${id}`);
  return r.status === 200 && r.json.status === status && r.json;
}, { ms: 30000 });

// A guest's order with this address; `paid` also pays it.
async function orderAs(email, { paid = true } = {}) {
  const cart = await apiCart(v);
  await cart.add(cup, 1);
  good(await cart.api('PATCH', '', { json: { contact: { email, phone: '+49 30 5550123' }, shipping_address: ADDRESS } }));
  const made = (await cart.checkout()).json;
  if (paid) {
    good(await v.api('POST', `/v1/payments/${made.payment_id}/confirm`, { key: Math.random().toString(36), json: {}, headers: { 'payment-token': made.payment_token } }));
    await until('paid', async () => (await v.api('GET', `/v1/orders/${made.order_id}`, { headers: { 'order-token': made.access_token } })).json.status === 'paid');
    await until('its confirmation is owed', () => sql(`SELECT count(*) FROM notification.message WHERE kind = 'order_confirmation' AND order_id = '${uuidOf(made.order_id)}'`) === '1');
  }
  return made;
}
// What fulfilment would do.
const complete = (order) => sql(`UPDATE orders.orders SET state = 'fulfilling' WHERE id = '${uuidOf(order.order_id)}';
  UPDATE orders.orders SET state = 'completed', completed_at = '2026-01-02' WHERE id = '${uuidOf(order.order_id)}'`);

function unzip(bytes) {
  const file = path.join(os.tmpdir(), `souk-export-${process.pid}.zip`);
  fs.writeFileSync(file, bytes);
  const read = (name) => execFileSync('python3', ['-c', 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))', file, name], { encoding: 'utf8', maxBuffer: 64 << 20 });
  const all = { json: JSON.parse(read('data.json')), html: read('index.html') };
  fs.unlinkSync(file);
  return all;
}

let ada, request, first;

test('everything about a person in one file', async () => {
  const email = newEmail();
  first = await orderAs(email);
  ada = await signUp(v, { email, name: 'Ada <b>Example</b>' });
  good(await call(ada, 'POST', '/v1/me/addresses', { label: 'Grandma', address: { ...ADDRESS, line1: 'Second Street 2' } }), 201);
  good(await call(ada, 'PUT', '/v1/me/consents/newsletter', { granted: true, text_version: 1 }));
  good(await call(ada, 'PUT', '/v1/me/preferences', { theme: 'dark' }));
  refused(await v.api('POST', '/v1/me/data-requests', { json: { kind: 'export' } }), 401, 'unauthenticated');
  const asked = await call(ada, 'POST', '/v1/me/data-requests', { kind: 'export' });
  request = good(asked, 202);
  assert.equal(asked.headers.location, `/v1/me/data-requests/${request.id}`);
  const ready = await reach(ada, request.id, 'ready');
  assert.ok(ready.bytes > 500 && ready.download_path.startsWith('/account/exports/'));
  const file = await call(ada, 'GET', `/v1/me/data-requests/${request.id}/download`);
  assert.deepEqual([file.status, file.headers['content-type'], file.headers['cache-control']], [200, 'application/zip', 'no-store']);
  const { json, html } = unzip(file.body);
  assert.deepEqual([json.account.email, json.account.name, json.account.preferences.theme], [email, 'Ada <b>Example</b>', 'dark']);
  assert.deepEqual(json.addresses.map((a) => [a.label, a.address.line1, a.country]), [['Grandma', 'Second Street 2', 'DE']]);
  assert.deepEqual(json.orders.map((o) => [o.number, o.email, o.phone, o.address.line1, o.lines[0].sku]), [[first.number, email, '+49305550123', ADDRESS.line1, cup.sku]]);
  assert.deepEqual(json.payments.map((p) => p.order_number), [first.number]);
  assert.deepEqual(json.sign_in.consents.map((c) => [c.purpose, c.granted]), [['newsletter', true]]);
  assert.ok(json.sign_in.sessions.length >= 1 && json.sign_in.security_events.some((e) => e.action === 'account.created'));
  assert.ok(json.messages.some((m) => m.kind === 'order_confirmation'));
  assert.doesNotMatch(JSON.stringify(json), /tok_ok|argon2|\\\\x[0-9a-f]{20}/);
  assert.match(html, /Second Street 2/);
  assert.match(html, /Ada &lt;b&gt;Example/);
  assert.doesNotMatch(html, /<b>Example/);
});

test('the file lies sealed, and only its owner or the link of the mail opens it', async () => {
  const { home } = environment();
  const file = path.join(home, 'exports', `${request.id}.zip.sealed`);
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  assert.equal(fs.readFileSync(file).subarray(0, 400).includes('PK'), false);
  const mail = await mailTo(ada.email, 'Your data is ready');
  const [, link] = mail.text.match(/https:\/\/[^/\s]+(\/account\/exports\/\S+)/);
  const stranger = new Visitor();
  const fetched = await stranger.request('GET', link);
  assert.deepEqual([fetched.status, fetched.headers['cache-control'], fetched.body.subarray(0, 2).toString()], [200, 'no-store', 'PK']);
  assert.match(fetched.headers['content-disposition'], /^attachment/);
  for (const wrong of [link.split('?')[0], link.slice(0, -3) + (link.endsWith('AAA') ? 'BBB' : 'AAA'), link.replace(/dreq_.{26}/, 'dreq_01j00000000000000000000000')])
    assert.ok([404, 422].includes((await stranger.request('GET', wrong)).status), wrong);
  const eve = await signUp(v);
  refused(await call(eve, 'GET', `/v1/me/data-requests/${request.id}/download`), 404, 'not_found');
  refused(await call(eve, 'GET', `/v1/me/data-requests/${request.id}`), 404, 'not_found');
  stranger.close();
});

test('at most five exports a day', async () => {
  const eve = await signUp(v);
  const codes = [];
  for (let i = 0; i < 6; i += 1) {
    const r = await call(eve, 'POST', '/v1/me/data-requests', { kind: 'export' });
    codes.push(r.status);
    if (r.status === 202) await reach(eve, r.json.id, 'ready');
  }
  assert.deepEqual(codes, [202, 202, 202, 202, 202, 429]);
});

test('a fresh proof is asked for', async () => {
  const eve = await signUp(v);
  sql(`UPDATE identity.session SET fresh_at = '2026-01-01' WHERE account_id = '${uuidOf(eve.id)}'`);
  const renewed = good(await v.api('POST', '/v1/auth/refresh', { json: { refresh_token: eve.refresh } }));
  eve.token = renewed.access_token;
  refused(await call(eve, 'DELETE', '/v1/me'), 403, 'reauthentication_required');
  refused(await call(eve, 'POST', '/v1/me/data-requests', { kind: 'export' }), 403, 'reauthentication_required');
});

test('an erasure waits for open orders, can be taken back, and then it happens', async () => {
  const begun = good(await call(ada, 'DELETE', '/v1/me'), 202);
  assert.equal(begun.kind, 'erase');
  await until('the session ends', async () => (await call(ada, 'GET', '/v1/me')).status === 401, { ms: 5000 });
  assert.ok(await mailTo(ada.email, 'erased when your orders are done'));
  const signIn = async () => { ada.token = good(await v.api('POST', '/v1/auth/login', { json: { email: ada.email, password: ada.password } })).access_token; };
  await signIn();
  const waiting = await reach(ada, begun.id, 'waiting');
  assert.deepEqual([waiting.open_orders, waiting.can_cancel], [1, true]);
  assert.equal(good(await call(ada, 'DELETE', `/v1/me/data-requests/${begun.id}`)).status, 'canceled');
  complete(first);
  const again = good(await call(ada, 'POST', '/v1/me/data-requests', { kind: 'erase' }), 202);
  assert.notEqual(again.id, begun.id);
  const id = uuidOf(ada.id);
  await until('erased', () => sql(`SELECT status FROM identity.account WHERE id = '${id}'`) === 'erased', { ms: 30000 });
  assert.ok(await mailTo(ada.email, 'Your account was erased'));
  assert.equal(mailsTo(ada.email, 'Your account was erased'), 1);
  refused(await v.api('POST', '/v1/auth/login', { json: { email: ada.email, password: ada.password } }), 401, 'invalid_credentials');
  assert.equal((await call(ada, 'GET', '/v1/me')).status, 401);
  assert.equal(sql(`SELECT num_nonnulls(email, email_hash, name, phone, password) FROM identity.account WHERE id = '${id}'`), '0');
  assert.equal(sql(`SELECT count(*) FROM identity.address WHERE account_id = '${id}'`), '0');
  assert.equal(sql(`SELECT count(*) FROM identity.consent WHERE account_id = '${id}'`), '1');
  const order = (await v.api('GET', `/v1/orders/${first.order_id}`, { headers: { 'order-token': first.access_token } })).json;
  assert.deepEqual([order.number, order.contact ?? null, order.shipping_address ?? null, order.totals.total.amount], [first.number, null, null, order.totals.total.amount]);
  assert.equal((await v.api('POST', '/v1/orders/lookup', { json: { number: first.number, email: ada.email } })).status, 404);
  assert.equal(fs.readdirSync(path.join(environment().home, 'exports')).some((f) => f.startsWith(request.id)), false);
  assert.equal(sql(`SELECT count(*) FROM platform.outbox WHERE type = 'customer.erased' AND object_id = '${id}'`), '1');
  assert.equal(sql(`SELECT count(*) FROM platform.audit WHERE action = 'account.erased' AND object_id = '${id}'`), '1');
  good(await v.api('POST', '/v1/auth/register', { json: { email: ada.email, password: ada.password, name: 'Ada' } }), 202);
  await until('the address is nobody\'s again: a code, not the news of an account', () => mailsTo(ada.email, 'Your code') === 2, { ms: 20000 });
});

cleanup('end', () => { cup.remove(); v.close(); });
