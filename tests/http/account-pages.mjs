// The account's pages as a browser without scripts sees them: every form of theirs, what it refuses, where it leads.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, findForm, forms, until } from '../lib/shop.mjs';
import { makeVariant, sql, uuidOf } from '../lib/goods.mjs';
import { codeIn, forgetTries, linkIn, mailsTo, newEmail, newPassword } from '../lib/people.mjs';

const cup = makeVariant({ price: 1250, stock: 100 });
const at = (page) => new URL(page.url).pathname + new URL(page.url).search;
const shows = (page, status, words) => {
  assert.equal(page.status, status, `${page.url}: ${page.text.slice(0, 600)}`);
  if (words) assert.match(page.text.replace(/\s+/g, ' '), words);
  return page;
};
// A form that was refused: 422, the summary, and what was typed (but no password).
const refused = (page, words, typed = []) => {
  shows(page, 422, words);
  assert.match(page.text, /class="error-summary" role="alert"/);
  assert.match(page.text, /<title>Error: /);
  for (const value of typed) assert.ok(page.text.includes(`value="${value}"`), value);
  assert.doesNotMatch(page.text, /type="password"[^>]*value=/);
};
// So many characters that browsers count double.
const long = (n) => Array.from({ length: n }, (_, i) => String.fromCodePoint(0x1f300 + i)).join('');
// What password managers need: whose password it is, before the field that holds it.
const managers = (page, email, autocomplete) => {
  const [name] = page.text.match(new RegExp(`<input[^>]*value="${email}"[^>]*autocomplete="username"[^>]*>`)) ?? [];
  assert.ok(name && page.text.indexOf(name) < page.text.indexOf(`autocomplete="${autocomplete}"`), page.url);
};
const ada = { email: newEmail(), password: newPassword(), name: 'Ada Example' }, v = new Visitor();
const signIn = async (visitor, who, more = {}) => visitor.submit(await visitor.get('/sign-in'), '/sign-in', { email: who.email, password: who.password, ...more });
const registered = async (visitor, who) => visitor.submit(await visitor.get('/register'), '/register', { name: who.name, email: who.email, password: who.password });

// route: page_register, page_register_post, page_verify, page_verify_post
test('an account begins with the code of the mail', async () => {
  forgetTries();
  const form = shows(await v.get('/register'), 200);
  refused(await v.submit(form, '/register', { name: '', email: 'nobody', password: '' }), /please fill this in/, ['nobody']);
  refused(await v.submit(form, '/register', { name: 'Ada', email: ada.email, password: 'password' }), /easy to guess/, [ada.email]);
  refused(await v.submit(form, '/register', { name: 'Ada', email: ada.email, password: 'short' }), /at least 8/, [ada.email]);
  refused(await v.submit(form, '/register', { name: 'Ada', email: ada.email, password: long(257) }), /at most 256/, [ada.email]);
  const verify = shows(await registered(v, ada), 200);
  assert.match(at(verify), /^\/verify\?/);
  assert.ok(verify.text.includes(ada.email));
  const [mail] = await mailsTo(ada.email), code = codeIn(mail);
  refused(await v.submit(verify, /^\/verify$/, { code: code === '000000' ? '111111' : '000000' }), /not right/);
  assert.equal((await new Visitor().get('/verify')).url, new URL('/register', v.base).href, 'a stranger has nothing to type a code for');
  const home = shows(await v.submit(verify, /^\/verify$/, { code }), 200, /Hello, Ada Example/);
  assert.equal(at(home), '/account?done=welcome');
  const cookie = v.jar.details('__Host-session');
  for (const wanted of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) assert.ok(cookie.options.includes(wanted), cookie.line);
  assert.equal(home.headers['cache-control'], 'no-store');
});

