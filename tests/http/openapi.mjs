// The API's document: valid OpenAPI 3.1, whole, with examples that are true to their schemas. What the calls answer is held against it in every-route.mjs.
import { Validator } from '@seriousme/openapi-schema-validator';
import { test, assert } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { Contract } from '../lib/openapi.mjs';

const answer = await new Visitor().api('GET', '/v1/openapi.json');
const document = answer.json;
const contract = new Contract(document);
const operations = [...contract.operations.values()];
const resolved = (thing) => contract.resolve(thing);

// Everything in the document that has a `content`: [where, media type object].
const contents = operations.flatMap((o) => [
  ...Object.entries(o.requestBody?.content ?? {}).map(([type, c]) => [`${o.operationId} request ${type}`, c]),
  ...Object.entries(o.responses).flatMap(([status, r]) => Object.entries(resolved(r).content ?? {}).map(([type, c]) => [`${o.operationId} ${status} ${type}`, c])),
]);

test('is valid OpenAPI 3.1', async () => {
  assert.match(document.openapi, /^3\.1\./);
  const result = await new Validator().validate(structuredClone(document));
  assert.deepEqual(result.errors ?? [], []);
  assert.equal(result.valid, true);
});

test('every reference leads somewhere, and nothing stands there unused', () => {
  const used = new Set();
  const walk = (at) => {
    if (at === null || typeof at !== 'object') return;
    if (typeof at.$ref === 'string') { used.add(at.$ref); assert.ok(resolved(at), at.$ref); }
    Object.values(at).forEach(walk);
  };
  walk(document);
  for (const name of Object.keys(document.components.schemas)) assert.ok(used.has(`#/components/schemas/${name}`), `${name} is used nowhere`);
});

test('operations have names of their own, a summary, and say who may call and what can go wrong', () => {
  assert.equal(new Set(operations.map((o) => o.operationId)).size, Object.values(document.paths).flatMap((p) => Object.keys(p)).length);
  for (const o of operations) {
    assert.ok(o.summary && !o.summary.endsWith('.'), o.operationId);
    assert.ok(Array.isArray(o.security), o.operationId);
    assert.ok(Object.keys(o.responses).some((s) => /^[23]/.test(s)) && o.responses.default, o.operationId);
    for (const scheme of o.security.flatMap((s) => Object.keys(s))) assert.ok(document.components.securitySchemes[scheme], `${o.operationId}: ${scheme}`);
  }
});

test('the placeholders of each path are its path parameters', () => {
  for (const o of operations) {
    const names = [...o.path.matchAll(/\{([^}]+)\}/g)].map((m) => m[1]);
    assert.deepEqual(o.parameters.filter((p) => p.in === 'path').map((p) => p.name).sort(), names.sort(), o.operationId);
    const keys = o.parameters.map((p) => `${p.in} ${p.name}`);
    assert.equal(new Set(keys).size, keys.length, o.operationId);
    for (const p of o.parameters) assert.ok(p.description && p.schema && (p.in !== 'path' || p.required), `${o.operationId} ${p.name}`);
  }
});

test('every body has an example, and examples are what their schemas say', () => {
  for (const [where, content] of contents) {
    assert.ok('example' in content, `${where} has no example`);
    assert.deepEqual(contract.complaints(content.schema, content.example), [], where);
  }
});

test('so are the examples of parameters and members', () => {
  const walk = (at, where) => {
    if (at === null || typeof at !== 'object') return;
    if (Array.isArray(at.examples)) at.examples.forEach((e) => assert.deepEqual(contract.complaints(at, e), [], where));
    for (const [name, child] of Object.entries(at)) if (name !== 'example' && name !== 'examples') walk(child, `${where}/${name}`);
  };
  walk(document.components.schemas, 'schemas');
  for (const o of operations) for (const p of o.parameters) walk(p.schema, `${o.operationId} ${p.name}`);
});

test('a refusal is what the document says of problems, also one of nginx', async () => {
  const v = new Visitor();
  for (const [operation, r] of [
    ['product_list', await v.api('GET', '/v1/products?limit=0&sort=wish')],
    ['product_get', await v.api('GET', '/v1/products/there-is-none')],
    ['cart_create', await v.api('POST', '/v1/carts', { json: { surplus: 1 } })],
    ['cart_create', await v.api('POST', '/v1/carts', { body: Buffer.alloc(2 << 20, 32), headers: { 'content-type': 'application/json' } })],
    ['order_lookup', await v.api('POST', '/v1/orders/lookup', { json: {} })],
    ['auth_token', await v.api('POST', '/v1/auth/token', { form: { grant_type: 'wish' } })],
    ['auth_token', await v.api('POST', '/v1/auth/token', { form: { grant_type: 'refresh_token', refresh_token: 'x' } })],
    ['auth_revoke', await v.api('POST', '/v1/auth/revoke', { form: {} })],
  ]) {
    assert.ok(r.status >= 400, operation);
    contract.check(operation, r);
  }
});

test('a Contract refuses what is not in it', () => {
  const ok = { status: 200, headers: { 'content-type': 'application/json' }, text: '', body: 'x' };
  const wrong = (change) => assert.throws(() => contract.check('category_list', { ...ok, json: { data: [], has_more: false, next_cursor: null }, ...change }));
  contract.check('category_list', { ...ok, json: { data: [], has_more: false, next_cursor: null } });
  wrong({ json: { data: [{ id: 'x' }], has_more: false, next_cursor: null } });
  wrong({ json: { data: [] } });
  wrong({ status: 201 });
  wrong({ headers: { 'content-type': 'text/html' } });
  assert.throws(() => contract.check('no_such_call', ok));
});
