// Payments through the real nginx: every test token of the sandbox, the bank's page, retries, idempotency, hooks, what the sweeper
// settles, and the books of both sides afterwards.
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { test, assert } from '../lib/tap.mjs';
import { Visitor, until, environment } from '../lib/shop.mjs';
import { makeVariant, readyCart, sql, uuidOf } from '../lib/goods.mjs';

const env = environment();
const cup = makeVariant({ price: 1250, stock: 500, name: 'Payment cup' });
const key = () => randomBytes(12).toString('hex');

async function order(v, token, variant = cup) {
  const cart = await readyCart(v, variant, 1);
  const made = await cart.checkout({ json: { payment_method: token } });
  assert.equal(made.status, 201, made.text);
  return made.json;
}
const confirm = (v, o, k = key(), more = {}) =>
  v.api('POST', `/v1/payments/${o.payment_id}/confirm`, { key: k, headers: { 'payment-token': o.payment_token }, ...more });
const read = async (v, o, id = o.payment_id) => (await v.api('GET', `/v1/payments/${id}`, { headers: { 'payment-token': o.payment_token } })).json;
const settled = (v, o, want, ms = 20000) => until(`payment ${want}`, async () => {
  const p = await read(v, o);
  return (!p.processing && [].concat(want).includes(p.state)) && p;
}, { ms, every: 100 });
const orderState = (o) => sql(`SELECT state FROM orders.orders WHERE id = '${uuidOf(o.order_id)}'`);
const orderBecomes = (o, state) => until(`order ${state}`, () => orderState(o) === state, { ms: 20000, every: 100 });
const intents = (o) => sql(`SELECT state, amount, captured, refunded FROM sandbox.intent WHERE attempt_id = '${uuidOf(o.payment_id)}'`);

// What each token does at once, and how it ends. The table of tokens is the sandbox's own.
const EXPECT = {
  tok_ok: ['authorized', 'captured', 'paid'],
  tok_declined: ['failed', 'failed', 'pending_payment', 'card_declined'],
  tok_insufficient: ['failed', 'failed', 'pending_payment', 'insufficient_funds'],
  tok_challenge: ['requires_action', 'requires_action', 'pending_payment'],
  tok_challenge_fail: ['requires_action', 'requires_action', 'pending_payment'],
  tok_slow: ['authorized', 'captured', 'paid'],
  tok_lost: ['created', 'captured', 'paid'],
  tok_lost_declined: ['created', 'failed', 'pending_payment', 'card_declined'],
  tok_lost_request: ['created', 'captured', 'paid'],
  tok_twice: ['authorized', 'captured', 'paid'],
  tok_late: ['created', 'captured', 'paid'],
  tok_late_declined: ['created', 'failed', 'pending_payment', 'card_declined'],
  tok_error: ['created', 'failed', 'pending_payment', 'not_reached'],
  tok_lost_capture: ['authorized', 'captured', 'paid'],
  tok_lost_void: ['authorized', 'captured', 'paid'],
};