// route: page_verify_resend
test('the mail is sent again, and its newest code works', async () => {
  const visitor = new Visitor(), bob = { email: newEmail('bob'), password: newPassword(), name: 'Bob' };
  const verify = await registered(visitor, bob);
  await mailsTo(bob.email);
  shows(await visitor.submit(verify, '/verify/resend'), 200, /another mail on its way/);
  const mails = await mailsTo(bob.email, { n: 2 });
  shows(await visitor.submit(verify, /^\/verify$/, { code: codeIn(mails[1]) }), 200, /Hello, Bob/);
});

// route: page_verify_link, page_verify_link_post
test('the link works where it was asked for, elsewhere with the password', async () => {
  const here = new Visitor(), there = new Visitor(), cid = { email: newEmail('cid'), password: newPassword(), name: 'Cid' };
  await registered(here, cid);
  const link = linkIn((await mailsTo(cid.email))[0]);
  const asks = shows(await there.get(`/verify/link?link=${link}`), 200, /another browser/);
  managers(asks, cid.email, 'current-password');
  refused(await there.submit(asks, '/verify/link', { password: '' }), /please fill this in/);
  refused(await there.submit(asks, '/verify/link', { password: 'not what was chosen' }), /not the password/);
  shows(await there.submit(asks, '/verify/link', { password: cid.password }), 200, /Hello, Cid/);
  shows(await there.submit(asks, '/verify/link', { password: cid.password }), 410, /does not work any more/);
  for (const page of ['/verify', '/verify/link']) shows(await here.get(`${page}?link=${link}`), 410, /does not work any more/);
  const dan = { email: newEmail('dan'), password: newPassword(), name: 'Dan' }, own = new Visitor();
  await registered(own, dan);
  const page = await own.get(`/verify/link?link=${linkIn((await mailsTo(dan.email))[0])}`);
  assert.doesNotMatch(page.text, /type="password"/);
  shows(await own.submit(page, '/verify/link'), 200, /Hello, Dan/);
});

// route: page_sign_in, page_sign_in_post, page_sign_out
test('signing in and out', async () => {
  forgetTries();
  const visitor = new Visitor();
  const form = await visitor.get('/sign-in?return_to=/account/profile');
  refused(await visitor.submit(form, '/sign-in', { email: '', password: '' }), /please fill this in/);
  refused(await visitor.submit(form, '/sign-in', { email: ada.email, password: 'wrong password' }), /do not belong together/, [ada.email]);
  refused(await visitor.submit(form, '/sign-in', { email: newEmail(), password: 'wrong password' }), /do not belong together/);
  assert.equal(at(await visitor.submit(form, '/sign-in', { email: ada.email.toUpperCase(), password: ada.password })), '/account/profile');
  assert.equal(at(await visitor.get('/sign-in?return_to=/cart')), '/cart', 'who is signed in goes on');
  const before = visitor.jar.get('__Host-session');
  assert.equal(at(await visitor.submit(await visitor.get('/account'), '/sign-out')), '/sign-in?done=ended');
  assert.equal(visitor.jar.get('__Host-session'), undefined);
  visitor.jar.set('__Host-session', before);
  assert.match(at(await visitor.get('/account')), /^\/sign-in\?return_to=/, 'the old cookie is void');
});

test('the session is a new one at each sign-in, whatever cookie came along', async () => {
  const visitor = new Visitor();
  visitor.jar.set('__Host-session', 'ses_01aaaaaaaaaaaaaaaaaaaaaaaa.AAAAAAAAAAAAAAAAAAAAAA');
  await signIn(visitor, ada);
  assert.notEqual(visitor.jar.get('__Host-session'), 'ses_01aaaaaaaaaaaaaaaaaaaaaaaa.AAAAAAAAAAAAAAAAAAAAAA');
  assert.equal(at(await visitor.get('/account')), '/account');
  const tabs = new Visitor(), form = await tabs.get('/sign-in'), old = new Visitor();          // two tabs, both with the form open
  await tabs.submit(form, '/sign-in', { email: ada.email, password: ada.password });
  old.jar.set('__Host-session', tabs.jar.get('__Host-session'));
  await tabs.submit(form, '/sign-in', { email: ada.email, password: ada.password });
  assert.equal(at(await tabs.get('/account')), '/account');
  await until('the session that was replaced is over', async () => at(await old.get('/account')).startsWith('/sign-in?'), { ms: 2000 });
});

