import { randomBytes } from 'node:crypto';
import { newId } from '@getupnet/kernel';
import { useTestDatabase } from '@getupnet/testkit';
import { runAuth } from './run-auth.js';

const database = useTestDatabase();
const kek = randomBytes(32).toString('base64');

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const keep = (text: string): void => void lines.push(text);
  const env = { DATABASE_URL: database().ownerUrl, SECRETS_KEK: kek };
  return { code: await runAuth(args, env, { out: keep, err: keep }), text: lines.join('') };
}

const identity = async (text: string, values: unknown[] = []): Promise<unknown[]> =>
  (await database().pools.query<Record<string, unknown>>('identity', text, values)).rows;

test('rotates: the old key still verifies, or not at all', async () => {
  expect(await run('rotate-keys')).toEqual({
    code: 0,
    text: expect.stringMatching(/^La clave \S{16} firma desde \d{4}-/),
  });
  await run('rotate-keys', '--compromised');
  const rows = await identity(
    `SELECT verifies_until IS NULL AS living, signs_from <= now() AS signs FROM token_key
      WHERE verifies_until IS NULL OR verifies_until > now() + interval '1 second'`,
  );
  expect(rows).toEqual([{ living: true, signs: true }]);
});

test('forgets a second factor, and ends the sessions there are', async () => {
  const [userId, sessionId] = [newId(), newId()];
  const email = `${userId}@example.com`;
  await identity(
    `INSERT INTO user_account (id, email, name, password_hash, totp_sealed, totp_enrolled_at)
     VALUES ($1, $2, 'Ana', 'x', 'sealed', now())`,
    [userId, email],
  );
  await identity(
    `INSERT INTO user_session (id, user_id, expires_at) VALUES ($1, $2, now() + interval '1 hour')`,
    [sessionId, userId],
  );
  expect((await run('forget-factor', email.toUpperCase())).code).toBe(0);
  expect(
    await identity(
      `SELECT u.totp_sealed, s.revoked_because FROM user_account u
         JOIN user_session s ON s.user_id = u.id WHERE u.id = $1`,
      [userId],
    ),
  ).toEqual([{ totp_sealed: null, revoked_because: 'factor_forgotten' }]);
  expect((await run('forget-factor', 'nadie@example.com')).code).toBe(1);
});

test('nothing to hand over', async () => {
  expect(await run('messages')).toEqual({ code: 0, text: 'No hay mensajes.\n' });
});

test.each([[[]], [['rotate']], [['forget-factor']], [['messages', 'all']]])(
  '%j is no command',
  async (args) => {
    expect(await run(...args)).toEqual({ code: 2, text: expect.stringContaining('Uso:') });
  },
);

test.each(['--help', '-h'])('%s tells the commands', async (flag) => {
  expect(await run(flag)).toEqual({ code: 0, text: expect.stringContaining('rotate-keys') });
});

test('without a key-encryption key nothing is sealed: the operator’s mistake', async () => {
  const lines: string[] = [];
  const keep = (text: string): void => void lines.push(text);
  const env = { DATABASE_URL: database().ownerUrl };
  expect(await runAuth(['messages'], env, { out: keep, err: keep })).toBe(78);
  expect(lines.join('')).toContain('SECRETS_KEK');
});
