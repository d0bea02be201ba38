// People register, prove, sign in and reset passwords while PostgreSQL restarts and Redis dies under them. Each is told clearly (503, 504, never 500), and what was
// acknowledged holds: every registration got its mail and can be proved, every account that began can be signed in to with the password that was acknowledged last.
// SOUK_CHAOS_SECONDS (30) says how long.
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, sleep, until } from '../lib/shop.mjs';
import { sql } from '../lib/goods.mjs';
import { pidOf, workersOf } from '../lib/processes.mjs';
import { codeIn, forgetTries, linkIn, login, mailsTo, newEmail, newPassword } from '../lib/people.mjs';

const SECONDS = Number(process.env.SOUK_CHAOS_SECONDS ?? 30), PEOPLE = 6;
const seen = {}, killed = {}, registered = [], began = [];
const note = (what) => { seen[what] = (seen[what] ?? 0) + 1; };

// One call; undefined when nobody answered. A refusal must be a clear one.
async function call(v, path, json) {
  let answer;
  try { answer = await v.api('POST', path, { json }); } catch (e) { note(`no answer (${e.code ?? 'time'})`); return undefined; }
  note(`${path.split('/').pop()} ${answer.status}`);
  if (answer.status >= 500) assert.ok([502, 503, 504].includes(answer.status) && answer.json.code, `${path}: ${answer.status} ${answer.text}`);
  return answer;
}

// Again and again until it is answered with something that is not "try again".
async function insist(v, path, json) {
  for (;;) {
    const answer = await call(v, path, json);
    if (answer && answer.status < 500) return answer;
    await sleep(100 + Math.random() * 200);
  }
}

async function person(end) {
  const v = new Visitor({ timeout: 15000 });
  while (Date.now() < end) {
    const who = { email: newEmail('chaos'), password: newPassword() };
    const asked = await call(v, '/v1/auth/register', who);
    if (asked?.status !== 202) { await sleep(100); continue; }
    registered.push({ ...who, verification: asked.json.verification });
    let mail;
    try { [mail] = await mailsTo(who.email, { ms: 20000 }); } catch { note('mail is late'); continue; }
    const proved = await insist(v, '/v1/auth/verify-email', { verification: asked.json.verification, code: codeIn(mail) });
    if (proved.status !== 200 && proved.status !== 410) continue;             // 410: the answer before this one was lost
    began.push(who);
    const entered = await insist(v, '/v1/auth/login', who);
    assert.ok([200, 429].includes(entered.status), `sign-in: ${entered.status} ${entered.text}`);
    if (Math.random() < 0.5) continue;
    await insist(v, '/v1/auth/password/forgot', { email: who.email });
    let link;
    try { link = linkIn((await mailsTo(who.email, { subject: /new password/, ms: 20000 })).at(-1)); } catch { note('mail is late'); continue; }
    const fresh = newPassword(), reset = await insist(v, '/v1/auth/password/reset', { link, password: fresh });
    if (reset.status === 204) who.password = fresh;
    else who.either = fresh;                                                   // 410: done by the try whose answer was lost
  }
  v.close();
}

function strike(name, pid, signal) {
  try { process.kill(pid, signal); killed[name] = (killed[name] ?? 0) + 1; } catch { /* it was gone already */ }
}

async function destroyer(end) {
  const turns = [() => strike('redis', pidOf('redis'), 'SIGKILL'), () => strike('postgres', pidOf('postgres'), 'SIGINT'), () => strike('user worker', workersOf('user')[0], 'SIGKILL'),
    () => strike('jobs-core', pidOf('jobs-core'), 'SIGKILL')];
  for (let i = 0; Date.now() < end; i += 1) {
    await sleep(SECONDS * 100 + Math.random() * 500);
    try { turns[i % turns.length](); } catch { note('nobody to kill'); }
    forget();
  }
}
const forget = () => { try { forgetTries(); } catch { /* PostgreSQL is away */ } };

test(`${PEOPLE} people for ${SECONDS} s while processes die`, async (t) => {
  const end = Date.now() + SECONDS * 1000;
  await Promise.all([destroyer(end), ...Array.from({ length: PEOPLE }, () => person(end))]);
  t.diag(`${registered.length} registrations acknowledged, ${began.length} accounts began; killed ${JSON.stringify(killed)}`);
  t.diag(`people met ${JSON.stringify(seen)}`);
  assert.ok(began.length >= 3 && (killed.postgres ?? 0) >= 1 && (killed.redis ?? 0) >= 1);
}, { ms: (SECONDS + 120) * 1000 });

test('every acknowledged registration has its mail and can still be proved', async () => {
  const v = new Visitor();
  await until('the shop answers', async () => { try { return (await v.api('GET', '/v1/products?limit=1')).status === 200 && sql('SELECT 1') === '1'; } catch { return false; } }, { ms: 30000, every: 300 });
  const known = new Set(began.map((p) => p.email));
  for (const p of registered.filter((x) => !known.has(x.email))) {
    forget();
    const [mail] = await mailsTo(p.email, { ms: 25000 });              // what a killed worker held comes again after 15 s
    const proved = await insist(v, '/v1/auth/verify-email', { verification: p.verification, code: codeIn(mail) });
    assert.equal(proved.status, 200, proved.text);
  }
  v.close();
}, { ms: 120000 });

test('every account that began opens with its password', async () => {
  const v = new Visitor();
  for (const p of began) {
    forget();
    let answer = await login(v, p);
    if (answer.status === 401 && p.either) answer = await login(v, { email: p.email, password: p.either });
    assert.equal(answer.status, 200, `${answer.text}`);
  }
  v.close();
}, { ms: 240000 });

cleanup('tries are forgotten', forget);
