// The second factor of apps: setting up an authenticator app, codes once each, recovery codes once each however many try at once, passkeys of both kinds.
// route: mfa_get, totp_begin, totp_confirm, totp_delete, recovery_codes, trusted_device_delete
// route: passkey_options, passkey_add, passkey_list, passkey_patch, passkey_delete, passkey_login_options, passkey_login
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, until } from '../lib/shop.mjs';
import { Authenticator, appCode, calmStep } from '../lib/factors.mjs';
import { forgetTries, mailsTo, member, newEmail, newPassword } from '../lib/people.mjs';

const v = new Visitor();
const call = (who, method, target, json) => v.api(method, target, { ...(json === undefined ? {} : { json }), headers: who ? { authorization: `Bearer ${who.tokens.access_token}` } : {} });
const good = (r, status = 200) => { assert.equal(r.status, status, `${r.status} ${r.text}`); return r.status === 204 ? undefined : r.json; };
const refused = (r, status, code) => assert.deepEqual([r.status, r.json.code], [status, code], r.text);
const login = (who, more = {}) => call(undefined, 'POST', '/v1/auth/login', { email: who.email, password: who.password, ...more });
const second = (token, code, more = {}) => call(undefined, 'POST', '/v1/auth/mfa', { mfa_token: token, code, ...more });
const state = async (who) => good(await call(who, 'GET', '/v1/me/mfa'));

let ada, secret, codes, step;

test('an app is set up: a picture, a secret, a first code, ten recovery codes', async () => {
  ada = await member(v);
  assert.deepEqual((({ trusted_devices: d, ...rest }) => rest)(await state(ada)), { totp: false, totp_since: null, passkeys: false, required: false, recovery_codes_left: 0 });
  const setup = good(await call(ada, 'POST', '/v1/me/mfa/totp', {}));
  assert.match(setup.qr_svg, /^<svg /);
  assert.match(setup.uri, /^otpauth:\/\/totp\/.*secret=[A-Z2-7]{32}&/);
  secret = setup.secret;
  refused(await call(ada, 'POST', '/v1/me/mfa/totp/confirm', { code: '000000' === appCode(secret) ? '000001' : '000000' }), 422, 'invalid_code');
  step = await calmStep();
  const confirmed = good(await call(ada, 'POST', '/v1/me/mfa/totp/confirm', { code: appCode(secret, step - 1) }));
  codes = confirmed.recovery_codes;
  assert.equal(new Set(codes).size, 10);
  ada.tokens.access_token = confirmed.access_token ?? ada.tokens.access_token;
  const after = await state(ada);
  assert.deepEqual([after.totp, after.required, after.recovery_codes_left], [true, true, 10]);
  refused(await call(ada, 'POST', '/v1/me/mfa/totp', {}), 409, 'already_exists');
  assert.ok(await mailsTo(ada.email, { subject: /Your second factor was changed/ }));
});

test('signing in asks for the second step; a code is taken once, one step early or late is fine', async () => {
  const first = good(await login(ada));
  assert.equal(first.mfa_required, true);
  assert.equal(first.access_token, undefined);
  step = await calmStep();
  refused(await second(first.mfa_token, appCode(secret, step - 1)), 422, 'invalid_code');        // it set the app up
  const done = good(await second(first.mfa_token, appCode(secret, step)));
  assert.ok(done.access_token);
  const again = good(await login(ada));
  refused(await second(again.mfa_token, appCode(secret, step)), 422, 'invalid_code');            // a replay
  refused(await second(again.mfa_token, appCode(secret, step + 2)), 422, 'invalid_code');
  ada.tokens.access_token = good(await second(again.mfa_token, appCode(secret, step + 1))).access_token;
});

