// Shoppers check out, pay, go to the bank, take another card and cancel while processes die at random: pool workers, jobs and Redis by
// kill -9, PostgreSQL by fast and immediate shutdown. Afterwards every acknowledged order exists, every order has its attempt, what was
// canceled holds no money, and `souk verify` finds nothing wrong.
// SOUK_CHAOS_SECONDS (60) says how long; SOUK_CHAOS_SEED repeats the choices.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { test, assert } from '../lib/tap.mjs';
import { Visitor, until, sleep, environment } from '../lib/shop.mjs';
import { makeVariant, readyCart, sql, uuidOf } from '../lib/goods.mjs';
import { pidOf, workersOf } from '../lib/processes.mjs';

const SECONDS = Number(process.env.SOUK_CHAOS_SECONDS ?? 60);
const SHOPPERS = 8;
const env = environment();

let seed = Number(process.env.SOUK_CHAOS_SEED ?? Date.now() % 1000000);
const firstSeed = seed;
function random(n) {                       // 0 .. n-1
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor((seed / 2147483648) * n);
}
const pick = (list) => list[random(list.length)];

const goods = [5000, 5000, 5000, 40, 10].map((stock) => makeVariant({ price: 700 + random(5000), stock, name: 'Chaos cup' }));
const stockAtFirst = goods.map((g) => g.level().onHand);
const TOKENS = ['tok_ok', 'tok_ok', 'tok_ok', 'tok_ok', 'tok_twice', 'tok_lost', 'tok_lost_request', 'tok_lost_capture', 'tok_late', 'tok_declined', 'tok_slow',
  'tok_challenge', 'tok_lost_void'];

const placed = [];                         // acknowledged: { order_id, payment_id, number, … }
const secured = [];                        // acknowledged as authorized or captured
const canceled = [];                       // acknowledged as canceled, or to be canceled once the provider has answered
const seen = {};                           // what shoppers met, for the diagnosis
const note = (what) => { seen[what] = (seen[what] ?? 0) + 1; };

// The same call with the same key until it is answered with something that is not "try again".
async function insist(v, method, path, options, end) {
  for (;;) {
    let answer;
    try { answer = await v.api(method, path, options); } catch (e) { note(`no answer (${e.code ?? 'time'})`); }
    if (answer) {
      note(`${path.split('/').pop().slice(0, 8)} ${answer.status}`);
      const again = answer.status >= 500 || (answer.status === 409 && answer.json.code === 'request_in_flight');
      if (!again) return answer;
    }
    if (Date.now() > end + 20000) return undefined;
    await sleep(50 + random(200));
  }
}

async function shopper(end) {
  const v = new Visitor({ timeout: 15000 });
  while (Date.now() < end) {
    let cart;
    try { cart = await readyCart(v, pick(goods), 1 + random(2)); } catch { await sleep(100); continue; }
    const order = await insist(v, 'POST', `/v1/carts/${cart.id}/checkout`,
      { cart: cart.token, key: randomBytes(12).toString('hex'), json: { payment_method: pick(TOKENS) } }, end);
    if (order?.status !== 201) continue;
    placed.push(order.json);
    await Promise.all([pay(v, order.json, end), random(6) === 0 ? cancel(v, order.json, end) : undefined]);
  }
  v.close();
}

async function pay(v, o, end) {
  const ask = (path, json) => insist(v, 'POST', path, { key: randomBytes(12).toString('hex'), headers: { 'payment-token': o.payment_token }, json }, end);
  let paid = await ask(`/v1/payments/${o.payment_id}/confirm`);
  if (paid?.json?.state === 'failed' && paid.json.payable) paid = await ask('/v1/payments', { order_id: o.order_id, method: 'tok_ok' });
  if (paid?.json?.state === 'requires_action') await answerTheBank(v, paid.json.action_url);
  if (['authorized', 'captured'].includes(paid?.json?.state) && paid.json.order_status === 'paid') secured.push(o);
}

// Approves, declines or walks away; nobody at the bank repeats a click that was not answered.
async function answerTheBank(v, address) {
  const answer = pick(['approve', 'approve', 'decline', undefined]);
  if (!answer) { note('left the bank'); return; }
  try {
    const back = await v.submit(await v.get(address), '/pay/challenge', {}, { button: answer });
    note(`bank ${answer} ${back.status}`);
  } catch { note(`bank ${answer}: no answer`); }
}

