import { PLATFORM_TENANT_ID, AuditLog, IdentityDb } from '@getupnet/persistence';
import type { RunningServices } from '@getupnet/platform';
import { KeyRing, Sealer } from '@getupnet/secrets';
import {
  createTestTenant,
  FakeClock,
  useTestDatabase,
  waitFor,
  type TestTenant,
} from '@getupnet/testkit';
import argon2 from 'argon2';
import { StoredMessages, type KeptMessage } from '../messages/stored-messages.js';
import {
  CHEAP,
  KEK,
  PASSWORD,
  addPerson,
  auditOf,
  call,
  startAuth,
  type Answer,
  type Person,
  type PersonOptions,
} from '../test-support.js';

const MINUTE = 60_000;
const NEW = 'una contraseña nueva';
const clock = new FakeClock('2026-11-21T12:00:00Z');
let services: RunningServices;
afterAll(() => services.close());
const database = useTestDatabase();
let tenant: TestTenant;
let passwordHash: string;
let db: IdentityDb;
let messages: StoredMessages;

beforeAll(async () => {
  tenant = await createTestTenant(database());
  passwordHash = await argon2.hash(PASSWORD, CHEAP);
  const values = { AUTH_APP_URL: 'https://app.example.com' };
  services = await startAuth(database(), { clock, values });
  db = new IdentityDb(database().pools);
  messages = new StoredMessages(new Sealer(KeyRing.of(KEK)), new AuditLog(clock), clock);
});

const post = (path: string, body: object, token?: string): Promise<Answer> =>
  call(services.publicUrl, path, body, token === undefined ? {} : { token });
const person = (options: Partial<PersonOptions> = {}): Promise<Person> =>
  addPerson(database(), { passwordHash, roles: { [tenant.id]: 'operator' }, ...options });
const login = (email: string, password: string): Promise<Answer> =>
  post('/auth/login', { email, password });
const forgot = (email: string): Promise<Answer> => post('/auth/password/forgot', { email });
const reset = (token: string, password = NEW): Promise<Answer> =>
  post('/auth/password/reset', { token, password });
const taken = (): Promise<readonly KeptMessage[]> =>
  db.run((tx) => messages.take(tx, 'installation'));

const tokenOf = (message: KeptMessage | undefined): string =>
  /#token=(pr_[A-Za-z0-9_-]{43})$/m.exec(message?.text ?? '')?.[1] ?? '';

/** The reset token a person is sent. */
async function askedToken(ana: Person): Promise<string> {
  await forgot(ana.email);
  await waitFor(async () => (await requests(ana)) > 0);
  return tokenOf((await taken()).find(({ to }) => to === ana.email));
}

async function requests({ userId }: Person): Promise<number> {
  return db.run((tx) => tx.passwordReset.count({ where: { userId } }));
}

