// The worker runtime from outside: hand-off, drain, reload, death of workers, hostile connections, metrics. No nginx: every byte and
// every moment is chosen here; runtime-reload.mjs has the same through nginx.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test, cleanup, assert } from '../lib/tap.mjs';
import { Connection, encode } from '../lib/fcgi.mjs';
import { Pool, build, sleep, socketOnStdin, until } from '../lib/pool.mjs';

let pool;

test('a pool starts, says that it is ready, and answers', async () => {
  pool = await Pool.start(['--threads', '8']);
  const r = await pool.once('GET', '/v1/hello');
  assert.equal(r.status, 200);
  assert.equal(r.json.hello, 'world');
  assert.match(r.headers['request-id'], /^req_[0-9a-z]{26}$/);
  assert.equal(r.json.request_id, r.headers['request-id']);
  assert.equal(r.headers['content-length'], String(r.body.length));
  assert.equal((await pool.readyz()).text.split('\n')[0], 'ready');
});

test('one JSON log line a request, with request id, trace id, route and status', async () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const r = await pool.once('GET', '/v1/hello', { headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` } });
  await until('the line', 2000, () => pool.logLines().some((l) => l.request_id === r.headers['request-id']));
  const lines = pool.logLines().filter((l) => l.request_id === r.headers['request-id']);
  assert.equal(lines.length, 1);
  assert.deepEqual([lines[0].trace_id, lines[0].route, lines[0].status, lines[0].event], [trace, 'hello', 200, 'request']);
  assert.ok(lines[0].us >= 0);
});

test('128 kept connections on 8 threads: each is served, none is starved, also beside slow requests', async (t) => {
  const connections = await Promise.all(Array.from({ length: 128 }, () => pool.connect()));
  const slow = await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
  const counts = new Array(connections.length).fill(0);
  const end = Date.now() + 2500;
  await Promise.all([
    ...connections.map(async (c, i) => { while (Date.now() < end) { assert.equal((await c.request('GET', '/v1/hello')).status, 200); counts[i] += 1; } }),
    ...slow.map(async (c) => { while (Date.now() < end) assert.equal((await c.request('GET', '/v1/slow?ms=200')).status, 200); }),
  ]);
  const least = Math.min(...counts), most = Math.max(...counts);
  t.diag(`completions per connection: ${least} to ${most}`);
  assert.ok(least > 0 && most <= least * 4, `from ${least} to ${most}`);
  [...connections, ...slow].forEach((c) => c.close());
});

test('headers of 200 bytes and of 60 KB', async () => {
  for (const size of [200, 60000]) {
    const r = await pool.once('GET', '/v1/hello', { headers: { 'x-large': 'a'.repeat(size) } });
    assert.equal(r.status, 200, String(size));
  }
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-h${i}`, '1']));
  assert.equal((await pool.once('GET', '/v1/hello', { headers: many })).json.code, 'headers_too_large');
  assert.equal((await pool.once('GET', '/v1/hello?' + 'a'.repeat(9000))).status, 414);
});

test('large answers and large bodies arrive whole, the connection stays in step', async () => {
  const c = await pool.connect();
  assert.equal((await c.request('GET', '/v1/big?kb=8192')).body.length, 8192 * 1024);
  assert.equal((await c.request('POST', '/v1/raw', { body: 'b'.repeat(3000000) })).text, '3000000\n');
  assert.equal((await c.request('POST', '/v1/raw', { body: 'b'.repeat(5000000) })).status, 413);
  assert.equal((await c.request('POST', '/v1/unknown', { body: 'b'.repeat(50000) })).status, 404);
  assert.equal((await c.request('GET', '/v1/hello')).status, 200);
  c.close();
});

test('half-sent requests hold a thread for 3 seconds at most; then everybody is served again', async () => {
  const whole = encode('GET', '/v1/hello');
  const halves = [];
  for (let i = 0; i < 8; i++) {               // as many as there are threads
    const c = await pool.connect();
    c.write(whole.subarray(0, 10 + i * 5));
    halves.push(c);
  }
  await sleep(100);
  const started = Date.now();
  assert.equal((await pool.once('GET', '/v1/hello')).status, 200);
  assert.ok(Date.now() - started < 6000);
  for (const c of halves) assert.equal(await c.ended(4000), true);
});

test('bodies that end too early, readers that leave: no thread is lost', async () => {
  const before = await pool.metric('souk_requests_abandoned_total');
  for (let i = 0; i < 24; i++) {
    const c = await pool.connect();
    const bytes = encode('POST', '/v1/echo/x', { headers: { 'content-type': 'application/json' }, body: '{"name":"Ada Lovelace"}', contentLength: 1000 });
    c.write(i % 2 ? bytes.subarray(0, bytes.length - 12) : bytes);
    await sleep(2);
    c.close();
  }
  for (let i = 0; i < 8; i++) {
    const c = await pool.connect();
    c.write(encode('GET', '/v1/big?kb=16384'));
    await sleep(5);
    c.close();
  }
  await until('the threads', 8000, async () => (await pool.metric('souk_threads_busy')) === 0);
  assert.ok((await pool.metric('souk_requests_abandoned_total')) >= before + 12);
  assert.equal((await pool.once('GET', '/v1/hello')).status, 200);
});

