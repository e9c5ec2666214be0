import { type TestDatabase, useTestDatabase } from '@getupnet/testkit';
import { DatabaseError, type ClientBase } from 'pg';
import type { DatabaseRole } from '../roles/roles.js';
import { type SeededTenant, insertOf, seedEveryTable } from './every-table.js';

// TEN-3, INV-7: every table × every verb, as every role that works for tenants.

const INSUFFICIENT_PRIVILEGE = '42501';

type Scope = readonly [setting: 'app.tenant_id' | 'app.tenant_ids', value: string];

/** Runs one statement as a role, in a transaction that is undone. */
async function as(
  database: TestDatabase,
  role: DatabaseRole,
  scope: Scope | undefined,
  text: string,
  values: readonly unknown[] = [],
): Promise<number | 'denied'> {
  const client = await database.pools.get(role).connect();
  try {
    await client.query('BEGIN');
    if (scope) await client.query('SELECT set_config($1, $2, true)', [...scope]);
    return (await client.query(text, [...values])).rowCount ?? 0;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === INSUFFICIENT_PRIVILEGE) return 'denied';
    throw error;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

async function tablesOf(owner: ClientBase): Promise<readonly string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
       AND NOT c.relispartition AND c.relname <> '_prisma_migrations' ORDER BY 1`,
  );
  return rows.map((row) => row.name);
}

/** One line per role, table and verb; columns where not all of them. */
const GRANTS = `
  SELECT concat_ws(' ', substr(g.grantee, 10), g.table_name, g.privilege_type,
    CASE WHEN count(*) < (SELECT count(*) FROM information_schema.columns c
        WHERE c.table_schema = 'public' AND c.table_name = g.table_name)
      THEN string_agg(g.column_name, ',' ORDER BY g.column_name) END) AS line
  FROM information_schema.role_column_grants g
  WHERE g.grantee LIKE 'getupnet\\_%' AND g.grantee <> 'getupnet_owner'
    AND g.table_schema = 'public' AND g.table_name <> '_prisma_migrations'
  GROUP BY g.grantee, g.table_name, g.privilege_type
  UNION ALL
  SELECT concat_ws(' ', substr(grantee, 10), table_name, privilege_type)
  FROM information_schema.role_table_grants
  WHERE grantee LIKE 'getupnet\\_%' AND grantee <> 'getupnet_owner' AND table_schema = 'public'
    AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE')
  ORDER BY line`;

describe('isolation of tenants', () => {
  const database = useTestDatabase();
  let a: SeededTenant;
  let b: SeededTenant;
  let tables: readonly string[];

  beforeAll(async () => {
    await database().asOwner(async (owner) => {
      a = await seedEveryTable(owner, 1);
      b = await seedEveryTable(owner, 2);
      tables = await tablesOf(owner);
    });
  });

  const key = (table: string): string => (table === 'tenant' ? 'id' : 'tenant_id');
  const nothing = (result: number | 'denied'): boolean => result === 0 || result === 'denied';

  test('the suite knows every table', () => {
    expect(Object.keys(a.rows).sort()).toEqual([...tables].sort());
  });

  const scopes: [DatabaseRole, string, (own: string) => Scope][] = [
    ['app', 'app.tenant_id', (own) => ['app.tenant_id', own]],
    ['signer', 'app.tenant_id', (own) => ['app.tenant_id', own]],
    ['batch', 'app.tenant_ids', (own) => ['app.tenant_ids', own]],
  ];

  describe.each(scopes)('role %s under %s', (role, _, scopeOf) => {
    test('sees its own rows where it may read, and no others', async () => {
      let readable = 0;
      for (const table of tables) {
        const text = `SELECT ${key(table)} FROM ${table} WHERE ${key(table)} = $1`;
        const own = await as(database(), role, scopeOf(a.id), text, [a.id]);
        const foreign = await as(database(), role, scopeOf(a.id), text, [b.id]);
        const all = await as(database(), role, scopeOf(a.id), `SELECT ${key(table)} FROM ${table}`);
        expect([table, nothing(foreign)]).toEqual([table, true]);
        expect([table, all]).toEqual([table, own]);
        if (own === 1) readable += 1;
      }
      expect(readable).toBeGreaterThanOrEqual(4);
    });

    test('changes and deletes nothing of another tenant', async () => {
      for (const table of tables) {
        const column = key(table);
        for (const text of [
          `UPDATE ${table} SET ${column} = ${column} WHERE ${column} = $1`,
          `DELETE FROM ${table} WHERE ${column} = $1`,
        ]) {
          const result = await as(database(), role, scopeOf(a.id), text, [b.id]);
          expect([text, nothing(result)]).toEqual([text, true]);
        }
      }
    });

    test('writes no row for another tenant, and gives none away', async () => {
      for (const table of tables) {
        const row = { ...b.rows[table], [key(table)]: b.id };
        const inserted = await as(database(), role, scopeOf(a.id), ...insertOf(table, row));
        expect([table, inserted]).toEqual([table, 'denied']);
        const given = `UPDATE ${table} SET ${key(table)} = $1`;
        const result = await as(database(), role, scopeOf(a.id), given, [b.id]);
        expect([table, result]).toEqual([table, 'denied']);
      }
    });

    test('forgetting the tenant, there are no rows', async () => {
      for (const table of tables) {
        for (const scope of [undefined, [scopeOf('')[0], ''] as const]) {
          const text = `SELECT ${key(table)} FROM ${table}`;
          expect([table, nothing(await as(database(), role, scope, text))]).toEqual([table, true]);
        }
      }
    });
  });

  test('batch sees all the tenants its transaction lists', async () => {
    const both: Scope = ['app.tenant_ids', `${a.id},${b.id}`];
    expect(await as(database(), 'batch', both, 'SELECT id FROM document')).toBe(2);
    const one: Scope = ['app.tenant_id', a.id];
    expect(await as(database(), 'batch', one, 'SELECT id FROM document')).toBe(0);
  });

  test('the owner is no way around it either', async () => {
    const seen = await database().asOwner((owner) => owner.query('SELECT FROM document'));
    expect(seen.rowCount).toBe(0);
  });

  test('partitions are closed to everybody', async () => {
    const { rows } = await database().pools.query<{ name: string }>(
      'app',
      'SELECT relname AS name FROM pg_class WHERE relispartition AND relkind = $1',
      ['r'],
    );
    expect(rows.length).toBeGreaterThan(50);
    for (const { name } of rows) {
      const scope: Scope = ['app.tenant_id', a.id];
      expect([name, await as(database(), 'app', scope, `SELECT FROM ${name}`)]).toEqual([
        name,
        'denied',
      ]);
    }
  });

  test('a role has the grants listed here and no others', async () => {
    const grants = await database().asOwner((owner) => owner.query<{ line: string }>(GRANTS));
    expect(grants.rows.map((row) => row.line)).toMatchInlineSnapshot(`
      [
        "app api_key INSERT",
        "app api_key SELECT",
        "app api_key UPDATE expires_at,name,revoked_at",
        "app api_key_hash DELETE",
        "app api_key_hash INSERT",
        "app api_key_hash SELECT",
        "app artefact INSERT",
        "app artefact SELECT",
        "app audit_event INSERT",
        "app audit_event SELECT",
        "app branding INSERT",
        "app branding SELECT",
        "app branding UPDATE",
        "app dgii_token DELETE",
        "app dgii_token INSERT",
        "app dgii_token SELECT",
        "app dgii_token UPDATE",
        "app document INSERT",
        "app document SELECT",
        "app document UPDATE",
        "app encf_range INSERT",
        "app encf_range SELECT",
        "app encf_range UPDATE",
        "app outbox INSERT",
        "app tenant SELECT",
        "audit_append audit_event SELECT",
        "batch artefact INSERT",
        "batch artefact SELECT",
        "batch audit_event INSERT",
        "batch audit_event SELECT",
        "batch document INSERT",
        "batch document SELECT",
        "batch document UPDATE",
        "batch encf_range SELECT",
        "batch encf_range UPDATE next",
        "batch outbox INSERT",
        "batch tenant SELECT",
        "identity api_key SELECT",
        "identity api_key_hash SELECT",
        "identity tenant SELECT environment,id,name,production_enabled,rnc,status",
        "platform_read document SELECT attempts,created_at,encf,environment,generation,id,last_error,lease_until,next_attempt_at,parked_at,route,state,tenant_id,tipo,updated_at",
        "platform_read tenant SELECT created_at,environment,id,name,production_enabled,rnc,status",
        "relay document SELECT attempts,created_at,environment,held_by,id,lease_epoch,lease_owner,lease_until,next_attempt_at,parked_at,route,sending_since,state,tenant_id,tipo",
        "relay document UPDATE next_attempt_at",
        "relay outbox DELETE",
        "relay outbox SELECT",
        "relay outbox UPDATE id",
        "signer audit_event INSERT",
        "signer audit_event SELECT",
        "signer certificate INSERT",
        "signer certificate SELECT",
        "signer certificate UPDATE sealed,status",
        "signer signing_journal INSERT",
        "signer signing_journal SELECT",
        "signer tenant SELECT id,name,rnc,status",
      ]
    `);
  });
});