test('fifty uses of one recovery code at once: exactly one is taken', async () => {
  const bob = await member(v);
  const setup = good(await call(bob, 'POST', '/v1/me/mfa/totp', {}));
  const { recovery_codes: list } = good(await call(bob, 'POST', '/v1/me/mfa/totp/confirm', { code: appCode(setup.secret, await calmStep()) }));
  const visitors = Array.from({ length: 10 }, () => new Visitor());
  const { mfa_token: token } = good(await login(bob));
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => visitors[i % 10].api('POST', '/v1/auth/mfa', { json: { mfa_token: token, code: list[0] } })));
  visitors.forEach((one) => one.close());
  assert.equal(answers.filter((r) => r.status === 200).length, 1, answers.map((r) => r.status).join(' '));
  assert.ok(answers.every((r) => [200, 410, 422, 429].includes(r.status)), answers.map((r) => r.status).join(' '));
  bob.tokens.access_token = answers.find((r) => r.status === 200).json.access_token;
  assert.equal((await state(bob)).recovery_codes_left, 9);
  assert.ok(await mailsTo(bob.email, { subject: /A recovery code was used/ }));
});

test('twenty sign-ins with the same code at once: exactly one goes through', async () => {
  const eve = await member(v);
  const setup = good(await call(eve, 'POST', '/v1/me/mfa/totp', {}));
  const at = await calmStep(8);
  good(await call(eve, 'POST', '/v1/me/mfa/totp/confirm', { code: appCode(setup.secret, at - 1) }));
  const tokens = [];
  for (let i = 0; i < 4; i++) tokens.push(good(await login(eve)).mfa_token);
  const visitors = Array.from({ length: 10 }, () => new Visitor());
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => visitors[i % 10].api('POST', '/v1/auth/mfa', { json: { mfa_token: tokens[i % 4], code: appCode(setup.secret, at) } })));
  visitors.forEach((one) => one.close());
  assert.ok(answers.every((r) => [200, 410, 422, 429].includes(r.status)), answers.map((r) => r.status).join(' '));
  assert.equal(answers.filter((r) => r.status === 200).length, 1, answers.map((r) => r.status).join(' '));
});

test('new recovery codes make the old ones void', async () => {
  const fresh = good(await call(ada, 'POST', '/v1/me/mfa/recovery-codes', {})).recovery_codes;
  assert.equal(fresh.filter((c) => codes.includes(c)).length, 0);
  const { mfa_token: token } = good(await login(ada));
  refused(await second(token, codes[0]), 422, 'invalid_code');
  ada.tokens.access_token = good(await second(token, fresh[0].toUpperCase().replace('-', ' '))).access_token;
});

test('a trusted device skips the second step until its owner ends it', async () => {
  const { mfa_token: token } = good(await login(ada));
  const fresh = good(await call(ada, 'POST', '/v1/me/mfa/recovery-codes', {})).recovery_codes;
  const done = good(await second(token, fresh[0], { trust_device: true }));
  assert.ok(done.trusted_device);
  const skipped = good(await login(ada, { trusted_device: done.trusted_device }));
  assert.equal(skipped.mfa_required, false);
  assert.equal(good(await login(ada, { trusted_device: `${done.trusted_device}x` })).mfa_required, true);
  const devices = (await state(ada)).trusted_devices;
  assert.equal(devices.length, 1);
  good(await call(ada, 'DELETE', `/v1/me/mfa/trusted-devices/${devices[0].id}`), 204);
  refused(await call(ada, 'DELETE', `/v1/me/mfa/trusted-devices/${devices[0].id}`), 404, 'not_found');
  assert.equal(good(await login(ada, { trusted_device: done.trusted_device })).mfa_required, true);
});

test('a new password ends every trusted device', async () => {
  const list = good(await call(ada, 'POST', '/v1/me/mfa/recovery-codes', {})).recovery_codes;
  const done = good(await second(good(await login(ada)).mfa_token, list[0], { trust_device: true }));
  assert.equal(good(await login(ada, { trusted_device: done.trusted_device })).mfa_required, false);
  ada.tokens = done;
  const password = newPassword();
  good(await call(ada, 'POST', '/v1/me/password', { current_password: ada.password, password }), 204);
  ada.password = password;
  const after = good(await login(ada, { trusted_device: done.trusted_device }));
  assert.equal(after.mfa_required, true);
  ada.tokens = good(await second(after.mfa_token, list[1]));
});