test('nobody is led to another site', async () => {
  forgetTries();
  for (const evil of ['//evil.example', 'https://evil.example', '/\\evil.example', '/a//b', '/\t/evil.example', 'javascript:alert(1)', '/sign-out', '/x\r\nSet-Cookie: a=b']) {
    const visitor = new Visitor();
    const form = await visitor.get(`/sign-in?return_to=${encodeURIComponent(evil)}`);
    if (form.status === 422) continue;          // control characters are refused altogether
    assert.equal(findForm(form.text, '/sign-in').fields.find(([n]) => n === 'return_to')[1], '/account', evil);
    const answer = await visitor.submit(form, '/sign-in', { email: ada.email, password: ada.password, return_to: evil }, { follow: false });
    assert.deepEqual([answer.status, answer.headers.location], [303, '/account'], evil);
  }
});

test('forms of other sites and forms without their token are refused', async () => {
  const visitor = new Visitor();
  const form = await visitor.get('/sign-in');
  assert.equal((await visitor.submit(form, '/sign-in', { ...ada, name: undefined, _csrf: 'x' })).status, 403);
  assert.equal((await visitor.submit(form, '/sign-in', { email: ada.email, password: ada.password }, { headers: { origin: 'https://evil.example' } })).status, 403);
  for (const path of ['/sign-out', '/account/devices/end-others', '/account/delete', '/account/privacy/export']) {
    assert.equal((await v.post(path, {})).status, 403, path);
  }
  assert.equal(at(await v.get('/account')), '/account', 'still signed in');
});

// route: page_forgot, page_forgot_post, page_reset, page_reset_post
test('a forgotten password: the same answer for every address, a link that works once', async () => {
  const visitor = new Visitor(), eve = { email: newEmail('eve'), password: newPassword(), name: 'Eve' };
  await visitor.submit(await registered(visitor, eve), /^\/verify$/, { code: codeIn((await mailsTo(eve.email))[0]) });
  const stranger = new Visitor(), form = await stranger.get('/forgot');
  refused(await stranger.submit(form, '/forgot', { email: 'nobody' }), /like name@example.com/, ['nobody']);
  const known = await stranger.submit(form, '/forgot', { email: eve.email }), unknown = await stranger.submit(form, '/forgot', { email: newEmail() });
  assert.deepEqual([at(known), known.status], [at(unknown), unknown.status]);
  const link = linkIn((await mailsTo(eve.email, { n: 2 }))[1]), reset = shows(await stranger.get(`/reset?link=${link}`), 200);
  managers(reset, eve.email, 'new-password');
  assert.equal(reset.headers['referrer-policy'], 'same-origin');
  refused(await stranger.submit(reset, '/reset', { password: 'password' }), /easy to guess/);
  const fresh = newPassword();
  assert.equal(at(await stranger.submit(reset, '/reset', { password: fresh })), '/sign-in?done=reset');
  shows(await stranger.submit(reset, '/reset', { password: newPassword() }), 410, /does not work any more/);
  shows(await stranger.get(`/reset?link=${link}`), 410, /does not work any more/);
  shows(await stranger.get('/reset?link=x'), 410);
  assert.match(at(await visitor.get('/account')), /^\/sign-in/, 'every device is signed out');
  assert.equal(at(await signIn(new Visitor(), { ...eve, password: fresh })), '/account');
});

