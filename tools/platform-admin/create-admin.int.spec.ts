import { useTestDatabase } from '@getupnet/testkit';
import argon2 from 'argon2';
import { createAdmin, type Asking } from './create-admin.js';

const database = useTestDatabase();

interface Typed {
  readonly lines?: readonly string[];
  readonly secret?: string | null;
  readonly file?: string;
}

async function run(args: readonly string[], { lines = [], secret = null, file }: Typed = {}) {
  const [outs, notes, left]: [string[], string[], string[]] = [[], [], [...lines]];
  const io: Asking = {
    out: (text) => void outs.push(text),
    note: (text) => void notes.push(text),
    readFile: () => Promise.resolve(Buffer.from(file ?? '')),
    writeFile: () => Promise.resolve(),
    readInput: () => Promise.resolve(Buffer.alloc(0)),
    askSecret: () => Promise.resolve(secret),
    ask: () => Promise.resolve(left.shift() ?? null),
    now: new Date(),
  };
  const code = await createAdmin(args, { DATABASE_URL: database().ownerUrl }, io);
  return { code, out: outs.join(''), note: notes.join('') };
}

const admins = async () => {
  const { rows } = await database().pools.query<{ email: string; hash: string; role: string }>(
    'identity',
    `SELECT u.email, u.password_hash AS hash, p.role FROM platform_member p
       JOIN user_account u ON u.id = p.user_id ORDER BY u.created_at, u.id`,
  );
  return rows;
};

test('nothing is made without an address, or of an address or a password that is none', async () => {
  expect(await run([])).toMatchObject({ code: 2, note: expect.stringContaining('--email') });
  const email = ['--email', 'ana@example.com'];
  expect(await run(['--email', 'ana', '--name', 'Ana'])).toMatchObject({ code: 2 });
  expect(await run(email, { lines: ['Ana'], secret: 'corta' })).toMatchObject({ code: 2 });
  const empty = ['--name', 'Ana', '--password-file', 'clave'];
  expect(await run([...email, ...empty], { file: '\n' })).toMatchObject({ code: 2 });
  expect(await run(['--correo', 'x'])).toMatchObject({ code: 2 });
  expect(await admins()).toEqual([]);
});

test('of several at once one is the first; its password is told once and kept as a hash', async () => {
  const results = await Promise.all(
    [1, 2, 3].map((at) => run([], { lines: [`Ana${at}@Example.com`, 'Ana'], secret: '' })),
  );
  expect(results.map(({ code }) => code).sort()).toEqual([0, 1, 1]);
  const first = results.find(({ code }) => code === 0);
  const password = /única vez\): (\S+)/.exec(first?.out ?? '')?.[1] ?? '';
  const [admin, ...others] = await admins();
  expect(others).toEqual([]);
  expect(admin).toMatchObject({ role: 'super_admin', email: expect.stringMatching(/^ana\d@/) });
  expect(admin?.hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=4,p=2\$/);
  expect(await argon2.verify(admin?.hash ?? '', password)).toBe(true);
  expect(first?.note).toContain('/auth/mfa/enroll');
});

test('refuses while there is one, unless asked for another', async () => {
  const args = ['--email', 'luis@example.com', '--name', 'Luis', '--password-file', 'clave'];
  const file = 'una clave larga\n';
  expect(await run(args, { file })).toMatchObject({
    code: 1,
    note: expect.stringContaining('--another'),
  });
  const made = await run([...args, '--another'], { file });
  expect(made).toMatchObject({
    code: 0,
    out: 'luis@example.com es super_admin de esta instalación.\n',
  });
  expect((await admins()).at(-1)?.email).toBe('luis@example.com');
  expect(await run([...args, '--another'], { file })).toMatchObject({ code: 2 });
});

test('an installation that does not open is told, and no value of it', async () => {
  const io = { ask: () => Promise.resolve(null) } as unknown as Asking;
  const notes: string[] = [];
  const code = await createAdmin([], {}, { ...io, note: (text) => void notes.push(text) });
  expect([code, notes.join('')]).toEqual([78, expect.stringContaining('DATABASE_URL')]);
});
