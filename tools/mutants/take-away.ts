import { Client } from 'pg';
import { MUTANT_VARIABLE, type SchemaChange } from './protection.js';

/** Stands in the message when a protection could not be taken away; no test has noticed anything then. */
export const NOT_APPLIED = 'mutant not applied';

/** Takes the protection of the schema away that this run of the tests is to notice, if it has one. */
export async function takeAway(
  ownerUrl: string,
  told: string | undefined = process.env[MUTANT_VARIABLE],
): Promise<void> {
  const { sql } = JSON.parse(told ?? '{}') as Partial<SchemaChange>;
  if (sql === undefined) return;
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(sql);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${NOT_APPLIED}: ${why}`, { cause });
  } finally {
    await client.end();
  }
}
