// /v1/auth and the parts of /v1/me that guard an account: registration, sign-in, recovery, another address, proof of presence. Codes and links come from the real mails.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { bearer, codeIn, forgetTries, linkIn, login, mailsTo, member, newEmail, newPassword, register } from '../lib/people.mjs';

const v = new Visitor();
const post = (path, json, headers) => v.api('POST', path, { json, headers });
const says = (answer, status, code, param) => {
  assert.equal(answer.status, status, answer.text);
  if (code) assert.deepEqual([answer.json.code, answer.json.param ?? undefined], [code, param], answer.text);
};

// route: auth_register, auth_verify_email, auth_login
test('an account begins with the code of the mail', async () => {
  const email = newEmail().replace('example', 'EXAMPLE');
  const ada = await register(v, { email, name: 'Ada Lovelace' });
  assert.match(ada.verification, /^chl_[0-9a-z]{26}\.\S{22}$/);
  says(await login(v, ada), 401, 'invalid_credentials');
  const [mail] = await mailsTo(email.toLowerCase());
  assert.match(mail.headers.subject, /^Your code: \d{6}$/);
  assert.ok(mail.text.includes(codeIn(mail)) && mail.html.includes(codeIn(mail)) && !mail.raw.includes('Lovelace'));
  says(await post('/v1/auth/verify-email', { verification: ada.verification, code: '000000' === codeIn(mail) ? '111111' : '000000' }), 422, 'invalid_code', 'code');
  const begun = await post('/v1/auth/verify-email', { verification: ada.verification, code: codeIn(mail) });
  says(begun, 200);
  assert.deepEqual([begun.json.token_type, begun.json.mfa_required, begun.headers['cache-control']], ['Bearer', false, 'no-store']);
  says(await post('/v1/auth/verify-email', { verification: ada.verification, code: codeIn(mail) }), 410, 'expired');
  const again = await login(v, { email: email.toUpperCase(), password: ada.password });
  says(again, 200);
  assert.equal(again.json.account_id, begun.json.account_id);
  const me = await v.api('GET', '/v1/me', { headers: bearer(again.json) });
  assert.deepEqual([me.status, me.json.id, me.json.name, me.json.email_verified, me.json.has_password], [200, again.json.account_id, 'Ada Lovelace', true, true]);
});

test('the link works where it was asked for, elsewhere with the password', async () => {
  const here = await register(v), there = await register(v);
  const link = linkIn((await mailsTo(here.email))[0]), other = linkIn((await mailsTo(there.email))[0]);
  says(await post('/v1/auth/verify-email', { link: other, verification: here.verification }), 422, 'required', 'password');
  says(await post('/v1/auth/verify-email', { link, verification: here.verification }), 200);
  says(await post('/v1/auth/verify-email', { link: other, password: 'not what was chosen' }), 401, 'invalid_credentials', 'password');
  says(await post('/v1/auth/verify-email', { link: other, password: there.password }), 200);
  says(await post('/v1/auth/verify-email', { link: `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}` }), 410, 'expired');
  says(await post('/v1/auth/verify-email', {}), 422, 'required', 'verification');
});

// route: auth_verify_resend
test('codes: five tries, a new one by mail, at most five mails an hour', async () => {
  const ada = await register(v);
  const [first] = await mailsTo(ada.email);
  const wrong = codeIn(first) === '123456' ? '654321' : '123456';
  for (let i = 0; i < 5; i += 1) says(await post('/v1/auth/verify-email', { verification: ada.verification, code: wrong }), 422, 'invalid_code', 'code');
  says(await post('/v1/auth/verify-email', { verification: ada.verification, code: codeIn(first) }), 429, 'too_many_tries');
  for (let i = 0; i < 8; i += 1) says(await post('/v1/auth/verify-email/resend', { verification: ada.verification }), 204);
  says(await post('/v1/auth/verify-email/resend', { verification: 'chl_nonsense.x' }), 204);
  const mails = await mailsTo(ada.email, { n: 5 });
  assert.equal(mails.length, 5);
  says(await post('/v1/auth/verify-email', { verification: ada.verification, code: codeIn(mails.at(-1)) }), 200);
});