// route: page_unlock, page_unlock_post
test('too many wrong passwords: waiting is explained, and the mail unlocks', async () => {
  forgetTries();
  const visitor = new Visitor(), fay = { email: newEmail('fay'), password: newPassword(), name: 'Fay' };
  await visitor.submit(await registered(visitor, fay), /^\/verify$/, { code: codeIn((await mailsTo(fay.email))[0]) });
  const stranger = new Visitor(), form = await stranger.get('/sign-in');
  let answer;
  for (let i = 0; i < 12 && answer?.status !== 429; i += 1) answer = await stranger.submit(form, '/sign-in', { email: fay.email, password: `wrong ${i}` });
  shows(answer, 429, /Too many tries/);
  assert.ok(Number(answer.headers['retry-after']) > 0);
  assert.match(answer.text, /class="error-summary" role="alert"/);
  const mail = (await mailsTo(fay.email, { n: 2 })).at(-1);
  const page = shows(await stranger.get(`/unlock?link=${linkIn(mail)}`), 200, /Unlock/);
  assert.equal(at(await stranger.submit(page, '/unlock')), '/sign-in?done=unlocked');
  shows(await stranger.submit(page, '/unlock'), 410);
  assert.equal(at(await signIn(stranger, fay)), '/account');
});

// route: page_account, page_profile, page_profile_post
test('the profile is changed, and a name is only a name', async () => {
  forgetTries();
  const form = shows(await v.get('/account/profile'), 200);
  refused(await v.submit(form, '/account/profile', { phone: 'call me', name: 'x'.repeat(101) }), /phone number/, ['call me']);
  const evil = '<b>Ada</b> "Example"';
  shows(await v.submit(form, '/account/profile', { name: evil, phone: '+49 30 123456', locale: 'de' }), 200, /Saved/);
  const home = shows(await v.get('/account'), 200);
  assert.ok(home.text.includes('&lt;b&gt;Ada&lt;/b&gt;') && !home.text.includes('<b>Ada'));
  shows(await v.submit(form, '/account/profile', { name: 'Somebody Else' }), 409, /another window/);
  shows(await v.submit(await v.get('/account/profile'), '/account/profile', { name: 'Ada\r\nBcc: eve@example.com' }), 422);
  shows(await v.submit(await v.get('/account/profile'), '/account/profile', { name: 'Ada Example', phone: '', locale: 'en' }), 200, /Saved/);
});

// route: page_addresses, page_address_new, page_address_add, page_address_edit, page_address_change, page_address_default, page_address_remove, page_address_remove_post
test('the address book', async () => {
  const address = { label: 'Home', name: 'Ada Example', line1: 'Example Street 1', postal_code: '10115', city: 'Berlin', country: 'DE' };
  const add = async (more) => v.submit(await v.get('/account/addresses/new'), '/account/addresses/new', { ...address, ...more });
  refused(await add({ postal_code: '1', city: '' }), /postal code that fits/, ['Example Street 1']);
  shows(await add({}), 200, /The address was saved/);
  shows(await add({ label: 'Office', line1: 'Other Street 2', default_billing: 'true' }), 200);
  const list = await v.get('/account/addresses');
  const [first] = forms(list.text).filter((f) => f.action.endsWith('/default'));
  shows(await v.submit(list, first.action), 200);
  assert.match((await v.get('/account/addresses')).text.replace(/\s+/g, ' '), /Office.*Deliveries.*Home/);
  const edit = (await v.get('/account/addresses')).text.match(/href="(\/account\/addresses\/addr_[0-9a-z]+)"/)[1];
  const form = shows(await v.get(edit), 200, /Other Street 2/);
  refused(await v.submit(form, edit, { name: '' }), /Full name: please fill this in/, ['Other Street 2']);
  shows(await v.submit(form, edit, { city: 'Potsdam' }), 200, /Potsdam/);
  shows(await v.submit(form, edit, { city: 'Bonn' }), 409, /another window/);
  const stranger = new Visitor();
  await signIn(stranger, ada);
  assert.equal((await stranger.get(edit)).status, 200);
  const other = new Visitor(), gil = { email: newEmail('gil'), password: newPassword(), name: 'Gil' };
  await other.submit(await registered(other, gil), /^\/verify$/, { code: codeIn((await mailsTo(gil.email))[0]) });
  for (const path of [edit, `${edit}/remove`]) assert.equal((await other.get(path)).status, 404, 'somebody else\'s');
  const question = shows(await v.get(`${edit}/remove`), 200, /Remove this address/);
  shows(await v.submit(question, '/remove'), 200, /The address was removed/);
  shows(await v.submit(question, '/remove'), 200);
  assert.equal((await v.get(edit)).status, 404);
});

