// Every row of every route table x every kind of caller: who may call what. What must happen is derived from the row (its level, permission, CSRF level and
// flags, as `routegen list` prints them), so a new row is covered without a line here.
//
// Nothing is changed by these calls: an API call carries a query parameter that no row knows, which is refused behind the gates (422), and forms come
// without their token. With SOUK_CALLERS_TABLE=FILE the table is written there.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, environment, sleep } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { bearer, forgetTries, login, member } from '../lib/people.mjs';
import { apiKey, refresh, staff, tokenSmith } from '../lib/staff.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const build = process.env.SOUK_BUILD ?? path.join(here, '../../build');
const rows = execFileSync(path.join(build, 'routegen'), ['list'], { encoding: 'utf8' }).trim().split('\n').map((line) => {
  const [method, pattern, pool, name, kind, auth, permission, csrf, flags] = line.split(' ');
  return { method, pattern, pool, name, kind, auth, permission: permission === '-' ? undefined : permission, csrf, flags: new Set(flags.split(',')) };
});

// --- the callers ---------------------------------------------------------------------------------------------------------------

const v = new Visitor();
const { url } = environment();
const people = {}, keys = {};
const now = () => Math.floor(Date.now() / 1000);
let smith, cookie, all;

// A browser's session, over the sign-in page.
async function browser(person) {
  const visitor = new Visitor();
  const done = await visitor.submit(await visitor.get('/sign-in'), '/sign-in', { email: person.email, password: person.password }, { follow: false });
  assert.equal(done.status, 303, done.text);
  return `__Host-session=${visitor.jar.get('__Host-session')}`;
}

cleanup('the key of this test is gone', () => smith?.remove());
test('callers of every kind', async () => {
  forgetTries();
  people.ada = await member(v);                                          // a shopper
  people.gone = await member(v);                                         // whose session ended
  people.stale = await member(v);                                        // who proved to be there long ago
  people.boss = await staff(v, ['owner']);
  people.nobody = await staff(v, []);                                    // staff that may do nothing
  people.half = await staff(v, ['owner'], { secondFactor: false });
  smith = await tokenSmith();
  cookie = await browser(people.ada);
  sql(`UPDATE identity.session SET fresh_at = fresh_at - interval '2 hours' WHERE account_id = '${uuidOf(people.stale.id)}'`);
  all = (await v.api('GET', '/v1/admin/permissions', { headers: bearer(people.boss) })).json.data.map((p) => p.name);
  keys.all = await apiKey(v, people.boss, { permissions: all });
  keys.audit = await apiKey(v, people.boss, { permissions: ['read_audit'] });
  keys.settings = await apiKey(v, people.boss, { permissions: ['read_settings'] });
  keys.revoked = await apiKey(v, people.boss, { permissions: all });
  keys.publishable = await apiKey(v, people.boss, { kind: 'publishable' });
  assert.equal((await v.api('DELETE', `/v1/admin/api-keys/${keys.revoked.id}`, { headers: bearer(people.boss) })).status, 204);
  assert.equal((await v.api('POST', '/v1/auth/logout', { headers: bearer(people.gone) })).status, 204);
  await sleep(1100);                                                     // the end of a session is known everywhere within a second
});

const who = (token) => ({ authorization: `Bearer ${token}` });
const other = (row) => (row.permission === 'read_audit' ? keys.settings : keys.audit).secret;
// is: what the gate makes of it
const callers = [
  { name: 'anonymous', is: 'nobody', headers: () => ({}) },
  { name: 'guest with a cart token', is: 'nobody', headers: () => ({ 'cart-token': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }) },
  { name: 'shopper, cookie', is: 'shopper', cookie: true, headers: () => ({ cookie }) },
  { name: 'shopper, token', is: 'shopper', headers: () => bearer(people.ada) },
  { name: 'shopper, proof too old', is: 'stale', headers: () => bearer(people.stale) },
  { name: 'expired token', is: 'bad', headers: () => who(smith.like(people.ada.tokens.access_token, { iat: now() - 2000, exp: now() - 1000 })) },
  { name: 'token of an ended session', is: 'bad', headers: () => bearer(people.gone) },
  { name: 'token of another shop', is: 'bad', headers: () => who(smith.like(people.ada.tokens.access_token, { iss: 'https://elsewhere.example', aud: 'https://elsewhere.example/v1' })) },
  { name: 'token of an unknown key', is: 'bad', headers: () => who(smith.like(people.ada.tokens.access_token, {}, { kid: 'somebody-elses-key' })) },
  { name: 'staff without the permission', is: 'staff', permissions: () => [], headers: () => bearer(people.nobody) },
  { name: 'staff with it', is: 'staff', permissions: () => all, headers: () => bearer(people.boss) },
  { name: 'staff, one factor', is: 'half', permissions: () => all, headers: () => bearer(people.half) },
  { name: 'sk_ with it', is: 'key', permissions: () => all, headers: () => who(keys.all.secret) },
  { name: 'sk_ without it', is: 'key', permissions: () => [], headers: (row) => who(other(row)) },
  { name: 'revoked sk_', is: 'bad', headers: () => who(keys.revoked.secret) },
  { name: 'pk_', is: 'publishable', headers: () => who(keys.publishable.secret) },
  { name: 'cookie and token', is: 'both', headers: () => ({ cookie, ...bearer(people.ada) }) },
];

// --- what must happen ------------------------------------------------------------------------------------------------------------

