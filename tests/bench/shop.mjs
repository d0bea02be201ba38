// The bench's own shop: started from the sources, filled with products enough, thrown away afterwards.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';

const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
const PRODUCTS = 4000;

const fetchText = (url) => new Promise((done, failed) => {
  https.get(url, { agent }, (answer) => {
    const parts = [];
    answer.on('data', (d) => parts.push(d)).on('end', () => done({ status: answer.statusCode, body: Buffer.concat(parts) }));
  }).on('error', failed);
});

const environment = (source, command) => {
  const out = spawnSync('bash', [path.join(source, 'tests/lib/shop.sh'), ...command], { encoding: 'utf8', env: { ...process.env, SOUK_RUN_OPTIONS: '--demo none' } });
  if (out.status !== 0) throw new Error(`the shop did not start: ${out.stderr}`);
  return Object.fromEntries([...out.stdout.matchAll(/(\w+)=((?:\\.|[^\s\\])+)/g)].map((m) => [m[1], m[2].replace(/\\(.)/g, '$1')]));
};

// A product file in Shopify's columns: two variants each, prices that differ, words to search for.
const catalogue = (file) => {
  const kinds = ['Mug', 'Bowl', 'Lamp', 'Blanket', 'Notebook', 'Candle', 'Basket', 'Tea'];
  const lines = ['Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Variant Requires Shipping,Variant Taxable,Image Src,Image Position,Status'];
  for (let i = 0; i < PRODUCTS; i++) {
    const kind = kinds[i % kinds.length], price = (500 + ((i * 7919) % 9500)) / 100;
    lines.push(`bench-${i},${kind} number ${i},<p>A plain ${kind.toLowerCase()} of the bench.</p>,Bench,${kind},bench,true,Size,S,B-${i}-S,1000000,${price.toFixed(2)},true,true,,,active`);
    lines.push(`bench-${i},,,,,,,,M,B-${i}-M,1000000,${(price + 2).toFixed(2)},true,true,,,`);
  }
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
};

export const start = async ({ build, here, say }) => {
  const source = path.resolve(here, '../..');
  const name = 'bench';
  spawnSync('bash', [path.join(source, 'tests/lib/shop.sh'), 'remove', name]);
  say('bench: starting a shop of its own');
  const env = environment(source, ['start', name]);
  const home = env.SOUK_HOME, url = env.SOUK_URL;
  const scratch = fs.mkdtempSync(path.join(path.dirname(home), 'bench-'));
  const psql = (...args) => {
    const out = spawnSync(path.join(source, 'run'), ['psql', '--home', home, '--', '-qAtX', '-v', 'ON_ERROR_STOP=1', ...args], { encoding: 'utf8' });
    if (out.status !== 0) throw new Error(`psql: ${out.stderr}`);
    return out.stdout.trim();
  };
  say(`bench: importing ${PRODUCTS} products`);
  catalogue(path.join(scratch, 'catalogue.csv'));
  const imported = spawnSync(path.join(env.SOUK_PREFIX, 'bin/souk'), ['--config', env.SOUK_CONFIG, 'import', 'shopify', path.join(scratch, 'catalogue.csv')], { encoding: 'utf8' });
  if (imported.status !== 0) throw new Error(`souk import: ${imported.stdout}${imported.stderr}`);
  floors(home);
  psql('-f', path.join(here, 'reference.sql'));
  psql('-c', 'ANALYZE');

  const list = async (query) => JSON.parse((await fetchText(`${url}/v1/products?${query}`)).body).data;
  const products = [];
  for (const sort of ['newest', 'price', '-price', 'name']) products.push(...await list(`limit=100&sort=${sort}&expand[]=variants`));
  const variants = [...new Set(products.flatMap((p) => (p.variants ?? []).map((v) => v.id)))];
  if (variants.length < 90) throw new Error(`only ${variants.length} variants to buy`);
  const save = (file, values) => {
    const to = path.join(scratch, file);
    fs.writeFileSync(to, `${values.join('\n')}\n`);
    return to;
  };
  const third = Math.floor(variants.length / 3);
  const looked = save('products', [...new Set(products.map((p) => p.id))]);
  const lists = [0, 1, 2].map((i) => save(`variants-${i}`, variants.slice(i * third, (i + 1) * third)));
  const hot = [0, 1, 2].map((i) => save(`hot-${i}`, [variants[i]]));

  // A query of sql/queries as pgbench runs it: prepared, with the same parameters.
  const query = (name, values) => {
    const text = fs.readFileSync(path.join(source, 'sql/queries/catalog.sql'), 'utf8');
    const block = text.split(/^-- name: /m).find((b) => b.startsWith(`${name} `));
    const sql = block.split('\n').slice(1).filter((l) => !l.startsWith('--')).join(' ').split(';')[0];
    return `${values.map((v, i) => `\\set p${i + 1} ${v}`).join('\n')}\n${sql.replace(/\$(\d+)/g, (_, n) => values[n - 1])};\n`;
  };
  const decode = (id) => {                      // prefix_ + Crockford base32 -> uuid
    const n = [...id.split('_')[1]].reduce((v, c) => (v << 5n) | BigInt('0123456789abcdefghjkmnpqrstvwxyz'.indexOf(c)), 0n);
    return n.toString(16).padStart(32, '0').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  };
  const priceList = psql('-c', 'SELECT price_list_id FROM catalog.pub_markets WHERE is_default');
  const locale = psql('-c', 'SELECT locale FROM catalog.pub_markets WHERE is_default');
  const productQuery = query('products_full', [`'${locale}'`, `'${priceList}'`, `'{${decode(products[0].id)}}'::uuid[]`, 'NULL']).replace(/^\\set.*\n/gm, '');
  return {
    env, home, url, scratch, product: products[0], products: looked, count: PRODUCTS, productQuery,
    pgbench: '/usr/lib/postgresql/15/bin/pgbench', pgArgs: [], pgEnv: { ...process.env, ...pgEnvironment(env) },
    referenceCheckout: '\\set a random(1, 1000)\n\\set b random(1001, 2000)\n\\set c random(2001, 3000)\nSELECT bench.checkout(ARRAY[:a, :b, :c]::bigint[], platform.clock());\n',
    variants: { first: lists[0], second: lists[1], third: lists[2] }, hotVariants: { first: hot[0], second: hot[1], third: hot[2] },
    savePage: async (target) => {
      const page = await fetchText(`${url}${target}`);
      fs.writeFileSync(path.join(home, 'media', 'bench.html'), page.body);
      fs.chmodSync(path.join(home, 'media', 'bench.html'), 0o644);
      return { target: '/bench/page.html', bytes: page.body.length };
    },
    settle: async () => {
      const waiting = `SELECT (SELECT count(*) FROM platform.outbox WHERE position IS NULL) + (SELECT count(*) FROM payment.command WHERE state = 'open')
        + (SELECT count(*) FROM notification.message WHERE state = 'queued')`;
      for (const end = Date.now() + 120000; Date.now() < end && psql('-c', waiting) !== '0';) await new Promise((done) => { setTimeout(done, 500); });
    },
    forgetTries: () => { psql('-c', 'DELETE FROM identity.throttle'); },
    replaceWorkers: (pool) => { process.kill(master(home, pool), 'SIGHUP'); },
    startTime: () => startTime(home, scratch),
    stop: async () => {
      agent.destroy();
      spawnSync('bash', [path.join(source, 'tests/lib/shop.sh'), 'remove', name]);
      fs.rmSync(scratch, { recursive: true, force: true });
      void build;
    },
  };
};

