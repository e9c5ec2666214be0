import {
  createHmac,
  createPrivateKey,
  createSign,
  generateKeyPairSync,
  randomUUID,
} from 'node:crypto';
import { newId } from '@getupnet/kernel';
import { persistenceEnv } from '@getupnet/persistence';
import { Endpoint, type Problem, type RunningServices } from '@getupnet/platform';
import {
  CurrentTenant,
  CurrentUser,
  type TenantContext,
  type UserContext,
} from '@getupnet/tenant-context';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { Controller, Module } from '@nestjs/common';
import { PlatformAccessModule } from '../platform/platform-access.module.js';
import { MovableClock, start } from '../test-support.js';
import { TenantAccessModule } from '../tenant/tenant-access.module.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;
const clock = new MovableClock(NOW);
let services: RunningServices;
// Before the database goes: hooks run in the order in which they were registered.
afterAll(() => services.close());
const database = useTestDatabase();

@Controller()
class WhoController {
  @Endpoint('GET', '/tenant/who', {
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_INVOICE_EMIT',
    summary: 'test',
  })
  tenant(@CurrentTenant() { tenantId, actor }: TenantContext): object {
    return { tenantId, actor };
  }

  @Endpoint('POST', '/tenant/who', {
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_INVOICE_EMIT',
    summary: 'test',
  })
  change(@CurrentUser() { userId, impersonationReason }: UserContext): object {
    return { userId, impersonationReason };
  }

  @Endpoint('GET', '/admin/who', {
    listener: 'public',
    scope: 'PLATFORM',
    permission: 'PLATFORM_TENANT_VIEW',
    summary: 'test',
  })
  platform(@CurrentUser() { userId, tenantId }: UserContext): object {
    return { userId, tenantId };
  }
}

@Module({ imports: [TenantAccessModule, PlatformAccessModule], controllers: [WhoController] })
class WhoModule {}

const ring = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KID = 'key-1';
let tenant: TestTenant;

const identity = (text: string, values: unknown[]): Promise<unknown> =>
  database().pools.query('identity', text, values);

beforeAll(async () => {
  await identity(
    `INSERT INTO token_key (kid, public_jwk, sealed, signs_from) VALUES ($1, $2, 'x', $3)`,
    [KID, ring.publicKey.export({ format: 'jwk' }), new Date(NOW)],
  );
  tenant = await createTestTenant(database());
  services = await start({
    http: [WhoModule],
    clock,
    env: [persistenceEnv],
    values: { DATABASE_URL: database().ownerUrl },
  });
});
beforeEach(() => {
  // Long past everything remembered, so that each test sees the database as it is.
  clock.ms += 2 * MINUTE;
});

interface Wanted {
  readonly role?: string | null;
  readonly platformRole?: string;
  readonly tenantId?: string | null;
  readonly reason?: string;
}

/** A person with a session; answers both ids. */
async function person(wanted: Wanted = {}): Promise<{ userId: string; sessionId: string }> {
  const { role = 'operator', platformRole, tenantId = tenant.id, reason = null } = wanted;
  const [userId, sessionId] = [newId(), newId()];
  await identity(
    'INSERT INTO user_account (id, email, name, password_hash) VALUES ($1, $2, $3, $4)',
    [userId, `${userId}@example.com`, 'Ana', 'x'],
  );
  if (tenantId !== null && role !== null) {
    const insert = 'INSERT INTO membership (tenant_id, user_id, role) VALUES ($1, $2, $3)';
    await identity(insert, [tenantId, userId, role]);
  }
  if (platformRole !== undefined) {
    const insert = 'INSERT INTO platform_member (user_id, role) VALUES ($1, $2)';
    await identity(insert, [userId, platformRole]);
  }
  await identity(
    `INSERT INTO user_session (id, user_id, tenant_id, impersonation_reason, expires_at)
     VALUES ($1, $2, $3, $4, $5)`,
    [sessionId, userId, tenantId, reason, new Date(clock.ms + 480 * MINUTE)],
  );
  return { userId, sessionId };
}

