// What matters to security is written down as it happens, by whoever does it: each row of the trail says who, in which request, and from where (the client's address, cut).
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { makeVariant, sql, uuidOf } from '../lib/goods.mjs';
import { bearer, codeIn, forgetTries, linkIn, login, mailsTo, member, newEmail, newPassword } from '../lib/people.mjs';
import { apiKey, staff } from '../lib/staff.mjs';
import { appCode, calmStep } from '../lib/factors.mjs';

const v = new Visitor(), PLACE = '127.0.0.0';
const call = (who, method, path, json) => v.api(method, path, { ...(json === undefined ? {} : { json }), headers: who ? bearer(who) : {} });
const good = async (answer) => { const a = await answer; assert.ok(a.status < 300, `${a.status} ${a.text}`); return a.status === 204 ? undefined : a.json; };
const fails = async (answer, status) => { const a = await answer; assert.equal(a.status, status, a.text); };
const WRONG = 'nine red kettles and a pan';
const objects = new Set();           // whose rows are looked at: accounts, roles, keys
const seen = () => sql(`SELECT DISTINCT action FROM platform.audit WHERE ${about()}`).split('\n');
const about = () => {
  const ids = [...objects].map((x) => `'${uuidOf(x)}'`).join(','), names = [...objects].map((x) => `'${x}'`).join(',');
  return `(object_id IN (${ids}) OR actor IN (${names}) OR object_id IN (SELECT s.id FROM identity.session s WHERE s.account_id IN (${ids})))`;
};
const known = async (person) => { objects.add(person.id); return person; };
const written = (...actions) => { const there = seen(); assert.deepEqual(actions.filter((a) => !there.includes(a)), [], 'not written down'); };
let boss;

test('an account, its sign-ins, what failed, what locked and unlocked', async () => {
  forgetTries();
  const ada = await known(await member(v));
  for (let i = 0; i < 5; i += 1) await fails(login(v, { email: ada.email, password: WRONG }), 401);
  await good(call(null, 'POST', '/v1/auth/unlock', { link: linkIn((await mailsTo(ada.email, { subject: /Too many tries/ }))[0]) }));
  await good(login(v, ada));
  await fails(call(ada, 'POST', '/v1/me/confirm', { password: WRONG }), 401);
  const raised = await good(call(ada, 'POST', '/v1/me/confirm', { password: ada.password }));
  await good(call(raised, 'POST', '/v1/auth/logout'));
  written('account.created', 'session.opened', 'login.failed', 'login.locked', 'login.unlocked', 'confirm.failed', 'session.confirmed', 'session.raised', 'session.ended');
});

test('passwords and addresses', async () => {
  const ada = await known(await member(v)), fresh = newPassword(), email = newEmail('moved');
  await good(call(ada, 'POST', '/v1/me/password', { current_password: ada.password, password: fresh }));
  const asked = await good(call(ada, 'POST', '/v1/me/email', { email }));
  await good(call(ada, 'POST', '/v1/me/email/confirm', { verification: asked.verification, code: codeIn((await mailsTo(email))[0]) }));
  await good(call(null, 'POST', '/v1/auth/password/forgot', { email }));
  await good(call(null, 'POST', '/v1/auth/password/reset', { link: linkIn((await mailsTo(email, { subject: /Choose a new password/ }))[0]), password: newPassword() }));
  written('password.changed', 'email.change_asked', 'email.changed', 'password.forgotten', 'password.reset');
});

