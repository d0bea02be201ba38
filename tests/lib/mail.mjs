// The spool folder: mails as they would be sent.
//
//   const [one] = mailsAbout('10001-FJ3QZZ');       // { headers: { to, subject, … }, text, html, raw }
import fs from 'node:fs';
import { environment } from './shop.mjs';

function decode(body, encoding = '7bit') {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/quoted-printable/i.test(encoding)) return body;
  const bytes = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function split(raw) {
  const end = raw.search(/\r?\n\r?\n/);
  const headers = {};
  for (const line of raw.slice(0, end).replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const at = line.indexOf(':');
    headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim();
  }
  return { headers, body: raw.slice(end).replace(/^\r?\n\r?\n/, '') };
}

export function parseMail(raw) {
  const { headers, body } = split(raw);
  const boundary = headers['content-type'].match(/boundary="?([^";]+)"?/)[1];
  const parts = body.split(`--${boundary}`).slice(1, -1).map((p) => split(p.replace(/^\r?\n/, '')));
  const part = (type) => {
    const found = parts.filter((p) => p.headers['content-type'].startsWith(type));
    return found.length === 1 ? decode(found[0].body, found[0].headers['content-transfer-encoding']) : undefined;
  };
  return { headers, text: part('text/plain'), html: part('text/html'), raw };
}

export function mailsAbout(words) {
  const { mail } = environment();
  return fs.readdirSync(mail).filter((f) => f.endsWith('.eml')).map((f) => fs.readFileSync(`${mail}/${f}`, 'latin1')).filter((raw) => raw.includes(words)).map(parseMail);
}

// Those to an address, oldest first (their names begin with the time).
export function mailsTo(address) {
  const { mail } = environment();
  return fs.readdirSync(mail).filter((f) => f.endsWith('.eml')).map((f) => ({ at: fs.statSync(`${mail}/${f}`).mtimeMs, raw: fs.readFileSync(`${mail}/${f}`, 'latin1') }))
    .sort((a, b) => a.at - b.at).map((f) => parseMail(f.raw)).filter((m) => m.headers.to.includes(address));
}
