import { isAppError, newId } from '@getupnet/kernel';
import { Pools } from '../db/pools.js';
import { CursorCodec } from './cursor-codec.js';

const codec = (password: string) =>
  new CursorCodec(
    new Pools({ urls: { DATABASE_URL: `postgresql://owner:${password}@127.0.0.1:1/none` } }),
  );
const one = codec('k3Vq8wLm0zXr');
const tenant = newId();
const id = newId();

const refused = (work: () => unknown) => {
  try {
    return String(work());
  } catch (error) {
    return isAppError(error, 'cursor.invalid');
  }
};

describe('CursorCodec', () => {
  test('gives back what it encoded, also in another replica', () => {
    const cursor = one.encode(tenant, 'documents', id);
    expect(one.decode(tenant, 'documents', cursor)).toBe(id);
    expect(codec('k3Vq8wLm0zXr').decode(tenant, 'documents', cursor)).toBe(id);
  });

  test('a service that knows role identity only has cursors too', () => {
    const url = 'postgresql://getupnet_identity:k3Vq8wLm0zXr@127.0.0.1:1/none';
    const pools = () => new Pools({ urls: { DATABASE_URL_IDENTITY: url } });
    const cursor = new CursorCodec(pools()).encode(tenant, 'companies', id);
    expect(new CursorCodec(pools()).decode(tenant, 'companies', cursor)).toBe(id);
  });

  test('TEN-6: refuses cursors of other tenants, lists, installations and makers', () => {
    const cursor = one.encode(tenant, 'documents', id);
    const bytes = Buffer.from(cursor, 'base64url');
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    expect(refused(() => one.decode(newId(), 'documents', cursor))).toBe(true);
    expect(refused(() => one.decode(tenant, 'sequences', cursor))).toBe(true);
    expect(refused(() => codec('other-password').decode(tenant, 'documents', cursor))).toBe(true);
    expect(refused(() => one.decode(tenant, 'documents', bytes.toString('base64url')))).toBe(true);
    for (const text of ['', 'x', id, 'a'.repeat(10_000)]) {
      expect(refused(() => one.decode(tenant, 'documents', text))).toBe(true);
    }
  });

  test('TEN-6: refuses another spelling of a cursor', () => {
    const cursor = one.encode(tenant, 'documents', `${id.slice(0, -1)}0`);
    // Its last character carries four bits that decoding drops: B says the same as A.
    expect(cursor.at(-1)).toBe('A');
    for (const text of [`${cursor.slice(0, -1)}B`, `${cursor}=`, `${cursor} `, `*${cursor}`]) {
      expect(refused(() => one.decode(tenant, 'documents', text))).toBe(true);
    }
  });
});