test('every test token has its expectation', () => {
  const def = readFileSync(`${env.source}/src/service/provider_sandbox.def`, 'utf8');
  const tokens = [...def.matchAll(/^SANDBOX\((tok_\w+)/gm)].map((m) => m[1]);
  assert.deepEqual(tokens.sort(), Object.keys(EXPECT).sort());
});

test('each token ends as documented, in both books', async () => {
  await Promise.all(Object.entries(EXPECT).map(async ([token, [first, last, status, code]]) => {
    const v = new Visitor();
    const o = await order(v, token);
    const answer = await confirm(v, o);
    assert.equal(answer.status, 200, `${token}: ${answer.text}`);
    const now = answer.json;
    assert.ok([first, last].includes(now.state), `${token} is at once ${first}, not ${now.state}`);
    const p = await settled(v, o, last);
    assert.equal(orderState(o), status, token);
    assert.equal(p.failure_code, code, token);
    assert.deepEqual(p.captured, { amount: last === 'captured' ? p.amount.amount : 0, currency: 'EUR' }, token);
    if (last === 'captured') assert.equal(intents(o), `captured|${p.amount.amount}|${p.amount.amount}|0`, token);
    v.close();
  }));
});

test('an event that comes twice is stored once and counted', async () => {
  const v = new Visitor();
  const o = await order(v, 'tok_twice');
  await confirm(v, o);
  await settled(v, o, 'captured');
  await until('both copies', () => sql(`SELECT copies FROM payment.inbound_event WHERE attempt_id = '${uuidOf(o.payment_id)}' AND type = 'payment.authorized'`) === '2');
  assert.equal(sql(`SELECT count(*) FROM payment.ledger_transaction WHERE attempt_id = '${uuidOf(o.payment_id)}' AND kind = 'authorize'`), '1');
  v.close();
});

test('confirming again: same key replays, another body is refused, another key finds it done', async () => {
  const v = new Visitor();
  const o = await order(v, 'tok_ok'), k = key();
  const [a, b] = await Promise.all([confirm(v, o, k), confirm(v, o, k)]);
  const statuses = [a.status, b.status].sort();
  assert.ok(statuses[0] === 200 && [200, 409].includes(statuses[1]), statuses.join());
  const again = await confirm(v, o, k);
  assert.equal(again.status, 200);
  assert.equal(again.headers['idempotent-replayed'], 'true');
  assert.equal(again.json.state, 'authorized');
  const other = await confirm(v, o);
  assert.equal(other.status, 200);
  assert.equal(sql(`SELECT count(*) FROM sandbox.booking b JOIN sandbox.intent i ON i.id = b.intent_id WHERE i.attempt_id = '${uuidOf(o.payment_id)}' AND b.kind = 'authorize'`), '1');
  const none = await v.api('POST', `/v1/payments/${o.payment_id}/confirm`, { headers: { 'payment-token': o.payment_token } });
  assert.equal(none.status, 422);
  assert.equal(none.json.code, 'idempotency_key_required');
  v.close();
});

test('twenty confirmations at once ask the provider once', async () => {
  const v = new Visitor();
  const o = await order(v, 'tok_slow');
  const all = await Promise.all(Array.from({ length: 20 }, () => confirm(v, o)));
  assert.ok(all.every((x) => x.status === 200), all.map((x) => x.status).join());
  await settled(v, o, 'captured');
  assert.equal(sql(`SELECT count(*) FROM payment.operation WHERE attempt_id = '${uuidOf(o.payment_id)}' AND kind = 'authorize'`), '1');
  v.close();
});

test('while twenty payments wait for a slow provider, others are answered', async () => {
  const v = new Visitor(), other = new Visitor();
  const orders = [];
  for (let i = 0; i < 20; i += 1) orders.push(await order(v, 'tok_slow'));
  const quick = await order(other, 'tok_ok');
  let waiting = 20;
  const visitors = orders.map(() => new Visitor());
  const slow = orders.map((o, i) => confirm(visitors[i], o).then((a) => { waiting -= 1; return a; }));
  await until('all are at the provider', () => sql(`SELECT count(*) FROM payment.operation WHERE kind = 'authorize' AND state = 'started'`) >= '1', { every: 20 });
  const answer = await confirm(other, quick);
  assert.equal(answer.json.state, 'authorized');
  assert.ok(waiting > 0, 'the quick one did not wait for the slow ones');
  for (const a of await Promise.all(slow)) assert.equal(a.json.state, 'authorized');
  for (const x of [v, other, ...visitors]) x.close();
});

test('only who holds the order\'s token sees and pays it', async () => {
  const v = new Visitor();
  const o = await order(v, 'tok_ok'), other = await order(v, 'tok_ok');
  for (const token of [other.payment_token, 'x', 'AAAA.BBBB']) {
    const answer = await v.api('GET', `/v1/payments/${o.payment_id}`, { headers: { 'payment-token': token } });
    assert.equal(answer.status, 404, token);
  }
  assert.equal((await v.api('GET', `/v1/payments/${o.payment_id}`)).status, 422);
  assert.equal((await v.get(`/pay/${o.payment_id}?t=${other.payment_token}`)).status, 404);
  assert.equal((await v.get(`/pay/${o.payment_id}`)).status, 422);
  assert.equal(orderState(o), 'pending_payment');
  v.close();
});

test('after a decline: another try on the same order', async () => {
  const v = new Visitor();
  const o = await order(v, 'tok_declined');
  await confirm(v, o);
  const h = { 'payment-token': o.payment_token };
  const unknown = await v.api('POST', '/v1/payments', { key: key(), headers: h, json: { order_id: o.order_id, method: 'tok_nothing' } });
  assert.equal(unknown.status, 422);
  assert.equal(unknown.json.param, 'method');
  const k = key();
  const made = await v.api('POST', '/v1/payments', { key: k, headers: h, json: { order_id: o.order_id, method: 'tok_ok' } });
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json.try, 2);
  assert.equal(made.json.state, 'authorized');
  const replay = await v.api('POST', '/v1/payments', { key: k, headers: h, json: { order_id: o.order_id, method: 'tok_ok' } });
  assert.equal(replay.status, 201);
  assert.equal(replay.json.id, made.json.id);
  assert.equal(replay.headers['idempotent-replayed'], 'true');
  const mismatch = await v.api('POST', '/v1/payments', { key: k, headers: h, json: { order_id: o.order_id, method: 'tok_late' } });
  assert.equal(mismatch.json.code, 'idempotency_key_reused');
  const second = await v.api('POST', '/v1/payments', { key: key(), headers: h, json: { order_id: o.order_id, method: 'tok_ok' } });
  assert.equal(second.status, 409);
  assert.equal(orderState(o), 'paid');
  v.close();
});

