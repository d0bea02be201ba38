// People with accounts, made as an app would make them.
//
//   const ada = await signUp(v);                       // { email, password, name, id, token, refresh }: registered, verified, signed in
//   await mailTo(ada.email, 'A recovery code was used')    // waits for a letter to that mailbox whose subject holds these words
import { mailsAbout } from './mail.mjs';
import { until } from './shop.mjs';

let made = 0;
export const newEmail = (name = 'ada') => `${name}-${process.pid}-${Date.now().toString(36)}-${++made}@example.com`;

const found = (email, words) => mailsAbout(email).filter((m) => m.headers.to.includes(email) && m.headers.subject.includes(words));

export function mailTo(email, words) {
  return until(`a letter to ${email}: ${words}`, () => found(email, words).at(-1), { ms: 20000 });
}

// How many such letters there are by now.
export const mailsTo = (email, words) => found(email, words).length;

export async function signUp(v, { name = 'Ada Example', password = 'seven green teapots', email = newEmail() } = {}) {
  const begun = await v.api('POST', '/v1/auth/register', { json: { email, password, name } });
  if (begun.status !== 202) throw new Error(`register: ${begun.status} ${begun.text}`);
  const [, code] = (await mailTo(email, 'Your code')).headers.subject.match(/(\d{6})/);
  const done = await v.api('POST', '/v1/auth/verify-email', { json: { verification: begun.json.verification, code } });
  if (done.status !== 200) throw new Error(`verify-email: ${done.status} ${done.text}`);
  return { email, password, name, id: done.json.account_id, token: done.json.access_token, refresh: done.json.refresh_token };
}
