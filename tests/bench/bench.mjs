// The bench: starts a shop of its own, runs both sides of every row on it, prints one table. See README.md.
//   node bench.mjs --build DIR [--seconds 4] [--only NAME,NAME]
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { identityRows } from './identity.mjs';
import { cpu, machine, pss, shopProcesses } from './machine.mjs';
import * as shopOf from './shop.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : otherwise;
};
const build = path.resolve(option('build', 'build'));
const seconds = Number(option('seconds', '4'));
const only = option('only', '');
const loader = path.join(build, 'tests/bench/load');

const say = (text) => process.stderr.write(`${text}\n`);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// --- one side of a row: what was asked, how fast, how fair, at what cost -------------------------------------------------
const load = (shop, args, clients = 128, length = seconds) => new Promise((done, failed) => {
  const processes = shopProcesses(shop.home);
  const before = cpu(processes);
  const child = spawn(loader, ['--url', shop.url, '--clients', String(clients), '--seconds', String(length), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '', err = '';
  child.stdout.on('data', (d) => { out += d; });
  child.stderr.on('data', (d) => { err += d; });
  child.on('close', () => {
    if (!out) return failed(new Error(`load: ${err}`));
    const after = cpu(shopProcesses(shop.home));
    const result = JSON.parse(out);
    result.note = err.trim();
    result.cpu_us = Object.fromEntries(Object.keys(after).map((k) => [k, Math.max(0, after[k] - before[k])]));
    done(result);
  });
});

const get = (shop, target, clients) => load(shop, ['--get', target], clients);
const look = (shop) => load(shop, ['--scenario', path.join(here, 'product.scenario'), '--var', `product=@${shop.products}`]);
const buy = (shop, variants, clients) => {
  const args = ['--scenario', path.join(here, 'checkout.scenario')];
  for (const [name, file] of Object.entries(variants)) args.push('--var', `${name}=@${file}`);
  return load(shop, args, clients, Math.max(seconds, 6));
};

const pgbench = (shop, script, clients) => {
  const file = path.join(shop.scratch, 'pgbench.sql');
  fs.writeFileSync(file, script);
  const run = spawnSync(shop.pgbench, ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(Math.ceil(seconds)), '-f', file, ...shop.pgArgs], { encoding: 'utf8', env: shop.pgEnv });
  const tps = /tps = ([\d.]+)/.exec(run.stdout);
  if (!tps) throw new Error(`pgbench: ${run.stderr}`);
  return { per_second: Number(tps[1]), p50_us: NaN, p99_us: NaN };
};

// --- the table ---------------------------------------------------------------------------------------------------------------
const number = (v, digits = 0) => (Number.isFinite(v) ? v.toFixed(digits) : '–');
const lines = [];
const line = (name, side, r, perIteration = false) => {
  const count = perIteration ? r.iterations : r.requests;
  const total = r.cpu_us ? Object.values(r.cpu_us).reduce((a, b) => a + b, 0) : NaN;
  const split = r.cpu_us ? `${number(r.cpu_us.nginx / count)} + ${number(r.cpu_us.souk / count)} + ${number(r.cpu_us.postgres / count)}` : '–';
  lines.push([name, side, number(perIteration ? r.iterations_per_second : r.per_second), number((perIteration ? r.iteration_p50_us : r.p50_us) / 1000, 2),
    number((perIteration ? r.iteration_p99_us : r.p99_us) / 1000, 2), r.clients ? `${r.least}..${r.most}` : '–', number(total / count), split, '', '']);
  if (r.unexpected || r.errors) say(`  ! ${name}, ${side}: ${r.unexpected} unexpected answers, ${r.errors} broken connections ${r.note}`);
};
const verdict = (ratio, bar) => {
  const last = lines[lines.length - 1];
  last[8] = ratio;
  last[9] = bar;
};
const percent = (a, b) => `${number((100 * a) / b)} %`;

const print = () => {
  const head = ['row', 'side', 'per second', 'p50 ms', 'p99 ms', 'per client', 'CPU µs', 'nginx + souk + postgres', 'ratio', 'bar'];
  const widths = head.map((h, i) => Math.max(h.length, ...lines.map((l) => String(l[i]).length)));
  const show = (l) => `| ${l.map((c, i) => (i < 2 ? String(c).padEnd(widths[i]) : String(c).padStart(widths[i]))).join(' | ')} |`;
  console.log(`${machine()}\n${seconds} s a side, load generator on the same machine\n`);
  console.log([show(head), `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`, ...lines.map(show)].join('\n'));
};

// --- the rows ----------------------------------------------------------------------------------------------------------------
const rate = (r) => r.per_second;
const orders = (r) => r.iterations_per_second;

const rows = {
  async page(shop) {
    const file = await shop.savePage('/');            // the same bytes, as a plain file
    const statics = await get(shop, file.target);
    line('cached page', `static file, ${file.bytes} bytes`, statics);
    const page = await get(shop, '/');
    line('', 'home page from the cache', page);
    verdict(percent(rate(page), rate(statics)), '≥ 90 %');
  },
  async hello(shop) {
    const plain = await get(shop, '/bench/200');
    line('hello', 'nginx `return 200`', plain);
    const hello = await get(shop, '/v1/ping');
    line('', 'through a pool', hello);
    verdict(percent(rate(hello), rate(plain)), '≥ 40 %');
    shop.hello = hello;
    shop.fairness = hello;
  },
  async product(shop) {
    const hello = await get(shop, '/v1/ping');
    line('product by id', 'hello', hello);
    const product = await look(shop);
    line('', 'different products', product);
    verdict(percent(rate(product), rate(hello)), '≥ 50 %');
    const bare = pgbench(shop, shop.productQuery, 8);
    line('', 'pgbench, the same SELECTs, 8 clients', bare);
    const again = await look(shop);
    line('', 'different products, again', again);
    verdict(percent(rate(again), rate(bare)), '≥ 40 %');
    line('', 'everybody looks at one product', await get(shop, `/v1/products/${shop.product.id}`));
    const list = await get(shop, '/v1/products?limit=20');
    line('list of 20', 'with prices and stock', list);
    verdict(percent(rate(list), rate(again)), '≥ 85 %');
  },
  async checkout(shop) {
    const bare = pgbench(shop, shop.referenceCheckout, 4);
    line('checkout', 'bare SQL function, 4 clients', bare);
    const cold = await buy(shop, shop.variants, 16);
    line('', 'cart → order → paid, different products', cold, true);
    verdict(percent(orders(cold), rate(bare)), '≥ 40 %');
    const hot = await buy(shop, shop.hotVariants, 16);
    line('', 'everybody buys one product', hot, true);
    verdict(percent(orders(hot), orders(cold)), '≥ 60 %');
    await shop.settle();            // mails and captures of these orders are not the next row's work
  },
  ...identityRows({ build, here, load, get, line, verdict, lines, number, percent, say, seconds, sleep }),
  async fairness(shop) {
    const r = await get(shop, `/v1/products/${shop.product.id}`, 128);
    line('fairness', '128 connections, one product', r);
    verdict(`${r.silent} silent, ${number(r.most / Math.max(1, r.least), 2)}x`, '0, ≤ 2x');
  },
  async reload(shop) {
    const pending = load(shop, ['--get', `/v1/products/${shop.product.id}`], 32);
    for (let i = 0; i < 5; i++) {
      await sleep((seconds * 1000) / 7);
      shop.replaceWorkers('product');
    }
    const r = await pending;
    line('reload', '5 worker replacements under load', r);
    verdict(`${r.unexpected + r.errors} failed`, '0 failed');
    const ms = await shop.startTime();
    lines.push(['start', 'all pools to the first answer', '–', '–', '–', '–', '–', '–', `${number(ms)} ms`, '≤ 200 ms']);
  },
  async memory(shop) {
    say('  60 s of quiet before memory is read');
    await sleep(60000);
    const processes = shopProcesses(shop.home);
    const mb = pss(processes, ['nginx', 'souk']);
    lines.push(['memory', `PSS of nginx, pools and jobs, ${shop.count} products`, '–', '–', '–', '–', '–', '–', `${number(mb, 1)} MB`, '≤ 64 MB']);
  },
};

const shop = await shopOf.start({ build, here, say, execFileSync, tmp: os.tmpdir() });
try {
  for (const [name, row] of Object.entries(rows)) {
    if (only && !only.split(',').includes(name)) continue;
    say(`bench: ${name}`);
    try {
      await row(shop);
    } catch (e) {             // the other rows are worth their time
      say(e.stack);
      lines.push([name, `failed: ${e.message.split('\n')[0]}`, '', '', '', '', '', '', '', '']);
      process.exitCode = 1;
    }
  }
  print();
} finally {
  await shop.stop();
}