describe('a forgotten password', () => {
  test('is set anew with the token of the message, once; all sessions end', async () => {
    const ana = await person();
    const { body } = await login(ana.email, PASSWORD);
    const asked = await forgot(ana.email);
    expect([asked.status, asked.body]).toEqual([202, {}]);
    await waitFor(async () => (await requests(ana)) === 1);
    const message = (await taken()).find(({ to }) => to === ana.email);
    expect(message).toMatchObject({ subject: 'Restablecer su contraseña' });
    expect(message?.text).toContain('https://app.example.com/restablecer#token=pr_');
    expect((await reset(tokenOf(message))).status).toBe(204);
    const me = await call(services.publicUrl, '/auth/me', undefined, {
      token: String(body['accessToken']),
    });
    expect(me.code).toBe('auth.token_invalid');
    const refreshed = await post('/auth/refresh', { refreshToken: body['refreshToken'] });
    expect(refreshed.code).toBe('auth.token_invalid');
    expect((await login(ana.email, PASSWORD)).code).toBe('auth.invalid_credentials');
    expect((await login(ana.email, NEW)).status).toBe(200);
    expect((await reset(tokenOf(message))).code).toBe('auth.token_invalid');
    const types = (await auditOf(database(), tenant.id, ana.userId)).map(({ type }) => type);
    expect(types).toEqual([
      'auth.login_succeeded',
      'auth.password_reset_requested',
      'auth.password_reset',
      'auth.login_failed',
      'auth.login_succeeded',
    ]);
  });

  test('nobody and a suspended account answer the same, and are sent nothing', async () => {
    const suspended = await person({ status: 'SUSPENDED' });
    for (const email of ['nadie@example.com', suspended.email]) {
      const answer = await forgot(email);
      expect([answer.status, answer.body]).toEqual([202, {}]);
    }
    // What is asked for is done in order: once a later one is there, these are over.
    await askedToken(await person());
    expect(await requests(suspended)).toBe(0);
  });

  test('of two uses at once one counts', async () => {
    const token = await askedToken(await person());
    const answers = await Promise.all([1, 2, 3, 4].map((n) => reset(token, `${NEW} ${n}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401]);
  });

  test('a token lives half an hour, and the next one ends it', async () => {
    const ana = await person();
    const first = await askedToken(ana);
    clock.advance(MINUTE);
    await forgot(ana.email);
    await waitFor(async () => (await requests(ana)) === 2);
    const second = tokenOf((await taken()).find(({ to }) => to === ana.email));
    expect((await reset(first)).code).toBe('auth.token_invalid');
    clock.advance(30 * MINUTE);
    expect((await reset(second)).code).toBe('auth.token_invalid');
  });

  test('asked for again within a minute, the message already sent stays good', async () => {
    const ana = await person();
    const token = await askedToken(ana);
    await forgot(ana.email);
    await askedToken(await person());
    expect(await requests(ana)).toBe(1);
    expect((await reset(token)).status).toBe(204);
  });

  test('a reset opens an account that others had locked', async () => {
    const ana = await person();
    for (let at = 0; at < 5; at += 1) await login(ana.email, NEW);
    expect((await login(ana.email, PASSWORD)).code).toBe('auth.locked');
    await reset(await askedToken(ana));
    expect((await login(ana.email, NEW)).status).toBe(200);
  });

  test('messages are sealed, handed over once, and that is audited', async () => {
    const ana = await person();
    await forgot(ana.email);
    await waitFor(async () => (await requests(ana)) === 1);
    const { rows } = await database().pools.query<{ row: string }>(
      'identity',
      'SELECT m::text AS row FROM message m WHERE recipient = $1',
      [ana.email],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain('pr_');
    const [message] = (await taken()).filter(({ to }) => to === ana.email);
    expect(await taken()).toEqual([]);
    const [entry] = await auditOf(database(), PLATFORM_TENANT_ID, message?.id ?? '');
    expect(entry).toMatchObject({ type: 'message.handed_over', actor: 'installation' });
  });
});

describe('a password changed', () => {
  test('by who knows the old one; all sessions end', async () => {
    const ana = await person();
    const token = String((await login(ana.email, PASSWORD)).body['accessToken']);
    const other = String((await login(ana.email, PASSWORD)).body['accessToken']);
    const change = (oldPassword: string): Promise<Answer> =>
      post('/auth/password/change', { oldPassword, newPassword: NEW }, token);
    expect((await change(NEW)).code).toBe('auth.invalid_credentials');
    expect((await change(PASSWORD)).status).toBe(204);
    for (const session of [token, other]) {
      const me = await call(services.publicUrl, '/auth/me', undefined, { token: session });
      expect(me.code).toBe('auth.token_invalid');
    }
    expect((await login(ana.email, NEW)).status).toBe(200);
  });

  test('guesses at the old one are counted as those of a login', async () => {
    const ana = await person();
    const token = String((await login(ana.email, PASSWORD)).body['accessToken']);
    const guess = (): Promise<Answer> =>
      post('/auth/password/change', { oldPassword: NEW, newPassword: NEW }, token);
    for (let at = 0; at < 5; at += 1) expect((await guess()).status).toBe(401);
    expect((await guess()).code).toBe('auth.locked');
    expect((await login(ana.email, PASSWORD)).code).toBe('auth.locked');
  });

  test('nobody without a session, and no short one', async () => {
    const body = { oldPassword: PASSWORD, newPassword: NEW };
    expect((await post('/auth/password/change', body)).code).toBe('auth.token_missing');
    const short = { ...body, newPassword: 'corta' };
    const ana = await person();
    const token = String((await login(ana.email, PASSWORD)).body['accessToken']);
    expect((await post('/auth/password/change', short, token)).code).toBe('validation.failed');
  });
});