// --- the bank's page -------------------------------------------------------------------------------------------------------

async function challenged(v, token = 'tok_challenge') {
  const o = await order(v, token);
  const bank = await v.get(o.payment_url);
  assert.equal(bank.status, 200);
  assert.match(bank.url, /\/pay\/challenge\?id=sbx_/);
  assert.match(bank.text, /17\.40/);
  return { o, bank };
}

test('challenge approved: back by GET, to the confirmation', async () => {
  const v = new Visitor();
  const { o, bank } = await challenged(v);
  const done = await v.submit(bank, '/pay/challenge', {}, { button: 'approve' });
  assert.equal(done.status, 200);
  assert.match(done.url, new RegExp(`/orders/${o.order_id}`));
  assert.ok(v.trail.some((t) => t.startsWith('GET /pay/return?state=')), v.trail.join('\n'));
  assert.equal(orderState(o), 'paid');
  const late = await v.get(bank.url);
  assert.match(late.text, /already answered/);
  v.close();
});

test('the return works once, and only signed', async () => {
  const v = new Visitor();
  const { o, bank } = await challenged(v);
  const answer = await v.submit(bank, '/pay/challenge', {}, { button: 'approve', follow: false });
  assert.equal(answer.status, 303);
  const back = answer.headers.location;
  const first = await v.get(back, { follow: false });
  assert.equal(first.status, 303);
  const operations = () => sql(`SELECT count(*) FROM payment.operation WHERE attempt_id = '${uuidOf(o.payment_id)}' AND kind = 'complete'`);
  assert.equal(operations(), '1');
  const second = await v.get(back, { follow: false });
  assert.equal(second.status, 303);
  assert.equal(operations(), '1');
  const url = new URL(back);
  const bent = url.searchParams.get('state');
  url.searchParams.set('state', bent.slice(0, 20) + (bent[20] === 'A' ? 'B' : 'A') + bent.slice(21));
  assert.equal((await v.get(url.href)).status, 403);
  const stranger = new URL(back);
  stranger.searchParams.set('t', 'nonsense');
  assert.equal((await v.get(stranger.href)).status, 404);
  v.close();
});

