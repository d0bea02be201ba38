// Sessions and tokens: what apps refresh, what ends and when, what standard clients make of our tokens, and tokens that are none.
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Issuer, custom } from 'openid-client';
import https from 'node:https';
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, sleep, until } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { bearer, forgetTries, login, mailsTo, member } from '../lib/people.mjs';
import { decode, refresh, staff, tokenSmith } from '../lib/staff.mjs';

const v = new Visitor();
const { url } = environment();
const origin = new URL(url).origin;
const me = (token) => v.api('GET', '/v1/me', { headers: bearer(token) });
const post = (path, json, headers) => v.api('POST', path, { json, headers });
const exchange = (token) => post('/v1/auth/refresh', { refresh_token: token });
const form = (path, fields) => v.api('POST', path, { form: fields });
const souk = (...words) => execFileSync(`${process.env.SOUK_PREFIX}/bin/souk`, [...words, '--config', process.env.SOUK_CONFIG], { encoding: 'utf8' });
let smith;

cleanup('the key of this test is gone', () => smith?.remove());
test('before', async () => { forgetTries(); smith = await tokenSmith(); });

// --- refresh -----------------------------------------------------------------------------------------------------------------------

// route: auth_refresh
test('twenty exchanges of one refresh token at once: one successor, nobody is logged out', async () => {
  const ada = await member(v);
  const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(ada.tokens.refresh_token)));
  assert.deepEqual(answers.map((a) => a.status), Array(20).fill(200), answers.find((a) => a.status !== 200)?.text);
  assert.equal(new Set(answers.map((a) => a.json.refresh_token)).size, 1);
  assert.notEqual(answers[0].json.refresh_token, ada.tokens.refresh_token);
  assert.deepEqual([answers[0].json.token_type, answers[0].headers['cache-control']], ['Bearer', 'no-store']);
  for (const a of answers.slice(0, 3)) assert.equal((await me(a.json)).status, 200);
  const next = await exchange(answers[7].json.refresh_token);
  assert.equal(next.status, 200, next.text);
  assert.equal((await me(next.json)).json.id, ada.id);
});

test('a refresh token used again later ends the session, and its owner is told', async () => {
  const ada = await member(v);
  const next = (await exchange(ada.tokens.refresh_token)).json;
  const session = uuidOf(ada.tokens.refresh_token.split('.')[0]);
  sql(`UPDATE identity.refresh_used SET created_at = created_at - interval '11 seconds' WHERE session_id = '${session}'`);
  const stolen = await exchange(ada.tokens.refresh_token);
  assert.deepEqual([stolen.status, stolen.json.code], [401, 'invalid_token']);
  assert.equal((await exchange(next.refresh_token)).status, 401);
  await until('the access token is void, too', async () => (await me(next)).status === 401, { ms: 2000 });
  await mailsTo(ada.email, { n: 2 });
  assert.equal(sql(`SELECT count(*) FROM platform.audit WHERE action = 'session.ended' AND object_id = '${session}' AND detail->>'reason' = 'token_reused'`), '1');
});

test('refresh tokens that are none', async () => {
  const ada = await member(v);
  for (const bad of ['x', `${ada.tokens.refresh_token}x`, ada.tokens.refresh_token.slice(0, -1), ada.tokens.access_token.slice(0, 290), `ses_01jd9v7q3e8m2k5x6r4t0w1y9z.${'A'.repeat(43)}`]) {
    const answer = await exchange(bad);
    assert.deepEqual([answer.status, answer.json.code], [401, 'invalid_token'], bad);
  }
  assert.equal((await post('/v1/auth/refresh', {})).status, 422);
  assert.equal((await exchange('x'.repeat(5000))).status, 422);
  assert.equal((await exchange(ada.tokens.refresh_token)).status, 200);          // and none of this ended anything
});

// --- standard clients ---------------------------------------------------------------------------------------------------------------

