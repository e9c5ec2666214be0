import { createTestDatabase, useTestDatabase } from '@getupnet/testkit';
import { PROTECTIONS } from './protections.data.js';
import { NOT_APPLIED, takeAway } from './take-away.js';

const database = useTestDatabase();
const change = (sql: string): string => JSON.stringify({ sql });
const exists = async (): Promise<boolean> => {
  const { rows } = await database().asOwner((client) =>
    client.query<{ found: string | null }>(`SELECT to_regclass('public.guard')::text AS found`),
  );
  return rows[0]?.found !== null;
};

test('takes away what it is told, and tells when it cannot', async () => {
  await database().asOwner((client) => client.query('CREATE TABLE guard (id int)'));
  await takeAway(database().ownerUrl, undefined);
  await takeAway(database().ownerUrl, JSON.stringify({ file: 'a.ts', from: 'a', to: 'b' }));
  expect(await exists()).toBe(true);
  await takeAway(database().ownerUrl, change('DROP TABLE guard'));
  expect(await exists()).toBe(false);
  await expect(takeAway(database().ownerUrl, change('DROP TABLE guard'))).rejects.toThrow(
    `${NOT_APPLIED}: table "guard" does not exist`,
  );
});

test.each(
  PROTECTIONS.filter(({ without }) => 'sql' in without).map((one) => [one.id, one] as const),
)('%s can be taken away', async (_, { without }) => {
  const own = await createTestDatabase();
  await takeAway(own.ownerUrl, JSON.stringify(without)).finally(() => own.drop());
});
