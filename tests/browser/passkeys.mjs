// Passkeys in a real browser, with Chromium's virtual authenticator: made on the security page, used to sign in without naming anybody, refused when something is wrong.
// Without scripts they are simply not offered.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, until } from '../lib/shop.mjs';
import { at, close, open } from '../lib/browser.mjs';
import { forgetTries, mailsTo, member } from '../lib/people.mjs';

const { url } = environment();
const v = new Visitor();
const AUTHENTICATOR = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
const shown = (page, selector) => page.locator(selector).first().waitFor({ state: 'visible' });
const path = (page) => new URL(page.url()).pathname;
const button = '[data-passkey="get"] [type=submit]', add = '[data-passkey="create"] [type=submit]';
let ada, page, cdp, authenticator;

async function signIn(on, who) {
  await on.goto('/sign-in');
  await on.fill('#email', who.email);
  await on.fill('#password', who.password);
  await on.click('form[action="/sign-in"] [type=submit]');
  await on.waitForURL(at('/account'));
}

const keys = async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId: authenticator })).credentials;

async function askForKey(on = page) {
  await on.waitForLoadState();                            // what still loads would bring a cookie back
  await on.context().clearCookies();
  await on.goto('/sign-in');
  await shown(on, button);
  await on.click(button);
}

test('a passkey is made on the security page', async () => {
  ada = await member(v);
  page = await open();
  cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  ({ authenticatorId: authenticator } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: AUTHENTICATOR }));
  await signIn(page, ada);
  await page.goto('/account/security');
  assert.equal(await page.locator('[data-passkey-missing]').isVisible(), false);
  await page.click(add);
  await shown(page, '.device form[action$="/remove"], .device details');
  const [key] = await keys();
  assert.deepEqual([key.rpId, key.isResidentCredential], ['localhost', true]);
  assert.equal(Buffer.from(key.userHandle, 'base64').length, 16);
  assert.ok(await mailsTo(ada.email, { subject: /A passkey was added/ }));
});

test('the same device makes no second one', async () => {
  await page.goto('/account/security');
  await page.click(add);
  await shown(page, '[data-passkey="create"] [data-passkey-failed]');
  assert.equal((await keys()).length, 1);
});

test('it signs in without a name or a password', async () => {
  await askForKey();
  await page.waitForURL(at('/account'));
  assert.match(await page.textContent('main'), new RegExp(ada.email.replace(/[.]/g, '\\.')));
});

test('the way leads back to the page that was wanted', async () => {
  await page.context().clearCookies();
  await page.goto('/account/addresses');
  assert.equal(path(page), '/sign-in');
  await shown(page, button);
  await page.click(button);
  await page.waitForURL(at('/account/addresses'));
});

test('a person whom the authenticator does not know is not signed in', async () => {
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: authenticator, isUserVerified: false });
  await askForKey();
  await shown(page, '[data-passkey="get"] [data-passkey-failed]');
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: authenticator, isUserVerified: true });
});

test('changed client data is refused', async () => {
  await page.route('**/sign-in/passkey', (route) => {
    const form = new URLSearchParams(route.request().postData());
    const data = JSON.parse(Buffer.from(form.get('client_data_json'), 'base64url'));
    form.set('client_data_json', Buffer.from(JSON.stringify({ ...data, origin: 'https://evil.example' })).toString('base64url'));
    return route.continue({ postData: form.toString() });
  });
  await askForKey();
  await page.waitForURL((u) => u.pathname === '/sign-in' && u.search.includes('passkey'));
  await page.unroute('**/sign-in/passkey');
});

test('another page on the same host gets a signature that opens nothing', async () => {
  const options = (await v.api('POST', '/v1/auth/passkey/options', { json: {} })).json;
  const evil = 'https://localhost:44444/';
  await page.route(`${evil}**`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel=icon href="data:,"><title>x</title>' }));
  await page.goto(evil);
  const fields = await page.evaluate(async (o) => {
    const bytes = (t) => Uint8Array.from(atob(t.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
    const c = await navigator.credentials.get({ publicKey: { ...o.public_key, challenge: bytes(o.public_key.challenge) } });
    return { challenge_id: o.challenge_id, credential_id: text(c.rawId), client_data_json: text(c.response.clientDataJSON), authenticator_data: text(c.response.authenticatorData),
      signature: text(c.response.signature), user_handle: text(c.response.userHandle) };
  }, options);
  assert.equal(JSON.parse(Buffer.from(fields.client_data_json, 'base64url')).origin, 'https://localhost:44444');
  const answer = await v.api('POST', '/v1/auth/passkey/login', { json: fields });
  assert.deepEqual([answer.status, answer.json.code], [401, 'invalid_credentials']);
});

test('a copy of the key whose counter stayed behind is refused, and its owner is told', async () => {
  const [key] = await keys();
  assert.ok(key.signCount > 1);
  await cdp.send('WebAuthn.removeCredential', { authenticatorId: authenticator, credentialId: key.credentialId });
  await cdp.send('WebAuthn.addCredential', { authenticatorId: authenticator, credential: { ...key, signCount: 1 } });
  await askForKey();
  await page.waitForURL((u) => u.pathname === '/sign-in' && u.search.includes('passkey'));
  assert.ok(await mailsTo(ada.email, { subject: /A passkey may have been copied/ }));
  await cdp.send('WebAuthn.removeCredential', { authenticatorId: authenticator, credentialId: key.credentialId });
  await cdp.send('WebAuthn.addCredential', { authenticatorId: authenticator, credential: { ...key, signCount: key.signCount + 50 } });
  await askForKey();
  await page.waitForURL(at('/account'));
});

test('it shows that its owner is there, where that is asked for', async () => {
  await page.goto('/sign-in/confirm?return_to=/account/security');
  await shown(page, button);
  await page.click(button);
  await page.waitForURL(at('/account/security'));
});

test('it is renamed and removed', async () => {
  const item = page.locator('.device', { has: page.locator('form[action*="/account/security/passkeys/"]') });
  await item.locator('summary').click();
  await item.locator('input[name=name]').fill('Blue key');
  await item.locator('form:not([action$="/remove"]) [type=submit]').click();
  await until('the new name', async () => /Blue key/.test(await page.textContent('main')));
  await item.locator('summary').click();
  await item.locator('form[action$="/remove"] [type=submit]').click();
  await until('no passkey', async () => (await item.count()) === 0);
  await askForKey();
  await page.waitForURL((u) => u.pathname === '/sign-in' && u.search.includes('passkey'));
});

test('without scripts there is no button that could not work', async () => {
  const plain = await open({ javaScriptEnabled: false });
  await plain.goto('/sign-in');
  assert.equal(await plain.locator(button).isVisible(), false);
  await signIn(plain, ada);
  await plain.goto('/account/security');
  assert.equal(await plain.locator(add).isVisible(), false);
  assert.equal(await plain.locator('[data-passkey-missing]').isVisible(), true);
  await plain.context().close();
});

test('nothing was logged as an error', () => {
  assert.deepEqual(page.complaints, [], url);
});

cleanup('end', async () => { forgetTries(); v.close(); await close(); });