test('a known address gets news, its asker the same answer', async () => {
  const ada = await member(v);
  const [a, b] = [await post('/v1/auth/register', { email: ada.email, password: newPassword() }), await post('/v1/auth/register', { email: newEmail(), password: newPassword() })];
  assert.deepEqual([a.status, Object.keys(a.json)], [b.status, Object.keys(b.json)]);
  const [mail] = await mailsTo(ada.email, { subject: /already have an account/ });
  assert.doesNotMatch(mail.text, /\d{6}|link=/);
  assert.equal((await login(v, ada)).status, 200);
});

test('what registration refuses', async () => {
  const email = newEmail('grandmother');
  for (const [json, code, param] of [
    [{ email: 'nobody', password: newPassword() }, 'invalid', 'email'], [{ email, password: 'short' }, 'weak_password', 'password'], [{ email, password: 'qwertyuiop' }, 'weak_password', 'password'],
    [{ email, password: email }, 'weak_password', 'password'], [{ email, password: 'Ottoline Morrell', name: 'Ottoline Morrell' }, 'weak_password', 'password'],
    [{ email, password: `${'x'.repeat(250)} long long` }, 'weak_password', 'password'], [{ password: newPassword() }, 'required', 'email'], [{ email }, 'required', 'password'],
    [{ email, password: newPassword(), admin: true }, 'unknown_field', 'admin'],
    [{ email, password: newPassword(), name: 'Eve\r\nBcc: all@example.com' }, 'invalid', 'name'], [{ email: `eve@example.com\r\nBcc: ${email}`, password: newPassword() }, 'invalid', 'email'],
  ]) says(await post('/v1/auth/register', json), 422, code, param);
  says(await v.api('POST', '/v1/auth/register', { body: `{"email":"${email}","email":"${newEmail()}","password":"${newPassword()}"}`, headers: { 'content-type': 'application/json' } }), 400);
  says(await v.api('POST', '/v1/auth/login', { json: { email, password: 'x'.repeat(20000) } }), 413);
});

test('a password is taken as typed: blanks at its ends, any Unicode, one form of it', async () => {
  const ada = await member(v, { password: ' \u00e4pfel und \u{1F34E} im Garten ' });
  assert.equal((await login(v, { email: ada.email, password: ada.password.trim() })).status, 401);
  assert.equal((await login(v, { email: ada.email, password: ada.password.normalize('NFD') })).status, 200);
});

test('one mailbox is one account, however its name is written', async () => {
  const tag = Math.random().toString(36).slice(2);
  const ada = await register(v, { email: `Gr\u00fc\u00dfe-${tag}@B\u00fccher.example` });
  const [mail] = await mailsTo(`Gr\u00fc\u00dfe-${tag}@xn--bcher-kva.example`);
  says(await post('/v1/auth/verify-email', { verification: ada.verification, code: codeIn(mail) }), 200);
  for (const email of [`GR\u00dcSSE-${tag}@b\u00dccher.EXAMPLE`, `gru\u0308\u00dfe-${tag}@xn--bcher-kva.example`]) says(await login(v, { email, password: ada.password }), 200);
  says(await login(v, { email: `grusse-${tag}@b\u00fccher.example`, password: ada.password }), 401, 'invalid_credentials');
});

// route: auth_password_forgot, auth_password_reset
test('forgot: a link that works once, ends all sessions and is told', async () => {
  const ada = await member(v), fresh = newPassword();
  says(await post('/v1/auth/password/forgot', { email: ada.email.toUpperCase() }), 204);        // however it is typed, the mail goes to the account's own address
  const [mail] = await mailsTo(ada.email, { subject: /Choose a new password/ });
  says(await post('/v1/auth/password/reset', { link: linkIn(mail), password: 'password' }), 422, 'weak_password', 'password');
  says(await post('/v1/auth/password/reset', { link: linkIn(mail), password: fresh }), 204);
  says(await post('/v1/auth/password/reset', { link: linkIn(mail), password: newPassword() }), 410, 'expired');
  await mailsTo(ada.email, { subject: /password was changed/ });
  assert.equal((await login(v, ada)).status, 401);
  assert.equal((await login(v, { email: ada.email, password: fresh })).status, 200);
  assert.equal(sql(`SELECT count(*) FROM identity.session WHERE account_id = '${uuidOf(ada.id)}' AND ended_at IS NULL`), '1');
});