// route: page_security, page_device_end, page_devices_end
test('devices are listed and ended', async () => {
  forgetTries();
  const one = new Visitor(), two = new Visitor();
  await signIn(one, ada);
  await signIn(two, ada);
  const page = shows(await v.get('/account/security'), 200, /This device/);
  const ends = forms(page.text).filter((f) => /\/account\/devices\/ses_/.test(f.action));
  assert.ok(ends.length >= 2);
  shows(await v.submit(page, ends[0].action), 200, /The device was signed out/);
  shows(await v.submit(page, '/end-others'), 200, /All other devices were signed out/);
  for (const visitor of [one, two]) assert.match(at(await visitor.get('/account')), /^\/sign-in/);
  assert.equal(forms((await v.get('/account/security')).text).filter((f) => /\/account\/devices\/ses_/.test(f.action)).length, 0);
});

const age = (who) => sql(`UPDATE identity.session SET fresh_at = fresh_at - interval '2 hours' WHERE id = '${uuidOf(who.jar.get('__Host-session').split('.')[0])}'`);

// route: page_confirm, page_confirm_post, page_email, page_email_post, page_email_confirm, page_email_confirm_post
test('another e-mail address, after proving to be there', async () => {
  forgetTries();
  const visitor = new Visitor(), hal = { email: newEmail('hal'), password: newPassword(), name: 'Hal' };
  await visitor.submit(await registered(visitor, hal), /^\/verify$/, { code: codeIn((await mailsTo(hal.email))[0]) });
  const confirm = shows(await visitor.get('/sign-in/confirm?return_to=/account/email'), 200, /Is it you/);
  managers(confirm, hal.email, 'current-password');
  refused(await visitor.submit(confirm, '/sign-in/confirm', { password: 'wrong password' }), /not right/);
  const form = shows(await visitor.submit(confirm, '/sign-in/confirm', { password: hal.password }), 200, /New e-mail address/);
  assert.equal(at(form), '/account/email');
  refused(await visitor.submit(form, '/account/email', { email: 'nobody' }), /like name@example.com/, ['nobody']);
  const fresh = newEmail('hal2'), wait = shows(await visitor.submit(form, '/account/email', { email: fresh }), 200, /until then nothing changes/);
  const mail = (await mailsTo(fresh))[0];
  refused(await visitor.submit(wait, '/account/email/confirm', { code: codeIn(mail) === '000000' ? '111111' : '000000' }), /not right/);
  shows(await visitor.submit(wait, '/account/email/confirm', { code: codeIn(mail) }), 200, /e-mail address was changed/);
  assert.ok((await visitor.get('/account')).text.includes(fresh));
  const third = newEmail('hal3');
  await visitor.submit(await visitor.get('/account/email'), '/account/email', { email: third });
  const elsewhere = new Visitor(), link = linkIn((await mailsTo(third))[0]);
  const stranger = new Visitor();                       // the mailbox may be somebody else's: the link asks for the account that asked for it
  await signIn(stranger, ada);
  shows(await stranger.submit(await stranger.get(`/account/email/confirm?link=${link}`), '/account/email/confirm'), 410);
  const asks = await elsewhere.get(`/account/email/confirm?link=${link}`);
  assert.match(at(asks), /^\/sign-in\?return_to=/);
  const page = shows(await elsewhere.submit(asks, '/sign-in', { email: fresh, password: hal.password }), 200, /Confirm your new address/);
  assert.equal(at(await elsewhere.submit(page, '/account/email/confirm')), '/account/profile?done=email');
  shows(await elsewhere.submit(page, '/account/email/confirm'), 410);
  assert.ok((await visitor.get('/account')).text.includes(third));
});

