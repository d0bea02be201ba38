// TAP for node tests: test('name', async (t) => {…}) runs in the order of the calls; an exception fails the test.
// The plan is printed at the end, so a program that dies early has none and ./check counts that as a failure.
import assert from 'node:assert/strict';

const queue = [];
let count = 0;
let failed = 0;
let scheduled = false;

class Skip extends Error {}

const clean = (text) => String(text).replace(/[#\n\r]+/g, ' ').trim();
const say = (line) => process.stdout.write(line + '\n');

const helper = {
  skip(reason) { throw new Skip(reason); },
  diag(text) { for (const line of String(text).split('\n')) say('# ' + line); },
};

function report(name, error) {
  count += 1;
  if (!error) return say(`ok ${count} - ${clean(name)}`);
  if (error instanceof Skip) return say(`ok ${count} - ${clean(name)} # SKIP ${clean(error.message)}`);
  failed += 1;
  say(`not ok ${count} - ${clean(name)}`);
  return helper.diag(error.stack ?? error);
}

async function withLimit(fn, ms) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result after ${ms} ms`)), ms);
  });
  try { return await Promise.race([fn(helper), limit]); } finally { clearTimeout(timer); }
}

async function run() {
  while (queue.length > 0) {
    const { name, fn, ms, cleanup } = queue.shift();
    let error;
    try { await withLimit(fn, ms); } catch (e) { error = e ?? new Error('rejected without a reason'); }
    if (!cleanup || error) report(name, error);
  }
  say(`1..${count}`);
  process.exit(failed === 0 ? 0 : 1);
}

function enqueue(job, front = false) {
  if (front) queue.unshift(job); else queue.push(job);
  if (!scheduled) { scheduled = true; setImmediate(run); }
}

export function test(name, fn, { ms = 60000 } = {}) { enqueue({ name, fn, ms }); }
// Runs at its place in the queue; counts only when it fails.
export function cleanup(name, fn, { ms = 60000 } = {}) { enqueue({ name, fn, ms, cleanup: true }); }
export function skipAll(reason) { say(`1..0 # SKIP ${clean(reason)}`); process.exit(0); }
export { assert };

process.on('unhandledRejection', (e) => { report('unhandled rejection', e instanceof Error ? e : new Error(String(e))); });