async function cancel(v, o, end) {
  await sleep(random(1500));
  const answer = await insist(v, 'POST', `/v1/orders/${o.order_id}/cancel`, { headers: { 'order-token': o.access_token } }, end);
  if (answer?.status === 200) canceled.push(o);
}

const killed = {};
function strike(name, pid, signal) {
  try { process.kill(pid, signal); killed[name] = (killed[name] ?? 0) + 1; } catch { /* it was gone already */ }
}

const victims = [
  () => strike('order worker', pick(workersOf('order')), 'SIGKILL'),
  () => strike('payment worker', pick(workersOf('payment')), 'SIGKILL'),
  () => strike('payment worker', pick(workersOf('payment')), 'SIGKILL'),
  () => strike('product worker', pick(workersOf('product')), 'SIGKILL'),
  () => strike('inventory worker', pick(workersOf('inventory')), 'SIGKILL'),
  () => strike('user worker', pick(workersOf('user')), 'SIGKILL'),
  () => strike('jobs-core', pidOf('jobs-core'), 'SIGKILL'),
  () => strike('jobs-payment', pidOf('jobs-payment'), 'SIGKILL'),
  () => strike('redis', pidOf('redis'), 'SIGKILL'),
];

async function destroyer(end) {
  const restarts = [Date.now() + (end - Date.now()) * 0.35, Date.now() + (end - Date.now()) * 0.7];
  const signals = ['SIGINT', 'SIGQUIT'];                 // fast: sessions are cut; immediate: as after a crash
  while (Date.now() < end) {
    try {
      if (restarts.length > 0 && Date.now() > restarts[0]) {
        restarts.shift();
        strike('postgres', pidOf('postgres'), signals.shift());
      } else {
        pick(victims)();
      }
    } catch { note('nobody to kill'); }
    await sleep(250 + random(500));
  }
}

const ask = (text) => { try { return sql(text); } catch { return undefined; } };
const healthy = () => {
  try { return !/not running|starting|failed|down/.test(execFileSync(`${env.source}/run`, ['status', '--home', env.home], { encoding: 'utf8' })); } catch { return false; }
};

test(`${SHOPPERS} shoppers for ${SECONDS} s while processes die`, async (t) => {
  const end = Date.now() + SECONDS * 1000;
  await Promise.all([destroyer(end), ...Array.from({ length: SHOPPERS }, () => shopper(end))]);
  t.diag(`seed ${firstSeed}; ${placed.length} orders acknowledged, ${secured.length} of them as paid, ${canceled.length} as canceled; killed ${JSON.stringify(killed)}`);
  t.diag(`shoppers met ${JSON.stringify(seen)}`);
  assert.ok(placed.length >= SECONDS / 2, 'orders were placed at all');
  assert.ok(Object.keys(killed).length >= 5, 'different processes died');
}, { ms: (SECONDS + 90) * 1000 });

test('the shop comes back by itself', async () => {
  await until('every process runs', () => healthy(), { ms: 30000, every: 500 });
  const v = new Visitor();
  await until('pages answer', async () => { try { return (await v.get('/')).status === 200; } catch { return false; } }, { ms: 20000, every: 200 });
  v.close();
});

test('what was under way is settled', async (t) => {
  const counts = () => ask(`SELECT (SELECT count(*) FROM payment.operation WHERE state IN ('started', 'unknown')) || ' calls, '
    || (SELECT count(*) FROM payment.command WHERE state = 'open') || ' commands, ' || (SELECT count(*) FROM payment.inbound_event WHERE state = 'open') || ' news, '
    || (SELECT count(*) FROM sandbox.event WHERE delivered < copies) || ' undelivered, ' || (SELECT waiting FROM platform.pub_relay) || ' events, '
    || (SELECT count(*) FROM notification.message WHERE state = 'queued') || ' mails, '
    || (SELECT last_position FROM platform.pub_relay) - (SELECT position FROM platform.pub_consumers WHERE name = 'mail') || ' unread, '
    || (SELECT count(*) FROM payment.attempt a WHERE a.state = 'created' AND EXISTS (SELECT 1 FROM payment.operation o WHERE o.attempt_id = a.id)) || ' undecided'`);
  try {
    await until('nothing is under way', () => /^(0 [a-z]+(, )?)+$/.test(counts() ?? ''), { ms: 150000, every: 500 });
  } finally {
    t.diag(counts());
  }
}, { ms: 160000 });

