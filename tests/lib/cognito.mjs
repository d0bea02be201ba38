// Somebody else's Cognito (npm cognito-local) on a free port of 127.0.0.1, in a folder of its own.
//
//   const aws = await startCognito();
//   const pool = await aws.pool({ groups: ['clerks'] });        // { id, clientId, otherClientId, issuer, jwksUrl }
//   const { access, id } = await aws.person(pool, { groups: ['clerks'] });
//   aws.stop();
//
// Its Lambda triggers, KMS and second factors, which nothing here uses, would bring 110 MB of packages; an empty one stands in for them.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';

const require = createRequire(import.meta.url);

function standIn(name, value) {
  require(name);
  require.cache[require.resolve(name)].exports = value;
}

const freePort = () => new Promise((resolve) => {
  const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => resolve(port)); });
});

export async function startCognito() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'souk-cognito-')), before = process.cwd();
  const port = await freePort();
  Object.assign(process.env, { HOST: '127.0.0.1', PORT: String(port) });
  standIn('aws-sdk', { Lambda: class {}, KMS: class {} });
  standIn('@aws-crypto/client-node', { buildClient: () => ({}), CommitmentPolicy: {}, KmsKeyringNode: class {} });
  standIn('otplib', {});
  process.chdir(folder);                       // it keeps its pools in .cognito below the folder where it was started
  const { createDefaultServer } = require('cognito-local');
  const server = await createDefaultServer(require('pino')({ level: 'silent' }));
  const listener = await server.start();
  const origin = `http://127.0.0.1:${port}`;
  const call = async (action, body) => {
    const answer = await fetch(origin, { method: 'POST', body: JSON.stringify(body),
      headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${action}`, 'content-type': 'application/x-amz-json-1.1' } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`cognito ${action}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  };
  return {
    origin, call,
    pool: (options) => makePool(call, origin, options),
    person: (pool, options) => makePerson(call, pool, options),
    stop() { listener.close(); listener.closeAllConnections?.(); process.chdir(before); fs.rmSync(folder, { recursive: true, force: true }); },
  };
}

async function makePool(call, origin, { groups = [] } = {}) {
  const { UserPool } = await call('CreateUserPool', { PoolName: 'shop' });
  const client = async (name) => (await call('CreateUserPoolClient', { UserPoolId: UserPool.Id, ClientName: name, ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] })).UserPoolClient.ClientId;
  const clientId = await client('app'), otherClientId = await client('another');
  for (const GroupName of groups) await call('CreateGroup', { UserPoolId: UserPool.Id, GroupName });
  const issuer = `${origin}/${UserPool.Id}`;
  return { id: UserPool.Id, clientId, otherClientId, issuer, jwksUrl: `${issuer}/.well-known/jwks.json` };
}

async function makePerson(call, pool, { groups = [], clientId = pool.clientId } = {}) {
  const Username = `${randomBytes(5).toString('hex')}@example.com`, Password = `Aa1!${randomBytes(8).toString('hex')}`;
  await call('SignUp', { ClientId: clientId, Username, Password, UserAttributes: [{ Name: 'email', Value: Username }] });
  await call('AdminConfirmSignUp', { UserPoolId: pool.id, Username });
  for (const GroupName of groups) await call('AdminAddUserToGroup', { UserPoolId: pool.id, Username, GroupName });
  const again = async (ClientId = clientId) => {
    const { AuthenticationResult: r } = await call('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: Username, PASSWORD: Password } });
    return { access: r.AccessToken, id: r.IdToken };
  };
  return { email: Username, again, ...(await again()) };
}
