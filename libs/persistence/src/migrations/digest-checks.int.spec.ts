import { useTestDatabase } from '@getupnet/testkit';

const GOOD = 'a1'.repeat(32);
const BAD = [
  ['short', GOOD.slice(1)],
  ['long', `${GOOD}a`],
  ['upper case', GOOD.toUpperCase()],
  ['not hexadecimal', `g${GOOD.slice(1)}`],
  ['a line break', `${GOOD.slice(1)}\n`],
  ['empty', ''],
] as const;

type Check = readonly [table: string, constraint: string, columns: readonly string[]];

const CHECKS: readonly Check[] = [
  ['document', 'document_body_sha256_check', ['body_sha256']],
  ['artefact', 'artefact_sha256_check', ['sha256']],
  ['artefact_default', 'artefact_sha256_check', ['sha256']],
  ['signing_journal', 'signing_journal_digest_check', ['digest', 'signed_sha256']],
];

describe('digests in the database', () => {
  const database = useTestDatabase();

  /** Whether the table's own check takes these values, tried on a table that has nothing else. */
  async function takes(
    [table, constraint, columns]: Check,
    values: readonly string[],
  ): Promise<boolean> {
    return database().asOwner(async (owner) => {
      const { rows } = await owner.query<{ rule: string }>(
        `SELECT pg_get_expr(conbin, conrelid) AS rule FROM pg_constraint
          WHERE conrelid = $1::regclass AND conname = $2`,
        [table, constraint],
      );
      const row = columns.map((column, index) => `$${index + 1}::text AS ${column}`).join(', ');
      const statement = `SELECT ${rows[0]?.rule ?? ''} AS taken FROM (SELECT ${row}) AS one`;
      const answer = await owner.query<{ taken: boolean }>(statement, [...values]);
      return answer.rows[0]?.taken === true;
    });
  }

  test.each(CHECKS)(
    '%s takes 64 lower-case hexadecimal digits and nothing else',
    async (...check) => {
      const [, , columns] = check;
      const good = columns.map(() => GOOD);
      await expect(takes(check, good)).resolves.toBe(true);
      for (const [what, bad] of BAD) {
        for (const index of columns.keys()) {
          const values = good.map((digest, at) => (at === index ? bad : digest));
          expect([what, await takes(check, values)]).toEqual([what, false]);
        }
      }
    },
  );
});
