// A second souk-jobs of each group beside the first, as while one release replaces another: every unit of work is done once, and neither is short of anything.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor, until, environment } from '../lib/shop.mjs';
import { makeVariant, readyCart, sql, uuidOf } from '../lib/goods.mjs';
import { mailsAbout } from '../lib/mail.mjs';

const env = environment();
const crowd = Array.from({ length: 4 }, () => new Visitor());
const cup = makeVariant({ price: 1250, stock: 100 });
const conninfo = (role, database) => `host=${env.home}/run user=${role} dbname=${database} passfile=${env.home}/secrets/${role}.pgpass`;

function second(group) {
  const role = `souk_jobs_${group}`;
  const more = group === 'payment' ? ['--db_sandbox', conninfo('souk_sandbox', 'souk')] : [];
  const process_ = spawn(`${env.prefix}/libexec/souk/souk-jobs`,
    [group, '--config', process.env.SOUK_CONFIG, '--db', conninfo(role, 'souk'), '--db_keys', conninfo(role, 'souk_keys'), ...more], { stdio: ['ignore', 'ignore', 'pipe'] });
  const job = { group, lines: [], process: process_, ended: new Promise((resolve) => { process_.on('exit', (code, signal) => resolve(code ?? signal)); }) };
  let rest = '';
  process_.stderr.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    for (const line of parts) { try { job.lines.push(JSON.parse(line)); } catch { job.lines.push({ event: line }); } }
  });
  return job;
}

const jobs = ['core', 'payment'].map(second);

test('a second process of each group works beside the first', async (t) => {
  await until('both have begun', () => jobs.every((j) => j.lines.some((l) => l.event === 'jobs_started')));
  const tokens = ['tok_ok', 'tok_twice', 'tok_late', 'tok_lost'];
  const orders = await Promise.all(Array.from({ length: 24 }, async (_, i) => {
    const v = crowd[i % crowd.length];
    const made = (await (await readyCart(v, cup)).checkout({ json: { payment_method: tokens[i % tokens.length] } })).json;
    await v.api('POST', `/v1/payments/${made.payment_id}/confirm`, { key: randomBytes(12).toString('hex'), headers: { 'payment-token': made.payment_token } });
    return made;
  }));
  const ids = orders.map((o) => `'${uuidOf(o.order_id)}'`).join(',');
  await until('all are captured', () => sql(`SELECT count(*) FROM payment.attempt WHERE order_id IN (${ids}) AND state = 'captured'`) === '24', { ms: 60000, every: 200 });
  await until('all mails are sent', () => sql(`SELECT count(*) FROM notification.message WHERE order_id IN (${ids}) AND state = 'sent'`) === '24', { ms: 60000, every: 200 });
  for (const o of orders) assert.equal(mailsAbout(`Subject: Your order ${o.number}`).length, 1, o.number);
  assert.equal(sql(`SELECT kind || ' ' || count(*) FROM payment.ledger_transaction WHERE order_id IN (${ids}) GROUP BY kind ORDER BY kind`), 'authorize 24\ncapture 24');
  for (const j of jobs) {
    t.diag(`${j.group}: ${j.lines.filter((l) => l.event === 'job').length} portions with work`);
    assert.deepEqual(j.lines.filter((l) => l.event === 'job_failed').map((l) => `${l.job}: ${l.cause}`), []);
  }
}, { ms: 150000 });

test('and ends when it is told to, and the first goes on', async () => {
  for (const j of jobs) j.process.kill('SIGTERM');
  for (const j of jobs) assert.equal(await j.ended, 0, j.group);
  const made = (await (await readyCart(crowd[0], cup)).checkout()).json;
  await crowd[0].api('POST', `/v1/payments/${made.payment_id}/confirm`, { key: 'one-more', headers: { 'payment-token': made.payment_token } });
  await until('its mail', () => mailsAbout(`Subject: Your order ${made.number}`).length === 1, { ms: 30000 });
}, { ms: 60000 });

cleanup('goods', () => { for (const j of jobs) j.process.kill('SIGKILL'); cup.remove(); for (const v of crowd) v.close(); });