test('every acknowledged order exists, and has its attempt', () => {
  const ids = new Set(sql('SELECT order_id FROM payment.attempt').split('\n'));
  const orders = new Set(sql('SELECT id FROM orders.orders').split('\n'));
  const lost = placed.filter((o) => !orders.has(uuidOf(o.order_id)) || !ids.has(uuidOf(o.order_id)));
  assert.deepEqual(lost.map((o) => o.number), []);
  assert.equal(new Set(placed.map((o) => o.order_id)).size, placed.length, 'no order was acknowledged for two carts');
});

test('what was acknowledged as paid is paid', () => {
  const states = new Map(sql('SELECT id, state FROM orders.orders').split('\n').map((l) => l.split('|')));
  assert.deepEqual(secured.filter((o) => states.get(uuidOf(o.order_id)) !== 'paid').map((o) => `${o.number} ${states.get(uuidOf(o.order_id))}`), []);
});

test('what was acknowledged as canceled is canceled, and nobody holds money for it', () => {
  const states = new Map(sql('SELECT id, state FROM orders.orders').split('\n').map((l) => l.split('|')));
  assert.deepEqual(canceled.filter((o) => states.get(uuidOf(o.order_id)) !== 'canceled').map((o) => `${o.number} ${states.get(uuidOf(o.order_id))}`), []);
  assert.equal(sql(`SELECT coalesce(string_agg(o.number || ' ' || i.state || ' ' || i.captured - i.refunded, ', '), '') FROM orders.orders o
    JOIN payment.attempt a ON a.order_id = o.id JOIN sandbox.intent i ON i.attempt_id = a.id
    WHERE o.state = 'canceled' AND (i.state IN ('authorized', 'processing') OR i.captured > i.refunded)`), '');
});

test('nothing was sold twice', () => {
  goods.forEach((g, i) => {
    const { onHand, reserved, allocated } = g.level();
    assert.equal(onHand, stockAtFirst[i]);
    assert.ok(reserved + allocated <= onHand, `${g.sku}: ${reserved} + ${allocated} of ${onHand}`);
    const sold = Number(sql(`SELECT coalesce(sum(l.quantity), 0) FROM orders.order_line l JOIN orders.orders o ON o.id = l.order_id WHERE l.variant_id = '${g.uuid}' AND o.state = 'paid'`));
    assert.equal(allocated, sold, g.sku);
  });
});

test('exactly one mail per paid order', () => {
  const texts = readdirSync(env.mail).filter((f) => f.endsWith('.eml')).map((f) => readFileSync(`${env.mail}/${f}`, 'utf8'));
  const count = new Map();
  for (const text of texts) {
    const number = text.match(/^Subject: Your order (\S+)\r$/m)?.[1];
    if (number) count.set(number, (count.get(number) ?? 0) + 1);
    assert.ok(text.trimEnd().endsWith('--'), 'every file is a whole mail');
  }
  const paid = sql('SELECT number FROM orders.orders WHERE paid_at IS NOT NULL').split('\n').filter(Boolean);
  assert.deepEqual(paid.filter((n) => count.get(n) !== 1).map((n) => `${n}: ${count.get(n) ?? 0}`), []);
  assert.deepEqual([...count.keys()].filter((n) => !paid.includes(n)), []);
});

test('souk verify finds nothing wrong', (t) => {
  try {
    const out = execFileSync(`${env.prefix}/bin/souk`, ['verify', '--config', process.env.SOUK_CONFIG, '--spool', env.mail], { encoding: 'utf8' });
    assert.match(out, /everything is as it must be/);
  } catch (e) {
    t.diag(String(e.stdout ?? ''));
    throw new Error('souk verify: something is wrong');
  } finally {
    goods.forEach((g) => g.remove());
  }
});
