import { BootError } from '@getupnet/platform';
import { DATABASE_ROLES, type DatabaseRole } from '../roles/roles.js';
import { type MigrationFile, readMigrations } from './migration-files.js';
import { compareLedger, readLedger } from './migration-ledger.js';
import { connectionFaults, schemaFaults, type Queryable } from './schema-faults.js';

export type { Queryable } from './schema-faults.js';

interface RoleFacts {
  readonly name: string;
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly creates_roles: boolean;
  readonly owned: string | null;
  readonly truncates: string | null;
}

/** The relations of the product's schema: tables and partitioned tables. */
const TABLES = `
  SELECT c.oid, c.relname, c.relowner, c.relispartition, c.relrowsecurity, c.relforcerowsecurity
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND c.relname <> '_prisma_migrations'`;

const ROLE_FACTS = `
  SELECT r.rolname AS name, r.rolsuper AS superuser, r.rolbypassrls AS bypasses,
    r.rolcreaterole AS creates_roles,
    (SELECT min(t.relname) FROM (${TABLES}) t WHERE pg_has_role(r.oid, t.relowner, 'MEMBER')) AS owned,
    (SELECT min(t.relname) FROM (${TABLES}) t WHERE has_table_privilege(r.oid, t.oid, 'TRUNCATE'))
      AS truncates
  FROM pg_roles r WHERE r.rolname = current_user`;

const OPEN_TABLES = `
  SELECT t.relname AS name, t.relrowsecurity AND t.relforcerowsecurity AS closed,
    t.relispartition OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid) AS has_policy
  FROM (${TABLES}) t ORDER BY t.relname`;

/**
 * Refuses to start on a database that could show one tenant's rows to another: a table without forced
 * row-level security or policy, a policy, view, function or key that goes around it, a role that is
 * superuser, bypasses it or owns tables, migrations pending or edited. Throws one {@link BootError} that
 * names every fault.
 */
export async function checkBoot(
  pools: Readonly<Partial<Record<DatabaseRole, Queryable>>>,
  migrations?: readonly MigrationFile[],
): Promise<void> {
  const faults: string[] = [];
  const used = DATABASE_ROLES.flatMap((role) => {
    const pool = pools[role];
    return pool ? [{ role, pool }] : [];
  });
  for (const { role, pool } of used) {
    const { rows } = await pool.query<RoleFacts>(ROLE_FACTS);
    const [facts] = rows;
    if (facts === undefined) continue;
    const who = `database role ${facts.name} (used as ${role})`;
    faults.push(...roleFaults(who, facts), ...(await connectionFaults(who, pool)));
  }
  const any = used[0]?.pool;
  if (any) {
    faults.push(...(await tableFaults(any)), ...(await schemaFaults(any)));
    faults.push(...(await migrationFaults(any, migrations ?? (await readMigrations()))));
  }
  if (faults.length > 0) throw new BootError(faults);
}

function roleFaults(who: string, facts: RoleFacts): readonly string[] {
  const faults: string[] = [];
  if (facts.superuser) faults.push(`${who} is a superuser`);
  if (facts.bypasses) faults.push(`${who} bypasses row-level security`);
  if (facts.creates_roles) faults.push(`${who} may create roles`);
  if (facts.owned !== null)
    faults.push(`${who} owns table ${facts.owned}, or may act as its owner`);
  if (facts.truncates !== null) faults.push(`${who} may truncate table ${facts.truncates}`);
  return faults;
}

async function tableFaults(pool: Queryable): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string; closed: boolean; has_policy: boolean }>(
    OPEN_TABLES,
  );
  return rows.flatMap((table) => {
    if (!table.closed) return [`table ${table.name} does not force row-level security`];
    return table.has_policy ? [] : [`table ${table.name} has no row-level security policy`];
  });
}

async function migrationFaults(
  pool: Queryable,
  files: readonly MigrationFile[],
): Promise<readonly string[]> {
  const { pending, faults } = compareLedger(files, await readLedger(pool));
  return [
    ...faults,
    ...pending.map((file) => `migration ${file.name} is pending: run the migrations first`),
  ];
}