test('challenge declined, and one that always fails: the page offers another card', async () => {
  const v = new Visitor();
  for (const [token, button] of [['tok_challenge', 'decline'], ['tok_challenge_fail', 'approve']]) {
    const { o, bank } = await challenged(v, token);
    const page = await v.submit(bank, '/pay/challenge', {}, { button });
    assert.match(page.text, /not confirmed with the bank/);
    assert.equal(orderState(o), 'pending_payment');
    const paid = await v.submit(page, '/pay/', { method: 'tok_ok' });
    assert.match(paid.url, new RegExp(`/orders/${o.order_id}`));
    assert.equal(orderState(o), 'paid');
  }
  v.close();
});

test('the payment page without scripts: declined, wrong card, late card', async () => {
  const v = new Visitor();
  const o = await order(v, 'tok_declined');
  const page = await v.get(o.payment_url);
  assert.equal(page.status, 200);
  assert.match(page.text, /declined/);
  assert.equal(page.headers['cache-control'], 'no-store');
  const strange = await v.submit(page, '/pay/', { method: 'tok_nothing' });
  assert.equal(strange.status, 422);
  const without = await v.post(new URL(page.url), { method: 'tok_ok' });
  assert.equal(without.status, 403);
  const wait = await v.submit(page, '/pay/', { method: 'tok_late' });
  assert.equal(wait.status, 200);
  assert.equal(wait.headers.refresh, '2');
  const thanks = await until('the confirmation', async () => {
    const again = await v.get(wait.url);
    return /\/orders\//.test(again.url) && again;
  }, { every: 300 });
  assert.equal(thanks.status, 200);
  assert.equal(orderState(o), 'paid');
  v.close();
});

// --- hooks ------------------------------------------------------------------------------------------------------------------

