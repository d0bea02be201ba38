// /v1/me: the profile with its version, the address book, consents with their history, preferences.
// route: me_get, me_patch, address_list, address_add, address_get, address_patch, address_delete, consent_list, consent_put, preferences_get, preferences_put
import { test, assert, cleanup } from '../lib/tap.mjs';
import { Visitor } from '../lib/shop.mjs';
import { signUp } from '../lib/members.mjs';
import { ADDRESS, sql, uuidOf } from '../lib/goods.mjs';

const v = new Visitor();
const call = (who, method, target, json, headers = {}) => v.api(method, target,
  { ...(json === undefined ? {} : { json }), headers: { ...(who ? { authorization: `Bearer ${who.token}` } : {}), ...headers } });
const good = (r, status = 200) => { assert.equal(r.status, status, `${r.status} ${r.text}`); return r.status === 204 ? undefined : r.json; };
const refused = (r, status, code) => assert.deepEqual([r.status, r.json.code], [status, code], r.text);

let ada, eve;

test('nobody has a profile without signing in', async () => {
  ada = await signUp(v);
  eve = await signUp(v);
  for (const [method, target] of [['GET', '/v1/me'], ['PATCH', '/v1/me'], ['GET', '/v1/me/addresses'], ['PUT', '/v1/me/consents/newsletter'], ['GET', '/v1/me/preferences']])
    assert.equal((await call(undefined, method, target, method === 'GET' ? undefined : {})).status, 401, `${method} ${target}`);
});

test('a profile is changed when it is still the one that was seen', async () => {
  const first = await call(ada, 'GET', '/v1/me');
  assert.equal(good(first).email, ada.email);
  assert.equal((await call(ada, 'GET', '/v1/me', undefined, { 'if-none-match': first.headers.etag })).status, 304);
  const changed = await call(ada, 'PATCH', '/v1/me', { name: 'Zoë Ångström', phone: '+49 (0)30 12345-67', locale: 'de-AT' }, { 'if-match': first.headers.etag });
  assert.deepEqual((({ name, phone, locale }) => ({ name, phone, locale }))(good(changed)), { name: 'Zoë Ångström', phone: '+49301234567', locale: 'de-AT' });
  refused(await call(ada, 'PATCH', '/v1/me', { name: 'Late' }, { 'if-match': first.headers.etag }), 412, 'precondition_failed');
  refused(await call(ada, 'PATCH', '/v1/me', { name: 'Late' }, { 'if-match': '"nonsense"' }), 412, 'precondition_failed');
  good(await call(ada, 'PATCH', '/v1/me', { phone: '' }, { 'if-match': changed.headers.etag }));
  assert.equal(good(await call(ada, 'GET', '/v1/me')).phone, null);
  assert.equal(sql(`SELECT count(*) FROM identity.account WHERE position('Ångström'::bytea IN name) > 0`), '0');
});

test('names and languages that are none', async () => {
  const bad = await call(ada, 'PATCH', '/v1/me', { name: 'Ada\r\nBcc: eve@example.com', phone: 'call me', locale: 'tlh' });
  assert.equal(bad.status, 422, bad.text);
  refused(await call(ada, 'PATCH', '/v1/me', { email: 'x@example.com' }), 422, 'unknown_field');
  refused(await call(ada, 'PATCH', '/v1/me', { name: 'x'.repeat(101) }), 422, 'invalid');
});

test('an address book with defaults', async () => {
  const key = { 'idempotency-key': `addr-${Date.now()}` };
  const home = good(await call(ada, 'POST', '/v1/me/addresses', { label: 'Home', address: ADDRESS }, key), 201);
  const again = await call(ada, 'POST', '/v1/me/addresses', { label: 'Home', address: ADDRESS }, key);
  assert.deepEqual([good(again, 201).id, again.headers['idempotent-replayed']], [home.id, 'true']);
  assert.deepEqual([home.default_shipping, home.default_billing, home.address.postal_code], [true, true, '10115']);
  const london = good(await call(ada, 'POST', '/v1/me/addresses',
    { address: { name: 'Ada Example', line1: '1 Example Road', postal_code: 'sw1a1aa', city: 'London', country: 'GB' }, default_shipping: true }), 201);
  assert.equal(london.address.postal_code, 'SW1A 1AA');
  const list = good(await call(ada, 'GET', '/v1/me/addresses')).data;
  assert.deepEqual(list.map((a) => [a.id, a.default_shipping, a.default_billing]), [[london.id, true, false], [home.id, false, true]]);
  const seen = await call(ada, 'GET', `/v1/me/addresses/${home.id}`);
  const moved = good(await call(ada, 'PATCH', `/v1/me/addresses/${home.id}`, { label: 'Work', default_shipping: true }, { 'if-match': seen.headers.etag }));
  assert.deepEqual([moved.label, moved.default_shipping, moved.address.city], ['Work', true, 'Berlin']);
  refused(await call(ada, 'PATCH', `/v1/me/addresses/${home.id}`, { label: 'Late' }, { 'if-match': seen.headers.etag }), 412, 'precondition_failed');
  good(await call(ada, 'DELETE', `/v1/me/addresses/${home.id}`), 204);
  refused(await call(ada, 'GET', `/v1/me/addresses/${home.id}`), 404, 'not_found');
  assert.deepEqual(good(await call(ada, 'GET', '/v1/me/addresses')).data.map((a) => [a.id, a.default_shipping, a.default_billing]), [[london.id, true, true]]);
  for (const method of ['GET', 'PATCH', 'DELETE']) refused(await call(eve, method, `/v1/me/addresses/${london.id}`, method === 'PATCH' ? { label: 'Mine' } : undefined), 404, 'not_found');
});

