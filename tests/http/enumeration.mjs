// Register, sign-in and "forgot" tell nobody who has an account: body, status and time are the same for addresses that are known, unknown, registered but not proved,
// and disabled. 200 tries of each kind, in random order within each round; times are compared by ranks, whole and as the quickest of four in a row.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { member, register, newEmail, forgetTries } from '../lib/people.mjs';
import { mannWhitney, quickest, median } from '../lib/rank.mjs';

const ROUNDS = Number(process.env.SOUK_ENUMERATION_TRIES ?? 200), PEOPLE = Math.ceil(ROUNDS / 4), LEVEL = 0.0005, PLANTED_MS = 5;
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

const shuffled = (list) => list.map((x) => [Math.random(), x]).sort((a, b) => a[0] - b[0]).map(([, x]) => x);

// Times of each kind; every answer is compared with the first of all.
async function measure(kinds, ask) {
  const times = Object.fromEntries(kinds.map((k) => [k, []]));
  let pattern;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round % 8 === 0) forgetTries();
    for (const kind of shuffled(kinds)) {
      const begin = process.hrtime.bigint();
      const answer = await ask(people[kind][round % PEOPLE]);
      times[kind].push(Number(process.hrtime.bigint() - begin) / 1e6);
      const seen = JSON.stringify([answer.status, Object.keys(answer.headers).filter((h) => h !== 'date').sort(), answer.text.replace(/"(verification|request_id)":"[^"]*"/g, '"$1":"x"')]);
      pattern ??= seen;
      assert.equal(seen, pattern, `${kind} answers differently`);
      assert.ok(answer.status < 429, answer.text);
    }
  }
  return times;
}

const VIEWS = [['whole', (x) => x], ['quickest of four', (x) => quickest(x, 4)]];

function compare(t, what, times) {
  let alike = true;
  for (const kind of Object.keys(times).filter((k) => k !== 'unknown')) {
    for (const [name, view] of VIEWS) {
      const p = mannWhitney(view(times[kind]), view(times.unknown));
      t.diag(`${what}, ${kind} against unknown, ${name}: p = ${p.toPrecision(3)}, medians ${median(times[kind]).toFixed(1)} and ${median(times.unknown).toFixed(1)} ms`);
      alike = alike && p > LEVEL;
    }
  }
  return alike;
}

// A difference that somebody planted is seen in the very times that were found alike: the test is able to refuse.
function refuses(t, what, times) {
  const planted = quickest(times.unknown.map((x) => x + PLANTED_MS), 4), p = mannWhitney(planted, quickest(times.unknown, 4));
  t.diag(`${what}: ${PLANTED_MS} ms more would give p = ${p.toPrecision(3)}`);
  return p < LEVEL;
}

async function alike(t, what, kinds, ask) {
  for (let tries = 0; tries < 2; tries += 1) {       // chance and a busy machine get a second one; a leak does not go away
    const times = await measure(kinds, ask);
    if (compare(t, what, times) && refuses(t, what, times)) return;
  }
  assert.fail(`${what}: the kinds can be told apart, or the machine is too busy to tell anything`);
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
