// Signing in at somebody else's: the whole way through our nginx and pool and a real OpenID provider, and everything that must not work on it.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, findForm, until } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { bearer, forgetTries, login, mailsTo, member, newEmail } from '../lib/people.mjs';
import { startProvider } from '../lib/oidc.mjs';

const { url } = environment();
const origin = new URL(url).origin;
const tag = randomBytes(3).toString('hex');
const ONE = `op-${tag}`, TWO = `twin-${tag}`, GONE = `gone-${tag}`, APP = 'https://app.example/signed-in';
const callback = (name) => `${origin}/v1/auth/oidc/${name}/callback`;
const v = new Visitor();
let op, twin, folder;

// Not the blocking call: the counterpart that it asks lives in this process.
const run = promisify(execFile);
const souk = async (...words) => (await run(`${process.env.SOUK_PREFIX}/bin/souk`, [...words, '--config', process.env.SOUK_CONFIG], { encoding: 'utf8' })).stdout;
function provide(name, at) {
  const file = path.join(folder, 'secret');
  fs.writeFileSync(file, at.clientSecret);
  return souk('providers', 'set', name, '--label', `Provider ${name}`, '--issuer', at.issuer, '--client-id', at.clientId, '--client-secret-file', file, '--app-redirect', APP);
}


test('before: two providers, configured by the operator', async () => {
  forgetTries();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'souk-oidc-'));
  op = await startProvider({ redirects: [callback(ONE), APP] });
  twin = await startProvider({ redirects: [callback(TWO)] });
  assert.match(await provide(ONE, op), /made/);
  assert.match(await provide(TWO, twin), /made/);
  assert.match(await souk('providers', 'test', ONE), /usable keys +1/);
  const list = await souk('providers', 'list');
  assert.ok(list.includes(callback(ONE)) && !list.includes(op.clientSecret), list);
});

// Somebody at a provider: their subject is new each time.
function somebody(at, claims = {}) {
  const sub = `sub-${randomBytes(6).toString('hex')}`;
  at.users[sub] = claims;
  at.user = sub;
  return sub;
}
const begin = (browser, name = ONE, more = '') => browser.request('GET', `/v1/auth/oidc/${name}${more}`);
const bent = (location, change) => { const u = new URL(location); change(u.searchParams); return u.href; };
async function through(browser, { name = ONE, at = op, more = '', out = (x) => x, back = (x) => x } = {}) {
  const start = await begin(browser, name, more);
  assert.equal(start.status, 303, start.text);
  return browser.request('GET', back(await at.visit(out(start.headers.location))));
}
const problemOf = (page) => new URL(page.headers.location, origin).searchParams.get('problem');
const me = async (browser) => {
  const page = await browser.get('/account');
  return new URL(page.url).pathname === '/account' ? page : undefined;
};
const ownerOf = (sub) => sql(`SELECT account_id FROM identity.external_identity WHERE subject = '${sub}'`);

// route: oidc_list, oidc_start, oidc_callback
test('a new person signs in: session, account with the verified address, no password', async () => {
  const list = await v.api('GET', '/v1/auth/oidc');
  const mine = list.json.data.find((p) => p.name === ONE);
  assert.deepEqual(mine, { name: ONE, label: `Provider ${ONE}`, sign_in_path: `/v1/auth/oidc/${ONE}`, issuer: op.issuer, client_id: op.clientId, scopes: 'openid email profile' });
  const browser = new Visitor(), email = newEmail('grace');
  const page = await browser.get('/sign-in?return_to=/account/security');
  assert.match(page.text, new RegExp(`/v1/auth/oidc/${ONE}\\?return_to=`));
  assert.match((await browser.get('/register?return_to=/checkout')).text, new RegExp(`/v1/auth/oidc/${ONE}\\?return_to=[^"]*checkout`));
  const sub = somebody(op, { email, email_verified: true, name: 'Grace Hopper' });
  const start = await begin(browser, ONE, '?return_to=%2Faccount%2Fsecurity');
  const asked = new URL(start.headers.location).searchParams;
  assert.deepEqual([asked.get('response_type'), asked.get('code_challenge_method'), asked.get('redirect_uri'), asked.get('scope')],
    ['code', 'S256', callback(ONE), 'openid email profile']);
  const cookie = browser.jar.details('__Host-oidc');
  assert.ok(['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/'].every((o) => cookie.options.includes(o)), cookie.line);
  assert.equal(start.headers['cache-control'], 'no-store');
  const done = await browser.request('GET', `${await op.visit(start.headers.location)}&session_state=of-theirs`);
  assert.deepEqual([done.status, done.headers.location], [303, '/account/security'], done.text);
  const security = await browser.get('/account/security');
  assert.match(security.text, new RegExp(`Provider ${ONE}`));
  const account = ownerOf(sub);
  assert.equal(sql(`SELECT email_verified_at IS NOT NULL, password IS NULL, staff FROM identity.account WHERE id = '${account}'`), 't|t|f');
  assert.equal(sql(`SELECT method FROM identity.session WHERE account_id = '${account}'`), 'oidc');
  const again = new Visitor();
  await through(again);
  assert.ok(await me(again));
  assert.equal(ownerOf(sub), account);
});

