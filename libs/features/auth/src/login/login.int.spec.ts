import { PLATFORM_TENANT_ID } from '@getupnet/persistence';
import type { RunningServices } from '@getupnet/platform';
import { createTestTenant, FakeClock, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import argon2 from 'argon2';
import {
  CHEAP,
  PASSWORD,
  addPerson,
  auditOf,
  call,
  startAuth,
  type Answer,
  type Person,
  type PersonOptions,
} from '../test-support.js';
import { fingerprint } from './lockout.js';

const MINUTE = 60_000;
const WRONG = 'correcto cabello pila';
const clock = new FakeClock('2026-11-21T12:00:00Z');
let services: RunningServices;
afterAll(() => services.close());
const database = useTestDatabase();
let tenant: TestTenant;
let other: TestTenant;
let passwordHash: string;

beforeAll(async () => {
  [tenant, other] = [await createTestTenant(database()), await createTestTenant(database())];
  passwordHash = await argon2.hash(PASSWORD, CHEAP);
  services = await startAuth(database(), { clock });
});

const login = (email: string, password = PASSWORD, more: object = {}): Promise<Answer> =>
  call(services.publicUrl, '/auth/login', { email, password, ...more });
const person = (options: Partial<PersonOptions> = {}): Promise<Person> =>
  addPerson(database(), { passwordHash, roles: { [tenant.id]: 'operator' }, ...options });
const rows = async (text: string, values: unknown[]): Promise<Record<string, unknown>[]> =>
  (await database().pools.query<Record<string, unknown>>('identity', text, values)).rows;

describe('a right password', () => {
  test('opens a session in the person’s only company', async () => {
    const ana = await person();
    const { status, body } = await login(` ${ana.email.toUpperCase()} `);
    expect(status).toBe(200);
    expect(body).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
    const me = await call(services.publicUrl, '/auth/me', undefined, {
      token: String(body['accessToken']),
    });
    expect(me.body).toMatchObject({ userId: ana.userId, tenantId: tenant.id });
    expect(await auditOf(database(), tenant.id, ana.userId)).toEqual([
      {
        type: 'auth.login_succeeded',
        tenantId: tenant.id,
        actor: `user:${ana.userId}`,
        payload: { sessionId: me.body['sessionId'], factor: 'none', address: '127.0.0.1' },
      },
    ]);
  });

  test('of several companies asks for which, and takes no other', async () => {
    const ana = await person({ roles: { [tenant.id]: 'operator', [other.id]: 'viewer' } });
    const choice = await login(ana.email);
    const companies = [tenant, other].map(({ id, rnc, name }) => ({ id, rnc, name }));
    expect(choice.body).toEqual({
      choose: { tenants: expect.arrayContaining(companies), platform: false },
    });
    const chosen = await login(ana.email, PASSWORD, { tenantId: other.id });
    expect(chosen.body).toHaveProperty('accessToken');
    const stranger = await createTestTenant(database());
    for (const tenantId of [stranger.id, null]) {
      expect(await login(ana.email, PASSWORD, { tenantId })).toMatchObject({
        status: 403,
        code: 'auth.forbidden',
      });
    }
  });

  test('of a membership that is suspended, or of none, leads nowhere', async () => {
    const ana = await person();
    await rows(`UPDATE membership SET status = 'SUSPENDED' WHERE user_id = $1`, [ana.userId]);
    expect(await login(ana.email)).toMatchObject({ status: 403, code: 'auth.forbidden' });
    const nobody = await person({ roles: {} });
    expect(await login(nobody.email)).toMatchObject({ status: 403, code: 'auth.forbidden' });
  });

  test.each<[string, (id: string) => Partial<PersonOptions>]>([
    ['a company’s administrator', (id) => ({ roles: { [id]: 'tenant_admin' } })],
    ['the operator’s people', () => ({ roles: {}, platformRole: 'super_admin' })],
  ])('AUT-5: of %s asks for a second factor', async (_, options) => {
    const ana = await person(options(tenant.id));
    const { status, body } = await login(ana.email);
    expect([status, body]).toEqual([
      200,
      { mfa: 'enroll', challenge: expect.stringMatching(/^ch_/), expiresIn: 300 },
    ]);
  });

  test('AUT-5: an administrator’s role under another name is one', async () => {
    const ana = await person({ roles: {} });
    const [role] = await rows(
      `INSERT INTO tenant_role (tenant_id, id, name, permissions)
       VALUES ($1, gen_random_uuid(), 'Jefa', '{TENANT_USER_MANAGE}') RETURNING id`,
      [tenant.id],
    );
    await rows('INSERT INTO membership (tenant_id, user_id, role_id) VALUES ($1, $2, $3)', [
      tenant.id,
      ana.userId,
      role?.['id'],
    ]);
    expect((await login(ana.email)).body).toMatchObject({ mfa: 'enroll' });
  });

  test('AUT-1: an older hash is replaced at login', async () => {
    const old = await argon2.hash(PASSWORD, { ...CHEAP, timeCost: 3 });
    const ana = await person({ passwordHash: old });
    expect((await login(ana.email)).status).toBe(200);
    const [row] = await rows('SELECT password_hash AS hash FROM user_account WHERE id = $1', [
      ana.userId,
    ]);
    expect(row?.['hash']).toMatch(/^\$argon2id\$v=19\$m=1024,t=2,p=1\$/);
    expect((await login(ana.email)).status).toBe(200);
  });
});

describe('a wrong password', () => {
  test('an unknown, a suspended and a known account answer the same', async () => {
    const [ana, suspended] = [await person(), await person({ status: 'SUSPENDED' })];
    const answers = [
      await login(ana.email, WRONG),
      await login('nadie@example.com'),
      await login(suspended.email),
    ].map(({ status, body: { traceId: _, ...body } }) => ({ status, body }));
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'auth.invalid_credentials' } });
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
  });

  test.each(['short', 'x'.repeat(129)])('of a wrong length is not even tried', async (password) => {
    const ana = await person();
    expect(await login(ana.email, password)).toMatchObject({
      status: 400,
      code: 'validation.failed',
    });
    expect(await failuresOf(ana.email)).toBeUndefined();
  });

  test('AUT-2: five in fifteen minutes, and the account is locked for as long', async () => {
    const ana = await person();
    for (let at = 0; at < 5; at += 1) {
      expect(await login(ana.email, WRONG)).toMatchObject({ code: 'auth.invalid_credentials' });
    }
    clock.advance(MINUTE);
    const locked = await login(ana.email);
    expect([locked.status, locked.code]).toEqual([429, 'auth.locked']);
    expect(locked.headers.get('retry-after')).toBe('840');
    clock.advance(14 * MINUTE);
    expect((await login(ana.email)).status).toBe(200);
    const types = (await auditOf(database(), tenant.id, ana.userId)).map(({ type }) => type);
    expect(types).toEqual([
      ...Array.from({ length: 5 }, () => 'auth.login_failed'),
      'auth.locked',
      'auth.login_succeeded',
    ]);
  });

  test('failures long ago do not count, nor those before a right password', async () => {
    const ana = await person();
    for (let at = 0; at < 4; at += 1) await login(ana.email, WRONG);
    clock.advance(15 * MINUTE);
    expect((await login(ana.email, WRONG)).status).toBe(401);
    expect(await failuresOf(ana.email)).toBe(1);
    expect((await login(ana.email)).status).toBe(200);
    expect(await failuresOf(ana.email)).toBeUndefined();
  });

  test('of fifty at once, five learn something', async () => {
    const ana = await person();
    const answers = await Promise.all(Array.from({ length: 50 }, () => login(ana.email, WRONG)));
    const codes = answers.map(({ code }) => code);
    expect(codes.filter((code) => code === 'auth.invalid_credentials')).toHaveLength(5);
    // Whoever waits too long for a connection learns nothing either.
    const nothing = new Set(['auth.locked', 'dependency.unavailable']);
    expect(codes.filter((code) => nothing.has(code ?? ''))).toHaveLength(45);
    // Those who came when it was locked were refused before their password was looked at.
    expect(await failuresOf(ana.email)).toBeGreaterThanOrEqual(5);
    const failed = (await auditOf(database(), tenant.id, ana.userId)).filter(
      ({ type }) => type === 'auth.login_failed',
    );
    expect(failed.map(({ payload }) => payload['failures'])).toEqual([1, 2, 3, 4, 5]);
    // The right one does not help any more.
    expect((await login(ana.email)).code).toBe('auth.locked');
  });

  test('an unknown account is locked as well, and its address is nowhere in the clear', async () => {
    const email = 'desconocida@example.com';
    for (let at = 0; at < 5; at += 1) await login(email, WRONG);
    expect((await login(email, WRONG)).code).toBe('auth.locked');
    const entries = (await auditOf(database(), PLATFORM_TENANT_ID, null)).filter(
      ({ payload }) => payload['account'] === fingerprint(email),
    );
    expect(entries.map(({ type }) => type)).toContain('auth.locked');
    expect(JSON.stringify(entries)).not.toContain('desconocida');
    expect(await rows('SELECT 1 FROM login_failure WHERE subject LIKE $1', ['%@%'])).toEqual([]);
  });

  test('AUT-2: an address is locked whatever accounts it tries', async () => {
    const strict = await startAuth(database(), { clock, values: { AUTH_ADDRESS_FAILURES: '3' } });
    try {
      await rows(`DELETE FROM login_failure WHERE subject LIKE 'address:%'`, []);
      const ana = await person();
      const from = (email: string, password = PASSWORD): Promise<Answer> =>
        call(strict.publicUrl, '/auth/login', { email, password });
      for (const name of ['a', 'b', 'c']) {
        expect((await from(`${name}@example.com`)).code).toBe('auth.invalid_credentials');
      }
      expect(await from(ana.email)).toMatchObject({ status: 429, code: 'auth.locked' });
      clock.advance(15 * MINUTE);
      expect((await from(ana.email)).status).toBe(200);
    } finally {
      await strict.close();
      await rows(`DELETE FROM login_failure WHERE subject LIKE 'address:%'`, []);
    }
  });
});

async function failuresOf(email: string): Promise<unknown> {
  const [row] = await rows('SELECT failures FROM login_failure WHERE subject = $1', [
    `account:${fingerprint(email)}`,
  ]);
  return row?.['failures'];
}
