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
  codeOf,
  startAuth,
  type Answer,
  type Person,
  type PersonOptions,
} from '../test-support.js';

const MINUTE = 60_000;
const clock = new FakeClock('2026-11-21T12:00:00Z');
let services: RunningServices;
afterAll(() => services.close());
const database = useTestDatabase();
let tenant: TestTenant;
let passwordHash: string;

beforeAll(async () => {
  tenant = await createTestTenant(database());
  passwordHash = await argon2.hash(PASSWORD, CHEAP);
  services = await startAuth(database(), { clock });
});
// So that each test has codes of its own.
beforeEach(() => clock.advance(2 * MINUTE));

const post = (path: string, body: object, token?: string): Promise<Answer> =>
  call(services.publicUrl, path, body, token === undefined ? {} : { token });
const verify = (challenge: unknown, shown: object): Promise<Answer> =>
  post('/auth/mfa/verify', { challenge, ...shown });

async function challengeOf(person: Person, tenantId?: string | null): Promise<unknown> {
  const wanted = tenantId === undefined ? {} : { tenantId };
  const { email } = person;
  return (await post('/auth/login', { email, password: PASSWORD, ...wanted })).body['challenge'];
}

interface Enrolled extends Person {
  readonly secret: unknown;
  readonly recoveryCodes: readonly string[];
  readonly accessToken: string;
}

const admin = (options: Partial<PersonOptions> = {}): Promise<Person> =>
  addPerson(database(), { passwordHash, roles: { [tenant.id]: 'tenant_admin' }, ...options });

/** An administrator whose app shows codes; the code of this moment is used. */
async function enrolled(): Promise<Enrolled> {
  const ana = await admin();
  const challenge = await challengeOf(ana);
  const { secret } = (await post('/auth/mfa/enroll', { challenge })).body;
  const { body } = await verify(challenge, { code: codeOf(secret, clock) });
  const recoveryCodes = body['recoveryCodes'] as string[];
  return { ...ana, secret, recoveryCodes, accessToken: String(body['accessToken']) };
}

