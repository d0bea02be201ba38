// Staff and programs: invitations, roles, API keys.
import { test, assert } from '../lib/tap.mjs';
import { Visitor, sleep, until } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { bearer, forgetTries, linkIn, login, mailsTo, member, newEmail, newPassword } from '../lib/people.mjs';
import { apiKey, decode, refresh, staff } from '../lib/staff.mjs';

const v = new Visitor();
const as = (who) => (method, path, json, headers = {}) => v.api(method, path, { json, headers: { ...bearer(who), ...headers } });
const says = (answer, status, code, param) => {
  assert.equal(answer.status, status, answer.text);
  if (code) assert.deepEqual([answer.json.code, answer.json.param ?? undefined], [code, param], answer.text);
};
const shared = {};

test('before', async () => { forgetTries(); shared.boss = await staff(v, ['owner']); shared.clerk = await staff(v, ['support']); });

// route: permission_list, role_list, role_create, role_get, role_change, role_delete
test('roles are data; nobody gives what he does not have', async () => {
  const boss = as(shared.boss);
  const permissions = (await boss('GET', '/v1/admin/permissions')).json.data;
  assert.ok(permissions.every((p) => /^(read|write)_\w+$/.test(p.name) && p.description));
  const roles = (await boss('GET', '/v1/admin/roles')).json.data;
  assert.deepEqual(roles.filter((r) => r.builtin).map((r) => r.name).sort(), ['catalogue', 'fulfilment', 'manager', 'owner', 'support']);
  assert.deepEqual(roles.find((r) => r.name === 'owner').permissions.length, permissions.length);
  const name = `returns-${Date.now().toString(36)}`;
  const made = await boss('POST', '/v1/admin/roles', { name, title: 'Returns', permissions: ['read_orders', 'write_staff', 'read_staff'] });
  says(made, 201);
  const at = `/v1/admin/roles/${made.json.id}`;
  assert.equal(made.headers.location, at);
  says(await boss('POST', '/v1/admin/roles', { name, title: 'Returns', permissions: [] }), 409, 'already_exists', 'name');
  says(await boss('POST', '/v1/admin/roles', { name: `${name}x`, title: 'x', permissions: ['fly_to_moon'] }), 422, 'invalid', 'permissions');
  const read = await boss('GET', at);
  says(await boss('PATCH', at, { title: 'Returns desk' }, { 'if-match': '"9"' }), 412, 'precondition_failed');
  const changed = await boss('PATCH', at, { title: 'Returns desk' }, { 'if-match': read.headers.etag });
  says(changed, 200);
  assert.deepEqual([changed.json.title, changed.json.permissions.sort()], ['Returns desk', ['read_orders', 'read_staff', 'write_staff']]);
  // whoever has this role may hand it on, but nothing beyond it
  const desk = await staff(v, [name]);
  says(await as(desk)('POST', '/v1/admin/roles', { name: `${name}-up`, title: 'x', permissions: ['read_payments'] }), 403, 'forbidden', 'permissions');
  says(await as(desk)('POST', '/v1/admin/staff/invitations', { email: newEmail(), roles: ['owner'] }), 403, 'forbidden', 'permissions');
  says(await as(desk)('PATCH', `/v1/admin/staff/${shared.boss.id}`, { roles: [name] }), 403, 'forbidden');
  says(await boss('DELETE', at), 409, 'invalid_state');                                 // somebody has it
  says(await boss('DELETE', `/v1/admin/staff/${desk.id}`), 204);
  says(await boss('DELETE', at), 204);
  says(await boss('GET', at), 404, 'not_found');
  says(await boss('DELETE', `/v1/admin/roles/${roles.find((r) => r.name === 'support').id}`), 409, 'invalid_state');
});

