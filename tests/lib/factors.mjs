// Second factors as the shop's counterparts: an authenticator app, and an authenticator for passkeys (WebAuthn level 2) made with node:crypto.
//
//   appCode(secret)                          // six digits; secret as the shop shows it (base32, blanks allowed)
//   const key = new Authenticator({ alg: 'RS256' });
//   key.create(options)  key.get(options)    // options: what the shop answered; the answer: the fields that the shop wants
import crypto from 'node:crypto';
import { environment } from './shop.mjs';

export function base32(text) {
  let bits = '';
  for (const ch of text.replace(/[\s=]/g, '').toUpperCase()) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(ch).toString(2).padStart(5, '0');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

export const stepNow = () => Math.floor(Date.now() / 30000);

// RFC 6238 with the defaults of every app.
export function appCode(secret, step = stepNow()) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = crypto.createHmac('sha1', base32(secret)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

// Waits until the present step has some seconds left, so that a code is still the same when the shop looks at it.
export async function calmStep(seconds = 5) {
  while (30000 - (Date.now() % 30000) < seconds * 1000) await new Promise((r) => { setTimeout(r, 200); });
  return stepNow();
}

const url64 = (bytes) => Buffer.from(bytes).toString('base64url');
const sha256 = (data) => crypto.createHash('sha256').update(data).digest();

// As much CBOR as WebAuthn needs: whole numbers, bytes, texts, maps (RFC 8949).
export function cbor(value) {
  const head = (major, n) => {
    if (n < 24) return Buffer.from([(major << 5) | n]);
    if (n < 256) return Buffer.from([(major << 5) | 24, n]);
    return Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
  };
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([k, v]) => [cbor(k), cbor(v)])]);
}

export class Authenticator {
  constructor({ alg = 'ES256', origin = new URL(environment().url).origin, rpId = 'localhost' } = {}) {
    Object.assign(this, { alg, origin, rpId, count: 0, verified: true, id: crypto.randomBytes(32) });
    this.keys = alg === 'RS256' ? crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }) : crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  get cose() {
    const jwk = this.keys.publicKey.export({ format: 'jwk' });
    const b = (text) => Buffer.from(text, 'base64url');
    return this.alg === 'RS256' ? cbor(new Map([[1, 3], [3, -257], [-1, b(jwk.n)], [-2, b(jwk.e)]]))
      : cbor(new Map([[1, 2], [3, -7], [-1, 1], [-2, b(jwk.x)], [-3, b(jwk.y)]]));
  }

  data(flags) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.count);
    return Buffer.concat([sha256(this.rpId), Buffer.from([flags | 1 | (this.verified ? 4 : 0)]), count]);
  }

  client(type, challenge) { return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false })); }

  create({ challenge_id: id, public_key: key }) {
    this.user = key.user.id;
    const data = Buffer.concat([this.data(0x40), Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, this.cose]);
    return {
      challenge_id: id, client_data_json: url64(this.client('webauthn.create', key.challenge)), transports: ['internal'],
      attestation_object: url64(cbor(new Map([['fmt', 'none'], ['attStmt', new Map()], ['authData', data]]))),
    };
  }

  get({ challenge_id: id, public_key: key }) {
    const data = this.data(0), client = this.client('webauthn.get', key.challenge);
    return {
      challenge_id: id, credential_id: url64(this.id), client_data_json: url64(client), authenticator_data: url64(data),
      signature: url64(crypto.sign('sha256', Buffer.concat([data, sha256(client)]), this.keys.privateKey)), user_handle: this.user,
    };
  }
}