// route: wellknown_jwks, wellknown_oauth
test('jose verifies our tokens against our keys', async () => {
  const ada = await member(v);
  const jwks = await v.get('/.well-known/jwks.json');
  assert.match(jwks.headers['content-type'], /^application\/jwk-set\+json/);
  assert.match(jwks.headers['cache-control'], /^public, max-age=60/);
  assert.equal(jwks.headers['access-control-allow-origin'], '*');
  for (const key of jwks.json.keys) assert.deepEqual([key.kty, key.crv, key.use, key.alg, key.d], ['EC', 'P-256', 'sig', 'ES256', undefined]);
  const keys = createLocalJWKSet(jwks.json);
  const { payload, protectedHeader } = await jwtVerify(ada.tokens.access_token, keys, { issuer: origin, audience: `${origin}/v1`, typ: 'at+jwt', algorithms: ['ES256'] });
  assert.equal(payload.sub, ada.id);
  assert.match(payload.sid, /^ses_/);
  assert.equal(payload.scope, 'customer');
  assert.equal(payload.exp - payload.iat, 900);
  assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
  await assert.rejects(jwtVerify(ada.tokens.access_token, keys, { issuer: 'https://elsewhere.example' }));
  await assert.rejects(jwtVerify(`${ada.tokens.access_token.slice(0, -4)}AAAA`, keys));
  const metadata = await v.get('/.well-known/oauth-authorization-server');
  assert.equal(metadata.json.issuer, origin);
});

// route: wellknown_openid, auth_token, auth_revoke
test('openid-client finds us, refreshes and revokes', async () => {
  const ada = await member(v);
  custom.setHttpOptionsDefaults({ agent: new https.Agent({ rejectUnauthorized: false }), timeout: 20000 });
  const issuer = await Issuer.discover(origin);
  assert.deepEqual([issuer.metadata.jwks_uri, issuer.metadata.token_endpoint], [`${origin}/.well-known/jwks.json`, `${origin}/v1/auth/token`]);
  const client = new issuer.Client({ client_id: 'test-app', token_endpoint_auth_method: 'none', revocation_endpoint_auth_method: 'none' });
  const set = await client.refresh(ada.tokens.refresh_token);
  assert.equal(set.token_type, 'Bearer');
  assert.equal((await me(set)).json.id, ada.id);
  const again = await client.refresh(set.refresh_token);
  await assert.rejects(client.refresh('nonsense'), (e) => e.error === 'invalid_grant');
  await assert.rejects(client.grant({ grant_type: 'password', username: 'a', password: 'b' }), (e) => e.error === 'unsupported_grant_type');
  await client.revoke(again.refresh_token);
  await client.revoke('nonsense');
  await until('the session is over', async () => (await me(again)).status === 401, { ms: 2000 });
  await assert.rejects(client.refresh(again.refresh_token), (e) => e.error === 'invalid_grant');
  const bob = await member(v);
  await client.revoke(bob.tokens.access_token);
  assert.equal((await exchange(bob.tokens.refresh_token)).status, 401);
});

