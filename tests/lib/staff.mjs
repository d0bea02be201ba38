// Staff, API keys and tokens of every kind, for tests of who may call what.
//
//   const boss = await staff(v, ['owner']);                         // signed in with a second factor: { …member, tokens }
//   const key = await apiKey(v, boss, { permissions: ['read_orders'] });   // { id, secret }
//   const forge = await tokenSmith();                               // signs whatever a test wants with a key that the shop trusts; forge.remove() at the end
import crypto from 'node:crypto';
import { environment, sleep, until } from './shop.mjs';
import { sql, uuidOf } from './goods.mjs';
import { bearer, member } from './people.mjs';

// The role's permissions arrive with a refreshed token. The second factor itself is tried elsewhere: here the session says that it was shown.
export async function staff(v, roles, { secondFactor = true } = {}) {
  const person = await member(v);
  const id = uuidOf(person.id);
  sql(`UPDATE identity.account SET staff = true WHERE id = '${id}';
    INSERT INTO identity.account_role (account_id, role_id, granted_by, created_at)
      SELECT '${id}', r.id, 'test', '2026-01-01' FROM identity.role r WHERE r.name IN (${roles.map((r) => `'${r}'`).join(',') || "''"});
    UPDATE identity.session SET second_factor = ${secondFactor} WHERE account_id = '${id}';`);
  await refresh(v, person);
  return person;
}

export async function refresh(v, person) {
  const answer = await v.api('POST', '/v1/auth/refresh', { json: { refresh_token: person.tokens.refresh_token } });
  if (answer.status !== 200) throw new Error(`refresh: ${answer.status} ${answer.text}`);
  person.tokens = answer.json;
  return person;
}

export async function apiKey(v, boss, more = {}) {
  const answer = await v.api('POST', '/v1/admin/api-keys', { json: { kind: 'secret', name: 'A test', ...more }, headers: bearer(boss) });
  if (answer.status !== 201) throw new Error(`api key: ${answer.status} ${answer.text}`);
  return answer.json;
}

// A browser that is signed in: its cookie, made over the pages' own form.
export const cookieOf = (visitor) => visitor.jar?.get('__Host-session');

export const decode = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

// A key pair of the test's own beside the shop's: published, never signs, removed afterwards.
export async function tokenSmith({ trusted = true } = {}) {
  const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = `test-${crypto.randomBytes(9).toString('base64url')}`;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  if (trusted) {
    sql(`INSERT INTO identity.signing_key (kid, algorithm, public_key, private_key, activates_at, created_at)
      VALUES ('${kid}', 'ES256', '\\x${spki.toString('hex')}', '\\x00', '2100-01-01', '2026-01-01')`);
    await sleep(2500);                                   // every worker looks each second
  }
  const sign = (header, claims, { key = privateKey, signature } = {}) => {
    const text = `${b64(header)}.${b64(claims)}`;
    return `${text}.${signature ?? crypto.sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  return {
    kid, spki, sign, publicKey, privateKey,
    // The same as `token` says, but for `changes`; undefined takes a claim out.
    like: (token, changes = {}, header = {}) => sign({ alg: 'ES256', typ: 'at+jwt', kid, ...header }, { ...decode(token), ...changes }),
    remove: () => sql(`DELETE FROM identity.signing_key WHERE kid = '${kid}'`),
  };
}

export { environment, until };