test('a reset link raced by twenty works once', async () => {
  const ada = await member(v);
  await post('/v1/auth/password/forgot', { email: ada.email });
  const link = linkIn((await mailsTo(ada.email, { subject: /Choose a new password/ }))[0]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('/v1/auth/password/reset', { link, password: newPassword() })));
  const done = answers.filter((a) => a.status === 204).length;
  assert.equal(done, 1, answers.map((a) => a.status).join());
  assert.ok(answers.every((a) => [204, 410, 503].includes(a.status)));
});

test('forgot: an unknown mailbox is told that there is nothing', async () => {
  const email = newEmail('nobody');
  says(await post('/v1/auth/password/forgot', { email }), 204);
  const [mail] = await mailsTo(email);
  assert.match(mail.headers.subject, /no account/);
  assert.doesNotMatch(mail.text, /link=/);
});

// route: me_password
test('a changed password ends the other sessions', async () => {
  const ada = await member(v), other = (await login(v, ada)).json, fresh = newPassword();
  says(await post('/v1/me/password', { current_password: 'something else', password: fresh }, bearer(ada)), 401, 'invalid_credentials', 'current_password');
  says(await post('/v1/me/password', { current_password: ada.password, password: ada.email }, bearer(ada)), 422, 'weak_password', 'password');
  says(await post('/v1/me/password', { current_password: ada.password, password: fresh }, bearer(ada)), 204);
  await mailsTo(ada.email, { subject: /password was changed/ });
  assert.equal((await v.api('GET', '/v1/me', { headers: bearer(ada) })).status, 200);
  await new Promise((resolve) => { setTimeout(resolve, 1000); });
  assert.equal((await v.api('GET', '/v1/me', { headers: bearer(other) })).status, 401);
  says(await post('/v1/me/password', { current_password: fresh, password: newPassword() }), 401, 'unauthenticated');
});

// route: me_email, me_email_confirm, auth_email_confirm
test('another address: proved by its code or link, told to the old one', async () => {
  const ada = await member(v), email = newEmail('new'), third = newEmail('third');
  const asked = await post('/v1/me/email', { email }, bearer(ada));
  says(asked, 202);
  await mailsTo(ada.email, { subject: /Somebody wants to change/ });
  const [mail] = await mailsTo(email);
  assert.equal((await login(v, { email, password: ada.password })).status, 401);
  says(await post('/v1/me/email/confirm', { verification: asked.json.verification, code: codeIn(mail) }, bearer(ada)), 204);
  const [told] = await mailsTo(ada.email, { subject: /was changed/ });
  assert.match(told.text, /new e-mail address/);
  assert.equal((await login(v, ada)).status, 401);
  assert.equal((await login(v, { email, password: ada.password })).status, 200);
  says(await post('/v1/me/email', { email: third }, bearer(ada)), 202);
  const link = linkIn((await mailsTo(third))[0]);
  says(await post('/v1/auth/email/confirm', { link }), 401, 'unauthenticated');
  says(await post('/v1/auth/email/confirm', { link }, bearer(await member(v))), 410, 'expired');
  says(await post('/v1/auth/email/confirm', { link }, bearer(ada)), 204);
  assert.equal((await login(v, { email: third, password: ada.password })).status, 200);
});