test('second factors, and a refresh token that was stolen', async () => {
  const ada = await known(await member(v)), old = ada.tokens.refresh_token;
  const setup = await good(call(ada, 'POST', '/v1/me/mfa/totp', {}));
  await good(call(ada, 'POST', '/v1/me/mfa/totp/confirm', { code: appCode(setup.secret, await calmStep()) }));
  const half = await good(login(v, ada));
  for (let i = 0; i < 5; i += 1) await fails(call(null, 'POST', '/v1/auth/mfa', { mfa_token: half.mfa_token, code: 'wrong-code' }), 422);
  await mailsTo(ada.email, { subject: /Somebody may know your password/ });
  await good(call(null, 'POST', '/v1/auth/refresh', { refresh_token: old }));
  sql(`UPDATE identity.refresh_used SET created_at = created_at - interval '11 seconds' WHERE session_id = '${uuidOf(old.split('.')[0])}'`);
  await fails(call(null, 'POST', '/v1/auth/refresh', { refresh_token: old }), 401);
  written('second_factor.failed', 'second_factor.locked', 'session.ended');
  assert.equal(sql(`SELECT detail ->> 'place' FROM platform.audit WHERE action = 'session.ended' AND object_id = '${uuidOf(old.split('.')[0])}'`), PLACE, 'from where it was reused');
});

test('roles, staff, keys of programs, customers', async () => {
  boss = await known(await staff(v, ['owner']));
  const role = await good(call(boss, 'POST', '/v1/admin/roles', { name: `trail-${Date.now().toString(36)}`, title: 'Trail', permissions: ['read_orders'] }));
  objects.add(role.id);
  await good(call(boss, 'PATCH', `/v1/admin/roles/${role.id}`, { permissions: ['read_orders', 'read_stock'] }));
  const clerk = await known(await staff(v, ['support']));
  await good(call(boss, 'PATCH', `/v1/admin/staff/${clerk.id}`, { roles: ['catalogue'] }));
  await good(call(boss, 'DELETE', `/v1/admin/staff/${clerk.id}`));
  await good(call(boss, 'DELETE', `/v1/admin/roles/${role.id}`));
  const key = await apiKey(v, boss, { permissions: ['read_audit'] });
  objects.add(key.id);
  await good(call(key.secret, 'GET', '/v1/admin/audit?limit=1'));
  await good(call(boss, 'DELETE', `/v1/admin/api-keys/${key.id}`));
  await good(call(boss, 'POST', `/v1/admin/customers/${clerk.id}/disable`));
  await good(call(boss, 'POST', `/v1/admin/customers/${clerk.id}/enable`));
  written('role.created', 'role.changed', 'role.deleted', 'staff.roles_changed', 'api_key.created', 'api_key.used', 'api_key.revoked', 'account.disabled', 'account.enabled');
});

test('prices that a program sets', async () => {
  const cup = makeVariant(), key = await apiKey(v, boss, { permissions: ['write_products'] });
  objects.add(key.id);
  await good(call(key.secret, 'POST', '/v1/admin/prices/batch', { prices: [{ sku: cup.sku, price: { amount: 900, currency: 'EUR' } }] }));
  cup.remove();
  written('prices.changed');
  assert.deepEqual(JSON.parse(sql(`SELECT detail FROM platform.audit WHERE action = 'prices.changed' AND actor = '${key.id}'`)), { changed: 1, unchanged: 0, variants: [cup.id], place: PLACE });
});

test('each row says who, in which request and from where, and nothing that names a person', () => {
  const rows = JSON.parse(sql(`SELECT coalesce(json_agg(json_build_object('action', action, 'actor', actor, 'request', request_id, 'place', detail ->> 'place', 'detail', detail::text)), '[]')
    FROM platform.audit WHERE ${about()}`));
  assert.ok(rows.length >= 40, `${rows.length} rows`);
  assert.deepEqual(rows.filter((r) => r.place !== PLACE).map((r) => r.action), [], 'without a place');
  assert.deepEqual(rows.filter((r) => !r.request).map((r) => r.action), [], 'without a request');
  assert.deepEqual(rows.filter((r) => !/^(guest|system|key|(acc|key)_\w{26})$/.test(r.actor)).map((r) => `${r.action} ${r.actor}`), [], 'by nobody');
  assert.deepEqual(rows.filter((r) => /@|Example/.test(r.detail)).map((r) => r.action), [], 'with something personal');
  const mine = rows.filter((r) => /^(role|staff|account\.(dis|en)abled|api_key\.(created|revoked))/.test(r.action));
  assert.ok(mine.length >= 9 && mine.every((r) => r.actor === boss.id), JSON.stringify(mine));
});

cleanup('tries are forgotten', () => { forgetTries(); v.close(); });
