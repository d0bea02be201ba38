// Replacing workers behind a real nginx under load: no request fails, reading or writing.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test, cleanup, skipAll, assert } from '../lib/tap.mjs';
import { Pool, sleep, until } from '../lib/pool.mjs';

const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((p) => fs.existsSync(p));
if (!nginx) skipAll('nginx is not installed');

let pool, server, front;

const configuration = () => `
${process.getuid() === 0 ? 'user root root;' : ''}
daemon off; worker_processes 2; pid ${pool.home}/nginx.pid; error_log ${pool.home}/nginx.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${pool.home}/t1; proxy_temp_path ${pool.home}/t2; fastcgi_temp_path ${pool.home}/t3; uwsgi_temp_path ${pool.home}/t4; scgi_temp_path ${pool.home}/t5;
  upstream pool { server unix:${pool.socket}; keepalive 32; keepalive_timeout 30s; }
  server {
    listen unix:${front};
    location / {
      fastcgi_pass pool; fastcgi_keep_conn on;
      fastcgi_param REQUEST_METHOD $request_method; fastcgi_param REQUEST_URI $request_uri; fastcgi_param REMOTE_ADDR 203.0.113.9;
      fastcgi_param CONTENT_TYPE $content_type; fastcgi_param CONTENT_LENGTH $content_length;
    }
  }
}`;

const agent = new http.Agent({ keepAlive: true, maxSockets: 24 });

function ask(method, target, body) {
  return new Promise((resolve) => {
    const r = http.request({ socketPath: front, path: target, method, agent, headers: body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {} }, (res) => {
      let text = '';
      res.on('data', (c) => { text += c; });
      res.on('end', () => resolve({ status: res.statusCode, text }));
    });
    r.on('error', (e) => resolve({ status: 0, text: e.message }));
    r.end(body);
  });
}

test('nginx in front of a pool of two processes', async () => {
  pool = await Pool.start(['--processes', '2', '--threads', '4']);
  front = path.join(pool.home, 'front.sock');
  fs.writeFileSync(path.join(pool.home, 'nginx.conf'), configuration());
  server = spawn(nginx, ['-p', pool.home, '-c', path.join(pool.home, 'nginx.conf')], { stdio: 'ignore' });
  process.once('exit', () => server.kill('SIGTERM'));
  await until('nginx', 5000, async () => (await ask('GET', '/v1/hello')).status === 200);
});

test('eight replacements under load: 0 failed requests of thousands, reading and writing', async (t) => {
  const bad = [];
  let done = 0, go = true;
  const pids = new Set();
  const visitors = Array.from({ length: 24 }, async (_, i) => {
    while (go) {
      const r = i % 3 ? await ask('GET', '/v1/hello') : await ask('POST', '/v1/echo/x', '{"name":"Ada"}');
      if (r.status !== 200 && r.status !== 201) bad.push(r);
      else if (i % 3) pids.add(JSON.parse(r.text).pid);
      done += 1;
    }
  });
  for (let i = 0; i < 8; i++) {
    const before = pool.workers();
    pool.signal('SIGHUP');
    await until('the old ones to go', 10000, () => { const now = pool.workers(); return now.length === 2 && !now.some((p) => before.includes(p)); });
  }
  go = false;
  await Promise.all(visitors);
  t.diag(`${done} requests, ${pids.size} worker processes`);
  assert.deepEqual(bad, []);
  assert.ok(done > 100 && pids.size >= 3);
});

test('the death of one of two workers under load costs at most what it was working on', async (t) => {
  let failed = 0, done = 0, go = true;
  const visitors = Array.from({ length: 16 }, async () => {
    while (go) {
      if ((await ask('GET', '/v1/hello')).status !== 200) failed += 1;
      done += 1;
    }
  });
  await sleep(200);
  process.kill(pool.workers()[0], 'SIGKILL');
  await sleep(800);
  go = false;
  await Promise.all(visitors);
  t.diag(`${failed} of ${done} failed`);
  assert.ok(failed <= 4 && done > 100);
  assert.equal(pool.workers().length, 2);
});

test('without a pool nginx says 502 and recovers by itself', async () => {
  assert.equal(await pool.stop(), 0);
  assert.equal((await ask('GET', '/v1/hello')).status, 502);
  const again = await Pool.start([], { home: pool.home });
  assert.equal((await ask('GET', '/v1/hello')).status, 200);
  assert.equal(await again.stop(), 0);
});

cleanup('end', async () => {
  agent.destroy();
  server.kill('SIGTERM');
  await sleep(200);
  assert.equal(spawnSync('grep', ['-c', 'alert', path.join(pool.home, 'nginx.log')], { encoding: 'utf8' }).stdout.trim(), '0');
  await pool.remove();
});
