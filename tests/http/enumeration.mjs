// Register, sign-in and "forgot" tell nobody who has an account: body, status and time are the same for addresses that are known, unknown, registered but not proved,
// and disabled. 200 tries of each kind in one random order (the mail that one ask owes is written while the next one is measured, which must not always be one of another
// kind), compared by ranks, whole and as the quickest of four in a row: the time that a stranger sees, and the work of the pool behind it, where even a machine that is
// busy with other things shows a few milliseconds.
import fs from 'node:fs';
import { test, assert, cleanup, skipAll } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { member, register, newEmail, forgetTries } from '../lib/people.mjs';
import { workersOf } from '../lib/processes.mjs';
import { mannWhitney, quickest, median } from '../lib/rank.mjs';

const ROUNDS = Number(process.env.SOUK_ENUMERATION_TRIES ?? 200), PEOPLE = Math.ceil(ROUNDS / 4), LEVEL = 0.0005, PLANTED_MS = 5;
if (/-asan$/.test(process.env.SOUK_BUILD ?? '')) skipAll('the times of an instrumented build say nothing');
const v = new Visitor();
const WRONG = 'nine red kettles and a pan';

const people = { known: [], unknown: [], pending: [], disabled: [] };
test('people to ask about', async () => {
  for (let i = 0; i < PEOPLE; i += 1) {
    people.known.push((await member(v)).email);
    people.unknown.push(newEmail());
    people.pending.push((await register(v)).email);
    const off = await member(v);
    sql(`UPDATE identity.account SET status = 'disabled' WHERE id = '${uuidOf(off.id)}'`);
    people.disabled.push(off.email);
    if (i % 20 === 0) forgetTries();
  }
}, { ms: 600000 });

// What earlier asks left behind counts for nobody: an address gets a few mails an hour, and who registered a moment ago had one already.
const forgetMails = () => sql("UPDATE identity.challenge SET created_at = created_at - interval '2 hours'");

const shuffled = (list) => list.map((x) => [Math.random(), x]).sort((a, b) => a[0] - b[0]).map(([, x]) => x);

// What the workers of the user pool have used of the processors, in ms. A busy machine stretches the time that a stranger measures, but hardly this.
const used = () => workersOf('user').reduce((sum, pid) => sum + fs.readdirSync(`/proc/${pid}/task`)
  .reduce((n, task) => { try { return n + Number(fs.readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6; } catch { return n; } }, 0), 0);

// Times of each kind; every answer is compared with the first of all.
async function measure(kinds, ask) {
  const time = Object.fromEntries(kinds.map((k) => [k, []])), work = Object.fromEntries(kinds.map((k) => [k, []]));
  const asks = shuffled(kinds.flatMap((kind) => Array.from({ length: ROUNDS }, (_, i) => ({ kind, email: people[kind][i % PEOPLE] }))));
  let pattern;
  forgetMails();
  for (const [i, { kind, email }] of asks.entries()) {
    if (i % 32 === 0) forgetTries();
    const before = used(), begin = process.hrtime.bigint();
    const answer = await ask(email);
    time[kind].push(Number(process.hrtime.bigint() - begin) / 1e6);
    work[kind].push(used() - before);
    const seen = JSON.stringify([answer.status, Object.keys(answer.headers).filter((h) => h !== 'date').sort(), answer.text.replace(/"(verification|request_id)":"[^"]*"/g, '"$1":"x"')]);
    pattern ??= seen;
    assert.equal(seen, pattern, `${kind} answers differently`);
    assert.ok(answer.status < 429, answer.text);
  }
  return { time, work };
}

const VIEWS = [['whole', (x) => x], ['quickest of four', (x) => quickest(x, 4)]];

function compare(t, what, measured) {
  let alike = true;
  for (const [of, times] of Object.entries(measured)) {
    for (const kind of Object.keys(times).filter((k) => k !== 'unknown')) {
      const all = VIEWS.map(([name, view]) => [name, mannWhitney(view(times[kind]), view(times.unknown))]);
      t.diag(`${what}, ${of}: ${kind} against unknown: ${all.map(([name, p]) => `p = ${p.toPrecision(3)} (${name})`).join(', ')}; medians ${median(times[kind]).toFixed(2)} and ${median(times.unknown).toFixed(2)} ms`);
      alike = alike && all.every(([, p]) => p > LEVEL);
    }
  }
  return alike;
}

// A difference that somebody planted is seen in the very times that were found alike: the test is able to refuse.
function refuses(t, what, { time, work }) {
  const seen = ([, times]) => mannWhitney(quickest(times.unknown.map((x) => x + PLANTED_MS), 4), quickest(times.unknown, 4));
  const [byTime, byWork] = [['time', time], ['work', work]].map(seen);
  t.diag(`${what}: ${PLANTED_MS} ms more would give p = ${byTime.toPrecision(3)} by time, ${byWork.toPrecision(3)} by work`);
  return byWork < LEVEL;
}

async function alike(t, what, kinds, ask) {
  for (let tries = 0; tries < 3; tries += 1) {       // chance gets two more tries; a leak does not go away
    const measured = await measure(kinds, ask);
    if (compare(t, what, measured) && refuses(t, what, measured)) return;
  }
  assert.fail(`${what}: the kinds can be told apart`);
}

test('sign-in', (t) => alike(t, 'sign-in', ['known', 'unknown', 'pending', 'disabled'], (email) => v.api('POST', '/v1/auth/login', { json: { email, password: WRONG } })), { ms: 900000 });
test('register', (t) => alike(t, 'register', ['known', 'unknown', 'disabled'], (email) => v.api('POST', '/v1/auth/register', { json: { email, password: WRONG } })), { ms: 900000 });
test('forgot', (t) => alike(t, 'forgot', ['known', 'unknown', 'pending', 'disabled'], (email) => v.api('POST', '/v1/auth/password/forgot', { json: { email } })), { ms: 900000 });

test('the rank test refuses what differs and nothing else', () => {
  const noise = () => 20 + Math.random() * 10 + (Math.random() < 0.05 ? 200 : 0);
  const a = Array.from({ length: 200 }, noise), b = Array.from({ length: 200 }, noise);
  assert.ok(mannWhitney(a, b) > 1e-6);
  assert.ok(mannWhitney(quickest(a.map((x) => x + 5), 4), quickest(b, 4)) < 1e-6);
  assert.equal(mannWhitney([1, 1, 1], [1, 1, 1]), 1);
});

cleanup('tries are forgotten', () => { forgetTries(); v.close(); });