const hookKey = Buffer.from(hkdfSync('sha256', Buffer.from(readFileSync(`${env.home}/secrets/master.key`, 'utf8').trim(), 'hex'), 'souk', 'sandbox-hook/1', 32));
function post(v, body, { at = Math.floor(Date.now() / 1000), secret = hookKey, signature } = {}) {
  const sign = signature ?? `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
  return v.api('POST', '/v1/hooks/sandbox', { body, headers: { 'content-type': 'application/json', 'sandbox-signature': sign } });
}

test('hooks: the signature decides, over the raw bytes', async () => {
  const v = new Visitor();
  const o = await order(v, 'tok_challenge');
  await confirm(v, o);
  const ref = sql(`SELECT provider_ref FROM payment.attempt WHERE id = '${uuidOf(o.payment_id)}'`);
  const id = key(), body = JSON.stringify({ id, type: 'payment.authorized', payment: ref, attempt: o.payment_id, created: 1 });
  const now = Math.floor(Date.now() / 1000);
  assert.equal((await post(v, body, { secret: Buffer.alloc(32) })).status, 401);
  assert.equal((await post(v, body, { signature: '' })).status, 401);
  assert.equal((await post(v, body, { signature: `t=${now}` })).status, 401);
  assert.equal((await post(v, body, { at: now - 310 })).status, 401);
  assert.equal((await post(v, body, { at: now + 400 })).status, 401);
  assert.equal((await post(v, body + ' ', { signature: `t=${now},v1=${createHmac('sha256', hookKey).update(`${now}.${body}`).digest('hex')}` })).status, 401);
  assert.equal((await post(v, '{"id":')).status, 400);
  assert.equal((await post(v, '{"id":"x"}')).status, 422);
  for (let i = 0; i < 3; i += 1) assert.equal((await post(v, body)).status, 204);
  assert.equal(sql(`SELECT count(*), max(copies) FROM payment.inbound_event WHERE provider_event = '${id}'`), '1|3');
  // news are never believed: the provider is asked, and it says that the payer has not answered
  await until('worked', () => sql(`SELECT state FROM payment.inbound_event WHERE provider_event = '${id}'`) === 'done');
  assert.equal((await read(v, o)).state, 'requires_action');
  const stranger = JSON.stringify({ id: key(), type: 'payment.authorized', payment: 'sbx_000000000000000000000000', created: 1 });
  assert.equal((await post(v, stranger)).status, 204);
  await until('ignored', () => sql(`SELECT state FROM payment.inbound_event WHERE provider_ref = 'sbx_000000000000000000000000' ORDER BY received_at DESC LIMIT 1`) === 'ignored');
  v.close();
});

// --- what stays open --------------------------------------------------------------------------------------------------------

// As if the reservation had begun long ago.
const expire = (o) => sql(`UPDATE orders.orders SET expires_at = platform.clock() - interval '1 second' WHERE id = '${uuidOf(o.order_id)}';
  UPDATE inventory.reservations SET expires_at = platform.clock() - interval '1 second' WHERE order_id = '${uuidOf(o.order_id)}' AND status = 'active';`);
const dueNow = (o) => sql(`UPDATE payment.attempt SET next_check_at = '-infinity' WHERE id = '${uuidOf(o.payment_id)}' AND next_check_at IS NOT NULL`);

test('nobody paid: the attempt ends, the order is canceled, the stock is back', async () => {
  const v = new Visitor();
  const one = makeVariant({ stock: 1 });
  const o = await order(v, 'tok_ok', one);
  assert.equal(one.level().reserved, 1);
  expire(o);
  await orderBecomes(o, 'canceled');
  assert.equal((await read(v, o)).state, 'failed');
  assert.deepEqual(one.level(), { onHand: 1, reserved: 0, allocated: 0 });
  assert.equal((await confirm(v, o)).json.state, 'failed');
  assert.equal(intents(o), '');
  v.close();
});

test('a challenge that nobody answered is voided at the provider first', async () => {
  const v = new Visitor();
  const { o } = await challenged(v);
  expire(o);
  dueNow(o);
  await orderBecomes(o, 'canceled');
  assert.equal((await read(v, o)).state, 'voided');
  assert.match(intents(o), /^voided\|/);
  v.close();
});

test('authorized too late: sold to somebody else meanwhile, so the money goes back', async () => {
  const v = new Visitor();
  const one = makeVariant({ stock: 1 });
  const late = await order(v, 'tok_late', one);
  await confirm(v, late);
  expire(late);
  await until('stock back', () => one.level().reserved === 0);
  const quick = await order(v, 'tok_ok', one);
  await confirm(v, quick);
  await orderBecomes(late, 'canceled');
  await settled(v, late, 'voided');
  assert.match(intents(late), /^voided\|/);
  assert.equal(orderState(quick), 'paid');
  assert.deepEqual(one.level(), { onHand: 1, reserved: 0, allocated: 1 });
  v.close();
});

test('authorized too late, but still in stock: reserved again and paid', async () => {
  const v = new Visitor();
  const one = makeVariant({ stock: 1 });
  const o = await order(v, 'tok_late', one);
  await confirm(v, o);
  expire(o);
  await orderBecomes(o, 'paid');
  assert.deepEqual(one.level(), { onHand: 1, reserved: 0, allocated: 1 });
  v.close();
});

test('canceled by the shopper at the bank: voided there, then canceled', async () => {
  const v = new Visitor();
  const { o } = await challenged(v);
  const answer = await v.api('POST', `/v1/orders/${o.order_id}/cancel`, { headers: { 'order-token': o.access_token } });
  assert.equal(answer.status, 200, answer.text);
  await orderBecomes(o, 'canceled');
  assert.equal((await settled(v, o, 'voided')).state, 'voided');
  const again = await v.api('POST', '/v1/payments', { key: key(), headers: { 'payment-token': o.payment_token }, json: { order_id: o.order_id, method: 'tok_ok' } });
  assert.equal(again.status, 409);
  v.close();
});

// A shopper who cancels while the bank still thinks does not end up with a paid order, whatever the bank says then.
for (const [token, what] of [['tok_slow', 'while the bank is slow'], ['tok_late', 'while the bank decides']]) {
  test(`canceled by the shopper ${what}: never paid, the money goes back`, async () => {
    const v = new Visitor(), other = new Visitor();
    const one = makeVariant({ stock: 1 });
    const o = await order(v, token, one);
    const waiting = confirm(v, o);
    await until('at the provider', () => sql(`SELECT count(*) FROM payment.operation WHERE attempt_id = '${uuidOf(o.payment_id)}'`) === '1', { every: 20 });
    const answer = await other.api('POST', `/v1/orders/${o.order_id}/cancel`, { headers: { 'order-token': o.access_token } });
    assert.equal(answer.status, 200, answer.text);
    assert.equal((await waiting).status, 200);
    await orderBecomes(o, 'canceled');
    await settled(v, o, 'voided');
    assert.match(intents(o), /^voided\|/);
    assert.equal(sql(`SELECT count(*) FROM orders.orders WHERE id = '${uuidOf(o.order_id)}' AND paid_at IS NOT NULL`), '0');
    assert.deepEqual(one.level(), { onHand: 1, reserved: 0, allocated: 0 });
    v.close();
    other.close();
  });
}

test('money of a canceled order goes back, also when the answers are lost', async () => {
  const v = new Visitor();
  for (const [token, last, ref] of [['tok_ok', 'captured', /^captured\|1740\|1740\|1740$/], ['tok_lost_capture', 'captured', /^captured\|1740\|1740\|1740$/]]) {
    const o = await order(v, token);
    await confirm(v, o);
    await settled(v, o, last);
    // what a person of the shop will do one day
    sql(`BEGIN; SET LOCAL ROLE own_orders; SELECT orders.cancel_locked_v1('${uuidOf(o.order_id)}', 'test', 'test', NULL, NULL, platform.clock());
         SELECT payment.release_v1('${uuidOf(o.order_id)}', 'test', NULL, NULL, platform.clock()); COMMIT;`);
    const p = await until('refunded', async () => { const x = await read(v, o); return x.refunded.amount === 1740 && x; });
    assert.equal(p.state, 'captured');
    assert.match(intents(o), ref);
  }
  v.close();
});

// --- mails and books ----------------------------------------------------------------------------------------------------------

test('one confirmation per paid order, in both forms', async () => {
  const v = new Visitor();
  const o = await order(v, 'tok_ok');
  await confirm(v, o);
  const mails = () => readdirSync(env.mail).filter((f) => f.endsWith('.eml')).map((f) => readFileSync(`${env.mail}/${f}`, 'utf8')).filter((m) => m.includes(`Subject: Your order ${o.number}`));
  await until('the mail', () => mails().length === 1);
  const [mail] = mails();
  assert.match(mail, /^To: "Ada Example" <ada@example\.com>\r$/m);
  assert.match(mail, /Content-Type: multipart\/alternative/);
  assert.ok(mail.split('\r\n').every((l) => l.length <= 78 && !l.includes('\n')));
  const plain = mail.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, h) => String.fromCharCode(parseInt(h, 16)));
  const link = plain.match(/https:\/\/\S+\/orders\/\S+/)[0];
  const page = await v.get(link);
  assert.equal(page.status, 200);
  assert.ok(page.text.includes(o.number));
  v.close();
});

test('afterwards everything is as it must be', async () => {
  const waiting = () => sql(`SELECT (SELECT count(*) FROM payment.operation WHERE state IN ('started', 'unknown')) + (SELECT count(*) FROM payment.command WHERE state = 'open')
    + (SELECT count(*) FROM payment.inbound_event WHERE state = 'open') + (SELECT count(*) FROM sandbox.event WHERE delivered < copies)`);
  await until('nothing under way', () => waiting() === '0', { ms: 30000, every: 200 });
  const out = execFileSync(`${env.prefix}/bin/souk`, ['verify', '--config', process.env.SOUK_CONFIG, '--spool', env.mail], { encoding: 'utf8' });
  assert.match(out, /everything is as it must be/);
  cup.remove();
});