test('nonsense on the socket closes that connection and nothing else', async () => {
  for (const bytes of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(4096, 0xff), Buffer.from([1, 1, 0, 1, 0, 8, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0])]) {
    const c = await pool.connect();
    c.write(bytes);
    c.socket.end();
    assert.equal(await c.ended(5000), true);
  }
  assert.equal((await pool.once('GET', '/v1/hello')).status, 200);
});

test('10,000 idle connections cost nothing but memory', async (t) => {
  const limit = Number(fs.readFileSync('/proc/self/limits', 'utf8').match(/Max open files\s+(\d+)/)[1]);
  const n = Math.min(10000, limit - 500);
  if (n < 10000) t.diag(`only ${n}: the limit of open files is ${limit}`);
  const idle = [];
  while (idle.length < n) idle.push(...await Promise.all(Array.from({ length: Math.min(250, n - idle.length) }, () => pool.connect())));
  await until('them to be accepted', 5000, async () => (await pool.metric('souk_connections')) >= n);
  assert.equal((await pool.once('GET', '/v1/hello')).status, 200);
  for (let i = 0; i < n; i += 97) assert.equal((await idle[i].request('GET', '/v1/hello')).status, 200);
  idle.forEach((c) => c.close());
  await until('them to be gone', 10000, async () => (await pool.metric('souk_connections')) < 20);
});

test('nothing leaks: 6,000 requests later the worker is as large as before', async (t) => {
  const size = (what) => Number(fs.readFileSync(`/proc/${pool.workers()[0]}/status`, 'utf8').match(new RegExp(`${what}:\\s+(\\d+)`))[1]);
  if (size('VmSize') > 1e9) t.skip('a sanitizer keeps what was freed; it reports leaks itself at the end');
  const rss = () => size('VmRSS');
  const round = async (n) => {
    const connections = await Promise.all(Array.from({ length: 16 }, () => pool.connect()));
    await Promise.all(connections.map(async (c) => {
      for (let i = 0; i < n / 16; i++) {
        await c.request('POST', '/v1/echo/x', { headers: { 'content-type': 'application/json', 'idempotency-key': `k${i}` }, body: JSON.stringify({ name: 'Ada', tags: ['a', 'b'] }) });
      }
      c.close();
    }));
  };
  await round(2000);
  const before = rss();
  await round(6000);
  t.diag(`${before} kB, then ${rss()} kB`);
  assert.ok(rss() - before < 4096);
});

test('promtool accepts the metrics, and they count what happened', async (t) => {
  const text = await pool.metrics();
  const r = spawnSync('promtool', ['check', 'metrics'], { input: text });
  if (r.error) t.skip('promtool is not installed');
  assert.equal(r.status, 0, String(r.stderr) + String(r.stdout));
  assert.ok((await pool.metric('souk_requests_total', 'route="hello"', 'status="2xx"')) > 100);
  const [sum] = text.match(/souk_request_duration_seconds_bucket\{pool="test",route="hello",le="\+Inf"\} \d+/);
  assert.equal(Number(sum.split(' ').pop()), await pool.metric('souk_request_duration_seconds_count', 'route="hello"'));
  assert.equal((await pool.opsGet('/nothing')).status, 404);
  assert.equal((await pool.opsGet('/metrics/other')).status, 404);
});

test('a slow or silent operator does not disturb the pool', async () => {
  const silent = await Promise.all(Array.from({ length: 20 }, () => new Promise((resolve) => { const s = net.connect(pool.ops, () => resolve(s)); s.on('error', () => {}); })));
  silent[0].write('GET /met');
  await sleep(50);
  assert.equal((await pool.once('GET', '/v1/hello')).status, 200);
  await until('the listener', 4000, async () => (await pool.readyz()).status === 200);
  silent.forEach((s) => s.destroy());
});

test('kill -9 of a worker: the socket stays, another worker comes, the counters stay', async () => {
  const [old] = pool.workers();
  const count = await pool.metric('souk_requests_total', 'route="hello"', 'status="2xx"');
  process.kill(old, 'SIGKILL');
  const r = await pool.once('GET', '/v1/hello');      // waits in the queue of the socket until the new worker takes it
  assert.equal(r.status, 200);
  assert.notEqual(r.json.pid, old);
  assert.equal(await pool.metric('souk_worker_restarts_total'), 1);
  assert.ok((await pool.metric('souk_requests_total', 'route="hello"', 'status="2xx"')) > count);
});

test('a request that kills its worker again and again is answered by pauses that grow, not by a dead pool', async () => {
  for (let i = 0; i < 3; i++) await assert.rejects(pool.once('GET', '/v1/fail/crash'));
  assert.equal((await pool.once('GET', '/v1/hello')).status, 200);
  const died = pool.logLines().filter((l) => l.event === 'worker_died');
  assert.equal(died.length, 4);
});