test('a state works once, in the browser that began, and not for ever', async () => {
  const browser = new Visitor(), thief = new Visitor();
  somebody(op);
  const start = await begin(browser);
  const at = await op.visit(start.headers.location);
  assert.equal(problemOf(await thief.request('GET', at)), 'expired');
  await begin(thief);
  assert.equal(problemOf(await thief.request('GET', at)), 'expired');                    // with a cookie of its own neither
  assert.equal(await me(thief), undefined);
  assert.equal((await browser.request('GET', at)).headers.location, '/account');
  const replayed = await browser.request('GET', at);
  assert.equal(problemOf(replayed), 'expired');
  const late = new Visitor();
  const second = await begin(late);
  const where = await op.visit(second.headers.location);
  sql("UPDATE identity.challenge SET expires_at = created_at WHERE purpose = 'oidc' AND used_at IS NULL");
  assert.equal(problemOf(await late.request('GET', where)), 'expired');
  for (const state of ['', 'x', 'AAAA.BBBB', new URL(at).searchParams.get('state').slice(0, -2)]) {
    const answer = await browser.request('GET', `/v1/auth/oidc/${ONE}/callback?code=abc&state=${encodeURIComponent(state)}`);
    assert.equal(problemOf(answer), 'expired', state);
  }
});

test('wrong nonce, wrong PKCE, a code used again, codes and answers of others: nobody is signed in', async () => {
  const refused = async (options, problem = 'refused') => {
    const browser = new Visitor();
    somebody(op);
    assert.equal(problemOf(await through(browser, options)), problem);
    assert.equal(await me(browser), undefined);
  };
  await refused({ out: (x) => bent(x, (q) => q.set('nonce', 'of-somebody-else')) });
  await refused({ out: (x) => bent(x, (q) => q.set('code_challenge', createHash('sha256').update('another').digest('base64url'))) });
  await refused({ back: (x) => bent(x, (q) => q.set('iss', 'https://evil.example')) });
  await refused({ back: (x) => bent(x, (q) => q.delete('iss')) });                       // the provider says that it names itself
  await refused({ back: (x) => bent(x, (q) => q.set('code', 'made-up')) });
  await refused({ back: (x) => x.replace(`/${ONE}/`, `/${TWO}/`) }, 'expired');          // mix-up: the state is bound to its provider
  const browser = new Visitor();
  somebody(op);
  const first = await begin(browser), at = await op.visit(first.headers.location), code = new URL(at).searchParams.get('code');
  assert.equal((await browser.request('GET', at)).headers.location, '/account');
  const other = new Visitor();
  assert.equal(problemOf(await through(other, { back: (x) => bent(x, (q) => q.set('code', code)) })), 'refused');
  assert.equal(await me(other), undefined);
});