// route: page_password, page_password_post
test('the password is changed, and the other devices are signed out', async () => {
  forgetTries();
  const other = new Visitor();
  await signIn(other, ada);
  const form = shows(await v.get('/account/password'), 200);
  managers(form, ada.email, 'current-password');
  refused(await v.submit(form, '/account/password', { present: 'wrong password', fresh: newPassword() }), /not right/);
  refused(await v.submit(form, '/account/password', { present: ada.password, fresh: 'password' }), /easy to guess/);
  refused(await v.submit(form, '/account/password', { present: ada.password, fresh: '' }), /please fill this in/);
  assert.ok(Number(form.text.match(/<input[^>]*id="fresh"[^>]*maxlength="(\d+)"/)[1]) >= long(256).length, 'no browser cuts a password that is allowed');
  shows(await v.submit(form, '/account/password', { present: ada.password, fresh: long(256) }), 200, /Your password was changed/);
  assert.equal(at(await signIn(new Visitor(), { ...ada, password: long(256) })), '/account');
  assert.equal((await signIn(new Visitor(), { ...ada, password: long(255) })).status, 422);
  ada.password = long(256);
  const fresh = newPassword();
  shows(await v.submit(form, '/account/password', { present: ada.password, fresh }), 200, /Your password was changed/);
  ada.password = fresh;
  assert.match(at(await other.get('/account')), /^\/sign-in/);
});

