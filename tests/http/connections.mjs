// A pool that could open more connections than its role may have says so at the start instead of failing under load.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, assert } from '../lib/tap.mjs';
import { pidOf } from '../lib/processes.mjs';
import { environment } from '../lib/shop.mjs';

const { home } = environment();
const program = fs.readlinkSync(`/proc/${pidOf('inventory')}/exe`);
const db = `host=${home}/run dbname=souk user=souk_inventory passfile=${home}/secrets/souk_inventory.pgpass`;

function start(...settings) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'souk-connections-'));
  try {
    const r = spawnSync(program, ['--config', `${home}/souk.conf`, '--db', db, '--socket', `${folder}/s`, '--ops_socket', `${folder}/o`, ...settings],
      { encoding: 'utf8', timeout: 4000, killSignal: 'SIGTERM' });
    return r.stdout + r.stderr;
  } finally { fs.rmSync(folder, { recursive: true, force: true }); }
}

test('a pool that fits starts', () => {
  const said = start();
  assert.match(said, /"pool_started"/);
  assert.doesNotMatch(said, /worker_cannot_start/);
});

test('one that could take more than its role may have is refused with the figures', () => {
  const said = start('--threads', '60');
  assert.match(said, /worker_cannot_start/);
  assert.match(said, /may need 122 database connections, its role may have 20/);
});
