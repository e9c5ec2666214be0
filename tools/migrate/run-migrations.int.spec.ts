import { useTestDatabase } from '@getupnet/testkit';
import { runMigrations } from './run-migrations.js';

async function run(env: Record<string, string>) {
  const lines: string[] = [];
  const keep = (text: string) => void lines.push(text);
  return { code: await runMigrations(env, { out: keep, err: keep }), text: lines.join('') };
}

const database = useTestDatabase();

test('says what it did, and nothing is left to do', async () => {
  const { code, text } = await run({ DATABASE_URL: database().ownerUrl });
  expect(JSON.parse(text)).toEqual({
    message: 'database is up to date',
    applied: [],
    partitions: 0,
  });
  expect(code).toBe(0);
});

test('asks for the owner’s connection by name, and tells no value', async () => {
  const url = new URL(database().ownerUrl);
  const { code, text } = await run({ DATABASE_URL_APP: url.href });
  expect({ code, text }).toEqual({ code: 78, text: expect.stringContaining('DATABASE_URL') });
  expect(text).not.toContain(url.password);
});

test('a database that cannot be reached is not the operator’s mistake', async () => {
  const { code } = await run({ DATABASE_URL: 'postgresql://owner:pw@127.0.0.1:1/none' });
  expect(code).toBe(1);
});
