// Things to buy that belong to one test: a product of its own, so that stock and price can be changed without disturbing others.
//
//   const cup = makeVariant({ price: 1250, stock: 10 });      // { id: 'var_…', uuid, productUuid, sku, slug, setPrice(), setStock(), archive(), level() }
//   sql("SELECT …")                                          // as the superuser; rows as text, columns separated by |
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

export function sql(text) {
  if (!process.env.SOUK_PGROOT) throw new Error('SOUK_PGROOT is not set: run this test through ./check or `tests/lib/shop.sh with COMMAND`');
  return execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', process.env.SOUK_PGROOT], { input: text, encoding: 'utf8' }).trim();
}

const SIGNS = '0123456789abcdefghjkmnpqrstvwxyz';

// uuid -> "var_…": 26 signs of Crockford's base32, most significant first
export function idText(prefix, uuid) {
  let n = BigInt('0x' + uuid.replaceAll('-', ''));
  let out = '';
  for (let i = 0; i < 26; i += 1) { out = SIGNS[Number(n & 31n)] + out; n >>= 5n; }
  return `${prefix}_${out}`;
}

export function uuidOf(id) {
  let n = 0n;
  for (const c of id.split('_')[1]) n = (n << 5n) | BigInt(SIGNS.indexOf(c));
  const hex = n.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function newUuid() {
  const time = Date.now().toString(16).padStart(12, '0'), rest = randomBytes(10).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

const EUR = '01900000-0000-7000-8000-000000000101';
const MAIN = '01900000-0000-7000-8000-000000000301';

export function makeVariant({ price = 1250, stock = 10, taxClass = 'standard', weight = 300, name = 'Test cup' } = {}) {
  const uuid = newUuid(), productUuid = newUuid(), tag = randomBytes(5).toString('hex');
  const sku = `TEST-${tag.toUpperCase()}`, slug = `test-${tag}`;
  sql(`BEGIN;
    INSERT INTO catalog.products (id, status, slug, tax_class, published_at, created_at, updated_at)
      VALUES ('${productUuid}', 'active', '${slug}', '${taxClass}', '2026-01-01', '2026-01-01', '2026-01-01');
    INSERT INTO catalog.product_texts (product_id, locale, name) VALUES ('${productUuid}', 'en', '${name}');
    INSERT INTO catalog.variants (id, product_id, sku, weight_g, created_at, updated_at) VALUES ('${uuid}', '${productUuid}', '${sku}', ${weight}, '2026-01-01', '2026-01-01');
    INSERT INTO catalog.prices (variant_id, price_list_id, currency, amount, valid_from, created_at) VALUES ('${uuid}', '${EUR}', 'EUR', ${price}, '2026-01-01', '2026-01-01');
    SELECT inventory.adjust_v1('${uuid}', '${MAIN}', ${stock}, 'receive', NULL, 'test', NULL, NULL, platform.clock());
    COMMIT;`);
  const level = () => {
    const [onHand, reserved, allocated] = sql(`SELECT on_hand, reserved, allocated FROM inventory.levels WHERE variant_id = '${uuid}'`).split('|').map(Number);
    return { onHand, reserved, allocated };
  };
  return {
    id: idText('var', uuid), uuid, productUuid, sku, slug, name, level,
    setPrice: (amount) => sql(`UPDATE catalog.prices SET amount = ${amount} WHERE variant_id = '${uuid}' AND valid_to IS NULL`),
    // by the difference to what lies there
    setStock: (onHand) => sql(`SELECT inventory.adjust_v1('${uuid}', '${MAIN}', ${onHand} - on_hand, 'adjust', 'test', 'test', NULL, NULL, platform.clock())
      FROM inventory.levels WHERE variant_id = '${uuid}' AND on_hand <> ${onHand}`),
    archive: () => sql(`UPDATE catalog.variants SET status = 'archived', archived_at = platform.clock() WHERE id = '${uuid}'`),
    remove: () => sql(`UPDATE catalog.products SET status = 'archived', archived_at = platform.clock() WHERE id = '${productUuid}' AND status <> 'archived'`),
  };
}

export const ADDRESS = { name: 'Ada Example', line1: 'Example Street 1', postal_code: '10115', city: 'Berlin', country: 'DE' };
export const CONTACT = { email: 'ada@example.com' };

// A cart at the API: { id, token, api(method, path, options), add(variant, n), address(more), checkout(options) }
export async function apiCart(v, body = {}) {
  const made = await v.api('POST', '/v1/carts', { json: body });
  if (made.status !== 201) throw new Error(`POST /v1/carts: ${made.status} ${made.text}`);
  const { id, token } = made.json;
  const api = (method, path = '', options = {}) => v.api(method, `/v1/carts/${id}${path}`, { cart: token, ...options });
  return {
    id, token, api, made: made.json,
    get: () => api('GET'),
    add: (variant, quantity = 1, options = {}) => api('POST', '/items', { json: { variant_id: variant.id, quantity }, ...options }),
    address: (more = {}) => api('PATCH', '', { json: { contact: CONTACT, shipping_address: ADDRESS, ...more } }),
    checkout: ({ json = { payment_method: 'tok_ok' }, key = randomBytes(12).toString('hex') } = {}) => api('POST', '/checkout', { json, key }),
  };
}

// A cart that only needs its checkout.
export async function readyCart(v, variant, quantity = 1) {
  const cart = await apiCart(v);
  for (const step of [await cart.add(variant, quantity), await cart.address()]) {
    if (step.status !== 200) throw new Error(`${step.method} ${step.url}: ${step.status} ${step.text}`);
  }
  return cart;
}
