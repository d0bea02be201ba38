// Starts the test pool (tests/lib/testpool) in a folder of its own and asks its ops listener.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection, once } from './fcgi.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
export const build = process.env.SOUK_BUILD ?? path.join(here, '../../build');
export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

export async function until(what, ms, check) {
  const end = Date.now() + ms;
  for (;;) {
    let v = false;
    try { v = await check(); } catch { /* not yet */ }
    if (v) return v;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await sleep(20);
  }
}

// A program that opens a listening socket, puts it onto descriptor 0 as systemd does, and becomes the one named behind it. (Node itself cannot listen
// without also accepting.)
export const socketOnStdin = (file) => ['perl', '-MSocket', '-e',
  'my $f = shift; my $s; socket($s, PF_UNIX, SOCK_STREAM, 0) && bind($s, pack_sockaddr_un($f)) && listen($s, 64) or die; open(STDIN, "<&", $s) or die; exec @ARGV', file];

export class Pool {
  // `through`: words that the command line begins with
  static async start(flags = [], { through = [], home } = {}) {
    const pool = new Pool();
    pool.home = home ?? fs.mkdtempSync(path.join(os.tmpdir(), 'souk-rt-'));
    fs.mkdirSync(path.join(pool.home, 'run'), { recursive: true });
    pool.socket = path.join(pool.home, 'run/test.sock');
    pool.ops = path.join(pool.home, 'run/test.ops.sock');
    pool.logFile = path.join(pool.home, 'log');
    const log = fs.openSync(pool.logFile, 'a');
    const [program, ...rest] = [...through, path.join(build, 'testpool'), '--home', pool.home, '--base_url', 'https://shop.example', ...flags];
    pool.process = spawn(program, rest, { stdio: ['ignore', log, log] });
    pool.exit = new Promise((resolve) => pool.process.once('exit', (code, signal) => resolve(code ?? signal)));
    fs.closeSync(log);
    process.once('exit', () => pool.process.kill('SIGKILL'));
    try {
      await until('the pool to be ready', 10000, async () => (await pool.readyz()).status === 200);
    } catch (e) {
      const log = pool.logText();
      await pool.remove();
      throw new Error(e.message + '\n' + log);
    }
    return pool;
  }

  signal(name) { process.kill(this.pid(), name); }

  // libtool's wrapper execs the program, so the child is the master.
  pid() { return this.process.pid; }

  workers() {
    return fs.readdirSync('/proc').filter((p) => /^\d+$/.test(p)).map(Number).filter((p) => {
      try { return Number(fs.readFileSync(`/proc/${p}/stat`, 'utf8').split(') ')[1].split(' ')[1]) === this.pid(); } catch { return false; }
    });
  }

  opsGet(target) {
    return new Promise((resolve, reject) => {
      const r = http.get({ socketPath: this.ops, path: target, timeout: 2000 }, (res) => {
        let text = '';
        res.on('data', (c) => { text += c; });
        res.on('end', () => resolve({ status: res.statusCode, text, headers: res.headers }));
      });
      r.on('error', reject);
    });
  }

  readyz() { return this.opsGet('/readyz/test'); }
  async metrics() { return (await this.opsGet('/metrics/test')).text; }

  // Sum of all samples of a metric whose labels contain every given text.
  async metric(name, ...labels) {
    let sum = 0;
    for (const line of (await this.metrics()).split('\n')) {
      if (line.startsWith(name + '{') && labels.every((l) => line.includes(l))) sum += Number(line.slice(line.lastIndexOf(' ') + 1));
    }
    return sum;
  }

  logText() { return fs.readFileSync(this.logFile, 'utf8'); }
  logLines() { return this.logText().split('\n').filter(Boolean).map((l) => JSON.parse(l)); }
  connect() { return Connection.open(this.socket); }
  once(method, target, options) { return once(this.socket, method, target, options); }

  async stop(ms = 8000) {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGTERM');
    const code = await Promise.race([this.exit, sleep(ms).then(() => 'still there')]);
    if (code === 'still there') this.process.kill('SIGKILL');
    return code;
  }

  async remove() {
    await this.stop();
    fs.rmSync(this.home, { recursive: true, force: true });
  }
}
