import { randomUUID } from 'node:crypto';
import { BootError } from '@getupnet/platform';
import { Client } from 'pg';
import { provisionRoles } from '../roles/provision-roles.js';
import { DATABASE_ROLES, type DatabaseRole, roleName } from '../roles/roles.js';
import { type MigrationFile, readMigrations } from './migration-files.js';
import { CREATE_LEDGER, compareLedger, readLedger } from './migration-ledger.js';
import { ensurePartitions } from './partitions.js';
import { migrateQueueSchema } from './queue-schema.js';

export interface MigrateOptions {
  /** Roles whose connection the operator states; their logins are left alone. */
  readonly statedRoles?: readonly DatabaseRole[];
  /** Instead of the committed migrations: tests. */
  readonly migrations?: readonly MigrationFile[];
  readonly now?: Date;
}

export interface MigrateReport {
  readonly applied: readonly string[];
  readonly partitions: readonly string[];
}

/** Of the whole product, in this database. */
const RUNNER_LOCK = 7_261_031;
/** A second runner waits for the first; longer than this, something is wrong. */
const LOCK_WAIT_MS = 300_000;
const MIN_SERVER_VERSION = 150_000;

/**
 * Brings a database up to date as its owner: tables, roles, partitions, queue schema. Any number of
 * runners may start at once; one works, the others find the work done. Throws a {@link BootError}
 * when a migration was edited or left unfinished, or the server is not fit.
 */
export async function migrate(
  ownerUrl: string,
  options: MigrateOptions = {},
): Promise<MigrateReport> {
  const files = options.migrations ?? (await readMigrations());
  const owner = new Client({ connectionString: ownerUrl, application_name: 'getupnet-migrate' });
  // A connection lost between two statements fails the next one, which reports it.
  owner.on('error', () => undefined);
  await owner.connect();
  try {
    await checkServer(owner);
    await owner.query(`SELECT set_config('lock_timeout', $1, false)`, [`${LOCK_WAIT_MS}ms`]);
    await owner.query('SELECT pg_advisory_lock($1)', [RUNNER_LOCK]);
    const applied = await applyPending(owner, files);
    await provisionRoles(owner, ownerUrl, options.statedRoles ?? []);
    const names = DATABASE_ROLES.map(roleName).join(', ');
    await owner.query(`GRANT SELECT ON _prisma_migrations TO ${names}`);
    const partitions = await ensurePartitions(owner, options.now ?? new Date());
    await migrateQueueSchema(owner);
    return { applied, partitions };
  } finally {
    // The lock goes with the session.
    await owner.end();
  }
}

async function checkServer(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS version,
       pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()`,
  );
  const problems: string[] = [];
  if ((rows[0]?.version ?? 0) < MIN_SERVER_VERSION) {
    problems.push('DATABASE_URL: the server is older than PostgreSQL 15');
  }
  if (rows[0]?.encoding !== 'UTF8') problems.push('DATABASE_URL: the database is not UTF-8');
  if (problems.length > 0) throw new BootError(problems);
}

async function applyPending(
  owner: Client,
  files: readonly MigrationFile[],
): Promise<readonly string[]> {
  await owner.query(CREATE_LEDGER);
  const { pending, faults } = compareLedger(files, await readLedger(owner));
  if (faults.length > 0) throw new BootError(faults);
  for (const file of pending) await apply(owner, file);
  return pending.map((file) => file.name);
}

async function apply(owner: Client, file: MigrationFile): Promise<void> {
  await owner.query('BEGIN');
  try {
    await owner.query(file.sql);
    await owner.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), file.checksum, file.name],
    );
    await owner.query('COMMIT');
  } catch (cause) {
    await owner.query('ROLLBACK');
    throw new BootError(`migration ${file.name} failed: ${reason(cause)}`, { cause });
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
