// Guessing passwords: 500 tries at once get no more looks at the password than tries in turn, whether Redis is there or not, and a right guess behind the
// lock is as useless as a wrong one. Looks are counted where they happen: audit rows of failed sign-ins.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, until } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { frozen } from '../lib/processes.mjs';
import { codeIn, member, newEmail, register, mailsTo, linkIn, login, forgetTries } from '../lib/people.mjs';

const FREE = 5, GUESSES = 500;
const crowd = Array.from({ length: 16 }, () => new Visitor());
const v = crowd[0];
const looks = (account) => Number(sql(`SELECT count(*) FROM platform.audit WHERE action = 'login.failed' AND object_id ${account ? `= '${uuidOf(account)}'` : 'IS NULL'}`));

// What a sequence of guesses gets in `seconds`: the free ones, then one after 1, 2, 4 … seconds.
const fair = (seconds) => FREE + Math.floor(Math.log2(seconds + 1));

async function guess(email, n, right) {
  const seen = {};
  const one = async (i) => {
    const answer = await login(crowd[i % crowd.length], { email, password: i === right?.at ? right.password : `guess number ${i} of many` });
    seen[answer.status] = (seen[answer.status] ?? 0) + 1;
    if (answer.status === 429) assert.ok(Number(answer.headers['retry-after']) >= 1);
    return answer;
  };
  const begin = Date.now();
  if (n.parallel) await Promise.all(Array.from({ length: n.parallel }, (_, i) => one(i)));
  else for (let i = 0; i < n.turns; i += 1) await one(i);
  return { seen, seconds: (Date.now() - begin) / 1000 };
}

async function attack(t, what, n) {
  forgetTries();
  const ada = await member(v);
  const { seen, seconds } = await guess(ada.email, n, { at: n.parallel ? n.parallel - 1 : n.turns - 1, password: ada.password });
  const looked = looks(ada.id);
  t.diag(`${what}: ${JSON.stringify(seen)} in ${seconds.toFixed(1)} s; ${looked} looks at the password, fair are ${fair(seconds)}`);
  assert.ok(looked >= 1 && looked <= fair(seconds) + (seen[200] ? 1 : 0), `${looked} looks`);
  assert.equal((seen[401] ?? 0), looked);
  assert.ok(Object.keys(seen).every((s) => ['200', '401', '429', '503'].includes(s)), JSON.stringify(seen));
  return { ada, looked, seen };
}

let sequence, crowdLooks;
test(`${GUESSES} guesses in turn`, async (t) => { sequence = await attack(t, 'in turn', { turns: GUESSES }); }, { ms: 300000 });
test(`${GUESSES} guesses at once`, async (t) => { crowdLooks = await attack(t, 'at once', { parallel: GUESSES }); }, { ms: 120000 });
test(`${GUESSES} guesses at once while Redis is away`, async (t) => {
  await frozen('redis', () => attack(t, 'at once, without Redis', { parallel: GUESSES }));
}, { ms: 120000 });

test('guesses at an address that nobody has are counted alike', async (t) => {
  forgetTries();
  const before = looks(null);
  const { seen, seconds } = await guess(newEmail('nobody'), { parallel: 100 });
  t.diag(`nobody: ${JSON.stringify(seen)}`);
  assert.ok(looks(null) - before <= fair(seconds));
  assert.equal(seen[401], looks(null) - before);
}, { ms: 120000 });

test('the owner is told once, and the link of that mail lifts the lock', async () => {
  forgetTries();
  const ada = await member(v);
  await guess(ada.email, { parallel: 50 });
  const [mail, ...more] = await mailsTo(ada.email, { subject: /Too many tries/ });
  assert.equal(more.length, 0);
  sql("UPDATE identity.throttle SET locked_until = platform.clock() + interval '10 minutes' WHERE told_at IS NOT NULL");      // as after many more
  const locked = await login(v, ada);
  assert.deepEqual([locked.status, locked.json.code], [429, 'too_many_tries']);
  assert.equal((await v.api('POST', '/v1/auth/unlock', { json: { link: linkIn(mail) } })).status, 204);
  assert.equal((await login(v, ada)).status, 200);
  assert.equal((await v.api('POST', '/v1/auth/unlock', { json: { link: linkIn(mail) } })).status, 410);
  assert.equal(sql(`SELECT count(*) FROM notification.message m WHERE m.kind = 'sign_in_locked' AND m.account_id = '${uuidOf(ada.id)}'`), '1');
}, { ms: 120000 });