describe('AUT-5: enrolment', () => {
  test('secret, code, session, recovery codes; then logins ask for a code', async () => {
    const ana = await admin();
    const challenge = await challengeOf(ana);
    const begun = await post('/auth/mfa/enroll', { challenge });
    expect(begun.body).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      uri: expect.stringMatching(/^otpauth:\/\/totp\/GetUpNet.*secret=/),
    });
    // The QR code may be shown again.
    expect((await post('/auth/mfa/enroll', { challenge })).body).toEqual(begun.body);
    const done = await verify(challenge, { code: codeOf(begun.body['secret'], clock) });
    expect(done.status).toBe(200);
    const codes = done.body['recoveryCodes'] as string[];
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    const me = await call(services.publicUrl, '/auth/me', undefined, {
      token: String(done.body['accessToken']),
    });
    expect(me.body).toMatchObject({ userId: ana.userId, tenantId: tenant.id });
    const again = await post('/auth/login', { email: ana.email, password: PASSWORD });
    expect(again.body).toMatchObject({ mfa: 'verify' });
    const types = (await auditOf(database(), tenant.id, ana.userId)).map(({ type }) => type);
    expect(types).toEqual(['auth.factor_enrolled', 'auth.login_succeeded']);
  });

  test('neither secret nor recovery codes are in the database in the clear', async () => {
    const ana = await enrolled();
    const { rows } = await database().pools.query<{ all: string }>(
      'identity',
      `SELECT coalesce(u.totp_sealed, '') || string_agg(r.hash, ',') AS all
         FROM user_account u JOIN recovery_code r ON r.user_id = u.id
        WHERE u.id = $1 GROUP BY u.totp_sealed`,
      [ana.userId],
    );
    for (const plain of [String(ana.secret), ...ana.recoveryCodes]) {
      expect(rows[0]?.all.includes(plain)).toBe(false);
    }
    expect(rows[0]?.all).toMatch(/^e1\./);
  });

  test('a challenge of a login cannot enrol another factor', async () => {
    const ana = await enrolled();
    const challenge = await challengeOf(ana);
    expect((await post('/auth/mfa/enroll', { challenge })).code).toBe('auth.mfa_challenge_expired');
  });

  test('who began to enrol before cannot replace what somebody else enrolled', async () => {
    const ana = await admin();
    const [thiefs, hers] = [await challengeOf(ana), await challengeOf(ana)];
    const stolen = (await post('/auth/mfa/enroll', { challenge: thiefs })).body['secret'];
    const own = (await post('/auth/mfa/enroll', { challenge: hers })).body['secret'];
    expect(own).not.toBe(stolen);
    expect((await verify(hers, { code: codeOf(own, clock) })).status).toBe(200);
    const late = await verify(thiefs, { code: codeOf(stolen, clock) });
    expect(late.code).toBe('auth.mfa_challenge_expired');
  });

  test('no code before the secret was asked for, and no recovery code', async () => {
    const ana = await admin();
    const challenge = await challengeOf(ana);
    expect((await verify(challenge, { code: '123456' })).code).toBe('auth.mfa_invalid');
    const recoveryCode = 'AAAA-BBBB-CCCC-DDDD';
    expect((await verify(challenge, { recoveryCode })).code).toBe('auth.mfa_invalid');
  });

  test('while logged in: with the password and the factor there is', async () => {
    const ana = await enrolled();
    const renew = (more: object): Promise<Answer> =>
      post('/auth/mfa/renew', { password: PASSWORD, ...more }, ana.accessToken);
    expect((await renew({})).code).toBe('auth.mfa_invalid');
    expect((await renew({ code: codeOf(ana.secret, clock) })).code).toBe('auth.mfa_replayed');
    const wrong = await renew({ password: 'otra cosa larga' });
    expect(wrong.code).toBe('auth.invalid_credentials');
    const { challenge } = (await renew({ recoveryCode: ana.recoveryCodes[0] })).body;
    const { secret } = (await post('/auth/mfa/enroll', { challenge })).body;
    const done = await verify(challenge, { code: codeOf(secret, clock) });
    expect(done.body['recoveryCodes']).toHaveLength(10);
    // Whoever still had a session from before has none any more.
    const before = await call(services.publicUrl, '/auth/me', undefined, {
      token: ana.accessToken,
    });
    expect(before.code).toBe('auth.token_invalid');
    const old = await verify(await challengeOf(ana), { recoveryCode: ana.recoveryCodes[1] });
    expect(old.code).toBe('auth.mfa_invalid');
  });
});