test('the token endpoint says no as RFC 6749 wants it', async () => {
  const refusals = [
    [{}, 'invalid_request'], [{ grant_type: 'refresh_token' }, 'invalid_request'], [{ grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    [{ grant_type: 'refresh_token', refresh_token: 'x', scope: 'admin' }, 'invalid_scope'], [[['grant_type', 'refresh_token'], ['grant_type', 'refresh_token']], 'invalid_request']];
  for (const [fields, error] of refusals) {
    const answer = await form('/v1/auth/token', fields);
    assert.deepEqual([answer.status, answer.json.error, answer.headers['cache-control']], [400, error, 'no-store'], JSON.stringify(fields));
  }
  assert.equal((await post('/v1/auth/token', { grant_type: 'refresh_token' })).json.error, 'invalid_request');
  assert.equal((await form('/v1/auth/revoke', {})).json.error, 'invalid_request');
});

// --- tokens that are none ---------------------------------------------------------------------------------------------------------------

test('tokens that are none: every pool says 401 invalid_token', async () => {
  const ada = await member(v);
  const good = ada.tokens.access_token, [head, body, signature] = good.split('.');
  const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000) + 60;                          // later than this test takes
  const hmac = (key) => { const text = `${b64({ alg: 'HS256', typ: 'at+jwt', kid: smith.kid })}.${body}`; return `${text}.${crypto.createHmac('sha256', key).update(text).digest('base64url')}`; };
  const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  assert.equal((await me(smith.like(good))).status, 200);                 // the smith's work is good where nothing is wrong with it
  const bad = {
    empty: '.', 'three dots': '...', 'no signature': `${head}.${body}.`, truncated: good.slice(0, -10), 'with a tail': `${good}A`, 'one byte changed': `${head}.${body.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'))}.${signature}`,
    'alg none': `${b64({ alg: 'none', typ: 'at+jwt' })}.${body}.`, 'alg none with a signature': `${b64({ alg: 'none', typ: 'at+jwt', kid: smith.kid })}.${body}.${signature}`,
    'HS256 with the public key': hmac(smith.spki), 'HS256 with its PEM': hmac(smith.publicKey.export({ type: 'spki', format: 'pem' })),
    'RS256 under our kid': (() => { const text = `${b64({ alg: 'RS256', typ: 'at+jwt', kid: smith.kid })}.${body}`; return `${text}.${crypto.sign('sha256', Buffer.from(text), rsa).toString('base64url')}`; })(),
    'DER signature': smith.sign({ alg: 'ES256', typ: 'at+jwt', kid: smith.kid }, decode(good), { signature: crypto.sign('sha256', Buffer.from(`${head}.${body}`), smith.privateKey).toString('base64url') }),
    'key in the header': smith.like(good, {}, { kid: undefined, jwk: smith.publicKey.export({ format: 'jwk' }) }),
    crit: smith.like(good, {}, { crit: ['exp'] }), b64: smith.like(good, {}, { b64: false, crit: ['b64'] }),
    'wrong typ': smith.like(good, {}, { typ: 'JWT' }), 'no typ': smith.like(good, {}, { typ: undefined }), expired: smith.like(good, { exp: now - 180 }), 'no exp': smith.like(good, { exp: undefined }),
    'not yet': smith.like(good, { nbf: now + 120 }), 'from the future': smith.like(good, { iat: now + 300, exp: now + 900 }), 'exp as text': smith.like(good, { exp: String(now + 600) }),
    'another audience': smith.like(good, { aud: 'https://elsewhere.example/v1' }), 'no audience': smith.like(good, { aud: undefined }), 'another issuer': smith.like(good, { iss: `${origin}/` }),
    'no subject': smith.like(good, { sub: undefined }), 'subject is no account': smith.like(good, { sub: 'admin' }), 'no session': smith.like(good, { sid: undefined }),
    'duplicate keys': smith.sign({ alg: 'ES256', typ: 'at+jwt', kid: smith.kid }, JSON.stringify(decode(good)).replace('{', '{"sub":"acc_01jd9v7q3e8m2k5x6r4t0w1y9z",')),
    'array': smith.sign({ alg: 'ES256', typ: 'at+jwt', kid: smith.kid }, '[]'), oversized: smith.like(good, { padding: 'x'.repeat(4000) }), 'another case': good.toLowerCase(),
  };
  for (const [what, token] of Object.entries(bad)) {
    for (const path of ['/v1/me', '/v1/carts/cart_01jd9v7q3e8m2k5x6r4t0w1y9z']) {
      const answer = await v.api('GET', path, { headers: { authorization: `Bearer ${token}` } });
      assert.deepEqual([answer.status, answer.json.code], [401, 'invalid_token'], `${what}: ${answer.text}`);
      assert.match(answer.headers['www-authenticate'], /error="invalid_token"/);
    }
  }
  for (const header of ['Bearer', 'Basic YTpi', good, 'Bearer  ', `Bearer ${good} ${good}`]) {
    assert.equal((await v.api('GET', '/v1/me', { headers: { authorization: header } })).status, 401, header);
  }
  // clocks differ: half a minute is forgiven
  assert.equal((await me(smith.like(good, { iat: Math.floor(Date.now() / 1000) - 100, exp: Math.floor(Date.now() / 1000) - 10 }))).status, 200);
  assert.equal((await me(smith.like(good, { iat: Math.floor(Date.now() / 1000) + 10 }))).status, 200);
});

// --- the end of sessions -----------------------------------------------------------------------------------------------------------------

// route: session_list, session_end, session_end_all
test('the list of devices; one ends, all end', async () => {
  const ada = await member(v), eve = await member(v);
  const phone = (await v.api('POST', '/v1/auth/login', { json: { email: ada.email, password: ada.password }, headers: { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile/15E148 Safari/604.1' } })).json;
  const browser = new Visitor();
  await browser.submit(await browser.get('/sign-in'), '/sign-in', { email: ada.email, password: ada.password });
  assert.equal((await browser.get('/account', { follow: false })).status, 200);
  const list = await v.api('GET', '/v1/me/sessions', { headers: bearer(ada) });
  assert.equal(list.json.data.length, 3, list.text);
  assert.deepEqual(list.json.data.map((s) => s.current).filter(Boolean).length, 1);
  const onPhone = list.json.data.find((s) => s.device === 'Safari on iPhone'), inBrowser = list.json.data.find((s) => s.kind === 'browser');
  assert.deepEqual([onPhone.kind, onPhone.method, onPhone.second_factor, onPhone.place], ['app', 'password', false, '127.0.0.0']);
  assert.equal((await v.api('DELETE', `/v1/me/sessions/${onPhone.id}`, { headers: bearer(eve) })).status, 404);       // somebody else's
  assert.equal((await v.api('DELETE', `/v1/me/sessions/${onPhone.id}`, { headers: bearer(ada) })).status, 204);
  assert.equal((await v.api('DELETE', `/v1/me/sessions/${onPhone.id}`, { headers: bearer(ada) })).status, 204);
  await until('the phone is out', async () => (await me(phone)).status === 401, { ms: 2000 });
  assert.equal((await v.api('DELETE', `/v1/me/sessions/${inBrowser.id}`, { headers: bearer(ada) })).status, 204);
  await until('the browser is out', async () => (await browser.get('/account', { follow: false })).status === 303, { ms: 2000 });
  const again = (await login(v, ada)).json;
  assert.equal((await v.api('DELETE', '/v1/me/sessions', { headers: bearer(ada) })).status, 204);
  await until('the other one is out', async () => (await me(again)).status === 401, { ms: 2000 });
  assert.equal((await me(ada)).status, 200);
  assert.equal((await v.api('DELETE', '/v1/me/sessions?everywhere=true', { headers: bearer(ada) })).status, 204);
  await until('this one, too', async () => (await me(ada)).status === 401, { ms: 2000 });
  assert.equal((await me(eve)).status, 200);
});

test('an ended session writes nowhere within a second: tokens in every pool', async (t) => {
  const ada = await member(v);
  const write = () => v.api('POST', '/v1/carts', { json: {}, headers: bearer(ada) });       // the order pool, which never saw the sign-in
  assert.equal((await write()).status, 201);
  const began = Date.now();
  assert.equal((await post('/v1/auth/logout', undefined, bearer(ada))).status, 204);
  await until('the order pool refuses', async () => (await write()).status === 401, { ms: 1500, every: 20 });
  t.diag(`refused after ${Date.now() - began} ms`);
  for (let i = 0; i < 20; i += 1) assert.equal((await write()).status, 401);
});

test('roles change: tokens that exist may no more (or do) within a second', async (t) => {
  const boss = await staff(v, ['owner']), clerk = await staff(v, ['support']);
  const look = () => v.api('GET', '/v1/admin/staff', { headers: bearer(clerk) });
  assert.equal((await look()).status, 403);
  const began = Date.now();
  const made = await v.api('PATCH', `/v1/admin/staff/${clerk.id}`, { json: { roles: ['manager'] }, headers: bearer(boss) });
  assert.equal(made.status, 200, made.text);
  await until('the clerk may', async () => (await look()).status === 200, { ms: 1500, every: 20 });
  t.diag(`after ${Date.now() - began} ms`);
  assert.equal((await v.api('DELETE', `/v1/admin/staff/${clerk.id}`, { headers: bearer(boss) })).status, 204);
  await until('and no more', async () => (await look()).status === 403, { ms: 1500, every: 20 });
  assert.equal((await me(clerk)).json.staff, false);
});

// --- browsers ---------------------------------------------------------------------------------------------------------------------------

test('a cookie that somebody planted is nobody’s after the sign-in; a rise of privilege brings another one', async () => {
  const ada = await member(v);
  const browser = new Visitor(), thief = new Visitor();
  const planted = `ses_01jd9v7q3e8m2k5x6r4t0w1y9z.${'A'.repeat(43)}.acc_01jd9v7q3e8m2k5x6r4t0w1y9z`;
  browser.jar.set('__Host-session', planted);
  await browser.submit(await browser.get('/sign-in'), '/sign-in', { email: ada.email, password: ada.password });
  const first = browser.jar.details('__Host-session');
  assert.notEqual(first.value, planted);
  for (const wanted of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) assert.ok(first.options.includes(wanted), first.line);
  assert.ok(!first.options.some((o) => /^domain/i.test(o)));
  thief.jar.set('__Host-session', planted);
  assert.equal((await thief.get('/account', { follow: false })).status, 303);
  // a sign-in in the same browser begins another session; the proof of presence another secret of the same one
  const page = await browser.get('/sign-in/confirm?return_to=/account');
  await browser.submit(page, '/sign-in/confirm', { password: ada.password });
  const second = browser.jar.get('__Host-session');
  assert.notEqual(second, first.value);
  assert.equal(second.split('.')[0], first.value.split('.')[0]);
  assert.equal((await browser.get('/account', { follow: false })).status, 200);
  thief.jar.set('__Host-session', first.value);
  await until('the old secret is dead', async () => (await thief.get('/account', { follow: false })).status === 303, { ms: 2000 });
  // a request of the same browser may have left before the new cookie came: its answer must not take that one away; much later nobody sends it by mistake
  assert.equal(thief.jar.get('__Host-session'), first.value);
  sql(`UPDATE identity.session SET rotated_at = rotated_at - interval '2 minutes' WHERE id = '${uuidOf(second.split('.')[0])}'`);
  assert.equal((await thief.get('/account', { follow: false })).status, 303);
  assert.equal(thief.jar.get('__Host-session'), undefined);
  assert.equal((await browser.get('/account', { follow: false })).status, 200);
});

test('forms from another site, and a cookie at the API', async () => {
  const ada = await member(v);
  const browser = new Visitor();
  await browser.submit(await browser.get('/sign-in'), '/sign-in', { email: ada.email, password: ada.password });
  const page = await browser.get('/account');
  for (const from of ['https://evil.example', 'null', `${origin}.evil.example`]) {
    assert.equal((await browser.submit(page, '/sign-out', {}, { follow: false, headers: { origin: from } })).status, 403, from);
  }
  assert.equal((await browser.post('/sign-out', {}, { follow: false })).status, 403);                     // without the form's token
  assert.equal((await browser.get('/account', { follow: false })).status, 200);
  for (const [method, path] of [['GET', '/v1/me'], ['DELETE', '/v1/me/sessions'], ['POST', '/v1/auth/logout']]) {
    assert.equal((await browser.request(method, path, { headers: { origin } })).status, 401, path);
  }
  const out = await browser.get('/account/security?x=%2F%2Fevil', { cookies: false, follow: false });
  assert.deepEqual([out.status, out.headers.location], [303, '/sign-in?return_to=/account/security%3Fx%3D%252F%252Fevil']);
});

// --- keys --------------------------------------------------------------------------------------------------------------------------------

test('signing in while the keys are rotated; at once after a theft', async () => {
  const people = [await member(v), await member(v), await member(v)];
  const before = (await v.get('/.well-known/jwks.json')).json.keys.map((k) => k.kid);
  let rotating = true;
  const signIns = people.map(async (person) => {
    const seen = [];
    while (rotating) { const a = await login(v, person); assert.equal(a.status, 200, a.text); assert.equal((await me(a.json)).status, 200); seen.push(a); }
    return seen.length;
  });
  try {
    for (let i = 0; i < 2; i += 1) { souk('keys', 'rotate'); await sleep(1500); }
    souk('keys', 'rotate', '--now');
  } catch (e) { rotating = false; throw e; }
  // tokens of before are void at once: who signs in in this very second may get one of the old key
  rotating = false;
  await Promise.allSettled(signIns);
  const old = people[0];
  await until('the old key is void everywhere', async () => (await me(old)).status === 401 &&
    (await v.api('POST', '/v1/carts', { json: {}, headers: bearer(old) })).status === 401, { ms: 3000 });
  await until('the new one signs', async () => { await refresh(v, old); return (await me(old)).status === 200; }, { ms: 5000 });
  const { kid } = JSON.parse(Buffer.from(old.tokens.access_token.split('.')[0], 'base64url'));
  assert.ok(!before.includes(kid));
  const keys = (await v.get('/.well-known/jwks.json')).json.keys.map((k) => k.kid);
  assert.ok(keys.includes(kid) && !before.filter((k) => k !== smith.kid).some((k) => keys.includes(k)), `${keys}`);
  assert.match(souk('keys', 'list'), new RegExp(`${kid} +signs`));
  await smith.remove();
});
