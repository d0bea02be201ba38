// Somebody is invited to work in the shop: the mail, its page, a new account or the one that is there, and then the second factor.
// route: page_invitation, page_invitation_post
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { bearer, forgetTries, mailsTo, member, newEmail, newPassword } from '../lib/people.mjs';
import { staff } from '../lib/staff.mjs';

const v = new Visitor();
const pathOf = (mail) => new URL(mail.text.match(/https:\/\/\S+\/invitation\?link=\S+/)[0]);
let boss;

async function invite(email) {
  boss ??= await staff(v, ['owner']);
  const asked = await v.api('POST', '/v1/admin/staff/invitations', { json: { email, roles: ['support'] }, headers: bearer(boss) });
  assert.equal(asked.status, 201, asked.text);
  const mail = (await mailsTo(email, { subject: /invited/ })).at(-1), url = pathOf(mail);
  return url.pathname + url.search;
}

test('a new colleague chooses name and password and is led to the second factor', async () => {
  const email = newEmail('colleague'), password = newPassword(), browser = new Visitor();
  const page = await browser.get(await invite(email));
  assert.equal(page.status, 200);
  assert.match(page.text, new RegExp(email));
  assert.match(page.text, /autocomplete="new-password"/);
  const empty = await browser.submit(page, '/invitation', {});
  assert.equal(empty.status, 422);
  assert.match(empty.text, /href="#name"[\s\S]*href="#password"/);
  const weak = await browser.submit(empty, '/invitation', { name: 'Grace', password: 'password1' });
  assert.equal(weak.status, 422);
  const done = await browser.submit(weak, '/invitation', { name: 'Grace Hopper', password });
  assert.match(new URL(done.url).pathname, /^\/account/, browser.trail.join('\n'));
  assert.match(done.text, /second factor/i);
  assert.ok(browser.jar.get('__Host-session'));
  const again = await browser.get(page.url);
  assert.match(again.text, /does not work any more/);
  browser.close();
});

test('who has an account accepts with its password', async () => {
  const ada = await member(v), browser = new Visitor();
  const page = await browser.get(await invite(ada.email));
  assert.match(page.text, /autocomplete="current-password"/);
  assert.doesNotMatch(page.text, /id="name"/);
  const wrong = await browser.submit(page, '/invitation', { password: 'not this one, surely' });
  assert.equal(wrong.status, 422);
  const done = await browser.submit(wrong, '/invitation', { password: ada.password });
  assert.match(new URL(done.url).pathname, /^\/account/, browser.trail.join('\n'));
  assert.match(done.text, /second factor/i);
  browser.close();
});

test('a link that is none leads to the page of signing in', async () => {
  const browser = new Visitor();
  const page = await browser.get('/invitation?link=chl_nonsense.x');
  assert.match(page.text, /href="\/sign-in"/);
  browser.close();
});

cleanup('tries are forgotten', () => { forgetTries(); v.close(); });
