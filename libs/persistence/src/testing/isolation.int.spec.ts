import { type TestDatabase, useTestDatabase } from '@getupnet/testkit';
import { DatabaseError, type ClientBase } from 'pg';
import type { DatabaseRole } from '../roles/roles.js';
import { type SeededTenant, insertOf, keyOf, seedEveryTable } from './every-table.js';

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
    a = await seedEveryTable(database(), 1);
    b = await seedEveryTable(database(), 2);
    tables = await database().asOwner(tablesOf);
  });

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
        const [column, ownKey] = keyOf(a, table);
        const text = `SELECT ${column} FROM ${table} WHERE ${column} = $1`;
        const own = await as(database(), role, scopeOf(a.id), text, [ownKey]);
        const foreign = await as(database(), role, scopeOf(a.id), text, [keyOf(b, table)[1]]);
        const all = await as(database(), role, scopeOf(a.id), `SELECT ${column} FROM ${table}`);
        expect([table, nothing(foreign)]).toEqual([table, true]);
        expect([table, all]).toEqual([table, own]);
        if (own === 1) readable += 1;
      }
      expect(readable).toBeGreaterThanOrEqual(4);
    });

    test('changes and deletes nothing of another tenant', async () => {
      for (const table of tables) {
        const [column, value] = keyOf(b, table);
        for (const text of [
          `UPDATE ${table} SET ${column} = ${column} WHERE ${column} = $1`,
          `DELETE FROM ${table} WHERE ${column} = $1`,
        ]) {
          const result = await as(database(), role, scopeOf(a.id), text, [value]);
          expect([text, nothing(result)]).toEqual([text, true]);
        }
      }
    });

    test('writes no row for another tenant, and gives none away', async () => {
      for (const table of tables) {
        const [column, value] = keyOf(b, table);
        const row = b.rows[table] ?? {};
        const inserted = await as(database(), role, scopeOf(a.id), ...insertOf(table, row));
        expect([table, inserted]).toEqual([table, 'denied']);
        const given = `UPDATE ${table} SET ${column} = $1`;
        const result = await as(database(), role, scopeOf(a.id), given, [value]);
        expect([table, result]).toEqual([table, 'denied']);
      }
    });

    test('forgetting the tenant, there are no rows', async () => {
      for (const table of tables) {
        for (const scope of [undefined, [scopeOf('')[0], ''] as const]) {
          const text = `SELECT ${keyOf(a, table)[0]} FROM ${table}`;
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

  test.each(['document', 'user_account', 'token_key', 'refresh_token'])(
    'the owner is no way around it either: %s',
    async (table) => {
      const seen = await database().asOwner((owner) => owner.query(`SELECT FROM ${table}`));
      expect(seen.rowCount).toBe(0);
    },
  );

  test('a tenant sees of its own people what it needs to know them by, and no secret', async () => {
    const scope: Scope = ['app.tenant_id', a.id];
    const shown = 'SELECT id, email, name, status, totp_enrolled_at FROM user_account';
    expect(await as(database(), 'app', scope, shown)).toBe(1);
    for (const secret of ['password_hash', 'totp_sealed', 'totp_last_step']) {
      const text = `SELECT ${secret} FROM user_account`;
      expect([secret, await as(database(), 'app', scope, text)]).toEqual([secret, 'denied']);
    }
  });

  test('role identity reaches people and names of tenants, and nothing of their business', async () => {
    const business = ['document', 'artefact', 'encf_range', 'outbox', 'certificate', 'branding'];
    for (const table of [...business, 'signing_journal', 'dgii_token', 'audit_event']) {
      const text = `SELECT FROM ${table}`;
      expect([table, await as(database(), 'identity', undefined, text)]).toEqual([table, 'denied']);
    }
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
        "app api_key UPDATE allowed_cidrs,expires_at,name,replaced_by,revoked_at",
        "app api_key_hash DELETE",
        "app api_key_hash INSERT",
        "app api_key_hash SELECT",
        "app artefact INSERT",
        "app artefact SELECT",
        "app audit_event INSERT actor,id,month,occurred_at,payload,subject_id,tenant_id,type",
        "app audit_event SELECT",
        "app audit_link SELECT",
        "app branding INSERT",
        "app branding SELECT",
        "app branding UPDATE",
        "app contingency INSERT",
        "app contingency SELECT",
        "app contingency UPDATE claimed_until,closed_by,drained_at,ended_at,next_try_at,notified_at,notified_ref,tries",
        "app contingency_paper DELETE",
        "app contingency_paper INSERT",
        "app contingency_paper SELECT",
        "app contingency_paper UPDATE branch,buyer_name,buyer_rnc,contingency_id,issued_on,monto_total,replaced_by,replacing_key,replacing_since,total_itbis",
        "app dgii_token DELETE",
        "app dgii_token INSERT",
        "app dgii_token SELECT",
        "app dgii_token UPDATE",
        "app document INSERT",
        "app document SELECT",
        "app document UPDATE",
        "app encf_alert INSERT",
        "app encf_alert SELECT",
        "app encf_range INSERT",
        "app encf_range SELECT",
        "app encf_range UPDATE",
        "app encf_usage SELECT",
        "app encf_void INSERT",
        "app encf_void SELECT",
        "app encf_void UPDATE attempts,dgii_codigo,dgii_mensajes,dgii_raw,last_error,lease_epoch,lease_until,next_attempt_at,signed_sha256,state,unanswered,updated_at",
        "app encf_void_range INSERT",
        "app encf_void_range SELECT",
        "app encf_void_range UPDATE last,outcome",
        "app inbox INSERT",
        "app inbox SELECT",
        "app membership SELECT",
        "app outbox INSERT",
        "app tenant SELECT",
        "app tenant_role SELECT",
        "app user_account SELECT created_at,email,id,name,status,totp_enrolled_at",
        "audit_append audit_checkpoint INSERT",
        "audit_append audit_checkpoint SELECT",
        "audit_append audit_cursor INSERT",
        "audit_append audit_cursor SELECT",
        "audit_append audit_cursor UPDATE horizon,horizon_id,linked_at,links,sweep_after,system_id",
        "audit_append audit_event INSERT actor,id,month,occurred_at,payload,subject_id,tenant_id,type",
        "audit_append audit_event SELECT",
        "audit_append audit_link INSERT",
        "audit_append audit_link SELECT",
        "batch artefact INSERT",
        "batch artefact SELECT",
        "batch audit_event INSERT actor,id,month,occurred_at,payload,subject_id,tenant_id,type",
        "batch audit_event SELECT",
        "batch document INSERT",
        "batch document SELECT",
        "batch document UPDATE",
        "batch encf_range SELECT",
        "batch encf_range UPDATE next",
        "batch encf_void_range SELECT environment,first,last,tenant_id,tipo",
        "batch outbox INSERT",
        "batch tenant SELECT",
        "identity api_key SELECT",
        "identity api_key UPDATE last_used_at",
        "identity api_key_hash SELECT",
        "identity audit_event INSERT actor,id,month,occurred_at,payload,subject_id,tenant_id,type",
        "identity invitation DELETE",
        "identity invitation INSERT",
        "identity invitation SELECT",
        "identity invitation UPDATE",
        "identity login_challenge DELETE",
        "identity login_challenge INSERT",
        "identity login_challenge SELECT",
        "identity login_challenge UPDATE",
        "identity login_failure DELETE",
        "identity login_failure INSERT",
        "identity login_failure SELECT",
        "identity login_failure UPDATE",
        "identity membership DELETE",
        "identity membership INSERT",
        "identity membership SELECT",
        "identity membership UPDATE",
        "identity message DELETE",
        "identity message INSERT",
        "identity message SELECT",
        "identity message UPDATE",
        "identity password_reset INSERT",
        "identity password_reset SELECT",
        "identity password_reset UPDATE",
        "identity platform_member DELETE",
        "identity platform_member INSERT",
        "identity platform_member SELECT",
        "identity platform_member UPDATE",
        "identity recovery_code DELETE",
        "identity recovery_code INSERT",
        "identity recovery_code SELECT",
        "identity recovery_code UPDATE",
        "identity refresh_token INSERT",
        "identity refresh_token SELECT",
        "identity refresh_token UPDATE",
        "identity tenant INSERT",
        "identity tenant SELECT",
        "identity tenant UPDATE environment,name,production_enabled,profile,rnc,status,updated_at,urls",
        "identity tenant_role DELETE",
        "identity tenant_role INSERT",
        "identity tenant_role SELECT",
        "identity tenant_role UPDATE",
        "identity token_key INSERT",
        "identity token_key SELECT",
        "identity token_key UPDATE",
        "identity user_account INSERT",
        "identity user_account SELECT",
        "identity user_account UPDATE",
        "identity user_session INSERT",
        "identity user_session SELECT",
        "identity user_session UPDATE",
        "platform_read audit_cursor SELECT",
        "platform_read audit_event SELECT id,txid",
        "platform_read document SELECT attempts,created_at,encf,environment,faults,generation,hand_overs,id,last_error,lease_until,next_attempt_at,parked_at,route,starts,state,tenant_id,tipo,updated_at",
        "platform_read tenant SELECT created_at,environment,id,name,production_enabled,rnc,status",
        "relay contingency SELECT claimed_until,environment,id,kind,next_try_at,tenant_id,tries",
        "relay contingency UPDATE claimed_until,next_try_at,tries",
        "relay document SELECT attempts,contingency_id,created_at,deadline_level,encf,environment,hand_overs,held_by,id,lease_epoch,lease_owner,lease_until,next_attempt_at,parked_at,route,send_by,sending_since,state,tenant_id,tipo,updated_at",
        "relay document UPDATE hand_overs,next_attempt_at",
        "relay encf_alert SELECT",
        "relay encf_range SELECT branch,created_at,environment,expires_on,first,id,last,next,tenant_id,tipo,void_id",
        "relay encf_usage DELETE",
        "relay encf_usage INSERT",
        "relay encf_usage SELECT",
        "relay encf_void SELECT id,next_attempt_at,tenant_id",
        "relay encf_void UPDATE next_attempt_at",
        "relay inbox DELETE",
        "relay inbox SELECT taken_at",
        "relay outbox DELETE",
        "relay outbox SELECT",
        "relay outbox UPDATE id",
        "relay tenant SELECT environment,id,status",
        "signer audit_event INSERT actor,id,month,occurred_at,payload,subject_id,tenant_id,type",
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