test('the app goes, and with it codes', async () => {
  good(await call(ada, 'DELETE', '/v1/me/mfa/totp'), 204);
  const now = await state(ada);
  assert.deepEqual([now.totp, now.required, now.recovery_codes_left], [false, false, 0]);
  refused(await call(ada, 'DELETE', '/v1/me/mfa/totp'), 404, 'not_found');
  assert.equal(good(await login(ada)).mfa_required, false);
});

test('staff with a password alone may only set up a second factor; an operator takes it away again', async () => {
  const { prefix } = environment(), email = newEmail('boss'), password = newPassword();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'souk-staff-')), file = path.join(folder, 'password');
  const souk = (...words) => execFileSync(`${prefix}/bin/souk`, ['users', ...words, '--config', process.env.SOUK_CONFIG], { encoding: 'utf8' });
  fs.writeFileSync(file, password, { mode: 0o600 });
  souk('create-admin', email, '--password-file', file);
  fs.rmSync(folder, { recursive: true });
  const begun = good(await login({ email, password }));
  assert.deepEqual([begun.mfa_required, begun.mfa_setup_needed], [false, true]);
  const boss = { email, password, tokens: begun };
  refused(await call(boss, 'GET', '/v1/admin/roles'), 403, 'second_factor_required');
  const setup = good(await call(boss, 'POST', '/v1/me/mfa/totp', {}));
  const confirmed = good(await call(boss, 'POST', '/v1/me/mfa/totp/confirm', { code: appCode(setup.secret, await calmStep()) }));
  boss.tokens = { access_token: confirmed.access_token };
  good(await call(boss, 'GET', '/v1/admin/roles'));
  assert.equal(good(await login(boss)).mfa_required, true);
  souk('reset-mfa', email);
  await until('the session is over', async () => (await call(boss, 'GET', '/v1/admin/roles')).status === 401);
  assert.deepEqual((({ mfa_required: a, mfa_setup_needed: b }) => [a, b])(good(await login(boss))), [false, true]);
});

test('guests and strangers get nowhere', async () => {
  for (const [method, target] of [['GET', '/v1/me/mfa'], ['POST', '/v1/me/mfa/totp'], ['GET', '/v1/me/passkeys'], ['POST', '/v1/me/passkeys/options']])
    assert.equal((await call(undefined, method, target, method === 'POST' ? {} : undefined)).status, 401, target);
});

// --- passkeys -------------------------------------------------------------------------------------------------------------------------

const register = async (who, key, change = (f) => f) => call(who, 'POST', '/v1/me/passkeys', change(key.create(good(await call(who, 'POST', '/v1/me/passkeys/options', {})))));
const signIn = async (key, change = (f) => f) => call(undefined, 'POST', '/v1/auth/passkey/login', change(key.get(good(await call(undefined, 'POST', '/v1/auth/passkey/options', {})))));

