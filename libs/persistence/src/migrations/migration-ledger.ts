import type { ClientBase } from 'pg';
import type { MigrationFile } from './migration-files.js';

export interface AppliedMigration {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** The Prisma CLI's own table, so that it can carry on from what the runner applied. */
export const CREATE_LEDGER = `
CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`;

/** What the database says was applied; nothing when it was never migrated. */
export async function readLedger(
  client: Pick<ClientBase, 'query'>,
): Promise<readonly AppliedMigration[]> {
  const table = await client.query<{ oid: string | null }>(
    `SELECT to_regclass('public._prisma_migrations') AS oid`,
  );
  if (table.rows[0]?.oid == null) return [];
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows;
}

export interface LedgerComparison {
  readonly pending: readonly MigrationFile[];
  /** Human sentences; with any, nothing may be applied. */
  readonly faults: readonly string[];
}

/**
 * Migrations the database has and the files lack are those of a newer version, on whose schema this
 * one has to work.
 */
export function compareLedger(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): LedgerComparison {
  const known = new Map(applied.map((row) => [row.migration_name, row]));
  const pending: MigrationFile[] = [];
  const faults: string[] = [];
  for (const file of files) {
    const row = known.get(file.name);
    if (!row) pending.push(file);
    else if (!row.finished) faults.push(`migration ${file.name} was started and never finished`);
    else if (row.checksum !== file.checksum) {
      faults.push(`migration ${file.name} was edited after it had been applied`);
    }
  }
  return { pending, faults };
}
