import type { RunningServices } from '@getupnet/platform';
import { newId } from '@getupnet/kernel';
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
} from '../test-support.js';
import { hashToken } from './opaque-token.js';

const MINUTE = 60_000;
const clock = new FakeClock('2026-11-21T12:00:00Z');
let services: RunningServices;
/** Another process of the same installation. */
let second: RunningServices;
afterAll(() => Promise.all([services.close(), second.close()]));
const database = useTestDatabase();
let tenant: TestTenant;
let passwordHash: string;

beforeAll(async () => {
  tenant = await createTestTenant(database());
  passwordHash = await argon2.hash(PASSWORD, CHEAP);
  services = await startAuth(database(), { clock });
  second = await startAuth(database(), { clock });
});

const ANA = { 'user-agent': "ana's browser" };
const post = (path: string, body: object, headers: Record<string, string> = ANA): Promise<Answer> =>
  call(services.publicUrl, path, body, { headers });
const refresh = (refreshToken: unknown, headers?: Record<string, string>): Promise<Answer> =>
  post('/auth/refresh', { refreshToken }, headers);
const me = (token: unknown, base = services.publicUrl): Promise<Answer> =>
  call(base, '/auth/me', undefined, { token: String(token) });

interface LoggedIn extends Person {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

async function loggedIn(person?: Person): Promise<LoggedIn> {
  const roles = { [tenant.id]: 'operator' };
  const ana = person ?? (await addPerson(database(), { passwordHash, roles }));
  const { body } = await post('/auth/login', { email: ana.email, password: PASSWORD });
  const [accessToken, refreshToken] = [String(body['accessToken']), String(body['refreshToken'])];
  const sessionId = String((await me(accessToken)).body['sessionId']);
  return { ...ana, accessToken, refreshToken, sessionId };
}

describe('AUT-4: refresh', () => {
  test('a token is exchanged for the next one; the session’s end stays where it is', async () => {
    const ana = await loggedIn();
    const before = (await post('/auth/login', { email: ana.email, password: PASSWORD })).body;
    clock.advance(10 * MINUTE);
    const next = await refresh(before['refreshToken']);
    expect([next.status, next.body['sessionExpiresAt']]).toEqual([200, before['sessionExpiresAt']]);
    expect(next.body['refreshToken']).not.toBe(before['refreshToken']);
    expect((await me(next.body['accessToken'])).status).toBe(200);
    expect((await refresh(next.body['refreshToken'])).status).toBe(200);
  });

  test('used twice, the whole family is dead at once', async () => {
    const ana = await loggedIn();
    const next = await refresh(ana.refreshToken);
    clock.advance(10_001);
    expect((await refresh(ana.refreshToken)).code).toBe('auth.refresh_reused');
    expect((await refresh(next.body['refreshToken'])).code).toBe('auth.token_invalid');
    expect((await me(next.body['accessToken'])).code).toBe('auth.token_invalid');
    expect((await me(ana.accessToken)).code).toBe('auth.token_invalid');
    const entries = await auditOf(database(), tenant.id, ana.sessionId);
    expect(entries.map(({ type, payload }) => [type, payload['because']])).toEqual([
      ['session.opened', undefined],
      ['session.ended', 'refresh_reused'],
    ]);
  });

  test('the answer was lost: within ten seconds the same client gets the same successor', async () => {
    const ana = await loggedIn();
    const next = await refresh(ana.refreshToken);
    clock.advance(10_000);
    const again = await refresh(ana.refreshToken);
    expect(again.body['refreshToken']).toBe(next.body['refreshToken']);
    expect((await refresh(next.body['refreshToken'])).status).toBe(200);
  });

  test('another client within ten seconds is a thief', async () => {
    const ana = await loggedIn();
    const next = await refresh(ana.refreshToken);
    const stolen = await refresh(ana.refreshToken, { 'user-agent': 'curl' });
    expect(stolen.code).toBe('auth.refresh_reused');
    expect((await refresh(next.body['refreshToken'])).code).toBe('auth.token_invalid');
  });

  test('only the immediate parent: once its successor was used, nothing is forgiven', async () => {
    const ana = await loggedIn();
    const next = await refresh(ana.refreshToken);
    const last = await refresh(next.body['refreshToken']);
    expect((await refresh(ana.refreshToken)).code).toBe('auth.refresh_reused');
    expect((await refresh(last.body['refreshToken'])).code).toBe('auth.token_invalid');
  });

  test('two at once by one client, in two processes: one successor', async () => {
    const ana = await loggedIn();
    const answers = await Promise.all(
      [services, second, services, second].map(({ publicUrl }) =>
        call(publicUrl, '/auth/refresh', { refreshToken: ana.refreshToken }, { headers: ANA }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body['refreshToken'])).size).toBe(1);
  });

  test('two at once, one of them a thief: nobody stays', async () => {
    const ana = await loggedIn();
    const answers = await Promise.all([
      refresh(ana.refreshToken),
      refresh(ana.refreshToken, { 'user-agent': 'curl' }),
    ]);
    const renewed = answers.filter(({ status }) => status === 200);
    expect(renewed).toHaveLength(1);
    expect((await refresh(renewed[0]?.body['refreshToken'])).code).toBe('auth.token_invalid');
  });

  test('eight hours after the login it is over, however often it was renewed', async () => {
    const ana = await loggedIn();
    clock.advance(7 * 60 * MINUTE);
    const late = await refresh(ana.refreshToken);
    expect(late.status).toBe(200);
    clock.advance(60 * MINUTE);
    expect((await refresh(late.body['refreshToken'])).code).toBe('auth.token_expired');
  });

  test('of a session that was ended, of a suspended account, and of nobody', async () => {
    const ana = await loggedIn();
    await call(services.publicUrl, '/auth/logout', undefined, {
      method: 'POST',
      token: ana.accessToken,
    });
    expect((await refresh(ana.refreshToken)).code).toBe('auth.token_invalid');
    const eva = await loggedIn();
    await identity(`UPDATE user_account SET status = 'SUSPENDED' WHERE id = $1`, [eva.userId]);
    expect((await refresh(eva.refreshToken)).code).toBe('auth.token_invalid');
    expect((await refresh(`rt_${'A'.repeat(43)}`)).code).toBe('auth.token_invalid');
    expect((await refresh('rt_x')).code).toBe('validation.failed');
  });

  test('no token is in the database in the clear', async () => {
    const ana = await loggedIn();
    const next = String((await refresh(ana.refreshToken)).body['refreshToken']);
    const rows = await identity<{ row: string }>(
      'SELECT r::text AS row FROM refresh_token r WHERE session_id = $1',
      [ana.sessionId],
    );
    expect(rows).toHaveLength(2);
    for (const { row } of rows) {
      expect(row).not.toContain(ana.refreshToken);
      expect(row).not.toContain(next);
    }
    expect(rows.some(({ row }) => row.includes(hashToken(next)))).toBe(true);
  });
});

describe('sessions', () => {
  test('one’s own are listed and ended; nobody else’s', async () => {
    const phone = await loggedIn();
    const desk = await loggedIn(phone);
    const eva = await loggedIn();
    const list = await call(services.publicUrl, '/auth/sessions', undefined, {
      token: desk.accessToken,
    });
    const data = list.body['data'] as Record<string, unknown>[];
    expect(data.map(({ id, current }) => [id, current])).toEqual(
      expect.arrayContaining([
        [desk.sessionId, true],
        [phone.sessionId, false],
      ]),
    );
    expect(data).toHaveLength(2);
    expect(data[0]).toMatchObject({ client: ANA['user-agent'], address: '127.0.0.1' });
    const end = (id: string): Promise<Answer> =>
      call(services.publicUrl, `/auth/sessions/${id}`, undefined, {
        method: 'DELETE',
        token: desk.accessToken,
      });
    expect((await end(eva.sessionId)).code).toBe('resource.not_found');
    expect((await end(newId())).code).toBe('resource.not_found');
    expect((await me(eva.accessToken)).status).toBe(200);
    expect((await end(phone.sessionId)).status).toBe(204);
    expect((await me(phone.accessToken)).code).toBe('auth.token_invalid');
    expect((await end(phone.sessionId)).code).toBe('resource.not_found');
    expect((await me(desk.accessToken)).status).toBe(200);
  });

  test('AUT-4: ended in one process, gone in the other within a minute', async () => {
    const ana = await loggedIn();
    expect((await me(ana.accessToken, second.publicUrl)).status).toBe(200);
    await call(services.publicUrl, '/auth/logout', undefined, {
      method: 'POST',
      token: ana.accessToken,
    });
    expect((await me(ana.accessToken)).code).toBe('auth.token_invalid');
    clock.advance(MINUTE);
    expect((await me(ana.accessToken, second.publicUrl)).code).toBe('auth.token_invalid');
  });

  test('AUT-4: a role taken away is gone in the other process within a minute', async () => {
    const ana = await loggedIn();
    const may = async (): Promise<unknown> =>
      (await me(ana.accessToken, second.publicUrl)).body['permissions'];
    expect(await may()).toContain('TENANT_INVOICE_EMIT');
    await identity(`UPDATE membership SET role = 'viewer' WHERE user_id = $1`, [ana.userId]);
    clock.advance(MINUTE);
    expect(await may()).not.toContain('TENANT_INVOICE_EMIT');
  });
});

describe('AUT-6: in a browser', () => {
  interface Jar {
    readonly cookies: string;
    readonly csrf: string;
    readonly lines: readonly string[];
  }

  function jarOf({ headers }: Answer): Jar {
    const lines = headers.getSetCookie();
    const pairs = lines.map((line) => line.split(';')[0] ?? '');
    const csrf = pairs.find((pair) => pair.startsWith('getupnet-csrf='))?.split('=')[1] ?? '';
    return { cookies: pairs.join('; '), csrf, lines };
  }

  async function browser(): Promise<{ answer: Answer; jar: Jar }> {
    const roles = { [tenant.id]: 'operator' };
    const { email } = await addPerson(database(), { passwordHash, roles });
    const answer = await post('/auth/login', { email, password: PASSWORD, transport: 'cookie' });
    return { answer, jar: jarOf(answer) };
  }

  test('the refresh token is in a cookie no script reads, and nowhere in the body', async () => {
    const { answer, jar } = await browser();
    expect(answer.body).not.toHaveProperty('refreshToken');
    expect(JSON.stringify(answer.body)).not.toContain('rt_');
    const [refreshCookie = '', csrfCookie = ''] = jar.lines;
    expect(refreshCookie).toMatch(
      /^__Secure-getupnet-refresh=rt_.{43}; HttpOnly; Path=\/auth; Secure; SameSite=Strict; Expires=/,
    );
    expect(csrfCookie).toMatch(/^getupnet-csrf=.{43}; Path=\/; Secure; SameSite=Strict; Expires=/);
    expect(csrfCookie).not.toContain('HttpOnly');
  });

  test('refreshes with the CSRF token of its cookie, and with nothing else', async () => {
    const { jar } = await browser();
    const from = (more: Record<string, string>): Promise<Answer> =>
      post('/auth/refresh', {}, { ...ANA, cookie: jar.cookies, ...more });
    expect((await from({})).code).toBe('csrf.failed');
    expect((await from({ 'x-csrf-token': 'A'.repeat(43) })).code).toBe('csrf.failed');
    expect((await post('/auth/refresh', {})).code).toBe('auth.token_missing');
    const next = await from({ 'x-csrf-token': jar.csrf });
    expect(next.status).toBe(200);
    const renewed = jarOf(next);
    expect(renewed.cookies).not.toBe(jar.cookies);
    // The CSRF token belongs to its refresh token.
    const stale = { ...ANA, cookie: renewed.cookies, 'x-csrf-token': jar.csrf };
    expect((await post('/auth/refresh', {}, stale)).code).toBe('csrf.failed');
  });

  test('logout takes the cookies away', async () => {
    const { answer } = await browser();
    const out = await call(services.publicUrl, '/auth/logout', undefined, {
      method: 'POST',
      token: String(answer.body['accessToken']),
    });
    expect(out.status).toBe(204);
    const { lines } = jarOf(out);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^[\w-]+=; .*Max-Age=0/);
  });
});

async function identity<T extends Record<string, unknown>>(
  text: string,
  values: unknown[],
): Promise<T[]> {
  return (await database().pools.query<T>('identity', text, values)).rows;
}
