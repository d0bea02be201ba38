// Redis or PostgreSQL gone in the middle: who is signed in stays signed in, who is out stays out, and nobody gets in.
import { execFileSync } from 'node:child_process';
import { test, assert } from '../lib/tap.mjs';
import { Visitor, environment, until } from '../lib/shop.mjs';
import { appCode, calmStep } from '../lib/factors.mjs';
import { bearer, forgetTries, member } from '../lib/people.mjs';
import { staff } from '../lib/staff.mjs';
import { frozen, withoutPool } from '../lib/processes.mjs';

const v = new Visitor();
const redis = (...words) => execFileSync('redis-cli', ['-s', `${environment().home}/run/redis.sock`, ...words], { encoding: 'utf8' }).trim();
const account = async (browser) => (await browser.get('/account', { follow: false })).status;
const people = {};

async function signedIn(person) {
  const browser = new Visitor();
  await browser.submit(await browser.get('/sign-in'), '/sign-in', { email: person.email, password: person.password });
  assert.equal(await account(browser), 200);
  return browser;
}

test('Redis serves sessions, and may be wiped at any time', async () => {
  forgetTries();
  people.ada = await member(v);
  const browser = await signedIn(people.ada);
  await new Promise((r) => { setTimeout(r, 100); });
  await until('Redis knows the session', async () => { await account(browser); return redis('--scan', '--pattern', `{u:${people.ada.id}}:s:ses_*`) !== ''; }, { ms: 20000, every: 500 });
  const key = redis('--scan', '--pattern', `{u:${people.ada.id}}:s:ses_*`);
  const ttl = Number(redis('ttl', key));
  assert.ok(ttl > 0 && ttl <= 60, `${ttl}`);
  const secret = browser.jar.get('__Host-session').split('.')[1];
  assert.ok(!redis('get', key).includes(secret));
  redis('flushall');
  assert.equal(await account(browser), 200);
  redis('set', key, 'rubbish');
  assert.equal(await account(browser), 200);
});

test('without Redis: signing in, staying, leaving', async () => {
  await withoutPool('redis', async () => {
    const browser = await signedIn(people.ada);
    const page = await browser.get('/account');
    await browser.submit(page, '/sign-out');
    assert.equal(await account(browser), 303);
    assert.equal((await v.api('GET', '/v1/me', { headers: bearer(people.ada) })).status, 200);
  });
});

test('without Redis: an app is set up, its codes count once, and wrong ones are counted', async () => {
  await withoutPool('redis', async () => {
    const bob = await member(v), say = (method, path, json) => v.api(method, path, { json, headers: bearer(bob) });
    const setup = (await say('POST', '/v1/me/mfa/totp', {})).json, step = await calmStep();
    assert.equal((await say('POST', '/v1/me/mfa/totp/confirm', { code: appCode(setup.secret, step - 1) })).status, 200);
    const token = async () => (await v.api('POST', '/v1/auth/login', { json: { email: bob.email, password: bob.password } })).json.mfa_token;
    const second = async (mfa, code) => (await v.api('POST', '/v1/auth/mfa', { json: { mfa_token: mfa, code } })).status;
    assert.equal(await second(await token(), appCode(setup.secret, step)), 200);
    assert.equal(await second(await token(), appCode(setup.secret, step)), 422, 'a replay');
    const answers = [];
    for (let i = 0; i < 4; i += 1) {
      const mfa = await token();
      for (let k = 0; mfa && k < 5; k += 1) answers.push(await second(mfa, '000000'));
    }
    assert.ok(answers.includes(429) && !answers.includes(200), answers.join(' '));
  });
  forgetTries();
}, { ms: 60000 });

test('who ends a session while Redis hangs ends it for good', async () => {
  const browser = await signedIn(people.ada), thief = new Visitor();
  thief.jar.set('__Host-session', browser.jar.get('__Host-session'));
  await until('Redis knows the session', async () => { await account(thief); return redis('--scan', '--pattern', `{u:${people.ada.id}}:s:ses_*`) !== ''; }, { ms: 20000, every: 500 });
  await frozen('redis', async () => { await browser.submit(await browser.get('/account'), '/sign-out'); });
  for (let i = 0; i < 10; i += 1) {
    await new Promise((r) => { setTimeout(r, 150); });
    if (i > 6) assert.equal(await account(thief), 303);
  }
});

test('without PostgreSQL: tokens are still checked for some seconds, then nobody is trusted; afterwards everything is as before', async () => {
  const boss = await staff(v, ['owner']);
  const look = () => v.api('GET', '/v1/admin/permissions', { headers: bearer(boss) });           // needs no row
  const browser = await signedIn(people.ada);
  assert.equal((await look()).status, 200);
  await withoutPool('postgres', async () => {
    const unknown = await v.api('GET', '/v1/admin/permissions', { headers: { authorization: 'Bearer x.y.z' } });
    assert.ok([401, 503].includes(unknown.status), `${unknown.status}`);       // PostgreSQL took its time to end: then nobody is told anything any more
    const gone = await v.api('POST', '/v1/auth/refresh', { json: { refresh_token: people.ada.tokens.refresh_token } });
    assert.equal(gone.status, 503, gone.text);
    assert.ok(Number(gone.headers['retry-after']) >= 1);
    await until('nothing that is remembered counts any more', async () => (await look()).status === 503, { ms: 15000, every: 200 });
    assert.equal((await browser.get('/account', { follow: false })).status, 503);
    assert.equal((await browser.get('/account', { follow: false, cookies: false })).status, 303);
  }, 'SIGINT');
  await until('PostgreSQL is back', async () => (await look()).status === 200, { ms: 30000, every: 200 });
  await until('the browser is still signed in', async () => (await account(browser)) === 200, { ms: 10000 });
  assert.equal((await v.api('POST', '/v1/auth/refresh', { json: { refresh_token: people.ada.tokens.refresh_token } })).status, 200);
}, { ms: 120000 });
