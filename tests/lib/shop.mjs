// Talks to a running shop as a browser or an app would: cookie jar, kept connections, the self-signed certificate, forms.
//
//   import { Visitor, environment } from '../lib/shop.mjs';
//   const v = new Visitor();                          // SOUK_URL of the environment
//   const page = await v.get('/p/walnut-board');      // { status, headers, body, text, json, url }
//   await v.submit(page, 'form.add-to-cart', { quantity: 2 });
//   await v.api('POST', '/v1/carts', { json: {} });
import https from 'node:https';
import http from 'node:http';
import dns from 'node:dns';

dns.setDefaultResultOrder('ipv4first');     // Node 18 takes the first address of `localhost` and tries no other

export function environment() {
  if (!process.env.SOUK_URL) {
    throw new Error('SOUK_URL is not set: run this test through ./check or `tests/lib/shop.sh with COMMAND`');
  }
  return {
    url: process.env.SOUK_URL, httpUrl: process.env.SOUK_HTTP_URL, home: process.env.SOUK_HOME,
    mail: process.env.SOUK_MAIL, prefix: process.env.SOUK_PREFIX, source: process.env.SOUK_SRC,
  };
}

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// Calls fn until it returns something truthy; throws after `ms`.
export async function until(what, fn, { ms = 10000, every = 50 } = {}) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await fn();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await sleep(every);
  }
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
export function decodeEntities(text) {
  return text.replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, name) => {
    if (name[0] !== '#') return entities[name.toLowerCase()] ?? whole;
    return String.fromCodePoint(name[1].toLowerCase() === 'x' ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10));
  });
}

function attributes(tag) {
  const found = {};
  for (const m of tag.matchAll(/([a-zA-Z_:][-\w:.]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    found[m[1].toLowerCase()] = decodeEntities(m[2] ?? m[3] ?? m[4] ?? '');
  }
  return found;
}

function selectFields(inner) {
  const fields = [];
  for (const m of inner.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/gi)) {
    const name = attributes(m[1]).name;
    const options = [...m[2].matchAll(/<option\b([^>]*)>([^<]*)/gi)].map((o) => ({ ...attributes(o[1]), label: o[2] }));
    const chosen = options.find((o) => 'selected' in o) ?? options[0];
    if (name && chosen) fields.push([name, chosen.value ?? decodeEntities(chosen.label).trim()]);
  }
  return fields;
}

function inputFields(inner) {
  const fields = [];
  for (const m of inner.matchAll(/<input\b([^>]*)>/gi)) {
    const a = attributes(m[1]);
    const type = (a.type ?? 'text').toLowerCase();
    if (!a.name || 'disabled' in a || ['submit', 'button', 'image', 'file', 'reset'].includes(type)) continue;
    if (['checkbox', 'radio'].includes(type) && !('checked' in a)) continue;
    fields.push([a.name, a.value ?? (type === 'checkbox' ? 'on' : '')]);
  }
  for (const m of inner.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/gi)) {
    const a = attributes(m[1]);
    if (a.name) fields.push([a.name, decodeEntities(m[2].replace(/^\n/, ''))]);
  }
  return fields;
}

// Every form of a page as { action, method, attributes, fields: [[name, value]], buttons: [attributes], html }.
export function forms(html) {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map((m) => {
    const a = attributes(m[1]);
    return {
      action: a.action ?? '', method: (a.method ?? 'get').toLowerCase(), attributes: a, html: m[0],
      fields: [...inputFields(m[2]), ...selectFields(m[2])],
      buttons: [...m[2].matchAll(/<button\b([^>]*)>/gi)].map((b) => attributes(b[1])),
    };
  });
}

// Finds one form: by a function, by a part of its action, or (default) the first that posts.
export function findForm(html, which) {
  const all = forms(html);
  if (typeof which === 'function') return all.find(which);
  if (which instanceof RegExp) return all.find((f) => which.test(f.action));
  if (typeof which === 'string') return all.find((f) => f.action.includes(which));
  return all.find((f) => f.method === 'post');
}

class Jar {
  #cookies = new Map();

  store(lines) {
    for (const line of lines ?? []) {
      const [pair, ...options] = line.split(';').map((s) => s.trim());
      const at = pair.indexOf('=');
      const name = pair.slice(0, at);
      const gone = options.some((o) => /^max-age=(0|-\d+)$/i.test(o) || /^expires=.*1970/i.test(o));
      if (gone) this.#cookies.delete(name); else this.#cookies.set(name, { value: pair.slice(at + 1), options, line });
    }
  }

