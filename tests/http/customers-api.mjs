// /v1/admin/customers and /v1/admin/audit: who may look, what is found, what is written down.
// route: customer_list, customer_get, customer_disable, customer_enable, customer_reset_mfa, customer_erase, audit_list
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, until } from '../lib/shop.mjs';
import { mailTo, signUp } from '../lib/members.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { bearer } from '../lib/people.mjs';
import { apiKey, staff } from '../lib/staff.mjs';

const v = new Visitor();
const call = (who, method, target, json) => v.api(method, target, { ...(json === undefined ? {} : { json }), headers: bearer(who) });
const good = (r, status = 200) => { assert.equal(r.status, status, `${r.status} ${r.text}`); return r.json; };
const refused = (r, status, code) => assert.deepEqual([r.status, r.json.code], [status, code], r.text);

let boss, ada;

test('customers are found by their whole address, and in pages', async () => {
  boss = await staff(v, ['owner']);
  ada = await signUp(v);
  const one = good(await call(boss, 'GET', `/v1/admin/customers?email=${encodeURIComponent(ada.email.toUpperCase())}`));
  assert.deepEqual(one.data.map((c) => [c.id, c.email, c.status, c.orders]), [[ada.id, ada.email, 'active', 0]]);
  assert.deepEqual(good(await call(boss, 'GET', '/v1/admin/customers?email=nobody@nowhere.example')).data, []);
  const first = good(await call(boss, 'GET', '/v1/admin/customers?limit=1'));
  assert.equal(first.data.length, 1);
  const second = good(await call(boss, 'GET', `/v1/admin/customers?limit=1&cursor=${first.next_cursor}`));
  assert.notEqual(second.data[0].id, first.data[0].id);
  refused(await call(boss, 'GET', `/v1/admin/customers?staff=true&cursor=${first.next_cursor}`), 400, 'invalid_cursor');
  assert.ok(good(await call(boss, 'GET', '/v1/admin/customers?staff=true&limit=100')).data.every((c) => c.staff));
});

test('customers themselves, and staff without the right, see nothing', async () => {
  const clerk = await staff(v, ['catalogue']);
  for (const who of [ada.token, clerk]) {
    const r = await v.api('GET', '/v1/admin/customers', { headers: bearer(who) });
    assert.equal(r.status, 403, r.text);
    assert.equal((await v.api('GET', '/v1/admin/audit', { headers: bearer(who) })).status, 403);
  }
  assert.equal((await v.api('GET', '/v1/admin/customers')).status, 401);
  const key = await apiKey(v, boss, { permissions: ['read_customers'] });
  assert.equal((await v.api('GET', '/v1/admin/customers', { headers: bearer(key.secret) })).status, 200);
  assert.equal((await v.api('POST', `/v1/admin/customers/${ada.id}/disable`, { json: {}, headers: bearer(key.secret) })).status, 403);
});

test('a customer is disabled and enabled', async () => {
  assert.equal(good(await call(boss, 'POST', `/v1/admin/customers/${ada.id}/disable`)).status, 'disabled');
  await until('signed out everywhere', async () => (await call(ada.token, 'GET', '/v1/me')).status === 401, { ms: 5000 });
  assert.equal((await v.api('POST', '/v1/auth/login', { json: { email: ada.email, password: ada.password } })).status, 401);
  assert.equal(good(await call(boss, 'POST', `/v1/admin/customers/${ada.id}/enable`)).status, 'active');
  ada.token = good(await v.api('POST', '/v1/auth/login', { json: { email: ada.email, password: ada.password } })).access_token;
  refused(await call(boss, 'POST', `/v1/admin/customers/${boss.id}/disable`), 409, 'invalid_state');
  refused(await call(boss, 'POST', '/v1/admin/customers/acc_01j00000000000000000000000/disable'), 404, 'not_found');
});

test('second factors are reset, and the owner is told', async () => {
  const done = good(await call(boss, 'POST', `/v1/admin/customers/${ada.id}/reset-mfa`));
  assert.deepEqual([done.id, done.second_factor, done.sessions], [ada.id, false, 0]);
});

test('nobody takes away what somebody mightier signs in with', async () => {
  const manager = await staff(v, ['manager']), clerk = await staff(v, ['support']);
  const key = await apiKey(v, boss, { permissions: ['read_customers', 'write_customers'] });
  for (const step of ['disable', 'enable', 'reset-mfa', 'erase']) {
    const r = await call(manager, 'POST', `/v1/admin/customers/${boss.id}/${step}`);
    refused(r, 403, 'forbidden');
    assert.match(r.json.detail, /may do more than you/, step);
  }
  refused(await call(key.secret, 'POST', `/v1/admin/customers/${clerk.id}/disable`), 403, 'forbidden');
  assert.equal((await call(boss, 'GET', '/v1/me')).status, 200, 'still signed in');
  assert.equal(good(await call(manager, 'POST', `/v1/admin/customers/${clerk.id}/disable`)).status, 'disabled');
});

test('the trail says who did what to whom', async () => {
  good(await call(boss, 'GET', `/v1/admin/customers/${ada.id}`));
  const rows = good(await call(boss, 'GET', `/v1/admin/audit?object=${ada.id}&limit=100`)).data;
  const by = (action) => rows.filter((r) => r.action === action && r.actor === boss.id);
  assert.deepEqual(['account.disabled', 'account.enabled', 'account.read'].map((a) => by(a).length), [1, 1, 1]);
  assert.ok(by('account.disabled')[0].request_id);
  assert.equal(by('account.disabled')[0].detail.place, '127.0.0.0');
  assert.doesNotMatch(JSON.stringify(rows), new RegExp(ada.email));
  const sealed = await until('chained', async () => good(await call(boss, 'GET', `/v1/admin/audit?object=${ada.id}&action=account.*&limit=1`)).data.find((r) => r.number > 0));
  assert.match(sealed.action, /^account\./);
  refused(await call(boss, 'GET', '/v1/admin/audit?object=me'), 422, 'invalid');
});

test('an operator erases as the owner would', async () => {
  const asked = good(await call(boss, 'POST', `/v1/admin/customers/${ada.id}/erase`), 202);
  assert.match(asked.id, /^dreq_/);
  assert.ok(await mailTo(ada.email, 'Your account was erased'));
  await until('erased', () => sql(`SELECT status FROM identity.account WHERE id = '${uuidOf(ada.id)}'`) === 'erased', { ms: 30000 });
  assert.deepEqual((({ status, email, name }) => ({ status, email, name }))(good(await call(boss, 'GET', `/v1/admin/customers/${ada.id}`))), { status: 'erased', email: null, name: null });
  refused(await call(boss, 'POST', `/v1/admin/customers/${ada.id}/enable`), 409, 'invalid_state');
});

cleanup('end', () => v.close());