describe('AUT-5: verification', () => {
  test.each([
    [-1, 200],
    [0, 200],
    [1, 200],
    [-2, 401],
    [2, 401],
  ])('a code of %i steps from now: %i', async (steps, status) => {
    const ana = await enrolled();
    clock.advance(2 * MINUTE);
    const answer = await verify(await challengeOf(ana), { code: codeOf(ana.secret, clock, steps) });
    expect(answer.status).toBe(status);
  });

  test('a code is accepted once', async () => {
    const ana = await enrolled();
    clock.advance(MINUTE);
    const code = codeOf(ana.secret, clock);
    expect((await verify(await challengeOf(ana), { code })).status).toBe(200);
    expect((await verify(await challengeOf(ana), { code })).code).toBe('auth.mfa_replayed');
    // Nor is one of a step before it.
    const earlier = await verify(await challengeOf(ana), { code: codeOf(ana.secret, clock, -1) });
    expect(earlier.code).toBe('auth.mfa_replayed');
  });

  test('fifty submissions of one code at once, each of its own challenge: one session', async () => {
    const ana = await enrolled();
    clock.advance(MINUTE);
    const challenges = await Promise.all(Array.from({ length: 50 }, () => challengeOf(ana)));
    const code = codeOf(ana.secret, clock);
    const answers = await Promise.all(challenges.map((challenge) => verify(challenge, { code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const codes = new Set(answers.map((answer) => answer.code));
    codes.delete(undefined);
    codes.delete('auth.locked');
    expect([...codes]).toEqual(['auth.mfa_replayed']);
  });

  test('fifty submissions for one challenge: one session', async () => {
    const ana = await enrolled();
    clock.advance(MINUTE);
    const challenge = await challengeOf(ana);
    const code = codeOf(ana.secret, clock);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => verify(challenge, { code })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.code))).toEqual(
      new Set([undefined, 'auth.mfa_challenge_expired']),
    );
  });

  test('five wrong codes, and the person waits, with whichever challenge', async () => {
    const ana = await enrolled();
    const challenge = await challengeOf(ana);
    for (let at = 0; at < 5; at += 1) {
      expect((await verify(challenge, { code: wrongCode(ana) })).code).toBe('auth.mfa_invalid');
    }
    clock.advance(MINUTE);
    const code = codeOf(ana.secret, clock);
    expect((await verify(challenge, { code })).code).toBe('auth.mfa_challenge_expired');
    const other = await verify(await challengeOf(ana), { code });
    expect([other.code, other.headers.get('retry-after')]).toEqual(['auth.locked', '840']);
    clock.advance(14 * MINUTE);
    const later = await verify(await challengeOf(ana), { code: codeOf(ana.secret, clock) });
    expect(later.status).toBe(200);
  });

  test('a challenge lives five minutes, and not beyond a new password', async () => {
    const ana = await enrolled();
    const challenge = await challengeOf(ana);
    clock.advance(5 * MINUTE);
    const late = await verify(challenge, { code: codeOf(ana.secret, clock) });
    expect(late.code).toBe('auth.mfa_challenge_expired');
    const pending = await challengeOf(ana);
    const change = { oldPassword: PASSWORD, newPassword: 'otra contraseña larga' };
    expect((await post('/auth/password/change', change, ana.accessToken)).status).toBe(204);
    clock.advance(MINUTE);
    const after = await verify(pending, { code: codeOf(ana.secret, clock) });
    expect(after.code).toBe('auth.mfa_challenge_expired');
  });

  test('a recovery code serves once, as people type it', async () => {
    const ana = await enrolled();
    const recoveryCode = ana.recoveryCodes[3]?.toLowerCase().replaceAll('-', '');
    expect((await verify(await challengeOf(ana), { recoveryCode })).status).toBe(200);
    expect((await verify(await challengeOf(ana), { recoveryCode })).code).toBe('auth.mfa_invalid');
    const entries = await auditOf(database(), tenant.id, ana.userId);
    expect(entries.at(-2)?.payload).toMatchObject({
      factor: 'recovery_code',
      recoveryCodesLeft: 9,
    });
    expect(entries.at(-1)).toMatchObject({ type: 'auth.factor_failed' });
  });

  test('the operator’s people are in the platform’s chain', async () => {
    const eva = await admin({ roles: {}, platformRole: 'super_admin' });
    const challenge = await challengeOf(eva);
    const { secret } = (await post('/auth/mfa/enroll', { challenge })).body;
    const done = await verify(challenge, { code: codeOf(secret, clock) });
    const me = await call(services.publicUrl, '/auth/me', undefined, {
      token: String(done.body['accessToken']),
    });
    expect(me.body).toMatchObject({ tenantId: null });
    expect(me.body['permissions']).toContain('PLATFORM_USER_MANAGE');
    const types = (await auditOf(database(), PLATFORM_TENANT_ID, eva.userId)).map(
      ({ type }) => type,
    );
    expect(types).toEqual(['auth.factor_enrolled', 'auth.login_succeeded']);
  });
});

/** No code of now or of the steps around it. */
function wrongCode({ secret }: Enrolled): string {
  const right = new Set([-1, 0, 1].map((steps) => codeOf(secret, clock, steps)));
  return ['000000', '111111', '222222', '333333'].find((code) => !right.has(code)) ?? '';
}
