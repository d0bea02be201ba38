// The programs of the shop on the command line: every one reads the shop's own configuration, and says of a wrong one where and what is wrong.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, cleanup, assert } from '../lib/tap.mjs';
import { environment } from '../lib/shop.mjs';

const { prefix, source } = environment();
const config = process.env.SOUK_CONFIG;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'souk-programs-'));
const services = fs.readFileSync(`${source}/scripts/run/services.table`, 'utf8').split('\n').filter((l) => l && !l.startsWith('#')).map((l) => l.split(/\s+/));
const programs = [
  ...services.filter((s) => s[1] === 'pool').map((s) => [`${prefix}/libexec/souk/souk-${s[0]}`]),
  ...services.filter((s) => s[1] === 'jobs').map((s) => [`${prefix}/libexec/souk/souk-jobs`, s[3]]),
];
const run = ([program, ...words], ...more) => {
  const r = spawnSync(program, [...words, ...more], { encoding: 'utf8', timeout: 10000 });
  return { status: r.status, said: r.stdout + r.stderr, stdout: r.stdout };
};
const file = (name, text) => { const f = path.join(folder, name); fs.writeFileSync(f, text); return f; };

test('--check-config: the shop\'s own file is fine to every program', () => {
  assert.ok(programs.length >= 7);
  for (const p of programs) {
    const r = run(p, '--config', config, '--check-config');
    assert.equal(r.status, 0, `${p.join(' ')}: ${r.said}`);
    assert.match(r.said, /settings.* fine/, p.join(' '));
  }
});

test('a wrong value is named with file, line and what is allowed', () => {
  const wrong = file('wrong.conf', '# settings\nhome = var\nthreads = 1000\n');
  const folderInstead = folder;
  for (const p of programs) {
    const r = run(p, '--config', wrong, '--check-config');
    assert.equal(r.status, 2, p.join(' '));
    assert.ok(r.said.includes(`${wrong}:3: threads = "1000": a whole number from 0 to 128 is needed`), r.said);
    assert.equal(run(p, '--config', folderInstead, '--check-config').status, 2, p.join(' '));
    assert.equal(run(p, '--config', path.join(folder, 'none.conf'), '--check-config').status, 2, p.join(' '));
    assert.equal(run(p, '--config', config, '--no-such-flag', '--check-config').status, 2, p.join(' '));
  }
  const r = run([`${prefix}/bin/souk`], 'verify', '--config', wrong);
  assert.notEqual(r.status, 0);
  assert.ok(r.said.includes(`${wrong}:3: threads`), r.said);
});

test('--help names every setting, and the sample file is accepted', () => {
  const settings = [...fs.readFileSync(`${source}/src/base/config.def`, 'utf8').matchAll(/^CONFIG_[A-Z]+\s*\((\w+)/gm)].map((m) => m[1]);
  assert.ok(settings.length > 30);
  for (const p of programs) {
    const help = run(p, '--help');
    assert.equal(help.status, 0);
    for (const s of settings) assert.ok(help.stdout.includes(`--${s} `), `${p.join(' ')}: ${s}`);
  }
  const sample = run(programs[0], '--sample-config').stdout;
  for (const s of settings) assert.match(sample, new RegExp(`^# ${s} = `, 'm'));
  const used = file('sample.conf', sample.replace(/^# (\w+ = )/gm, '$1'));
  assert.match(run(programs[0], '--config', used, '--check-config').said, /fine/);
});

cleanup('end', () => { fs.rmSync(folder, { recursive: true, force: true }); });
