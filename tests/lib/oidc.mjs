// Somebody else's OpenID provider (npm oidc-provider) on a free port of 127.0.0.1, with people who say yes at once.
//
//   const op = await startProvider({ users: { s1: { email: 'a@example.com', email_verified: true, name: 'Ada' } }, redirects: [callback] });
//   op.user = 's1';                       // who is signed in there; null: says no
//   const back = await op.visit(url);     // walks from the authorization endpoint to the address that it leads back to
//   await op.stop(); await op.start();
import http from 'node:http';
import { generateKeyPair, exportJWK } from 'jose';
import Provider from 'oidc-provider';

const CLIENT = 'souk', SECRET = 'a secret of the shop: 100%';

function quietly(fn) {
  const kept = { info: console.info, warn: console.warn, log: console.log };
  Object.assign(console, { info() {}, warn() {}, log() {} });
  try { return fn(); } finally { Object.assign(console, kept); }
}

async function keys() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { keys: [{ ...(await exportJWK(privateKey)), kid: `op-${Date.now()}`, use: 'sig', alg: 'RS256' }] };
}

function configuration(op, redirects, jwks) {
  return {
    clients: [{ client_id: CLIENT, client_secret: SECRET, redirect_uris: redirects, response_types: ['code'], grant_types: ['authorization_code'] }],
    jwks, cookies: { keys: ['one key of a test'] },
    features: { devInteractions: { enabled: false } },
    pkce: { methods: ['S256'], required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, ...op.users[id] }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 300, Session: 300, Grant: 300 },
  };
}

export async function startProvider({ users = {}, redirects }) {
  const op = { users, user: Object.keys(users)[0], clientId: CLIENT, clientSecret: SECRET };
  let handle;
  const server = http.createServer((req, res) => handle(req, res));
  const listen = (port) => new Promise((resolve, reject) => { server.once('error', reject); server.listen(port, '127.0.0.1', resolve); });
  await listen(0);
  const { port } = server.address();
  op.issuer = `http://127.0.0.1:${port}`;
  const jwks = await keys();
  const provider = quietly(() => new Provider(op.issuer, configuration(op, redirects, jwks)));
  const inside = provider.callback();
  handle = async (req, res) => {
    if (!req.url.startsWith('/interaction/')) return inside(req, res);
    try {
      await provider.interactionDetails(req, res);
      const result = op.user ? { login: { accountId: op.user } } : { error: 'access_denied', error_description: 'not today' };
      return await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
    } catch (e) {
      res.statusCode = 500;
      return res.end(String(e));
    }
  };
  op.start = () => listen(port);
  op.stop = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  op.visit = (url) => visit(op, url);
  return op;
}

// As a browser that nobody has signed in at the provider yet.
async function visit(op, url) {
  const cookies = new Map();
  let next = new URL(url, op.issuer);
  for (let hops = 0; hops < 10; hops += 1) {
    if (next.origin !== op.issuer) return next.href;
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie: [...cookies].map(([n, c]) => `${n}=${c}`).join('; ') } });
    const text = await answer.text();
    for (const line of answer.headers.getSetCookie?.() ?? splitCookies(answer.headers.get('set-cookie'))) {
      const [pair] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    if (answer.status < 300 || answer.status > 399) throw new Error(`the provider answers ${answer.status} to ${next}: ${text.slice(0, 600)}`);
    next = new URL(answer.headers.get('location'), next);
  }
  throw new Error(`the provider sends in circles: ${next}`);
}

const splitCookies = (line) => (line ? line.split(/,(?=\s*[^;,\s]+=)/) : []).map((s) => s.trim());
