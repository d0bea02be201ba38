// A shop that has Cognito keeps it: access tokens of its user pool are bearer tokens here, groups are roles.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { randomBytes } from 'node:crypto';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, sleep, until } from '../lib/shop.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';
import { bearer, forgetTries } from '../lib/people.mjs';
import { decode } from '../lib/staff.mjs';
import { startCognito } from '../lib/cognito.mjs';

const v = new Visitor();
const NAME = `pool-${randomBytes(3).toString('hex')}`;
// Not the blocking call: the counterpart that it asks lives in this process.
const run = promisify(execFile);
const souk = async (...words) => (await run(`${process.env.SOUK_PREFIX}/bin/souk`, [...words, '--config', process.env.SOUK_CONFIG], { encoding: 'utf8' })).stdout;
const call = (token, path = '/v1/me', method = 'GET', more = {}) => v.api(method, path, { headers: bearer(token), ...more });
// A key that nobody knows makes a worker read the pools again.
const unknown = (token) => [Buffer.from(JSON.stringify({ alg: 'RS256', kid: randomBytes(6).toString('hex') })).toString('base64url'), ...token.split('.').slice(1)].join('.');
let aws, pool, stranger;

test('before: a user pool, configured by the operator', async () => {
  forgetTries();
  aws = await startCognito();
  pool = await aws.pool({ groups: ['clerks', 'others'] });
  stranger = await aws.pool();
  await souk('providers', 'set', NAME, '--kind', 'cognito', '--issuer', pool.issuer, '--jwks-url', pool.jwksUrl, '--client', pool.clientId, '--group', 'clerks=owner');
  assert.match(await souk('providers', 'test', NAME), /usable keys +1/);
});

test('an access token is a bearer token: an account at first sight, the same one ever after', async () => {
  const person = await aws.person(pool);
  // Workers read the pools again when they meet a key that they do not know, at most every ten seconds.
  await until('the pool is known', async () => (await call(person.access)).status === 200, { ms: 30000, every: 1000 });
  const me = await call(person.access);
  assert.equal(me.status, 200, me.text);
  assert.deepEqual([me.json.staff, me.json.has_password, me.json.email], [false, false, null]);
  const id = uuidOf(me.json.id);
  assert.equal(sql(`SELECT subject FROM identity.external_identity WHERE account_id = '${id}'`), decode(person.access).sub);
  assert.equal((await call((await person.again()).access)).json.id, me.json.id);
  const named = await call(person.access, '/v1/me', 'PATCH', { json: { name: 'Ada of the pool' } });
  assert.deepEqual([named.status, named.json.name], [200, 'Ada of the pool'], named.text);
  const many = await aws.person(pool);
  const answers = await Promise.all(Array.from({ length: 10 }, () => call(many.access)));
  assert.deepEqual(answers.map((a) => a.status), Array(10).fill(200), answers.find((a) => a.status !== 200)?.text);
  assert.equal(new Set(answers.map((a) => a.json.id)).size, 1);
  const links = await call(person.access, '/v1/me/identities');
  assert.deepEqual(links.json.data.map((i) => [i.provider, i.kind, i.removable]), [[NAME, 'cognito', false]]);
});

test('other pools take it too', async () => {
  const person = await aws.person(pool);
  const cart = await until('the order pool knows it', async () => {
    const answer = await v.api('POST', '/v1/carts', { json: {}, headers: bearer(person.access) });
    return answer.status === 201 && answer;
  }, { ms: 30000, every: 1000 });
  assert.ok(cart.json.id);
});

test('groups are roles; the second factor is the pool’s only when the operator says so', async () => {
  const clerk = await aws.person(pool, { groups: ['clerks', 'others'] }), customer = await aws.person(pool, { groups: ['others'] });
  await until('the pool is known', async () => (await call(clerk.access)).status === 200, { ms: 30000, every: 1000 });
  assert.equal((await call(customer.access, '/v1/admin/roles')).json.code, 'forbidden');
  assert.equal((await call(clerk.access, '/v1/admin/roles')).json.code, 'second_factor_required');
  await souk('providers', 'set', NAME, '--second-factor');
  const roles = await until('the pools are read again', async () => { await call(unknown(clerk.access)); const r = await call(clerk.access, '/v1/admin/roles'); return r.status === 200 && r; },
    { ms: 90000, every: 1000 });
  assert.ok(roles.json.data.length > 0);
  assert.equal((await call(customer.access, '/v1/admin/roles')).status, 403);
  assert.equal(sql(`SELECT staff FROM identity.account a JOIN identity.external_identity x ON x.account_id = a.id WHERE x.subject = '${decode(clerk.access).sub}'`), 'f', 'nothing of it is stored');
}, { ms: 120000 });

test('what is no access token of this pool and client is refused', async () => {
  const person = await aws.person(pool), other = await aws.person(pool, { clientId: pool.otherClientId }), foreign = await aws.person(stranger);
  const none = Buffer.from(JSON.stringify({ alg: 'none', kid: JSON.parse(Buffer.from(person.access.split('.')[0], 'base64url')).kid })).toString('base64url');
  const [head, body, signature] = person.access.split('.');
  const better = Buffer.from(JSON.stringify({ ...decode(person.access), 'cognito:groups': ['clerks'] })).toString('base64url');
  const tokens = { 'an ID token': person.id, 'another client': other.access, 'another pool': foreign.access, 'alg none': `${none}.${body}.`, 'claims changed': `${head}.${better}.${signature}`,
    'no signature': `${head}.${body}.`, 'cut': person.access.slice(0, -3) };
  for (const [what, token] of Object.entries(tokens)) {
    const answer = await call(token);
    assert.deepEqual([answer.status, answer.json.code], [401, 'invalid_token'], `${what}: ${answer.text}`);
  }
  assert.equal((await call(person.access)).status, 200);
});

test('a disabled account, ended sessions, a pool that is no longer wanted', async () => {
  const person = await aws.person(pool);
  const id = uuidOf((await call(person.access)).json.id);
  sql(`UPDATE identity.account SET status = 'disabled' WHERE id = '${id}'`);
  assert.equal((await call(person.access)).status, 401);
  sql(`UPDATE identity.account SET status = 'active' WHERE id = '${id}'`);
  assert.equal((await call(person.access)).status, 200);
  assert.equal((await call(person.access, '/v1/me/sessions?everywhere=true', 'DELETE')).status, 204);
  assert.equal((await call(person.access)).json.code, 'invalid_token', 'signed out everywhere: also here');
  await sleep(1100);                                   // tokens name the second that they were issued in
  assert.equal((await call((await person.again()).access)).status, 200);
  await souk('providers', 'disable', NAME);
  const late = await aws.person(pool);
  assert.equal((await call(late.access)).status, 401);
});

cleanup('the user pool is gone', () => {
  sql(`UPDATE identity.provider SET enabled = false WHERE name = '${NAME}'`);
  aws?.stop();
});