test('somebody who has the mailbox but did not ask gives nothing away; a new password ends what a thief began', async () => {
  const eve = await member(v), ada = await member(v), victim = newEmail('guest');
  const asked = await post('/v1/me/email', { email: victim }, bearer(eve)), begun = await post('/v1/me/email', { email: newEmail('thief') }, bearer(ada));
  says(asked, 202);
  const link = linkIn((await mailsTo(victim))[0]);
  says(await post('/v1/auth/email/confirm', { link }), 401, 'unauthenticated');                   // whoever presses the mail's button
  assert.equal((await login(v, { email: victim, password: eve.password })).status, 401);
  says(await post('/v1/me/password', { current_password: ada.password, password: newPassword() }, bearer(ada)), 204);
  says(await post('/v1/me/email/confirm', { verification: begun.json.verification, code: '123456' }, bearer(ada)), 410, 'expired');
});

test('the address of another account: the same answer, news for its owner', async () => {
  const ada = await member(v), eve = await member(v);
  const asked = await post('/v1/me/email', { email: ada.email }, bearer(eve));
  says(asked, 202);
  await mailsTo(ada.email, { subject: /already have an account/ });
  says(await post('/v1/me/email/confirm', { verification: asked.json.verification, code: '123456' }, bearer(eve)), 422, 'invalid_code', 'code');
  says(await post('/v1/me/email', { email: eve.email }, bearer(eve)), 422, 'invalid', 'email');
});

// route: me_confirm
test('presence is proved by the password', async () => {
  const ada = await member(v);
  sql(`UPDATE identity.session SET fresh_at = fresh_at - interval '1 day' WHERE account_id = '${uuidOf(ada.id)}'`);
  says(await post('/v1/me/confirm', { password: 'not it, surely' }, bearer(ada)), 401, 'invalid_credentials', 'password');
  says(await post('/v1/me/confirm', {}, bearer(ada)), 422, 'required', 'password');
  const proved = await post('/v1/me/confirm', { password: ada.password }, bearer(ada));
  says(proved, 200);
  says(await post('/v1/me/email', { email: newEmail() }, bearer(proved.json)), 202);
});

// route: auth_logout
test('signed out is out at once', async () => {
  const ada = await member(v);
  says(await post('/v1/auth/logout', undefined, bearer(ada)), 204);
  await new Promise((resolve) => { setTimeout(resolve, 1000); });
  assert.equal((await v.api('GET', '/v1/me', { headers: bearer(ada) })).status, 401);
});

// route: auth_mfa, auth_unlock
test('a second step without a first, a lock without a link', async () => {
  says(await post('/v1/auth/mfa', { mfa_token: 'chl_01jd9v7q3e8m2k5x6r4t0w1y9z.x', code: '123456' }), 410, 'expired');
  says(await post('/v1/auth/unlock', { link: 'chl_01jd9v7q3e8m2k5x6r4t0w1y9z.x' }), 410, 'expired');
});

test('mails speak the language of who registered', async () => {
  const ada = await register(v, { locale: 'de-AT' });
  const [mail] = await mailsTo(ada.email);
  assert.match(mail.headers.subject, /^Ihr Code: \d{6}$/);
  assert.match(mail.headers['content-language'], /^de/);
});

test('no password, code or link is in any log', async () => {
  const fs = await import('node:fs');
  const secret = `unlikely ${newPassword()}`;
  const ada = await register(v, { password: secret });
  const [mail] = await mailsTo(ada.email);
  await login(v, { email: ada.email, password: `${secret} wrong` });
  for (const page of ['/verify/link', '/reset', '/unlock', '/invitation', '/account/email/confirm']) await v.get(`${page}?link=${linkIn(mail)}`);       // links stand in addresses
  await post('/v1/auth/verify-email', { verification: ada.verification, code: codeIn(mail) });
  await new Promise((resolve) => { setTimeout(resolve, 1500); });
  const folder = `${process.env.SOUK_HOME}/log`;
  for (const f of fs.readdirSync(folder)) {
    const text = fs.readFileSync(`${folder}/${f}`, 'utf8');
    for (const word of [secret, linkIn(mail), linkIn(mail).split('.')[1], ada.verification.split('.')[1], ada.email]) assert.ok(!text.includes(word), `${f} holds a secret`);
  }
});

cleanup('tries are forgotten', () => { forgetTries(); v.close(); });