// route: page_orders
test('the orders of an account, its cart on every device, and the checkout that fills itself in', async () => {
  forgetTries();
  const guest = new Visitor();
  await guest.post('/cart/items', { variant_id: cup.id, quantity: 2 });
  assert.ok(guest.jar.get('__Host-cart'));
  assert.match((await guest.get('/checkout')).text, /Sign in and we fill this in/);
  assert.equal(at(await guest.submit(await guest.get('/sign-in?return_to=/checkout'), '/sign-in', { email: ada.email, password: ada.password })), '/checkout');
  assert.equal(guest.jar.get('__Host-cart'), undefined, 'an account needs no token');
  const form = await guest.get('/checkout'), fields = Object.fromEntries(findForm(form.text, '/checkout').fields);
  assert.deepEqual([fields.email, fields['address.line1']], [ada.email, 'Example Street 1']);
  assert.match((await v.get('/cart/fragment')).text, /data-count="2"/, 'the other device has it, too');
  const pay = await guest.submit(await guest.submit(form, '/checkout'), '/checkout/shipping');
  const order = await guest.submit(pay, '/checkout/payment', { method: 'tok_ok' });
  assert.match(at(order), /^\/(orders|pay)\//);
  const list = shows(await v.get('/orders'), 200, /1 order|Order 1/), link = list.text.match(/href="(\/orders\/ord_[0-9a-z]+)"/)[1];
  shows(await v.get(link), 200, /All orders/);
  assert.equal((await new Visitor().get(link)).status, 404);
  assert.match(at(await new Visitor().get('/orders')), /^\/sign-in\?return_to=/);
  shows(await v.get('/orders?status=canceled'), 200, /No orders here/);
  shows(await v.get('/orders?after=nonsense'), 200);
  shows(await v.get('/account'), 200, /Latest orders/);
  const later = new Visitor();
  await later.post('/cart/items', { variant_id: cup.id, quantity: 1 });
  await later.submit(await later.get('/sign-in'), '/sign-in', { email: ada.email, password: ada.password });
  await v.post('/cart/items', { variant_id: cup.id, quantity: 3 });
  shows(await later.get('/cart'), 200, /The cart of this device|data-count="[13]"/);
});

test('a guest is offered an account on the page that says thank you', async () => {
  const guest = new Visitor();
  await guest.post('/cart/items', { variant_id: cup.id, quantity: 1 });
  const shipping = await guest.submit(await guest.get('/checkout'), '/checkout', { email: newEmail(), 'address.name': 'Ada', 'address.line1': 'Street 1', 'address.postal_code': '10115', 'address.city': 'Berlin', 'address.country': 'DE' });
  const pay = await guest.submit(shipping, '/checkout/shipping');
  let page = await guest.submit(pay, '/checkout/payment', { method: 'tok_ok' });
  for (let i = 0; i < 50 && !/Keep this order at hand/.test(page.text); i += 1) { await new Promise((r) => { setTimeout(r, 100); }); page = await guest.get(page.url); }
  assert.match(page.text, /Keep this order at hand/);
});

// route: page_my_data, page_consents, page_export, page_request_cancel
test('consents are given and taken back, a copy is asked for', async () => {
  forgetTries();
  await v.submit(await v.get('/sign-in/confirm?return_to=/account/privacy'), '/sign-in/confirm', { password: ada.password });
  const form = shows(await v.get('/account/privacy'), 200, /Newsletter/);
  shows(await v.submit(form, '/account/privacy/consents', { granted: ['newsletter', 'surveys'] }), 200, /Saved/);
  const given = await v.get('/account/privacy');
  assert.match(given.text, /value="newsletter" checked/);
  assert.match(given.text, /in your account/);
  shows(await v.submit(given, '/account/privacy/consents', { granted: ['surveys'] }), 200);
  assert.doesNotMatch((await v.get('/account/privacy')).text, /value="newsletter" checked/);
  const asked = shows(await v.submit(given, '/account/privacy/export'), 200, /making your copy/);
  const cancel = forms(asked.text).find((f) => f.action.endsWith('/cancel'));
  if (cancel) shows(await v.submit(asked, cancel.action), 200);
  else assert.match(asked.text, /Copy of your data/);
});

test('who must prove to be there first comes back to the page that had the form', async () => {
  forgetTries();
  const visitor = new Visitor();
  await visitor.submit(await visitor.get('/sign-in'), '/sign-in', { email: ada.email, password: ada.password }, { follow: false });
  age(visitor);
  const page = shows(await visitor.get('/account/privacy'), 200), confirm = await visitor.submit(page, '/account/privacy/export');
  assert.equal(at(confirm), '/sign-in/confirm?return_to=/account/privacy');
  assert.equal(at(await visitor.submit(confirm, '/sign-in/confirm', { password: ada.password })), '/account/privacy');
  const outside = new Visitor(), form = await outside.get('/sign-in');
  const token = findForm(form.text, '/sign-in').fields.find(([n]) => n === '_csrf')[1];
  const led = async (path) => (await outside.post(path, { _csrf: token }, { follow: false })).headers.location;
  assert.equal(await led('/account/security/codes'), '/sign-in?return_to=/account/security');
  assert.equal(await led('/account/profile'), '/sign-in?return_to=/account/profile');
});

// route: page_delete, page_delete_post
test('an account is deleted by its owner alone, after a proof', async () => {
  forgetTries();
  const visitor = new Visitor(), ivy = { email: newEmail('ivy'), password: newPassword(), name: 'Ivy' };
  await visitor.submit(await registered(visitor, ivy), /^\/verify$/, { code: codeIn((await mailsTo(ivy.email))[0]) });
  const question = shows(await visitor.get('/account/delete'), 200, /Delete your account/);
  shows(await visitor.submit(question, '/account/delete'), 200, /is being deleted/);
  assert.match(at(await visitor.get('/account')), /^\/sign-in/);
});

// route: page_mfa, page_mfa_post
test('the second step without a first one leads to the first one', async () => {
  const visitor = new Visitor();
  assert.match(at(await visitor.get('/sign-in/mfa')), /^\/sign-in\?/);
  const form = await visitor.get('/sign-in');
  const token = findForm(form.text, '/sign-in').fields.find(([n]) => n === '_csrf')[1];
  assert.match(at(await visitor.post('/sign-in/mfa', { _csrf: token, code: '123456' })), /^\/sign-in\?done=over/);
});

cleanup('the goods go', () => cup.remove());
