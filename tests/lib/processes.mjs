// Reaches into the processes of the test's own shop: pids from <home>/run, never by name.
import fs from 'node:fs';
import { environment, until } from './shop.mjs';

const stat = (pid) => fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');

export function pidOf(name) {
  return Number(fs.readFileSync(`${environment().home}/run/${name}.pid`, 'utf8').split(' ')[0]);
}

// Every live process of a service: each service is a session of its own.
export function membersOf(name) {
  const leader = pidOf(name);
  return fs.readdirSync('/proc').filter((p) => /^\d+$/.test(p)).map(Number).filter((p) => {
    try { const s = stat(p); return Number(s[3]) === leader && s[0] !== 'Z'; } catch { return false; }
  });
}

// The workers of a pool (its processes without the master).
export const workersOf = (name) => membersOf(name).filter((p) => p !== pidOf(name));

// Stops the processes of a service while `fn` runs, as a machine without air would.
export async function frozen(name, fn) {
  const members = membersOf(name);
  members.forEach((p) => process.kill(p, 'SIGSTOP'));
  try { return await fn(); } finally { members.forEach((p) => process.kill(p, 'SIGCONT')); }
}

// Takes a service away while `fn` runs: the supervisor is held, so that nobody starts it again; afterwards it comes back.
// (PostgreSQL wants SIGINT: at SIGTERM it waits for its clients.)
export async function withoutPool(name, fn, signal = 'SIGTERM') {
  const supervisor = pidOf('supervisor');
  const before = pidOf(name);
  process.kill(supervisor, 'SIGSTOP');
  try {
    const members = membersOf(name);
    process.kill(before, signal);
    await until(`${name} ended`, () => members.every((p) => { try { return stat(p)[0] === 'Z'; } catch { return true; } }), { ms: 35000 });
    await fn();
  } finally {
    process.kill(supervisor, 'SIGCONT');
    await until(`${name} is started again`, () => pidOf(name) !== before && membersOf(name).length > 0, { ms: 20000 });
  }
}