// Many addresses from one network: more generous, but not without end.
test('one network that tries many addresses is stopped, too', async (t) => {
  forgetTries();
  const answers = [];
  for (let i = 0; i < 130; i += 1) answers.push((await login(crowd[i % 4], { email: newEmail('spray'), password: 'password of many people' })).status);
  const looked = answers.filter((s) => s === 401).length;
  t.diag(`${looked} of ${answers.length} tries were looked at`);
  assert.ok(looked >= 100 && looked < 125, `${looked}`);
  forgetTries();
  await until('it goes on after a while', async () => (await login(v, { email: newEmail('spray'), password: 'password of many people' })).status === 401);
}, { ms: 120000 });

const each = (answers) => answers.reduce((n, a) => ({ ...n, [a.status]: (n[a.status] ?? 0) + 1 }), {});
const verify = (i, json) => crowd[i % crowd.length].api('POST', '/v1/auth/verify-email', { json });

test('a code has five tries, however many come at once', async (t) => {
  forgetTries();
  const ada = await register(v), code = codeIn((await mailsTo(ada.email))[0]);
  const wrong = Array.from({ length: 200 }, (_, i) => String((Number(code) + 1 + i) % 1000000).padStart(6, '0'));
  const seen = each(await Promise.all(wrong.map((c, i) => verify(i, { verification: ada.verification, code: c }))));
  t.diag(JSON.stringify(seen));
  assert.deepEqual(seen, { 422: 5, 429: 195 });
  assert.equal((await verify(0, { verification: ada.verification, code })).status, 429);
});

test('a proof that comes twenty times begins one account, two proofs of one address do, too', async (t) => {
  forgetTries();
  const ada = await register(v), code = codeIn((await mailsTo(ada.email))[0]);
  const same = each(await Promise.all(Array.from({ length: 20 }, (_, i) => verify(i, { verification: ada.verification, code }))));
  t.diag(JSON.stringify(same));
  assert.equal(same[200], 1);
  assert.ok(Object.keys(same).every((s) => ['200', '409', '410', '429'].includes(s)), JSON.stringify(same));
  const email = newEmail(), asked = [await register(v, { email }), await register(v, { email }), await register(v, { email })];
  const mails = await mailsTo(email, { n: 3 });
  const codes = mails.map(codeIn);
  const answers = await Promise.all(asked.flatMap((a, i) => codes.map((c, j) => verify(i * 3 + j, { verification: a.verification, code: c }))));
  t.diag(JSON.stringify(each(answers)));
  assert.equal(each(answers)[200], 1);
  assert.equal(new Set(answers.filter((a) => a.status === 200).map((a) => a.json.account_id)).size, 1);
});

test('twenty registrations of one address at once owe five mails', async () => {
  forgetTries();
  const email = newEmail();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => crowd[i % crowd.length].api('POST', '/v1/auth/register', { json: { email, password: 'seven green teapots' } })));
  assert.ok(answers.every((a) => a.status === 202), JSON.stringify(each(answers)));
  await mailsTo(email, { n: 5 });
  assert.equal(sql(`SELECT count(*) FROM notification.message m JOIN identity.challenge c ON c.id = m.subject_id WHERE m.kind = 'verify_email'
    AND c.email_hash = (SELECT email_hash FROM identity.challenge ORDER BY created_at DESC LIMIT 1)`), '5');
});

// The queue of passwords is bounded: who finds it full comes back, is told when, and has not used up a try. Nobody who looks at products notices.
test('200 sign-ins at once', async (t) => {
  forgetTries();
  const people = Array.from({ length: 200 }, () => newEmail('rush'));
  const reads = [];
  let running = true;
  const reader = (async () => {
    const shopper = new Visitor();
    while (running) { const begin = Date.now(); assert.equal((await shopper.api('GET', '/v1/products?limit=1')).status, 200); reads.push(Date.now() - begin); }
    shopper.close();
  })();
  const wide = Array.from({ length: 25 }, () => new Visitor());
  const answers = await Promise.all(people.map((email, i) => login(wide[i % wide.length], { email, password: 'password of many people' })));
  running = false;
  await reader;
  wide.forEach((x) => x.close());
  const count = (s) => answers.filter((a) => a.status === s).length;
  reads.sort((a, b) => a - b);
  t.diag(`${count(401)} looked at, ${count(503)} told to come back; ${reads.length} product reads meanwhile, median ${reads[reads.length >> 1]} ms, longest ${reads.at(-1)} ms`);
  assert.equal(count(401) + count(503), 200, answers.find((a) => ![401, 503].includes(a.status))?.text);
  assert.ok(count(401) >= 10 && count(503) > 0);
  assert.ok(answers.filter((a) => a.status === 503).every((a) => Number(a.headers['retry-after']) >= 1 && a.json.code === 'unavailable'));
  assert.equal(Number(sql('SELECT count(*) FROM identity.throttle WHERE failures = 1')), count(401));
}, { ms: 120000 });

cleanup('tries are forgotten', () => { forgetTries(); crowd.forEach((x) => x.close()); });