// route: staff_invite, invitation_get, invitation_accept, staff_list, staff_get, staff_change, staff_remove
test('an invitation by mail: a new account, which does nothing before its second factor', async () => {
  const boss = as(shared.boss), email = newEmail('grace');
  const invited = await boss('POST', '/v1/admin/staff/invitations', { email, roles: ['support'] });
  says(invited, 201);
  const link = linkIn((await mailsTo(email))[0]);
  const offer = await v.api('POST', '/v1/auth/invitation', { json: { link } });
  assert.deepEqual([offer.status, offer.json], [200, { email, roles: ['support'], known: false }], offer.text);
  says(await v.api('POST', '/v1/auth/invitation/accept', { json: { link, password: 'password' } }), 422, 'weak_password', 'password');
  says(await v.api('POST', '/v1/auth/invitation', { json: { link: `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}` } }), 410, 'expired');
  const password = newPassword();
  const taken = await v.api('POST', '/v1/auth/invitation/accept', { json: { link, name: 'Grace', password } });
  says(taken, 200);
  assert.deepEqual([taken.json.mfa_setup_needed, taken.json.mfa_required], [true, false]);
  says(await v.api('POST', '/v1/auth/invitation/accept', { json: { link, name: 'Grace', password } }), 410, 'expired');
  const grace = { id: taken.json.account_id, tokens: taken.json };
  says(await as(grace)('GET', '/v1/admin/staff'), 403, 'second_factor_required');
  says(await as(grace)('GET', '/v1/me/mfa'), 200);
  const read = await boss('GET', `/v1/admin/staff/${grace.id}`);
  assert.deepEqual([read.json.email, read.json.name, read.json.roles, read.json.second_factor], [email, 'Grace', ['support'], false]);
  const list = await boss('GET', '/v1/admin/staff?limit=1');
  assert.deepEqual([list.json.data.length, list.json.has_more], [1, true]);
  assert.equal((await boss('GET', `/v1/admin/staff?limit=1&cursor=${list.json.next_cursor}`)).json.data.length, 1);
  says(await boss('GET', '/v1/admin/staff?cursor=nonsense'), 400, 'invalid_cursor', 'cursor');
  says(await boss('PATCH', `/v1/admin/staff/${grace.id}`, { roles: ['wizard'] }), 422, 'invalid', 'roles');
  says(await boss('PATCH', `/v1/admin/staff/${grace.id}`, { roles: ['catalogue', 'fulfilment'] }, { 'if-match': read.headers.etag }), 200);
  says(await boss('PATCH', `/v1/admin/staff/${grace.id}`, { roles: ['catalogue'] }, { 'if-match': read.headers.etag }), 412, 'precondition_failed');
  says(await boss('DELETE', `/v1/admin/staff/${grace.id}`), 204);
  says(await boss('GET', `/v1/admin/staff/${grace.id}`), 404, 'not_found');
  assert.equal((await login(v, { email, password })).status, 200);                     // the account of a shopper is left
});

test('an invitation for somebody who has an account asks for its password', async () => {
  const boss = as(shared.boss), ada = await member(v);
  says(await boss('POST', '/v1/admin/staff/invitations', { email: ada.email, roles: ['support'] }), 201);
  const link = linkIn((await mailsTo(ada.email, { n: 2 })).at(-1));
  assert.equal((await v.api('POST', '/v1/auth/invitation', { json: { link } })).json.known, true);
  says(await v.api('POST', '/v1/auth/invitation/accept', { json: { link, password: newPassword() } }), 401, 'invalid_credentials');
  says(await v.api('POST', '/v1/auth/invitation/accept', { json: { link, password: ada.password } }), 200);
  await refresh(v, ada);
  assert.match(decode(ada.tokens.access_token).scope, /^staff .*read_orders/);
});

test('an invitation is worth what its maker may still give', async () => {
  const second = await staff(v, ['owner']), email = newEmail();
  says(await as(second)('POST', '/v1/admin/staff/invitations', { email, roles: ['owner'] }), 201);
  const link = linkIn((await mailsTo(email))[0]);
  says(await as(shared.boss)('PATCH', `/v1/admin/staff/${second.id}`, { roles: ['support'] }), 200);
  says(await v.api('POST', '/v1/auth/invitation', { json: { link } }), 410, 'expired');
});