  get header() { return [...this.#cookies].map(([n, c]) => `${n}=${c.value}`).join('; '); }
  get(name) { return this.#cookies.get(name)?.value; }
  details(name) { return this.#cookies.get(name); }
  set(name, value) { this.#cookies.set(name, { value, options: [] }); }
  clear() { this.#cookies.clear(); }
}

export class Visitor {
  constructor({ url = environment().url, localAddress, timeout = 30000, origin = true } = {}) {
    this.base = new URL(url);
    this.jar = new Jar();
    this.timeout = timeout;
    this.sendsOrigin = origin;
    this.agent = new https.Agent({ keepAlive: true, maxSockets: 8, rejectUnauthorized: false, localAddress });
    this.plainAgent = new http.Agent({ keepAlive: true, localAddress });
    this.trail = [];
  }

  close() { this.agent.destroy(); this.plainAgent.destroy(); }

  #send(method, url, headers, body) {
    const library = url.protocol === 'https:' ? https : http;
    const agent = url.protocol === 'https:' ? this.agent : this.plainAgent;
    return new Promise((resolve, reject) => {
      const request = library.request(url, { method, headers, agent, servername: 'localhost' }, (answer) => {
        const chunks = [];
        answer.on('data', (c) => chunks.push(c));
        answer.on('error', reject);
        answer.on('end', () => resolve({ answer, body: Buffer.concat(chunks) }));
      });
      request.setTimeout(this.timeout, () => request.destroy(new Error(`${method} ${url}: no answer in ${this.timeout} ms`)));
      request.on('error', reject);
      request.end(body);
    });
  }

  // One request. Options: headers, json (object), form (object or pairs), body, follow (pages: true).
  async request(method, target, { headers = {}, json, form, body, follow = false, cookies = true } = {}) {
    const url = new URL(target, this.base);
    const all = Object.fromEntries(Object.entries(headers).map(([n, v]) => [n.toLowerCase(), v]));
    if (json !== undefined) { body = JSON.stringify(json); all['content-type'] ??= 'application/json'; }
    if (form !== undefined) {
      body = new URLSearchParams(Array.isArray(form) ? form : Object.entries(form)).toString();
      all['content-type'] ??= 'application/x-www-form-urlencoded';
    }
    if (body !== undefined) all['content-length'] ??= Buffer.byteLength(body);
    if (cookies && this.jar.header) all.cookie ??= this.jar.header;
    const result = await this.#send(method, url, all, body);
    const page = this.#page(method, url, result);
    if (cookies) this.jar.store(result.answer.headers['set-cookie']);
    if (follow && page.status >= 300 && page.status < 400 && page.headers.location) return this.#follow(method, page, all, body);
    return page;
  }

  #page(method, url, { answer, body }) {
    const page = { status: answer.statusCode, headers: answer.headers, rawHeaders: answer.rawHeaders, body, url: url.href, method };
    Object.defineProperty(page, 'text', { get: () => body.toString('utf8') });
    Object.defineProperty(page, 'json', { get: () => JSON.parse(body.toString('utf8')) });
    this.trail.push(`${method} ${url.pathname}${url.search} ${answer.statusCode}`);
    return page;
  }

  #follow(method, page, headers, body) {
    this.hops = (this.hops ?? 0) + 1;
    if (this.hops > 10) throw new Error('more than 10 redirects: ' + this.trail.slice(-10).join(', '));
    const keeps = [307, 308].includes(page.status);
    const next = new URL(page.headers.location, page.url);
    const again = keeps ? { body, headers: { 'content-type': headers['content-type'] } } : {};
    return this.request(keeps ? method : 'GET', next, { ...again, follow: true }).finally(() => { this.hops = 0; });
  }

  // Pages: follow redirects as a browser does.
  get(target, options = {}) { return this.request('GET', target, { follow: true, ...options }); }

  post(target, form = {}, options = {}) {
    const origin = this.sendsOrigin ? { origin: this.base.origin } : {};
    return this.request('POST', target, { form, follow: true, ...options, headers: { ...origin, ...options.headers } });
  }

  // Fills and sends a form of a page that was fetched before. `values` override the fields, undefined removes one;
  // `button` sends the name and value of the button with that value or name.
  submit(page, which, values = {}, { button, ...options } = {}) {
    const form = findForm(page.text, which);
    if (!form) throw new Error(`${page.url} has no form ${which ?? '(post)'}; it has: ${forms(page.text).map((f) => f.action).join(', ')}`);
    const pairs = form.fields.filter(([name]) => !(name in values));
    for (const [name, value] of Object.entries(values)) {
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) pairs.push([name, String(one)]);
    }
    const pressed = button === undefined ? undefined : form.buttons.find((b) => b.value === button || b.name === button);
    if (pressed?.name) pairs.push([pressed.name, pressed.value ?? '']);
    const target = new URL(form.action || page.url, page.url);
    if (form.method === 'post') return this.post(target, pairs, options);
    target.search = new URLSearchParams(pairs).toString();
    return this.get(target, options);
  }

  // The API: no cookies, no redirects. Options as for request(), plus cart (Cart-Token), key (Idempotency-Key).
  api(method, target, { cart, key, headers = {}, ...options } = {}) {
    const all = { accept: 'application/json', ...headers };
    if (cart) all['cart-token'] = cart;
    if (key) all['idempotency-key'] = key;
    return this.request(method, target, { cookies: false, ...options, headers: all });
  }
}
