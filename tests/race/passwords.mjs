// A password that is changed while somebody signs in with the old one: whoever was being looked at when it changed is out like everybody who was in.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { bearer, forgetTries, linkIn, login, mailsTo, member, newPassword } from '../lib/people.mjs';
import { appCode, calmStep } from '../lib/factors.mjs';

const ROUNDS = 5, THIEVES = 6;
const thieves = Array.from({ length: THIEVES }, () => new Visitor());
const v = thieves[0];
const alive = (person) => Number(sql(`SELECT count(*) FROM identity.session WHERE account_id = '${uuidOf(person.id)}' AND ended_at IS NULL`));

// Somebody with the old password signs in again and again until told to stop; says how often that worked.
async function keepSigningIn(person, wanted) {
  const seen = {};
  await Promise.all(thieves.map(async (thief) => {
    while (wanted.on) {
      const { status } = await login(thief, person);
      seen[status] = (seen[status] ?? 0) + 1;
      if (status === 429) forgetTries();
    }
  }));
  return seen;
}

async function round(t, change) {
  forgetTries();
  const ada = await member(v), wanted = { on: true };
  const stealing = keepSigningIn(ada, wanted);
  const fresh = newPassword();
  await new Promise((r) => { setTimeout(r, 300); });
  const kept = await change(ada, fresh);
  await new Promise((r) => { setTimeout(r, 300); });
  wanted.on = false;
  const seen = await stealing;
  t.diag(JSON.stringify(seen));
  assert.ok(seen[200] > 0 && seen[401] > 0, 'it changed in the middle');
  assert.equal(alive(ada), kept, 'a session of the old password is left');
  forgetTries();
  assert.equal((await login(v, { ...ada, password: fresh })).status, 200);
}

for (let i = 0; i < ROUNDS; i += 1) {
  test('no session of the old password outlives its reset', (t) => round(t, async (ada, fresh) => {
    await v.api('POST', '/v1/auth/password/forgot', { json: { email: ada.email } });
    const link = linkIn((await mailsTo(ada.email, { subject: /Choose a new password/ }))[0]);
    let answer;
    do answer = await v.api('POST', '/v1/auth/password/reset', { json: { link, password: fresh } }); while (answer.status === 503);       // the thieves keep the threads busy
    assert.equal(answer.status, 204, answer.text);
    return 0;
  }), { ms: 120000 });
}

test('nor its change by the owner', (t) => round(t, async (ada, fresh) => {
  let answer;
  do answer = await v.api('POST', '/v1/me/password', { json: { current_password: ada.password, password: fresh }, headers: bearer(ada) }); while (answer.status === 503);
  assert.equal(answer.status, 204, answer.text);
  return 1;
}), { ms: 120000 });

test('a second step that follows an old password leads nowhere', async () => {
  forgetTries();
  const ada = await member(v);
  const setup = await v.api('POST', '/v1/me/mfa/totp', { json: {}, headers: bearer(ada) });
  const confirmed = await v.api('POST', '/v1/me/mfa/totp/confirm', { json: { code: appCode(setup.json.secret, await calmStep()) }, headers: bearer(ada) });
  const [one, two] = confirmed.json.recovery_codes;
  const half = (await login(v, ada)).json, other = (await login(v, ada)).json;
  const second = (token, code) => v.api('POST', '/v1/auth/mfa', { json: { mfa_token: token, code } });
  assert.equal((await second(half.mfa_token, one)).status, 200);
  sql(`UPDATE identity.account SET password_changed_at = password_changed_at + interval '1 second' WHERE id = '${uuidOf(ada.id)}'`);
  const late = await second(other.mfa_token, two);
  assert.deepEqual([late.status, late.json.code], [401, 'invalid_credentials'], late.text);
});

cleanup('tries are forgotten', () => { forgetTries(); thieves.forEach((x) => x.close()); });
