// The rows of identity: checking and signing tokens, sign-in, refresh, and what 200 people who sign in at once do to those who look at products.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';

const PASSWORD = 'a teapot for the bench';
const MEMBERS = 40, BURST = 200;

// Accounts that came as everybody's do: registered, the code read from the mail.
const members = async (shop) => {
  if (shop.members) return shop.members;
  Object.assign(process.env, shop.env);
  const { member, newEmail } = await import('../lib/people.mjs');
  const { Visitor } = await import('../lib/shop.mjs');
  const emails = [];
  while (emails.length < MEMBERS) {
    const made = await Promise.all(Array.from({ length: 8 }, () => member(new Visitor(), { email: newEmail('bench'), password: PASSWORD })));
    emails.push(...made.map((m) => m.email));
  }
  shop.forgetTries();
  const file = path.join(shop.scratch, 'emails');
  fs.writeFileSync(file, `${emails.join('\n')}\n`);
  shop.members = { emails, file };
  return shop.members;
};

const total = (r) => Object.values(r.cpu_us).reduce((a, b) => a + b, 0);

// `n` sign-ins in the same moment, over connections that are open already: one answer each, no second try.
const burst = async (shop, agent, emails, n, statuses) => {
  const once = (email) => new Promise((done) => {
    const body = JSON.stringify({ email, password: PASSWORD });
    const began = Date.now();
    const request = https.request(`${shop.url}/v1/auth/login`, { agent, method: 'POST', headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (answer) => {
      answer.resume().on('end', () => {
        const what = answer.statusCode === 503 ? `503${answer.headers['retry-after'] ? ' with Retry-After' : ' bare'}` : String(answer.statusCode);
        statuses[what] = (statuses[what] ?? 0) + 1;
        if (answer.statusCode === 200) (statuses.times ??= []).push(Date.now() - began);
        done();
      });
    });
    request.on('error', () => { statuses.broken = (statuses.broken ?? 0) + 1; done(); });
    request.end(body);
  });
  await Promise.all(Array.from({ length: n }, (_, i) => once(emails[i % emails.length])));
};

const open = (shop, agent, n) => Promise.all(Array.from({ length: n }, () => new Promise((done) => {
  https.get(`${shop.url}/healthz`, { agent }, (answer) => answer.resume().on('end', done)).on('error', done);
})));

export const identityRows = ({ build, here, load, get, line, verdict, lines, number, percent, say, seconds, sleep }) => ({
  async tokens() {
    const run = spawnSync(path.join(build, 'tests/bench/primitives'), { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`primitives: ${run.stderr}`);
    const r = JSON.parse(run.stdout);
    const micro = (name, side, us, ratio = '', bar = '') => lines.push([name, side, number(1e6 / us), '–', '–', '–', number(us, us < 1000 ? 1 : 0), '–', ratio, bar]);
    micro('tokens', 'ES256 signature alone', r.verify_us);
    micro('', 'access token checked', r.token_us, `${number(r.token_us, 1)} µs`, '≤ 80 µs');
    micro('', 'access token signed', r.sign_us);
    micro('', 'password hashed (argon2id, 19 MiB, t=2)', r.hash_us);
  },
  async login(shop) {
    const { file } = await members(shop);
    const scenario = (name, clients) => load(shop, ['--scenario', path.join(here, `${name}.scenario`), '--var', `email=@${file}`], clients, Math.max(seconds, 6));
    const login = await scenario('login', 4);
    line('sign-in', 'password, session, tokens', login, true);
    shop.forgetTries();
    const refresh = await scenario('refresh', 4);
    const each = (total(refresh) / refresh.iterations - total(login) / login.iterations) / 8;
    line('', 'sign-in and eight refreshes', refresh, true);
    lines.push(['refresh', 'one of the eight, by difference', '–', number(refresh.p50_us / 1000, 2), '–', '–', number(each), '–', '', '']);
    shop.forgetTries();
  },
  async hashing(shop) {
    const { emails } = await members(shop);
    const target = `/v1/products/${shop.product.id}`;
    const agent = new https.Agent({ keepAlive: true, maxSockets: BURST, rejectUnauthorized: false });
    await open(shop, agent, BURST);
    const alone = await get(shop, target, 32);
    line('reads and sign-ins', 'product alone, 32 clients', alone);
    const statuses = {};
    const reading = get(shop, target, 32);
    await sleep(Math.min(1000, seconds * 250));
    await burst(shop, agent, emails, BURST, statuses);
    const both = await reading;
    agent.destroy();
    line('', `the same while ${BURST} sign in at once`, both);
    const again = await get(shop, target, 32);
    line('', 'product alone, once more', again);
    verdict(percent(both.per_second, (alone.per_second + again.per_second) / 2), '≥ 85 %');
    const { times = [], ...counts } = statuses;
    times.sort((a, b) => a - b);
    const said = Object.entries(counts).map(([k, v]) => `${v} x ${k}`).join(', ');
    lines.push(['', 'the sign-ins', '–', number(times[times.length >> 1]), number(times[times.length - 1]), '–', '–', '–', said, 'excess 503']);
    say(`  ${said}`);
    shop.forgetTries();
  },
});
