// People with accounts: they register, read their mails, sign in.
//
//   const ada = await member(v);                       // { email, password, name, tokens: { access_token, refresh_token, account_id, … } }
//   await v.api('GET', '/v1/me', { headers: bearer(ada) });
//   const [mail] = await mailsTo(ada.email, { subject: /code/ });
import fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import { parseMail } from './mail.mjs';
import { environment, until } from './shop.mjs';
import { sql } from './goods.mjs';

export const newEmail = (who = 'ada') => `${who}-${randomBytes(6).toString('hex')}@example.com`;
export const newPassword = () => `teapot ${randomBytes(6).toString('hex')}`;
export const bearer = (person) => ({ authorization: `Bearer ${person.tokens?.access_token ?? person.access_token ?? person}` });

// Mails to an address, oldest first (their names are sortable); waits until there are `n`.
export async function mailsTo(email, { n = 1, subject = /./, ms = 15000 } = {}) {
  const { mail } = environment();
  const known = new Map(), needle = Buffer.from(`<${email}>`).toString('latin1');       // files are read as bytes
  return until(`${n} mail(s) to ${email} (${subject})`, () => {
    for (const f of fs.readdirSync(mail).filter((x) => x.endsWith('.eml') && !known.has(x))) {
      const raw = fs.readFileSync(`${mail}/${f}`, 'latin1');
      known.set(f, raw.includes(needle) ? parseMail(raw) : undefined);
    }
    const found = [...known.keys()].sort().map((f) => known.get(f)).filter((m) => m && subject.test(m.headers.subject));
    return found.length >= n && found;
  }, { ms });
}

export const codeIn = (mail) => mail.headers.subject.match(/\b(\d{6})\b/)[1];
export const linkIn = (mail) => mail.text.match(/[?&]link=(\S+)/)[1];

export async function register(v, { email = newEmail(), password = newPassword(), name = 'Ada Example', locale } = {}) {
  const ask = () => v.api('POST', '/v1/auth/register', { json: { email, password, name, ...(locale && { locale }) } });
  let answer = await ask();
  if (answer.status === 429) { forgetTries(); answer = await ask(); }          // all tests share one network
  if (answer.status !== 202) throw new Error(`register: ${answer.status} ${answer.text}`);
  return { email, password, name, verification: answer.json.verification };
}

// Registered, proved and signed in as an app.
export async function member(v, options = {}) {
  const person = await register(v, options);
  const mails = await mailsTo(person.email);
  const answer = await v.api('POST', '/v1/auth/verify-email', { json: { verification: person.verification, code: codeIn(mails.at(-1)) } });
  if (answer.status !== 200) throw new Error(`verify: ${answer.status} ${answer.text}`);
  return { ...person, id: answer.json.account_id, tokens: answer.json };
}

export const login = (v, { email, password }, more = {}) => v.api('POST', '/v1/auth/login', { json: { email, password, ...more } });

// Tests come from one address and would use up each other's tries.
export const forgetTries = () => sql('DELETE FROM identity.throttle');
