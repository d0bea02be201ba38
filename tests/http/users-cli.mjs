// souk users beside a running shop: who was imported signs in with the old password, whose hash becomes ours; the first owner; what an export holds.
import { execFileSync } from 'node:child_process';
import { pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, until } from '../lib/shop.mjs';
import { bearer, newEmail } from '../lib/people.mjs';
import { sql, uuidOf } from '../lib/goods.mjs';

const v = new Visitor();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'souk-users-'));
const file = (name, text) => { const p = path.join(folder, name); fs.writeFileSync(p, text, { mode: 0o600 }); return p; };
const souk = (...words) => execFileSync(path.join(process.env.SOUK_PREFIX, 'bin/souk'), [words[0], '--config', process.env.SOUK_CONFIG, ...words.slice(1)],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const login = (email, password) => v.api('POST', '/v1/auth/login', { json: { email, password } });
const b64 = (bytes) => bytes.toString('base64').replaceAll('=', '');
const password = 'correct horse 42';
const salt = randomBytes(16);
const hashes = {
  scrypt: `$scrypt$ln=14,r=8,p=1$${b64(salt)}$${b64(scryptSync(password, salt, 32, { N: 1 << 14, r: 8, p: 1 }))}`,
  pbkdf2: `$pbkdf2-sha256$i=100000$${b64(salt)}$${b64(pbkdf2Sync(password, salt, 100000, 32, 'sha256'))}`,
  django: `pbkdf2_sha256$100000$abcdefgh$${pbkdf2Sync(password, 'abcdefgh', 100000, 32, 'sha256').toString('base64')}`,
  bcrypt: execFileSync('python3', ['-W', 'ignore', '-c', 'import crypt, sys; print(crypt.crypt(sys.argv[1], "$2b$05$abcdefghijklmnopqrstuu"))', password], { encoding: 'utf8' }).trim(),
};
const people = Object.keys(hashes).map((form) => ({ form, email: newEmail(form) }));

test('people of another system come with their passwords', () => {
  const lines = people.map(({ form, email }) => JSON.stringify({ email, name: `From ${form}`, email_verified: true, password_hash: hashes[form] }));
  const text = souk('users', 'import', file('users.jsonl', `${lines.join('\n')}\n{"email":"nobody"}\n`));
  assert.match(text, / 4 accounts created\n/);
  assert.match(text, / 1 skipped: not an e-mail address\n/);
  assert.match(text, / 5 = 4 used \+ 1 skipped, which is every row\n/);
  assert.match(souk('users', 'import', path.join(folder, 'users.jsonl')), / 4 had an account already\n/);
});

for (const { form, email } of people) {
  test(`${form}: the old password signs in, a wrong one does not, and the hash becomes ours`, async () => {
    assert.equal((await login(email, 'wrong horse 42')).status, 401);
    const r = await login(email, password);
    assert.equal(r.status, 200, r.text);
    const me = await v.api('GET', '/v1/me', { headers: bearer(r.json.access_token) });
    assert.deepEqual([me.json.email, me.json.name], [email, `From ${form}`]);
    await until('upgraded', () => sql(`SELECT password LIKE '$argon2id$%' FROM identity.account WHERE id = '${uuidOf(me.json.id)}'`) === 't');
    assert.equal((await login(email, password)).status, 200);
  });
}

test("Cognito's file brings no passwords: its people ask for new ones", async () => {
  const email = newEmail('cognito');
  const text = souk('users', 'import', file('cognito.csv', 'cognito:username,name,given_name,family_name,email,email_verified,phone_number,cognito:mfa_enabled\n'
    + `x1,,Cora,Cognito,${email},TRUE,+4930123456,FALSE\n`));
  assert.match(text, / 1 accounts created\n/);
  assert.match(text, / 0 of the new accounts bring a password\n/);
  assert.equal((await login(email, password)).status, 401);
  assert.match(souk('users', 'show', email), /name +Cora Cognito\n/);
});

test('who is disabled in the file is disabled here', async () => {
  const off = newEmail('off'), on = newEmail('on'), row = (email, status) => JSON.stringify({ email, email_verified: true, status, password_hash: hashes.bcrypt });
  assert.match(souk('users', 'import', file('states.jsonl', `${row(off, 'disabled')}\n${row(on, 'active')}\n`)), / 2 accounts created\n/);
  assert.deepEqual([(await login(off, password)).status, (await login(on, password)).status], [401, 200]);
  assert.match(souk('users', 'show', off), /status +disabled\n/);
});

test('the first owner: nothing works before a second factor is set up', async () => {
  const email = newEmail('owner');
  const text = souk('users', 'create-admin', email, '--name', 'The Owner', '--password-file', file('password', `${password}\n`));
  assert.match(text, /^acc_\w+ is an owner of the shop\n/);
  const r = await login(email, password);
  assert.equal(r.status, 200, r.text);
  const headers = bearer(r.json.access_token);
  assert.equal((await v.api('GET', '/v1/admin/customers', { headers })).status, 403);
  assert.match(souk('users', 'list', '--staff', '--limit', '1000'), new RegExp(`staff.*${email}\n`));
});

test('an export holds everything, in a file of its own; nobody disabled signs in', async () => {
  const out = path.join(folder, 'out.jsonl');
  souk('users', 'export', '--out', out);
  assert.equal(fs.statSync(out).mode & 0o777, 0o600);
  const rows = fs.readFileSync(out, 'utf8').trim().split('\n').map((l) => JSON.parse(l));
  const mine = rows.find((r) => r.email === people[0].email);
  assert.match(mine.password_hash, /^\$argon2id\$/);
  assert.deepEqual([mine.email_verified, mine.status, mine.staff], [true, 'active', false]);
  souk('users', 'disable', people[0].email);
  assert.equal((await login(people[0].email, password)).status, 401);
  souk('users', 'enable', people[0].email);
  assert.equal((await login(people[0].email, password)).status, 200);
  assert.ok(Number(sql("SELECT count(*) FROM platform.audit WHERE actor = 'souk' AND action IN ('users.imported', 'users.exported', 'account.disabled')")) >= 4);
  assert.match(souk('audit', 'verify'), /the trail is whole/);
});

cleanup('end', () => { fs.rmSync(folder, { recursive: true }); v.close(); });
