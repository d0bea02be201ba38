// The pages of second factors without scripts: an app is set up and asked for, recovery codes are shown once, a browser is trusted, all of it goes again; passkeys as forms.
// route: page_totp, page_totp_begin, page_totp_confirm, page_totp_remove, page_recovery_codes, page_trusted_end, page_mfa, page_mfa_post
// route: page_passkey_add, page_passkey_rename, page_passkey_remove, page_passkey_login, page_passkey_confirm
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, decodeEntities, findForm } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { Authenticator, appCode, calmStep } from '../lib/factors.mjs';
import { forgetTries, mailsTo, member } from '../lib/people.mjs';

const v = new Visitor(), app = new Visitor();
const where = (page) => new URL(page.url).pathname;
const words = (page) => decodeEntities(page.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '));
const codesOf = (page) => [...page.text.matchAll(/<code>([a-z0-9]{5}-[a-z0-9]{5})<\/code>/g)].map((m) => m[1]);
const optionsOf = (page, kind) => JSON.parse(decodeEntities(page.text.match(new RegExp(`data-passkey="${kind}" data-options="([^"]*)"`))[1]));
let ada, secret, codes, step;

async function enter(visitor = v, returnTo = '') {
  const page = await visitor.get(`/sign-in${returnTo && `?return_to=${returnTo}`}`);
  return visitor.submit(page, (f) => f.action === '/sign-in', { email: ada.email, password: ada.password });
}

test('an app is set up with a picture, a typed key and a first code; ten codes are shown once', async () => {
  ada = await member(app);
  assert.equal(where(await enter()), '/account');
  const setup = await v.submit(await v.get('/account/security'), '/account/security/app');
  assert.equal(where(setup), '/account/security/app');
  assert.match(setup.text, /<svg class="qr"/);
  assert.equal(setup.headers['cache-control'], 'no-store');
  secret = setup.text.match(/<code translate="no">([A-Z2-7 ]+)<\/code>/)[1];
  const here = new URL(decodeEntities(setup.text.match(/href="(otpauth:[^"]+)"/)[1]));             // for the phone that shows the page
  assert.equal(here.searchParams.get('secret'), secret.replaceAll(' ', ''));
  const wrong = await v.submit(setup, '/confirm', { code: '12345' });
  assert.equal(wrong.status, 422);
  assert.ok(wrong.text.includes(secret), 'the same key once more');
  assert.match(wrong.text, /aria-invalid="true"/);
  step = await calmStep();
  const before = v.jar.get('__Host-session');
  const shown = await v.submit(wrong, '/confirm', { code: appCode(secret, step - 1) });
  assert.equal(shown.status, 200);
  codes = codesOf(shown);
  assert.equal(new Set(codes).size, 10);
  assert.equal(shown.headers['cache-control'], 'no-store');
  assert.notEqual(v.jar.get('__Host-session'), before, 'a rise of privilege gives a new session cookie');
  const page = await v.get('/account/security');
  assert.ok(!codes.some((c) => page.text.includes(c)) && !page.text.includes(secret));
  assert.match(words(page), /10 recovery codes are left/);
  assert.equal(where(await v.get('/account/security/app')), '/account/security', 'the key is shown no more');
});

test('signing in takes a second step and leads where it was going', async () => {
  v.jar.clear();
  const asked = await enter(v, '/account/addresses');
  assert.equal(where(asked), '/sign-in/mfa');
  assert.equal((await v.get('/account', { follow: false })).status, 303, 'not signed in yet');
  const wrong = await v.submit(asked, '/sign-in/mfa', { code: '000000' });
  assert.equal(wrong.status, 422);
  step = await calmStep();
  const done = await v.submit(wrong, '/sign-in/mfa', { code: appCode(secret, step) });
  assert.equal(where(done), '/account/addresses');
});

test('a recovery code stands in for the app, once; the browser is trusted from then on', async () => {
  v.jar.clear();
  const done = await v.submit(await enter(), '/sign-in/mfa', { code: codes[0], trust: 'true' });
  assert.equal(where(done), '/account');
  const trusted = v.jar.details('__Host-trusted');
  for (const word of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=2592000']) assert.ok(trusted.options.includes(word), `${word}: ${trusted.line}`);
  assert.ok(await mailsTo(ada.email, { subject: /A recovery code was used/ }));
  const again = new Visitor();
  again.jar.set('__Host-trusted', v.jar.get('__Host-trusted'));
  assert.equal(where(await enter(again)), '/account');
  const page = await again.get('/account/security');
  assert.match(words(page), /Trusted devices/);
  const ended = await again.submit(page, '/end', {});
  assert.match(words(ended), /trusted no longer/);
  const asked = new Visitor();
  asked.jar.set('__Host-trusted', again.jar.get('__Host-trusted'));
  const step2 = await enter(asked);
  assert.equal(where(step2), '/sign-in/mfa');
  assert.equal((await asked.submit(step2, '/sign-in/mfa', { code: codes[0] })).status, 422, 'used');
  again.close();
  asked.close();
});

test('new codes are shown once; the old ones are void', async () => {
  const shown = await v.submit(await v.get('/account/security'), '/account/security/codes');
  const fresh = codesOf(shown);
  assert.equal(fresh.length, 10);
  const other = new Visitor();
  const asked = await enter(other);
  assert.equal((await other.submit(asked, '/sign-in/mfa', { code: codes[1] })).status, 422);
  assert.equal(where(await other.submit(asked, '/sign-in/mfa', { code: fresh[1] })), '/account');
  other.close();
});

test('passkeys are ordinary forms: made, named, used to sign in and to confirm, removed', async () => {
  const key = new Authenticator();
  const page = await v.get('/account/security');
  const made = await v.submit(page, '/account/security/passkeys', key.create(optionsOf(page, 'create')));
  assert.match(words(made), /The passkey is added/);
  const named = await v.submit(made, (f) => /passkeys\/pky_[a-z0-9]+$/.test(f.action), { name: '<b>Blue</b> key' });
  assert.ok(named.text.includes('&lt;b&gt;Blue&lt;/b&gt; key'));
  const other = new Visitor();
  key.count = 1;
  const ask = await other.get('/sign-in?return_to=/account/profile');
  const inside = await other.submit(ask, '/sign-in/passkey', key.get(optionsOf(ask, 'get')));
  assert.equal(where(inside), '/account/profile');
  key.count = 2;
  const confirm = await other.get('/sign-in/confirm?return_to=/account/security');
  const cookie = other.jar.get('__Host-session');
  const confirmed = await other.submit(confirm, '/sign-in/confirm/passkey', key.get(optionsOf(confirm, 'get')));
  assert.equal(where(confirmed), '/account/security');
  assert.notEqual(other.jar.get('__Host-session'), cookie);
  const removed = await other.submit(confirmed, (f) => /passkeys\/pky_[a-z0-9]+\/remove$/.test(f.action));
  assert.match(words(removed), /The passkey is removed/);
  const outside = new Visitor(), form = await outside.get('/sign-in?return_to=/account/profile');
  const refused = await outside.submit(form, '/sign-in/passkey', key.get(optionsOf(form, 'get')));
  assert.equal(where(refused), '/sign-in');
  assert.match(words(refused), /did not sign you in/);
  assert.equal(findForm(refused.text, '/sign-in').fields.find(([n]) => n === 'return_to')[1], '/account/profile');
  other.close();
  outside.close();
});

test('whose second factor is a passkey is asked for that, and for no code', async () => {
  const boss = await member(app), key = new Authenticator(), browser = new Visitor();
  const signIn = async () => browser.submit(await browser.get('/sign-in?return_to=/account/profile'), (f) => f.action === '/sign-in', { email: boss.email, password: boss.password });
  await signIn();
  const page = await browser.get('/account/security');
  await browser.submit(page, '/account/security/passkeys', key.create(optionsOf(page, 'create')));
  sql(`UPDATE identity.account SET staff = true WHERE id = '${uuidOf(boss.id)}'`);
  browser.jar.clear();
  const asked = await signIn();
  assert.equal(where(asked), '/sign-in/mfa');
  assert.equal(findForm(asked.text, (f) => f.action === '/sign-in/mfa'), undefined);
  assert.match(words(asked), /asks for your passkey/);
  assert.match(asked.text, /data-passkey-missing>A passkey needs JavaScript/);
  key.count = 1;
  assert.equal(where(await browser.submit(asked, '/sign-in/passkey', key.get(optionsOf(asked, 'get')))), '/account/profile');
});

test('a second step whose first one is too long ago begins again before anything is typed', async () => {
  const late = new Visitor(), asked = await enter(late);
  assert.equal(where(asked), '/sign-in/mfa');
  sql("UPDATE identity.challenge SET expires_at = created_at WHERE purpose = 'mfa' AND used_at IS NULL");
  const over = await late.get('/sign-in/mfa');
  assert.deepEqual([where(over), late.jar.get('__Host-second')], ['/sign-in', undefined]);
  assert.match(words(over), /took too long/);
  late.close();
});

test('forms from elsewhere and addresses of other shops get nowhere', async () => {
  const page = await v.get('/account/security');
  const form = findForm(page.text, '/account/security/codes');
  const token = form.fields.find(([n]) => n === '_csrf')[1];
  assert.equal((await v.post('/account/security/codes', { _csrf: token }, { headers: { origin: 'https://evil.example' } })).status, 403);
  assert.equal((await v.post('/account/security/codes', { _csrf: 'x' })).status, 403);
  const key = new Authenticator(), made = await v.submit(page, '/account/security/passkeys', key.create(optionsOf(page, 'create')));
  assert.equal(made.status, 200);
  const other = new Visitor();
  key.count = 1;
  const ask = await other.get('/sign-in');
  const inside = await other.submit(ask, '/sign-in/passkey', { ...key.get(optionsOf(ask, 'get')), return_to: 'https://evil.example/' }, { follow: false });
  assert.equal(inside.headers.location, '/account');
  other.close();
});

test('the app goes, and a password alone is enough again', async () => {
  const page = await v.submit(await v.get('/account/security'), '/account/security/app/remove');
  assert.match(words(page), /app is removed/);
  const other = new Visitor();
  assert.equal(where(await enter(other)), '/account');
  other.close();
});

cleanup('end', () => { forgetTries(); v.close(); app.close(); });