test('return addresses of others are not followed', async () => {
  for (const bad of ['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
    const browser = new Visitor();
    somebody(op);
    const done = await through(browser, { more: `?return_to=${encodeURIComponent(bad)}` });
    assert.equal(done.headers.location, '/account', bad);
  }
});

test('an address that only one side verified joins nothing; one that both did does, and its owner is told', async () => {
  const ada = await member(v), id = uuidOf(ada.id);
  for (const claims of [{ email: ada.email, email_verified: false }, { email: ada.email }]) {
    const sub = somebody(op, claims);
    await through(new Visitor());
    assert.notEqual(ownerOf(sub), id);
    assert.equal(sql(`SELECT email IS NULL FROM identity.account WHERE id = '${ownerOf(sub)}'`), 't');
  }
  const sub = somebody(op, { email: ada.email.toUpperCase(), email_verified: true });
  const browser = new Visitor();
  await through(browser);
  assert.equal(ownerOf(sub), id);
  const [mail] = await mailsTo(ada.email, { subject: /outside identity/ });
  assert.ok(mail.text.includes('/account/security'));
  const bob = await member(v), pushed = somebody(op, { email: bob.email, email_verified: true });
  sql(`UPDATE identity.account SET email_verified_at = NULL WHERE id = '${uuidOf(bob.id)}'`);
  assert.equal(problemOf(await through(new Visitor())), 'first');
  assert.equal(ownerOf(pushed), '');
});

test('two providers with one subject are two people', async () => {
  const sub = somebody(op);
  twin.users[sub] = {};
  twin.user = sub;
  await through(new Visitor());
  await through(new Visitor(), { name: TWO, at: twin });
  assert.equal(sql(`SELECT count(DISTINCT account_id) FROM identity.external_identity WHERE subject = '${sub}'`), '2');
});

// route: page_outside
test('who says no, and a provider that does not answer, have a page', async () => {
  const browser = new Visitor();
  op.user = null;
  const no = await through(browser);
  assert.equal(problemOf(no), 'denied');
  const page = await browser.get(no.headers.location);
  assert.deepEqual([page.status, page.headers['cache-control']], [200, 'no-store']);
  assert.match(page.text, new RegExp(`You did not sign in with Provider ${ONE}`));
  somebody(op);
  const start = await begin(browser), at = await op.visit(start.headers.location);
  await op.stop();
  const down = await browser.request('GET', at);
  assert.equal(problemOf(down), 'away');
  const away = await browser.get(down.headers.location);
  assert.equal(away.status, 503);
  assert.ok(away.headers['retry-after']);
  await op.start();
  await provide(GONE, { ...op, issuer: 'http://127.0.0.1:1' });
  assert.equal(problemOf(await begin(new Visitor(), GONE)), 'away');
  assert.equal(problemOf(await begin(new Visitor(), 'nobody')), 'unknown');
  for (const problem of ['expired', 'refused', 'taken', 'first', 'closed', 'unknown', '"><script>']) {
    const one = await browser.get(`/sign-in/outside?problem=${encodeURIComponent(problem)}&provider=%22%3E%3Cscript%3E&return_to=%2F%2Fevil.example`);
    assert.ok(one.status >= 400 && one.status < 500 && !one.text.includes('"><script>') && !one.text.includes('evil.example'), problem);
  }
});

// route: page_identity_link, page_identity_remove, identity_list, identity_delete
test('the owner links and removes; the only way in stays', async () => {
  const ada = await member(v), browser = new Visitor();
  const page = await browser.get('/sign-in');
  await browser.submit(page, '/sign-in', { email: ada.email, password: ada.password });
  const sub = somebody(op, { email: newEmail('other'), email_verified: true });
  const linking = await browser.submit(await browser.get('/account/security'), `/account/identities/${ONE}`);
  assert.equal(linking.status, 200, linking.text.slice(0, 300));
  const location = linking.headers.refresh.match(/^0; url=(.*)$/)[1];
  const stranger = new Visitor();
  const at = await op.visit(location);
  stranger.jar.set('__Host-oidc', browser.jar.get('__Host-oidc'));
  assert.equal(problemOf(await stranger.request('GET', at)), 'expired');                  // linking needs the session that asked
  const retry = await browser.submit(await browser.get('/account/security'), `/account/identities/${ONE}`);
  const done = await browser.request('GET', await op.visit(retry.headers.refresh.match(/^0; url=(.*)$/)[1]));
  assert.equal(done.headers.location, '/account/security#identities', done.text);
  assert.equal(ownerOf(sub), uuidOf(ada.id));
  const list = await v.api('GET', '/v1/me/identities', { headers: bearer(ada) });
  assert.deepEqual(list.json.data.map((i) => [i.provider, i.kind, i.removable]), [[ONE, 'oidc', true]]);
  const other = await member(v), theirs = new Visitor();
  await theirs.submit(await theirs.get('/sign-in'), '/sign-in', { email: other.email, password: other.password });
  const take = await theirs.submit(await theirs.get('/account/security'), `/account/identities/${ONE}`);
  assert.equal(problemOf(await theirs.request('GET', await op.visit(take.headers.refresh.match(/^0; url=(.*)$/)[1]))), 'taken');
  assert.equal(ownerOf(sub), uuidOf(ada.id));
  const without = await browser.request('POST', `/account/identities/${ONE}/remove`, { form: {}, headers: { origin } });
  assert.equal(without.status, 403, 'a form without its token');
  const removed = await browser.submit(await browser.get('/account/security'), `/account/identities/${ONE}/remove`);
  assert.equal(removed.status, 200);
  assert.equal(ownerOf(sub), '');
  const alone = somebody(op), lonely = new Visitor();
  await through(lonely);
  const security = await lonely.get('/account/security');
  assert.equal(findForm(security.text, `/account/identities/${ONE}/remove`), undefined);
  const fresh = (await login(v, ada)).json;
  assert.equal((await v.api('DELETE', `/v1/me/identities/${ONE}`, { headers: bearer(fresh) })).status, 404);
  sql(`UPDATE identity.external_identity SET account_id = '${uuidOf(ada.id)}' WHERE subject = '${alone}'`);
  assert.equal((await v.api('DELETE', `/v1/me/identities/${ONE}`, { headers: bearer(fresh) })).status, 204);
});

// route: page_confirm_outside
test('who has no password shows to be there at the provider', async () => {
  const browser = new Visitor(), sub = somebody(op, { email: newEmail('fresh'), email_verified: true });
  await through(browser);
  const id = ownerOf(sub), old = () => sql(`UPDATE identity.session SET fresh_at = fresh_at - interval '2 hours' WHERE account_id = '${id}'`);
  const cookie = browser.jar.get('__Host-session');
  old();
  await until('it is asked for', async () => /\/sign-in\/confirm\?/.test((await browser.get('/account/email')).url), { every: 300 });
  const asked = await browser.get('/sign-in/confirm?return_to=/account/email');
  assert.equal(findForm(asked.text, /\/sign-in\/confirm$/), undefined, 'there is no password to type');
  assert.doesNotMatch(asked.text, /href="\/forgot"/);
  const leads = await browser.submit(asked, `/sign-in/confirm/outside/${ONE}`);
  const away = new URL(leads.headers.refresh.match(/^0; url=(.*)$/)[1]);
  assert.deepEqual([leads.status, away.searchParams.get('prompt'), away.searchParams.get('max_age')], [200, 'login', '0']);
  somebody(op);                                                                          // who answers there is somebody else
  assert.equal(problemOf(await browser.request('GET', await op.visit(away.href))), 'another');
  assert.equal(new URL((await browser.get('/account/email')).url).pathname, '/sign-in/confirm');
  op.user = sub;
  const again = await browser.submit(asked, `/sign-in/confirm/outside/${ONE}`);
  const back = await op.visit(again.headers.refresh.match(/^0; url=(.*)$/)[1]);
  const thief = new Visitor();
  thief.jar.set('__Host-oidc', browser.jar.get('__Host-oidc'));
  assert.equal(problemOf(await thief.request('GET', back)), 'expired', 'a proof needs the session that asked for it');
  const retry = await browser.submit(asked, `/sign-in/confirm/outside/${ONE}`);
  const done = await browser.request('GET', await op.visit(retry.headers.refresh.match(/^0; url=(.*)$/)[1]));
  assert.deepEqual([done.status, done.headers.location], [303, '/account/email'], done.text);
  assert.notEqual(browser.jar.get('__Host-session'), cookie, 'a rise of privilege gives a new session cookie');
  assert.equal(new URL((await browser.get('/account/email')).url).pathname, '/account/email');
  assert.equal((await browser.post(`/sign-in/confirm/outside/${ONE}`, {}, { headers: { origin } })).status, 403, 'a form without its token');
});

// route: oidc_token
test('an app brings its code, with its own PKCE pair', async () => {
  const verifier = randomBytes(32).toString('base64url'), nonce = randomBytes(8).toString('hex');
  const askFor = (more = {}) => `${op.issuer}/auth?${new URLSearchParams({ client_id: op.clientId, response_type: 'code', redirect_uri: APP, scope: 'openid email profile', nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', state: 'of-the-app', ...more })}`;
  const codeFor = async (more) => new URL(await op.visit(askFor(more))).searchParams.get('code');
  const send = (json) => v.api('POST', `/v1/auth/oidc/${ONE}/token`, { json });
  const sub = somebody(op, { email: newEmail('app'), email_verified: true });
  const code = await codeFor();
  const answer = await send({ code, code_verifier: verifier, redirect_uri: APP, nonce });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual([answer.json.token_type, answer.json.mfa_required, answer.headers['cache-control']], ['Bearer', false, 'no-store']);
  assert.equal(uuidOf(answer.json.account_id), ownerOf(sub));
  assert.equal((await v.api('GET', '/v1/me', { headers: bearer(answer.json) })).status, 200);
  assert.equal((await send({ code, code_verifier: verifier, redirect_uri: APP, nonce })).json.code, 'invalid_token');
  assert.equal((await send({ code: await codeFor(), code_verifier: randomBytes(32).toString('base64url'), redirect_uri: APP, nonce })).json.code, 'invalid_token');
  assert.equal((await send({ code: await codeFor(), code_verifier: verifier, redirect_uri: APP, nonce: 'another' })).json.code, 'invalid_token');
  assert.equal((await send({ code: await codeFor(), code_verifier: verifier, redirect_uri: APP })).json.code, 'invalid_token');
  const elsewhere = await send({ code: await codeFor(), code_verifier: verifier, redirect_uri: 'https://evil.example/cb', nonce });
  assert.deepEqual([elsewhere.status, elsewhere.json.param], [422, 'redirect_uri']);
  assert.equal((await send({ code: 'x', code_verifier: 'short', redirect_uri: APP })).status, 422);
});

test('ten sign-ins of one new person at once make one account', async () => {
  const sub = somebody(op, { email: newEmail('many'), email_verified: true });
  const done = await Promise.all(Array.from({ length: 10 }, () => through(new Visitor())));
  assert.deepEqual(done.map((d) => d.headers.location), Array(10).fill('/account'));
  assert.equal(sql(`SELECT count(*) FROM identity.external_identity WHERE subject = '${sub}'`), '1');
});

test('staff owes our second factor all the same', async () => {
  const email = newEmail('boss'), boss = await member(v, { email });
  somebody(op, { email, email_verified: true });
  sql(`UPDATE identity.account SET staff = true WHERE id = '${uuidOf(boss.id)}'`);
  const browser = new Visitor();
  const done = await through(browser, { more: '?return_to=%2Fcart' });
  assert.equal(done.headers.location, '/account', 'to where a second factor is set up');
  assert.equal(sql(`SELECT second_factor FROM identity.session WHERE account_id = '${uuidOf(boss.id)}' AND method = 'oidc'`), 'f');
});

test('what happened stands in the trail, without an address', async () => {
  await until('the trail', () => Number(sql("SELECT count(*) FROM platform.audit WHERE action IN ('identity.linked', 'identity.unlinked')")) >= 4);
  assert.equal(sql("SELECT count(*) FROM platform.audit WHERE action LIKE 'identity.%' AND detail::text LIKE '%@%'"), '0');
});

cleanup('the providers are gone', async () => {
  sql(`UPDATE identity.provider SET enabled = false WHERE name IN ('${ONE}', '${TWO}', '${GONE}')`);
  await op?.stop();
  await twin?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});
