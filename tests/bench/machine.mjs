// What /proc says of the processes of one shop: CPU time and memory, by kind.
import fs from 'node:fs';
import os from 'node:os';

const TICK_US = 10000;      // USER_HZ is 100 on every Linux that Debian builds

const read = (path) => { try { return fs.readFileSync(path, 'utf8'); } catch { return ''; } };

const children = (pids) => {
  const parent = new Map();
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    if (stat) parent.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const found = new Set(pids);
  for (let grew = true; grew;) {
    grew = false;
    for (const [pid, ppid] of parent) if (found.has(ppid) && !found.has(pid)) { found.add(pid); grew = true; }
  }
  return [...found].filter((pid) => parent.has(pid));
};

const kindOf = (pid) => {
  const name = read(`/proc/${pid}/comm`).trim();
  if (name.startsWith('postgres')) return 'postgres';
  if (name.startsWith('redis')) return 'redis';
  if (name.startsWith('nginx')) return 'nginx';
  if (name.startsWith('souk') || name.startsWith('lt-souk')) return 'souk';
  return 'other';
};

// All processes of the shop whose state is below `home`: masters by the folder in their command line or working folder, then their children.
export const shopProcesses = (home) => {
  const masters = fs.readdirSync('/proc').filter((n) => /^\d+$/.test(n)).filter((n) => {
    const command = read(`/proc/${n}/cmdline`).replaceAll('\0', ' ');
    return command.includes(home) || read(`/proc/${n}/environ`).includes(`SOUK_HOME=${home}`);
  }).map(Number).filter((pid) => kindOf(pid) !== 'other');
  return children(masters).filter((pid) => kindOf(pid) !== 'other').map((pid) => ({ pid, kind: kindOf(pid) }));
};

// Microseconds of CPU by kind. Processes that ended in between (an idle database connection) take their last bit with them.
export const cpu = (processes) => {
  const sum = { nginx: 0, souk: 0, postgres: 0, redis: 0 };
  for (const { pid, kind } of processes) {
    const stat = read(`/proc/${pid}/stat`);
    if (!stat) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    sum[kind] += (Number(fields[11]) + Number(fields[12])) * TICK_US;
  }
  return sum;
};

export const pss = (processes, kinds) => processes.filter((p) => kinds.includes(p.kind)).reduce((sum, { pid }) => {
  const line = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`));
  return sum + (line ? Number(line[1]) : 0);
}, 0) / 1024;

export const machine = () => {
  const processors = os.cpus();
  return `${processors.length} x ${processors[0].model.trim()}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${os.release()}, load ${os.loadavg()[0].toFixed(2)}`;
};
