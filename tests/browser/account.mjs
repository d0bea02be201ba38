// An account's life in a real browser, with scripts and without, on a phone and on a desk: registered with the code of the mail, signed in, with mistakes
// on the way, a new password by mail, addresses, devices, signed out. Password managers find what they look for.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { environment, until } from '../lib/shop.mjs';
import { mailsTo } from '../lib/mail.mjs';
import { at, open, close, DESK, PHONE } from '../lib/browser.mjs';

const { url } = environment();
const phone = { viewport: PHONE, isMobile: true, hasTouch: true };
const ways = [
  { name: 'with scripts, on a phone', script: true, options: phone }, { name: 'without scripts, on a desk', script: false, options: { viewport: DESK, javaScriptEnabled: false } },
];
const PASSWORD = 'seven green teapots', OTHER = 'eight blue teapots', THIRD = 'nine grey teapots';
let n = 0;
const fresh = () => `ada${Date.now()}${n++}@example.com`;
const main = (page) => page.locator('main');
const path = (page) => new URL(page.url()).pathname;
const newest = (to, words) => until(`a mail about ${words}`, () => mailsTo(to).filter((m) => m.text.includes(words)).at(-1), { ms: 20000 });
const codeOf = (mail) => mail.text.match(/\b(\d{6})\b/)[1];
const linkOf = (mail, part) => new URL(mail.text.match(/https:\/\/\S+/g).find((l) => l.includes(part))).href.replace(/^https:\/\/[^/]+/, '');

// What the browser complained about: only answers with these statuses.
function only(page, ...statuses) {
  const said = page.complaints.splice(0).map((s) => s.replace(/^.*responded with a status of (\d+).*$/, '$1'));
  assert.deepEqual(said, statuses.map(String));
}
const press = (page, name) => main(page).getByRole('button', { name, exact: true }).click();

async function register(page, email) {
  await page.goto('/account');
  await page.waitForURL(/\/sign-in\?return_to=/);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.waitForURL(/\/register/);
  await page.fill('#name', 'Ada Example');
  await page.fill('#email', email);
  await page.fill('#password', PASSWORD);
  await press(page, 'Create account');
  await page.waitForURL(/\/verify/);
  assert.match(await main(page).textContent(), new RegExp(email.replace('.', '\\.')));
  await page.fill('#code', codeOf(await newest(email, 'code')));
  await press(page, 'Confirm');
  await page.waitForURL(at('/account'));
  assert.match(await main(page).textContent(), /Hello, Ada Example/);
}

async function signIn(page, email, password) {
  await page.goto('/sign-in');
  await page.fill('#email', email);
  await page.fill('#password', password);
  await press(page, 'Sign in');
}

async function signOut(page) {
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await page.waitForURL(/\/sign-in\?done=ended/);
}

const address = { name: 'Ada Example', line1: 'Example Street 1', postal_code: '10115', city: 'Berlin' };
async function addAddress(page, more = {}) {
  await page.goto('/account/addresses/new');
  for (const [field, value] of Object.entries({ ...address, ...more })) await page.fill(`#${field}`, value);
  await press(page, 'Save address');
}

