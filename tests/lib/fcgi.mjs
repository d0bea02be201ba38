// A FastCGI client for tests of the worker runtime: one connection, one request at a time, every byte under control.
import net from 'node:net';

const BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6;
const RECORD_MAX = 65535;

function record(type, content) {
  const head = Buffer.alloc(8);
  head[0] = 1;
  head[1] = type;
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(content.length, 4);
  return Buffer.concat([head, content]);
}

function stream(type, content) {
  const parts = [];
  for (let at = 0; at < content.length; at += RECORD_MAX) parts.push(record(type, content.subarray(at, at + RECORD_MAX)));
  parts.push(record(type, Buffer.alloc(0)));
  return Buffer.concat(parts);
}

function length(n) {
  if (n < 128) return Buffer.from([n]);
  const b = Buffer.alloc(4);
  b.writeUInt32BE((n | 0x80000000) >>> 0);
  return b;
}

function pair(name, value) {
  const n = Buffer.from(name), v = Buffer.from(String(value));
  return Buffer.concat([length(n.length), length(v.length), n, v]);
}

// The bytes of one request. `contentLength` may lie; `keep` is FCGI_KEEP_CONN.
export function encode(method, target, { headers = {}, body = '', keep = true, contentLength, remote = '198.51.100.7' } = {}) {
  const bytes = Buffer.from(body);
  const begin = Buffer.from([0, 1, keep ? 1 : 0, 0, 0, 0, 0, 0]);
  const params = [['REQUEST_METHOD', method], ['REQUEST_URI', target], ['REMOTE_ADDR', remote], ['REQUEST_SCHEME', 'https'],
    ['CONTENT_LENGTH', contentLength ?? (bytes.length || '')]];
  for (const [name, value] of Object.entries({ host: 'localhost', ...headers })) {
    if (name.toLowerCase() === 'content-type') params.push(['CONTENT_TYPE', value]);
    params.push(['HTTP_' + name.toUpperCase().replaceAll('-', '_'), value]);
  }
  return Buffer.concat([record(BEGIN, begin), stream(PARAMS, Buffer.concat(params.map(([n, v]) => pair(n, v)))), stream(STDIN, bytes)]);
}

function parseAnswer(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('the answer has no header');
  const headers = {}, cookies = [];
  for (const line of bytes.subarray(0, end).toString().split('\r\n')) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).toLowerCase();
    if (name === 'set-cookie') cookies.push(line.slice(at + 1).trim());
    headers[name] = line.slice(at + 1).trim();
  }
  const body = bytes.subarray(end + 4);
  return { status: Number(headers.status ?? 200), headers, cookies, body, get text() { return body.toString(); }, get json() { return JSON.parse(body.toString()); } };
}

export class Connection {
  static open(path) {
    return new Promise((resolve, reject) => {
      const socket = net.connect(path);
      socket.once('error', reject);
      socket.once('connect', () => { socket.removeListener('error', reject); resolve(new Connection(socket)); });
    });
  }

  constructor(socket) {
    this.socket = socket;
    this.closed = false;
    this.pending = Buffer.alloc(0);
    this.out = [];
    this.waiter = null;
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', () => this.gone());
    socket.on('close', () => this.gone());
    socket.on('end', () => this.gone());
  }

  gone() {
    this.closed = true;
    const w = this.waiter;
    this.waiter = null;
    if (w) w.reject(new Error('the connection closed before the answer ended'));
  }

  take(chunk) {
    this.pending = this.pending.length ? Buffer.concat([this.pending, chunk]) : chunk;
    while (this.pending.length >= 8) {
      const size = this.pending.readUInt16BE(4), whole = 8 + size + this.pending[6];
      if (this.pending.length < whole) return;
      const type = this.pending[1], content = this.pending.subarray(8, 8 + size);
      if (type === STDOUT) this.out.push(content);
      this.pending = this.pending.subarray(whole);
      if (type !== END) continue;
      const bytes = Buffer.concat(this.out), w = this.waiter;
      this.out = [];
      this.waiter = null;
      if (w) { try { w.resolve(parseAnswer(bytes)); } catch (e) { w.reject(e); } }
    }
  }

  write(bytes) { this.socket.write(bytes); }

  answer() {
    if (this.closed) return Promise.reject(new Error('the connection was closed already'));
    return new Promise((resolve, reject) => { this.waiter = { resolve, reject }; });
  }

  request(method, target, options) {
    const a = this.answer();
    this.write(encode(method, target, options));
    return a;
  }

  ended(ms) {
    if (this.closed) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      this.socket.once('close', () => { clearTimeout(timer); resolve(true); });
    });
  }

  close() { this.socket.destroy(); }
}

// One request on a connection of its own.
export async function once(path, method, target, options = {}) {
  const c = await Connection.open(path);
  try { return await c.request(method, target, { keep: false, ...options }); } finally { c.close(); }
}