// What rows are compared with does what every request to a pool does beside it: it is written to the access log and carries the
// headers of its kind. (/healthz and /media/ are not logged.)
const floors = (home) => {
  const file = path.join(home, 'nginx/nginx.conf'), text = fs.readFileSync(file, 'utf8');
  const locations = `
        location = /bench/200 { default_type text/plain; return 200 "ok\\n"; }
        location = /bench/page.html { alias ${home}/media/bench.html; add_header Cache-Control no-cache; }
`;
  fs.writeFileSync(file, text.replace(/\n\s*location = \/healthz [^\n]*access_log off[^\n]*\n/, (found) => found + locations));
  process.kill(Number(fs.readFileSync(path.join(home, 'nginx/nginx.pid'), 'utf8')), 'SIGHUP');
};

// The master of a pool: the process of that name whose parent is not one of them.
const master = (home, pool) => {
  const command = (pid) => { try { return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'); } catch { return ''; } };
  const parent = (pid) => { try { return /PPid:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]; } catch { return '0'; } };
  const found = fs.readdirSync('/proc').filter((p) => /^\d+$/.test(p))
    .find((p) => command(p).includes(`souk-${pool}\0`) && command(p).includes(home) && !command(parent(p)).includes(`souk-${pool}\0`));
  if (!found) throw new Error(`no master of ${pool}`);
  return Number(found);
};

const answers = (socketPath, target) => new Promise((done) => {
  http.get({ socketPath, path: target }, (r) => { r.resume(); done(r.statusCode === 200); }).on('error', () => done(false));
});

// A second set of all pools on sockets of their own, started at once: milliseconds until the last one is ready.
const startTime = async (home, scratch) => {
  const pools = ['product', 'inventory', 'order', 'payment', 'user'];
  const plans = pools.map((pool) => {
    const pid = master(home, pool), [program, ...args] = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    const env = Object.fromEntries(fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean).map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
    const file = path.join(scratch, pool);
    return { pool, program, file, env, args: [...args, '--socket', `${file}.sock`, '--ops_socket', `${file}.ops.sock`] };
  });
  const began = process.hrtime.bigint();
  const children = plans.map((p) => spawn(p.program, p.args, { env: p.env, stdio: 'ignore' }));
  for (const p of plans) {
    const end = Date.now() + 10000;
    while (!(await answers(`${p.file}.ops.sock`, `/readyz/${p.pool}`))) {
      if (Date.now() > end) throw new Error(`${p.pool} was not ready in 10 s`);
      await new Promise((done) => { setTimeout(done, 2); });
    }
  }
  const ms = Number(process.hrtime.bigint() - began) / 1e6;
  await Promise.all(children.map((c) => new Promise((done) => { c.on('exit', done); c.kill('SIGTERM'); })));
  return ms;
};

const pgEnvironment = (env) => {
  const parts = Object.fromEntries(env.SOUK_PGROOT.split(/\s+/).map((p) => p.split('=')));
  return { PGHOST: parts.host ?? `${env.SOUK_HOME}/run`, PGUSER: parts.user ?? 'postgres', PGDATABASE: 'souk', PGPASSFILE: parts.passfile ?? `${env.SOUK_HOME}/secrets/postgres.pgpass` };
};