interface Forged {
  readonly header?: object;
  readonly claims?: object;
  readonly sign?: (input: string) => string;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const es256 = (pem: string) => (input: string) =>
  createSign('SHA256')
    .update(input)
    .sign({ key: createPrivateKey(pem), dsaEncoding: 'ieee-p1363' })
    .toString('base64url');
const ours = es256(ring.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());

/** A token as ours is, or with one thing changed. */
function token(of: { userId: string; sessionId: string }, forged: Forged = {}): string {
  const iat = Math.floor(clock.ms / 1000);
  const header = { alg: 'ES256', typ: 'at+jwt', kid: KID, ...forged.header };
  const claims = {
    iss: 'getupnet-ecf',
    aud: 'getupnet-ecf-api',
    sub: of.userId,
    sid: of.sessionId,
    iat,
    exp: iat + 900,
    ...forged.claims,
  };
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${(forged.sign ?? ours)(input)}`;
}

async function call(
  path: string,
  bearer: string,
  { method = 'GET', ...headers }: Record<string, string> & { method?: string } = {},
): Promise<[number, unknown]> {
  const answer = await fetch(services.publicUrl + path, {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...headers },
  });
  const body = (await answer.json()) as Partial<Problem>;
  return [answer.status, answer.ok ? body : body.code];
}

describe('a session of a tenant', () => {
  test('acts for it, by name', async () => {
    const ana = await person();
    expect(await call('/tenant/who', token(ana))).toEqual([
      200,
      { tenantId: tenant.id, actor: { kind: 'user', id: ana.userId, name: 'Ana' } },
    ]);
    expect(await call('/tenant/who', token(ana), { method: 'POST' })).toEqual([
      200,
      { userId: ana.userId, impersonationReason: null },
    ]);
  });

  test('TEN-2: for no other, and not for the platform', async () => {
    const ana = await person();
    const other = { 'x-tenant-id': newId() };
    expect(await call('/tenant/who', token(ana), other)).toEqual([403, 'tenant.mismatch']);
    expect(await call('/admin/who', token(ana))).toEqual([403, 'auth.forbidden']);
  });

  test('may what its role may', async () => {
    const viewer = await person({ role: 'viewer' });
    expect(await call('/tenant/who', token(viewer))).toEqual([403, 'auth.forbidden']);
    const odd = await person({ role: 'constructor' });
    expect(await call('/tenant/who', token(odd))).toEqual([403, 'auth.forbidden']);
  });

  test('may what a role of the tenant’s own says, as far as tenants may', async () => {
    const roleId = newId();
    await identity(
      'INSERT INTO tenant_role (tenant_id, id, name, permissions) VALUES ($1,$2,$3,$4)',
      [tenant.id, roleId, `Caja ${roleId}`, ['TENANT_INVOICE_EMIT', 'PLATFORM_TENANT_VIEW']],
    );
    const ana = await person({ role: null });
    await identity('INSERT INTO membership (tenant_id, user_id, role_id) VALUES ($1, $2, $3)', [
      tenant.id,
      ana.userId,
      roleId,
    ]);
    expect((await call('/tenant/who', token(ana)))[0]).toBe(200);
    expect(await call('/admin/who', token(ana))).toEqual([403, 'auth.forbidden']);
  });

  test.each([
    ['logged out', 'UPDATE user_session SET revoked_at = now() WHERE user_id = $1'],
    ['user suspended', `UPDATE user_account SET status = 'SUSPENDED' WHERE id = $1`],
    ['membership suspended', `UPDATE membership SET status = 'SUSPENDED' WHERE user_id = $1`],
    ['membership gone', 'DELETE FROM membership WHERE user_id = $1'],
  ])('AUT-4: %s, its token opens nothing within a minute', async (_, statement) => {
    const ana = await person();
    expect((await call('/tenant/who', token(ana)))[0]).toBe(200);
    await identity(statement, [ana.userId]);
    clock.ms += MINUTE;
    expect(await call('/tenant/who', token(ana))).toEqual([401, 'auth.token_invalid']);
  });

  test('a role taken away bites within a minute', async () => {
    const ana = await person();
    expect((await call('/tenant/who', token(ana)))[0]).toBe(200);
    await identity(`UPDATE membership SET role = 'viewer' WHERE user_id = $1`, [ana.userId]);
    clock.ms += MINUTE;
    expect(await call('/tenant/who', token(ana))).toEqual([403, 'auth.forbidden']);
  });

  test('ends after its eight hours, however fresh the token', async () => {
    const ana = await person();
    clock.ms += 480 * MINUTE;
    expect(await call('/tenant/who', token(ana))).toEqual([401, 'auth.token_expired']);
  });

  test.each([
    ['SUSPENDED', 'GET', 403],
    ['SUSPENDED', 'POST', 403],
    ['FROZEN', 'GET', 200],
    ['FROZEN', 'POST', 403],
  ])('of a %s company, %s: %i', async (status, method, expected) => {
    const closed = await createTestTenant(database());
    const ana = await person({ tenantId: closed.id });
    await identity('UPDATE tenant SET status = $2 WHERE id = $1', [closed.id, status]);
    expect((await call('/tenant/who', token(ana), { method }))[0]).toBe(expected);
  });
});

describe('a session of the platform', () => {
  test('opens scope PLATFORM and no tenant', async () => {
    const operator = await person({ tenantId: null, platformRole: 'platform_admin' });
    expect(await call('/admin/who', token(operator))).toEqual([
      200,
      { userId: operator.userId, tenantId: null },
    ]);
    expect(await call('/tenant/who', token(operator))).toEqual([403, 'auth.forbidden']);
    const named = { 'x-tenant-id': tenant.id };
    expect(await call('/admin/who', token(operator), named)).toEqual([403, 'tenant.mismatch']);
  });

  test('is nobody’s who is not the operator’s', async () => {
    const nobody = await person({ tenantId: null });
    expect(await call('/admin/who', token(nobody))).toEqual([401, 'auth.token_invalid']);
    expect(await call('/admin/who', tenant.apiKey)).toEqual([403, 'auth.forbidden']);
  });

  test('TEN-2: acts as a tenant with a reason, and is named as what it is', async () => {
    const operator = await person({ role: null, platformRole: 'super_admin', reason: 'caso 812' });
    expect(await call('/tenant/who', token(operator))).toEqual([
      200,
      {
        tenantId: tenant.id,
        actor: { kind: 'user', id: operator.userId, name: 'Ana', impersonates: true },
      },
    ]);
    const stranger = await person({ role: null, reason: 'curiosidad' });
    expect(await call('/tenant/who', token(stranger))).toEqual([401, 'auth.token_invalid']);
  });
});

describe('AUT-3: forged tokens', () => {
  const strange = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const strangeJwk = strange.publicKey.export({ format: 'jwk' });
  const theirs = es256(strange.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const publicPem = ring.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const hmac = (input: string): string =>
    // As long as an ES256 signature, so that its shape is not what refuses it.
    createHmac('sha512', publicPem).update(input).digest('base64url');
  const nothing = (): string => 'A'.repeat(86);
  const altered = (text: string): string => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;

  test.each<[string, Forged]>([
    ['alg none', { header: { alg: 'none' }, sign: nothing }],
    ['HS512 with the public key', { header: { alg: 'HS512' }, sign: hmac }],
    ['HS256 with the public key', { header: { alg: 'HS256' }, sign: hmac }],
    ['ES256 in the header, an HMAC behind it', { sign: hmac }],
    ['another key', { sign: theirs }],
    ['another key, brought along as jwk', { header: { jwk: strangeJwk }, sign: theirs }],
    ['another key, at a jku', { header: { jku: 'https://example.com/jwks' }, sign: theirs }],
    ['another key, at an x5u', { header: { x5u: 'https://example.com/x5u' }, sign: theirs }],
    ['unknown kid', { header: { kid: 'key-2' } }],
    ['kid that is a path', { header: { kid: '../../dev/null' } }],
    ['kid that is SQL', { header: { kid: "x' OR '1'='1" } }],
    ['no kid', { header: { kid: undefined } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['another issuer', { claims: { iss: 'getupnet' } }],
    ['another audience', { claims: { aud: 'somebody-else' } }],
    ['no expiry', { claims: { exp: undefined } }],
    ['a life of a year', { claims: { exp: Math.floor(NOW / 1000) + 31_536_000 } }],
    ['not valid yet', { claims: { nbf: Math.floor(NOW / 1000) + 86_400 } }],
    ['a session that never was', { claims: { sid: randomUUID() } }],
    ['another user’s session', { claims: { sub: randomUUID() } }],
    ['no user', { claims: { sub: undefined } }],
    ['an altered signature', { sign: (input) => altered(ours(input)) }],
  ])('%s', async (_, forged) => {
    const ana = await person();
    expect(await call('/tenant/who', token(ana, forged))).toEqual([401, 'auth.token_invalid']);
  });

  test('expired: a minute of leeway, no more', async () => {
    const ana = await person();
    const bearer = token(ana);
    clock.ms += 15 * MINUTE + 59_000;
    expect((await call('/tenant/who', bearer))[0]).toBe(200);
    clock.ms += 2_000;
    expect(await call('/tenant/who', bearer)).toEqual([401, 'auth.token_expired']);
  });

  test('an unreadable key in the ring stops nobody', async () => {
    await identity(
      `INSERT INTO token_key (kid, public_jwk, sealed, signs_from) VALUES ('odd', '{}', 'x', $1)`,
      [new Date(NOW)],
    );
    clock.ms += 2 * MINUTE;
    const ana = await person();
    expect((await call('/tenant/who', token(ana)))[0]).toBe(200);
    const odd = token(ana, { header: { kid: 'odd' } });
    expect(await call('/tenant/who', odd)).toEqual([401, 'auth.token_invalid']);
  });

  test('a key that no longer verifies, and one that is new', async () => {
    const next = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const sign = es256(next.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const ana = await person();
    const bearer = (): string => token(ana, { header: { kid: 'rotated' }, sign });
    expect(await call('/tenant/who', bearer())).toEqual([401, 'auth.token_invalid']);
    await identity(
      `INSERT INTO token_key (kid, public_jwk, sealed, signs_from, verifies_until)
       VALUES ('rotated', $1, 'x', $2, $3)`,
      [next.publicKey.export({ format: 'jwk' }), new Date(NOW), new Date(clock.ms + 5 * MINUTE)],
    );
    // Asked for a moment ago: not again before ten seconds have gone by.
    expect(await call('/tenant/who', bearer())).toEqual([401, 'auth.token_invalid']);
    clock.ms += 10_000;
    expect((await call('/tenant/who', bearer()))[0]).toBe(200);
    clock.ms += 5 * MINUTE;
    expect(await call('/tenant/who', bearer())).toEqual([401, 'auth.token_invalid']);
  });
});
