import type { RunningServices } from '@getupnet/platform';
import { AuditLog, IdentityDb, PLATFORM_TENANT_ID } from '@getupnet/persistence';
import { KeyRing, Sealer } from '@getupnet/secrets';
import { createTestTenant, FakeClock, useTestDatabase } from '@getupnet/testkit';
import argon2 from 'argon2';
import { createPublicKey, createVerify } from 'node:crypto';
import { CHEAP, KEK, PASSWORD, addPerson, call, startAuth, type Answer } from '../test-support.js';
import { TokenKeyRepository } from './token-key.repository.js';
import { TokenSigner } from './token-signer.js';

const MINUTE = 60_000;
const clock = new FakeClock('2026-11-21T12:00:00Z');
let services: RunningServices;
afterAll(() => services.close());
const database = useTestDatabase();
let email: string;
let rotating: TokenSigner;

beforeAll(async () => {
  const tenant = await createTestTenant(database());
  const passwordHash = await argon2.hash(PASSWORD, CHEAP);
  ({ email } = await addPerson(database(), {
    passwordHash,
    roles: { [tenant.id]: 'operator' },
  }));
  services = await startAuth(database(), { clock });
  // As the operator's command does it: in another process.
  rotating = new TokenSigner(
    new IdentityDb(database().pools),
    new TokenKeyRepository(),
    new Sealer(KeyRing.of(KEK)),
    new AuditLog(clock),
    clock,
  );
});

const login = async (): Promise<string> => {
  const { body } = await call(services.publicUrl, '/auth/login', { email, password: PASSWORD });
  return String(body['accessToken']);
};
const me = (token: string): Promise<Answer> =>
  call(services.publicUrl, '/auth/me', undefined, { token });
const headerOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;

async function kids(): Promise<readonly unknown[]> {
  const { body } = await call(services.publicUrl, '/auth/jwks');
  return (body['keys'] as Record<string, unknown>[]).map(({ kid }) => kid);
}

test('a token verifies with the published key and says nothing but whose it is', async () => {
  const token = await login();
  const { body } = await call(services.publicUrl, '/auth/jwks');
  const [jwk] = body['keys'] as Record<string, string>[];
  expect(jwk).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
  expect(Object.keys(jwk ?? {})).not.toContain('d');
  const [header = '', claims = '', signature = ''] = token.split('.');
  const key = createPublicKey({ key: jwk ?? {}, format: 'jwk' });
  const good = createVerify('SHA256')
    .update(`${header}.${claims}`)
    .verify({ key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  expect(good).toBe(true);
  expect(headerOf(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: jwk?.['kid'] });
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
  expect(Object.keys(said).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub']);
});

test('private keys are sealed: neither PEM nor JWK in the database', async () => {
  const { rows } = await database().pools.query<{ row: string; sealed: string }>(
    'identity',
    'SELECT k::text AS row, sealed FROM token_key k',
  );
  expect(rows).toHaveLength(1);
  for (const { row, sealed } of rows) {
    expect(sealed).toMatch(/^e1\./);
    expect(row).not.toMatch(/PRIVATE KEY|"d"/);
  }
});

test('rotated: the next key is published before it signs, old tokens live until they expire', async () => {
  const old = await login();
  const oldKid = headerOf(old)['kid'];
  const { kid, signsFrom } = await rotating.rotate();
  expect(signsFrom.getTime() - clock.now().getTime()).toBe(2 * MINUTE);
  expect(await kids()).toEqual([kid, oldKid]);
  expect(headerOf(await login())['kid']).toBe(oldKid);
  clock.advance(2 * MINUTE + 30_000);
  const fresh = await login();
  expect(headerOf(fresh)['kid']).toBe(kid);
  expect((await me(fresh)).status).toBe(200);
  expect((await me(old)).status).toBe(200);
  clock.advance(12 * MINUTE);
  expect((await me(old)).status).toBe(200);
  clock.advance(5 * MINUTE);
  expect((await me(old)).status).toBe(401);
  // By now nothing the old key signed can be valid, and it is gone.
  expect(await kids()).toEqual([kid]);
});

test('compromised: the old keys verify nothing any more, the new one signs at once', async () => {
  const old = await login();
  const { kid } = await rotating.rotate({ compromised: true });
  expect(await kids()).toEqual([kid]);
  clock.advance(MINUTE);
  expect((await me(old)).code).toBe('auth.token_invalid');
  const fresh = await login();
  expect(headerOf(fresh)['kid']).toBe(kid);
  expect((await me(fresh)).status).toBe(200);
});

test('processes that start at once make one key', async () => {
  await database().pools.query('identity', 'UPDATE token_key SET verifies_until = $1', [
    clock.now(),
  ]);
  const before = (await count()) + 1;
  const started = await Promise.all([1, 2, 3].map(() => startAuth(database(), { clock })));
  await Promise.all(started.map((one) => one.close()));
  expect(await count()).toBe(before);
});

test('rotations are audited, without a key', async () => {
  const entries = await database().tenantDb.run({ tenantId: PLATFORM_TENANT_ID }, (tx) =>
    tx.auditEvent.findMany({ where: { type: 'auth.keys_rotated' }, select: { payload: true } }),
  );
  expect(entries.map(({ payload }) => payload)).toEqual([
    { kid: expect.any(String), signsFrom: expect.any(String), compromised: false },
    { kid: expect.any(String), signsFrom: expect.any(String), compromised: true },
  ]);
});

async function count(): Promise<number> {
  const { rows } = await database().pools.query<{ n: number }>(
    'identity',
    'SELECT count(*)::int AS n FROM token_key',
  );
  return rows[0]?.n ?? 0;
}