const PASS = 'pass';
function expected(row, caller) {
  const asks = row.auth !== 'none';
  const seen = caller.cookie && row.kind === 'api' && row.csrf === 'none' ? 'nobody' : caller.is;       // the API looks at no cookie
  if (row.flags.has('cached')) return PASS;                              // nginx has them for everybody and looks at no credentials
  if (seen === 'both') return 'ambiguous_credentials';
  if (!asks) return PASS;
  if (seen === 'bad') return 'invalid_token';
  if (row.auth === 'guest') return PASS;
  if (seen === 'publishable') return 'forbidden';
  if (seen === 'nobody') return 'unauthenticated';
  if (row.auth === 'customer' && seen === 'key') return 'forbidden';
  if (row.auth === 'staff') {
    if (seen === 'shopper' || seen === 'stale') return 'forbidden';
    if (seen === 'key' && (row.flags.has('sessions_only') || row.flags.has('fresh'))) return 'forbidden';
    if (seen === 'half' && !row.flags.has('one_factor')) return 'second_factor_required';
    if (row.permission && !caller.permissions().includes(row.permission)) return 'forbidden';
  }
  return row.flags.has('fresh') && seen === 'stale' ? 'reauthentication_required' : PASS;
}

const GATES = ['ambiguous_credentials', 'invalid_token', 'forbidden', 'unauthenticated', 'second_factor_required', 'reauthentication_required'];
const STATUS = { ambiguous_credentials: 400, invalid_token: 401, unauthenticated: 401, forbidden: 403, second_factor_required: 403, reauthentication_required: 403 };

// What a page says with its status and where it leads; its words are for people.
function pageSays(answer, row) {
  const to = answer.headers.location ?? '';
  const asks = ['customer', 'staff'].includes(row.auth);                  // a page for guests may lead there for reasons of its own
  if (asks && answer.status === 303 && to.startsWith('/sign-in?return_to=')) return 'unauthenticated';
  if (answer.status === 303 && to.startsWith('/sign-in/confirm?return_to=')) return 'reauthentication_required';
  if (answer.status === 400) return 'ambiguous_credentials';
  if (answer.status === 401) return 'invalid_token';
  if (answer.status === 403 && row.method === 'GET') return 'forbidden';
  return PASS;
}

async function ask(row, caller) {
  const address = row.pattern.replace(/\{\w+\}/g, 'x');
  const visitor = new Visitor();
  const options = { headers: { ...caller.headers(row), origin: new URL(url).origin }, follow: false };
  const answer = row.kind === 'api'
    ? await v.api(row.method, `${address}?no_such_parameter=1`, { ...options, ...(row.method === 'GET' || row.method === 'DELETE' ? {} : { json: {} }) })
    : await (row.method === 'GET' ? visitor.get(address, options) : visitor.post(address, {}, options));
  const code = row.kind === 'api' && answer.status >= 400 ? answer.json.code : undefined;       // what leads on has no body
  const says = row.kind === 'api' ? (GATES.includes(code) ? code : PASS) : pageSays(answer, row);
  return { answer, says };
}

const table = [];
for (const row of rows) {
  test(`${row.method} ${row.pattern}: ${row.auth}${row.permission ? ` ${row.permission}` : ''}${row.flags.has('-') ? '' : ` ${[...row.flags].join(' ')}`}`, async () => {
    const line = [];
    const wrong = [];
    for (const caller of callers) {
      const wanted = expected(row, caller);
      const { answer, says } = await ask(row, caller);
      line.push(says === PASS ? '+' : String(answer.status));
      // a form without its token is refused with the same status as one that is not allowed
      const same = says === wanted || (row.kind === 'page' && row.method === 'POST' && says === PASS && (wanted === 'forbidden' || wanted === 'ambiguous_credentials') &&
        [400, 403].includes(answer.status));
      if (!same) wrong.push(`${caller.name}: ${says} instead of ${wanted} (${answer.status} ${answer.text.slice(0, 120)})`);
      if (answer.status >= 500) wrong.push(`${caller.name}: ${answer.status}`);
      if (row.kind !== 'api') continue;
      if (wanted !== PASS && answer.status !== STATUS[wanted]) wrong.push(`${caller.name}: ${answer.status} for ${wanted}`);
      if (answer.status === 401 && !/^Bearer realm="souk"/.test(answer.headers['www-authenticate'] ?? '')) wrong.push(`${caller.name}: 401 without WWW-Authenticate`);
      if (says === 'forbidden' && row.permission && caller.is === 'staff' && !answer.json.detail.includes(row.permission)) wrong.push(`${caller.name}: the permission is not named`);
    }
    table.push(`${`${row.method} ${row.pattern}`.padEnd(58)} ${line.map((s) => s.padStart(3)).join(' ')}`);
    assert.deepEqual(wrong, []);
  });
}

test('the calls of this test left everybody signed in', async () => {
  for (const person of [people.ada, people.boss, people.half]) assert.equal((await v.api('GET', '/v1/me', { headers: bearer(person) })).status, 200);
  assert.equal((await login(v, people.ada)).status, 200);
  await refresh(v, people.ada);
  if (process.env.SOUK_CALLERS_TABLE) fs.writeFileSync(process.env.SOUK_CALLERS_TABLE, `${callers.map((c, i) => `${i + 1} ${c.name}`).join('\n')}\n\n${table.join('\n')}\n`);
});