for (const alg of ['ES256', 'RS256']) {
  test(`a passkey with ${alg}: made, named, used, removed`, async () => {
    const who = await member(v), key = new Authenticator({ alg });
    const options = good(await call(who, 'POST', '/v1/me/passkeys/options', {}));
    assert.deepEqual(options.public_key.pubKeyCredParams.map((p) => p.alg), [-7, -257]);
    assert.deepEqual(options.public_key.authenticatorSelection, { residentKey: 'required', requireResidentKey: true, userVerification: 'required' });
    const made = good(await call(who, 'POST', '/v1/me/passkeys', { ...key.create(options), name: 'Blue key' }), 201);
    assert.equal(made.name, 'Blue key');
    who.tokens.access_token = made.access_token ?? who.tokens.access_token;
    assert.ok(await mailsTo(who.email, { subject: /A passkey was added/ }));
    key.count = 1;
    const done = good(await signIn(key));
    assert.ok(done.access_token && !done.mfa_required);
    who.tokens.access_token = done.access_token;
    const [listed] = good(await call(who, 'GET', '/v1/me/passkeys')).data;
    assert.ok(listed.last_used_at);
    assert.equal(good(await call(who, 'PATCH', `/v1/me/passkeys/${listed.id}`, { name: 'Green key' })).name, 'Green key');
    assert.equal(good(await call(who, 'POST', '/v1/me/passkeys/options', {})).public_key.excludeCredentials.length, 1);
    refused(await register(who, key), 409, 'already_exists');
    good(await call(who, 'DELETE', `/v1/me/passkeys/${listed.id}`), 204);
    refused(await signIn(key), 401, 'invalid_credentials');
  });
}

test('what is not as it should be registers nothing', async () => {
  const who = await member(v), evil = await member(v);
  refused(await register(who, new Authenticator({ origin: 'https://evil.example' })), 422, 'invalid');
  refused(await register(who, new Authenticator({ rpId: 'evil.example' })), 422, 'invalid');
  refused(await register(who, Object.assign(new Authenticator(), { verified: false })), 422, 'invalid');
  refused(await register(who, new Authenticator(), (f) => ({ ...f, attestation_object: f.attestation_object.slice(0, 100) })), 422, 'invalid');
  refused(await register(who, new Authenticator(), (f) => ({ ...f, client_data_json: '!' })), 422, 'invalid');
  const foreign = good(await call(evil, 'POST', '/v1/me/passkeys/options', {}));
  refused(await call(who, 'POST', '/v1/me/passkeys', new Authenticator().create(foreign)), 422, 'invalid');
  const twice = new Authenticator().create(good(await call(who, 'POST', '/v1/me/passkeys/options', {})));
  good(await call(who, 'POST', '/v1/me/passkeys', twice), 201);
  refused(await call(who, 'POST', '/v1/me/passkeys', twice), 410, 'expired');
  assert.equal(good(await call(who, 'GET', '/v1/me/passkeys')).data.length, 1);
});

test('signing in refuses wrong origins, changed bytes, old challenges and counters that went back', async () => {
  const who = await member(v), key = new Authenticator();
  good(await register(who, key), 201);
  const flip = (text) => { const b = Buffer.from(text, 'base64url'); b[b.length - 8] ^= 1; return b.toString('base64url'); };
  for (const field of ['client_data_json', 'authenticator_data', 'signature', 'user_handle', 'credential_id'])
    refused(await signIn(key, (f) => ({ ...f, [field]: flip(f[field]) })), 401, 'invalid_credentials');
  for (const wrong of [{ origin: 'https://evil.example' }, { rpId: 'evil.example' }, { verified: false }]) {
    const right = { origin: key.origin, rpId: key.rpId, verified: key.verified };
    refused(await signIn(Object.assign(key, wrong)), 401, 'invalid_credentials');
    Object.assign(key, right);
  }
  const other = good(await call(undefined, 'POST', '/v1/auth/passkey/options', {}));
  refused(await signIn(key, (f) => ({ ...f, challenge_id: other.challenge_id })), 401, 'invalid_credentials');
  key.count = 9;
  const once = key.get(good(await call(undefined, 'POST', '/v1/auth/passkey/options', {})));
  good(await call(undefined, 'POST', '/v1/auth/passkey/login', once));
  refused(await call(undefined, 'POST', '/v1/auth/passkey/login', once), 410, 'expired');
  key.count = 9;
  refused(await signIn(key), 401, 'invalid_credentials');
  assert.ok(await mailsTo(who.email, { subject: /A passkey may have been copied/ }));
  key.count = 10;
  good(await signIn(key));
});

cleanup('end', () => { forgetTries(); v.close(); });