test('SIGHUP: a new worker is ready before the old one goes; connections of before are served to the end', async () => {
  const [old] = pool.workers();
  const kept = await pool.connect();
  assert.equal((await kept.request('GET', '/v1/hello')).json.pid, old);
  const slow = pool.once('GET', '/v1/slow?ms=800');
  await sleep(50);
  pool.signal('SIGHUP');
  await until('the new worker', 5000, async () => (await pool.once('GET', '/v1/hello')).json.pid !== old);
  assert.equal((await slow).json.pid, old);
  if (!kept.closed) assert.equal((await kept.request('GET', '/v1/hello')).status, 200);
  await until('the old one to end', 5000, () => !pool.workers().includes(old));
  assert.equal(pool.workers().length, 1);
  assert.equal((await pool.readyz()).status, 200);
});

test('SIGHUP with a broken configuration changes nothing', async () => {
  const conf = path.join(pool.home, 'souk.conf');
  fs.writeFileSync(conf, 'threads = 4\n');
  const other = await Pool.start(['--config', conf]);
  const [old] = other.workers();
  fs.writeFileSync(conf, 'threads = many\n');
  other.signal('SIGHUP');
  await until('the refusal', 3000, () => other.logLines().some((l) => l.event === 'reload_refused'));
  assert.deepEqual(other.workers(), [old]);
  fs.writeFileSync(conf, 'threads = 6\n');
  other.signal('SIGHUP');
  await until('six threads', 5000, async () => (await other.metric('souk_threads')) === 6);
  await other.remove();
});

test('SIGTERM between connect and the first byte loses nothing', async () => {
  const other = await Pool.start();
  const connections = await Promise.all(Array.from({ length: 60 }, () => other.connect()));
  const used = await other.connect();
  assert.equal((await used.request('GET', '/v1/hello')).status, 200);
  const slow = other.once('GET', '/v1/slow?ms=1500');
  await sleep(30);
  other.signal('SIGTERM');
  await sleep(150);
  const answers = await Promise.all(connections.map((c) => c.request('GET', '/v1/hello')));
  assert.equal(answers.filter((a) => a.status === 200).length, 60);
  assert.equal((await used.request('GET', '/v1/hello')).status, 200);
  await assert.rejects(other.connect());              // takes nothing new
  assert.equal((await slow).status, 200);
  assert.equal(await other.stop(), 0);
  await other.remove();
});

test('SIGTERM while connections wait in the socket\'s queue: they are served, too', async () => {
  const other = await Pool.start(['--threads', '2']);
  const [worker] = other.workers();
  process.kill(worker, 'SIGSTOP');
  const connections = await Promise.all(Array.from({ length: 30 }, () => other.connect()));
  const answers = connections.map((c) => c.request('GET', '/v1/hello'));
  other.signal('SIGTERM');
  await sleep(100);
  process.kill(worker, 'SIGCONT');
  assert.equal((await Promise.all(answers)).filter((a) => a.status === 200).length, 30);
  assert.equal(await other.stop(), 0);
  await other.remove();
});

test('the socket may come from descriptor 0 (systemd), and stays when the pool ends', async () => {
  const file = path.join(pool.home, 'run/inherited.sock');
  const other = await Pool.start([], { through: socketOnStdin(file) });
  assert.ok(!fs.existsSync(other.socket));
  const c = await Connection.open(file);
  assert.equal((await c.request('GET', '/v1/hello')).status, 200);
  c.close();
  assert.equal(await other.stop(), 0);
  assert.ok(fs.existsSync(file));
  await other.remove();
});

test('two masters do not share a socket; a socket left by a dead one is taken over', async () => {
  const run = (flags) => spawnSync(path.join(build, 'testpool'), flags, { timeout: 3000 });
  const second = run(['--home', pool.home]);
  assert.equal(second.status, 2);
  assert.match(String(second.stderr), /already answers/);
  const other = await Pool.start();
  other.signal('SIGKILL');
  await other.exit;
  const again = await Pool.start([], { home: other.home });
  assert.equal((await again.once('GET', '/v1/hello')).status, 200);
  await again.remove();
});

test('--check-config and --help', async () => {
  const bin = path.join(build, 'testpool');
  assert.match(String(execFileSync(bin, ['--check-config'])), /routes are fine/);
  assert.match(String(execFileSync(bin, ['--help'])), /--request_ms/);
  const bad = spawnSync(bin, ['--check-config', '--threads', '1000']);
  assert.equal(bad.status, 2);
  assert.match(String(bad.stderr), /threads.*128/);
});

cleanup('the pool ends with 0 and nothing of a sanitizer in its log', async () => {
  assert.equal(await pool.stop(), 0);
  assert.doesNotMatch(pool.logText(), /Sanitizer|runtime error/);
  await pool.remove();
});