test('every bad field of an address is named', async () => {
  const bad = await call(ada, 'POST', '/v1/me/addresses', { address: { name: 'Ada', line1: '', postal_code: '1011', city: 'Berlin', country: 'DE' }, phone: 'x' });
  assert.equal(bad.status, 422);
  assert.deepEqual(bad.json.errors.map((e) => e.param).sort(), ['address.line1', 'address.postal_code', 'phone']);
  refused(await call(ada, 'POST', '/v1/me/addresses', { address: { ...ADDRESS, name: 'Ada\nBcc: eve@example.com' } }), 422, 'invalid');
  refused(await call(ada, 'POST', '/v1/me/addresses', { label: 'Home' }), 422, 'required');
});

test('fifty addresses are enough, also when they come at once', async () => {
  const many = await Promise.all(Array.from({ length: 60 }, () => call(eve, 'POST', '/v1/me/addresses', { address: ADDRESS, default_shipping: true })));
  assert.equal(many.filter((r) => r.status === 201).length, 50);
  assert.equal(many.filter((r) => r.status === 409).length, 10);
  assert.equal(sql(`SELECT count(*) FROM identity.address WHERE account_id = '${uuidOf(eve.id)}' AND default_shipping`), '1');
});

test('consents: a word counts for its text, and every word stays', async () => {
  const list = good(await call(ada, 'GET', '/v1/me/consents')).data;
  assert.deepEqual(list.map((c) => [c.purpose, c.granted, c.since]), [['newsletter', false, null], ['sms', false, null], ['profiling', false, null], ['surveys', false, null]]);
  refused(await call(ada, 'PUT', '/v1/me/consents/newsletter', { granted: true }), 422, 'required');
  refused(await call(ada, 'PUT', '/v1/me/consents/newsletter', { granted: true, text_version: 99 }), 409, 'conflict');
  refused(await call(ada, 'PUT', '/v1/me/consents/everything', { granted: true, text_version: 1 }), 404, 'not_found');
  good(await call(ada, 'PUT', '/v1/me/consents/newsletter', { granted: true, text_version: list[0].text_version }));
  const taken = good(await call(ada, 'PUT', '/v1/me/consents/newsletter', { granted: false }));
  assert.deepEqual([taken.granted, taken.history.map((h) => [h.granted, h.source])], [false, [[false, 'api'], [true, 'api']]]);
  assert.throws(() => sql('UPDATE identity.consent SET granted = true'));
});

test('preferences are a fixed list', async () => {
  assert.deepEqual(good(await call(ada, 'GET', '/v1/me/preferences')), { theme: null, motion: null, product_view: null, order_mails: null });
  assert.equal(good(await call(ada, 'PUT', '/v1/me/preferences', { theme: 'dark' })).theme, 'dark');
  assert.equal(good(await call(ada, 'GET', '/v1/me/preferences')).theme, 'dark');
  assert.equal((await call(ada, 'PUT', '/v1/me/preferences', { theme: 'pink' })).status, 422);
  refused(await call(ada, 'PUT', '/v1/me/preferences', { colour: 'pink' }), 422, 'unknown_field');
});

test('the feed tells that something changed, and nothing of what', () => {
  const events = sql(`SELECT string_agg(type || payload::text, ' ') FROM platform.outbox WHERE object_id = '${uuidOf(ada.id)}'`);
  assert.match(events, /customer\.created/);
  assert.match(events, /customer\.updated/);
  assert.doesNotMatch(events, /Example|Berlin|dark/);
});

cleanup('end', () => v.close());