// route: api_key_create, api_key_get, api_key_list, api_key_revoke
test('API keys: shown once, scoped, used, revoked at once', async () => {
  const boss = as(shared.boss);
  const key = await apiKey(v, shared.boss, { name: 'Warehouse', permissions: ['read_staff'] });
  assert.match(key.secret, /^sk_[\w-]{43}$/);
  const at = `/v1/admin/api-keys/${key.id}`;
  const use = (path) => v.api('GET', path, { headers: { authorization: `Bearer ${key.secret}` } });
  says(await use('/v1/admin/staff'), 200);
  says(await use('/v1/admin/api-keys'), 403, 'forbidden');
  says(await use('/v1/me'), 403, 'forbidden');
  const read = (await boss('GET', at)).json;
  assert.deepEqual([read.state, read.hint, read.secret, read.permissions], ['active', key.secret.slice(-4), undefined, ['read_staff']]);
  assert.ok(Date.now() - Date.parse(read.last_used_at) < 70000);
  assert.ok((await boss('GET', '/v1/admin/api-keys?limit=100')).json.data.some((k) => k.id === key.id && !k.secret));
  assert.equal(sql(`SELECT count(*) FROM identity.api_key k WHERE k::text LIKE '%${key.secret.slice(3)}%'`), '0');
  says(await boss('DELETE', at), 204);
  says(await use('/v1/admin/staff'), 401, 'invalid_token');
  says(await use('/v1/admin/staff'), 401, 'invalid_token');
  const refusals = (id) => sql(`SELECT string_agg(detail->>'reason' || ' ' || (detail->>'place'), ',') FROM platform.audit WHERE action = 'api_key.refused' AND object_id = '${uuidOf(id)}'`);
  assert.equal(refusals(key.id), 'revoked 127.0.0.0', 'somebody still has it');
  says(await boss('POST', '/v1/admin/api-keys', { kind: 'secret', name: 'x' }), 422, 'required', 'permissions');
  says(await boss('POST', '/v1/admin/api-keys', { kind: 'secret', name: 'x', permissions: ['read_staff'], expires_at: '2020-01-01T00:00:00Z' }), 422, 'invalid', 'expires_at');
  says(await as(shared.clerk)('POST', '/v1/admin/api-keys', { kind: 'secret', name: 'x', permissions: ['read_orders'] }), 403, 'forbidden');
  // an idempotency key does not bring a secret back
  const twice = [1, 2].map(() => boss('POST', '/v1/admin/api-keys', { kind: 'secret', name: 'x', permissions: ['read_staff'] }, { 'idempotency-key': 'the-same' }));
  const [one, two] = await Promise.all(twice);
  assert.notEqual(one.json.secret, two.json.secret);
  const soon = await apiKey(v, shared.boss, { permissions: ['read_staff'], expires_at: new Date(Date.now() + 1500).toISOString() });
  await sleep(1700);
  assert.equal((await v.api('GET', '/v1/admin/staff', { headers: { authorization: `Bearer ${soon.secret}` } })).status, 401);
  assert.equal(refusals(soon.id), 'expired 127.0.0.0');
});

test('publishable keys belong to origins', async () => {
  const key = await apiKey(v, shared.boss, { kind: 'publishable', name: 'Window', origins: ['https://app.example'] });
  const from = (origin) => v.api('POST', '/v1/carts', { json: {}, headers: { authorization: `Bearer ${key.secret}`, ...(origin && { origin }) } });
  const ok = await from('https://app.example');
  assert.deepEqual([ok.status, ok.headers['access-control-allow-origin']], [201, '*']);
  says(await from('https://evil.example'), 403, 'cross_origin');
  says(await from(), 403, 'cross_origin');
  const anywhere = await apiKey(v, shared.boss, { kind: 'publishable', name: 'Anywhere' });
  assert.equal((await v.api('POST', '/v1/carts', { json: {}, headers: { authorization: `Bearer ${anywhere.secret}` } })).status, 201);
  says(await v.api('GET', '/v1/me', { headers: { authorization: `Bearer ${anywhere.secret}` } }), 403, 'forbidden');
});

test('the proof of presence counts for sensitive steps, whatever the token says', async () => {
  const other = await staff(v, ['owner']);
  sql(`UPDATE identity.session SET fresh_at = fresh_at - interval '20 minutes' WHERE account_id = '${uuidOf(other.id)}'`);
  says(await as(other)('POST', '/v1/admin/api-keys', { kind: 'publishable', name: 'x' }), 403, 'reauthentication_required');
  says(await as(other)('GET', '/v1/admin/api-keys'), 200);
  const proof = await v.api('POST', '/v1/me/confirm', { json: { password: other.password }, headers: bearer(other) });
  says(proof, 200);
  await until('it counts', async () => (await as(other)('POST', '/v1/admin/api-keys', { kind: 'publishable', name: 'x' })).status === 201, { ms: 2000 });
});