for (const way of ways) {
  const email = fresh();
  let page;
  test(`registers, ${way.name}`, async () => {
    page = await open({ url, ...way.options });
    await page.goto('/register');
    await page.fill('#email', 'not an address');
    await press(page, 'Create account');
    const summary = page.locator('.error-summary');
    await summary.waitFor();
    assert.equal(await summary.getAttribute('role'), 'alert');
    assert.ok(await summary.evaluate((box) => box === document.activeElement), 'the summary has the focus, with scripts and without');
    assert.match(await page.title(), /^Error: /);
    assert.deepEqual(await summary.locator('a').evaluateAll((links) => links.map((a) => a.getAttribute('href'))), ['#name', '#email', '#password']);
    assert.equal(await page.inputValue('#email'), 'not an address');
    only(page, 422);
    await register(page, email);
    only(page);
  }, { ms: 60000 });

  test(`a wrong password is explained, ${way.name}`, async () => {
    await signOut(page);
    await signIn(page, email, 'wrong password');
    await page.locator('.error-summary').waitFor();
    assert.match(await page.locator('.error-summary').textContent(), /do not belong together/);
    assert.equal(await page.inputValue('#email'), email);
    assert.equal(await page.inputValue('#password'), '');
    only(page, 422);
    await signIn(page, email, PASSWORD);
    await page.waitForURL(at('/account'));
    only(page);
  });

  test(`password managers know the fields, ${way.name}`, async () => {
    const guest = await open({ url, ...way.options });
    for (const [address_, fields] of [['/sign-in', { email: 'username', password: 'current-password' }], ['/register', { name: 'name', email: 'username', password: 'new-password' }]]) {
      await guest.goto(address_);
      for (const [field, autocomplete] of Object.entries(fields)) assert.equal(await guest.getAttribute(`#${field}`, 'autocomplete'), autocomplete);
      assert.equal(await guest.locator('main form:has(input[type=password])').count(), 1);
    }
    if (way.script) {
      await guest.fill('#password', 'hello');
      await guest.locator('.secret-button').click();
      assert.equal(await guest.getAttribute('#password', 'type'), 'text');
    }
    await guest.context().close();
  });

  test(`a new password by mail, ${way.name}`, async () => {
    await signOut(page);
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.fill('#email', email);
    await press(page, 'Send the link');
    await page.waitForURL(/done=sent/);
    const link = linkOf(await newest(email, '/reset'), '/reset');
    await page.goto(link);
    await page.fill('#password', 'password');
    await press(page, 'Set password');
    await page.locator('.error-summary').waitFor();
    only(page, 422);
    await page.fill('#password', OTHER);
    await press(page, 'Set password');
    await page.waitForURL(/\/sign-in\?done=reset/);
    await page.goto(link);
    assert.match(await main(page).textContent(), /does not work any more/);
    only(page, 410);
    await signIn(page, email, OTHER);
    await page.waitForURL(at('/account'));
  }, { ms: 60000 });

  test(`addresses are kept, changed and removed, ${way.name}`, async () => {
    await page.goto('/account/addresses');
    assert.match(await main(page).textContent(), /No addresses yet/);
    await addAddress(page, { postal_code: '1' });
    await page.locator('.error-summary').waitFor();
    assert.equal(await page.inputValue('#line1'), address.line1);
    only(page, 422);
    await page.fill('#postal_code', '10115');
    await press(page, 'Save address');
    await page.waitForURL(/\/account\/addresses\?done=saved/);
    await addAddress(page, { label: 'Office', line1: 'Other Street 2' });
    await page.waitForURL(/\/account\/addresses\?done=saved/);
    const office = page.locator('.address-card', { hasText: 'Office' });
    await office.getByRole('button', { name: 'Use for deliveries' }).click();
    await page.waitForURL(/\/account\/addresses/);
    assert.match(await page.locator('.address-card').first().textContent(), /Office.*Deliveries/s);
    await page.locator('.address-card', { hasText: 'Office' }).getByRole('link', { name: 'Change' }).click();
    await page.fill('#city', 'Potsdam');
    await press(page, 'Save address');
    await page.waitForURL(/done=saved/);
    await page.locator('.address-card', { hasText: 'Potsdam' }).getByRole('link', { name: 'Remove' }).click();
    await press(page, 'Remove address');
    await page.waitForURL(/done=removed/);
    assert.equal(await page.locator('.address-card').count(), 1);
    only(page);
  });

  test(`the profile, ${way.name}`, async () => {
    await page.goto('/account/profile');
    await page.fill('#phone', 'call me');
    await press(page, 'Save');
    await page.locator('.error-summary').waitFor();
    only(page, 422);
    await page.fill('#phone', '+49 30 123456');
    await page.fill('#name', 'Ada Lovelace');
    await press(page, 'Save');
    await page.waitForURL(/done=saved/);
    assert.ok(await page.locator('.notice-good').evaluate((box) => box === document.activeElement), 'what was done is read out');
    await page.goto('/account');
    assert.match(await main(page).textContent(), /Hello, Ada Lovelace/);
  });

  test(`the phone that shows the key of an app can open the app itself, ${way.name}`, async () => {
    await page.goto('/account/security');
    await press(page, 'Set up an app');
    await page.waitForURL(/\/account\/security\/app/);
    const here = page.locator('.factor-here a');
    assert.match(await here.getAttribute('href'), /^otpauth:\/\/totp\/Souk:.*secret=[A-Z2-7]{32}&/);
    assert.equal(await here.isVisible(), way.options === phone, 'a desk has no such app');
    assert.ok(await page.locator('.factor-qr svg').isVisible());
    only(page);
  });

  test(`devices are listed and ended, ${way.name}`, async () => {
    const other = await open({ url, ...way.options });
    await signIn(other, email, OTHER);
    await other.waitForURL(at('/account'));
    await page.goto('/account/security');
    await page.locator('#devices').waitFor();
    const rows = page.locator('section[aria-labelledby=devices] .device');
    assert.equal(await rows.count(), 2);
    assert.equal(await rows.filter({ hasText: 'This device' }).count(), 1);
    await page.getByRole('button', { name: 'Sign out all other devices' }).click();
    await page.waitForURL(/done=ended_others/);
    assert.equal(await rows.count(), 1);
    await until('the other device is signed out', async () => { await other.goto('/account'); return path(other) === '/sign-in'; });
    await other.context().close();
    only(page);
  }, { ms: 60000 });

  test(`changes the password and signs out, ${way.name}`, async () => {
    await page.goto('/account/password');
    await page.fill('#present', 'not this one');
    await page.fill('#fresh', THIRD);
    await press(page, 'Change password');
    await page.locator('.error-summary').waitFor();
    only(page, 422);
    await page.fill('#present', OTHER);
    await page.fill('#fresh', THIRD);
    await press(page, 'Change password');
    await page.waitForURL(/\/account\/security\?done=password/);
    await signOut(page);
    await page.goto('/account');
    assert.equal(path(page), '/sign-in');
    await page.context().close();
  });

  test(`what a guest put into the cart is there after signing in, on every device, ${way.name}`, async () => {
    const guest = await open({ url, ...way.options });
    await guest.goto('/p/soap-olive');
    await guest.click('[data-add] [type=submit]');
    if (way.script) await guest.waitForSelector('dialog[open] .line');
    else await guest.waitForURL(at('/cart'));
    await signIn(guest, email, THIRD);
    await guest.waitForURL(at('/account'));
    await guest.goto('/cart');
    assert.equal(await guest.locator('main .line').count(), 1);
    await guest.goto('/checkout');
    assert.equal(await guest.inputValue('[id="address.line1"]'), address.line1);
    assert.equal(await guest.inputValue('#email'), email);
    const second = await open({ url, ...way.options });
    await signIn(second, email, THIRD);
    await second.waitForURL(at('/account'));
    await second.goto('/cart');
    assert.equal(await second.locator('main .line').count(), 1);
    await signOut(second);
    await second.goto('/cart');
    assert.equal(await second.locator('main .line').count(), 0);
    await guest.context().close();
    await second.context().close();
  }, { ms: 60000 });
}

test('nobody is led to another site', async () => {
  const email = fresh();
  const page = await open({ url });
  await register(page, email);
  await signOut(page);
  for (const evil of ['//evil.example', 'https://evil.example', '/\\evil.example', '/%0d%0aSet-Cookie:x']) {
    await page.goto(`/sign-in?return_to=${encodeURIComponent(evil)}`);
    await page.fill('#email', email);
    await page.fill('#password', PASSWORD);
    await press(page, 'Sign in');
    await page.waitForURL(/\/(account|%0d)/);
    assert.equal(new URL(page.url()).origin, new URL(url).origin);
    await signOut(page);
  }
  await page.context().close();
}, { ms: 60000 });

cleanup('the browser ends', close);
