import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BootError } from '@getupnet/platform';
import { useTestDatabase, type TestDatabase } from '@getupnet/testkit';
import { Client } from 'pg';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../../tools/embedded-postgres/index.js';
import { checkBoot } from '../migrations/check-boot.js';
import { migrate } from '../migrations/migrate.js';
import { roleUrls } from '../roles/role-urls.js';
import type { DatabaseRole } from '../roles/roles.js';
import { seedEveryTable, type SeededTenant } from './every-table.js';

// TEN-3, TEN-4: the ways around row-level security. Each is shown to be one, and stops the boot.

/** Problems a boot as role app would end with, over a connection of its own. */
async function problemsOf(url: string): Promise<readonly string[]> {
  return withClient(roleUrls({ DATABASE_URL: url }).app, async (client) => {
    const error: unknown = await checkBoot({ app: client }).then(
      () => new BootError([]),
      (thrown: unknown) => thrown,
    );
    if (error instanceof BootError) return error.problems;
    throw new Error('not a BootError', { cause: error });
  });
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Rows of a statement as role app, for a tenant, in a transaction that is undone. */
async function seen(
  database: TestDatabase,
  tenantId: string | null,
  text: string,
  role: DatabaseRole = 'app',
): Promise<number | string> {
  const client = await database.pools.get(role).connect();
  try {
    await client.query('BEGIN');
    if (tenantId !== null) {
      await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
    }
    return (await client.query(text)).rowCount ?? 0;
  } catch (error) {
    return (error as { readonly code: string }).code;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

interface Hole {
  readonly rule: string;
  readonly opened: string;
  readonly closed: string;
  readonly problem: string;
  /** What role app gets at as tenant A through it; and without it, by `shut`. */
  readonly through?: { readonly text: string; readonly open: number | string };
}

const VIEW = 'CREATE VIEW leak WITH (security_barrier) AS SELECT * FROM document';
const OPEN_DOCUMENTS = { text: 'SELECT FROM document', open: 2 };

const HOLES: readonly Hole[] = [
  {
    rule: 'TEN-3 ENABLE',
    opened: 'ALTER TABLE document DISABLE ROW LEVEL SECURITY',
    closed: 'ALTER TABLE document ENABLE ROW LEVEL SECURITY',
    problem: 'table document does not force row-level security',
    through: OPEN_DOCUMENTS,
  },
  {
    rule: 'TEN-3 FORCE',
    opened: 'ALTER TABLE document NO FORCE ROW LEVEL SECURITY',
    closed: 'ALTER TABLE document FORCE ROW LEVEL SECURITY',
    problem: 'table document does not force row-level security',
  },
  {
    rule: 'TEN-3 WITH CHECK left out',
    opened: `CREATE POLICY half ON branding TO getupnet_app
      USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`,
    closed: 'DROP POLICY half ON branding',
    problem: 'policy half on branding has no WITH CHECK',
  },
  {
    rule: 'TEN-3 WITH CHECK that takes anything',
    opened: `CREATE POLICY lax ON branding TO getupnet_app
      USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      WITH CHECK (true)`,
    closed: 'DROP POLICY lax ON branding',
    problem: 'policy lax on branding does not ask which tenant it is',
    through: {
      text: `INSERT INTO branding (tenant_id, accent_color)
        VALUES ('0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b', '#0B3D91')`,
      // Past the policy: only the reference to the tenant, which there is not, stops this one.
      open: '23503',
    },
  },
  {
    rule: 'TEN-3 policy of another condition',
    opened: 'CREATE POLICY wide ON document FOR SELECT TO getupnet_app USING (tipo = 31)',
    closed: 'DROP POLICY wide ON document',
    problem: 'policy wide on document does not ask which tenant it is',
    through: OPEN_DOCUMENTS,
  },
  {
    rule: 'TEN-3 policy of every role',
    opened: 'CREATE POLICY everyone ON document FOR SELECT USING (true)',
    closed: 'DROP POLICY everyone ON document',
    problem: 'policy everyone on document is for every role',
    through: OPEN_DOCUMENTS,
  },
  {
    rule: 'TEN-3 TRUNCATE',
    opened: 'GRANT TRUNCATE ON branding TO getupnet_app',
    closed: 'REVOKE TRUNCATE ON branding FROM getupnet_app',
    problem: 'database role getupnet_app (used as app) may truncate table branding',
    through: { text: 'TRUNCATE branding', open: 0 },
  },
  {
    rule: 'TEN-4 view with its owner’s rights',
    opened: `${VIEW}; ALTER TABLE document NO FORCE ROW LEVEL SECURITY;
      GRANT SELECT ON leak TO getupnet_app`,
    closed: 'DROP VIEW leak; ALTER TABLE document FORCE ROW LEVEL SECURITY',
    problem: 'view leak is not security_invoker',
    through: { text: 'SELECT FROM leak', open: 2 },
  },
  {
    rule: 'TEN-4 materialised view',
    opened: 'CREATE MATERIALIZED VIEW stored AS SELECT id FROM document',
    closed: 'DROP MATERIALIZED VIEW stored',
    problem: 'materialised view stored keeps rows without row-level security',
  },
  {
    rule: 'TEN-4 SECURITY DEFINER',
    opened: `CREATE FUNCTION every_document() RETURNS SETOF document LANGUAGE sql SECURITY DEFINER
        AS 'SELECT * FROM document'; ALTER TABLE document NO FORCE ROW LEVEL SECURITY`,
    closed: `DROP FUNCTION every_document(); ALTER TABLE document FORCE ROW LEVEL SECURITY`,
    problem: 'function every_document() is SECURITY DEFINER',
    through: { text: 'SELECT FROM every_document()', open: 2 },
  },
  {
    rule: 'TEN-4 unique key without the tenant',
    opened: 'CREATE UNIQUE INDEX document_id_key ON document (id)',
    closed: 'DROP INDEX document_id_key',
    problem: 'key document_id_key of document does not begin with tenant_id',
  },
  {
    rule: 'TEN-4 reference without the tenant',
    opened: `CREATE UNIQUE INDEX other_key ON encf_range (id);
      ALTER TABLE document ADD CONSTRAINT loose_fkey FOREIGN KEY (range_id)
        REFERENCES encf_range (id)`,
    closed: 'ALTER TABLE document DROP CONSTRAINT loose_fkey; DROP INDEX other_key',
    problem: 'reference loose_fkey of document does not begin with tenant_id',
  },
];

describe('holes in the wall', () => {
  const database = useTestDatabase();
  let a: SeededTenant;

  beforeAll(async () => {
    a = await seedEveryTable(database(), 1);
    await seedEveryTable(database(), 2);
  });

  const asOwner = (text: string) => database().asOwner((owner) => owner.query(text));

  test('there are none as the migrations leave it', async () => {
    expect(await problemsOf(database().ownerUrl)).toEqual([]);
  });

  test.each(HOLES)('$rule stops the boot', async ({ opened, closed, problem, through }) => {
    await asOwner(opened);
    try {
      expect(await problemsOf(database().ownerUrl)).toContain(problem);
      // It would have been one: the row of the other tenant comes through.
      if (through) expect(await seen(database(), a.id, through.text)).toBe(through.open);
    } finally {
      await asOwner(closed);
    }
    if (through) expect(await seen(database(), a.id, through.text)).not.toBe(through.open);
    expect(await problemsOf(database().ownerUrl)).toEqual([]);
  });

  test('TEN-3 setting: after a transaction it is empty and not null, and empty is nobody', async () => {
    const client = await database().pools.get('app').connect();
    try {
      const documents = async () => (await client.query('SELECT FROM document')).rowCount;
      const left = async () => {
        const { rows } = await client.query<{ left: string | null }>(
          `SELECT current_setting('app.tenant_id', true) AS left`,
        );
        return rows[0]?.left;
      };
      await client.query('BEGIN');
      await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [a.id]);
      expect(await documents()).toBe(1);
      await client.query('COMMIT');
      expect(await left()).toBe('');
      expect(await documents()).toBe(0);
    } finally {
      client.release();
    }
  });

  test('TEN-3 setting: one that is not the transaction’s stays on the connection; tidy bans it', async () => {
    const { rows } = await database().asOwner(async (owner) => {
      await owner.query('BEGIN');
      await owner.query('SELECT set_config($1, $2, false)', ['app.tenant_id', a.id]);
      await owner.query('COMMIT');
      return owner.query('SELECT FROM document');
    });
    expect(rows).toHaveLength(1);
  });
});

describe('roles that no policy holds', () => {
  // A cluster of its own: roles belong to the cluster, and other suites use theirs.
  let server: EmbeddedPostgres;
  let superuserUrl: string;
  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'getupnet-holes-'));
    server = await startEmbeddedPostgres({ dataDir: dir, fsync: false });
    await migrate(server.ownerUrl);
    const passwords = JSON.parse(readFileSync(join(dir, 'passwords.json'), 'utf8')) as {
      readonly superuser: string;
    };
    const url = new URL(server.ownerUrl);
    [url.username, url.password] = ['postgres', passwords.superuser];
    superuserUrl = url.href;
  });
  afterAll(() => server?.destroy());

  test.each([
    [
      'TEN-3 SUPERUSER',
      'ALTER ROLE getupnet_app SUPERUSER',
      'ALTER ROLE getupnet_app NOSUPERUSER',
      'is a superuser',
    ],
    [
      'TEN-3 BYPASSRLS',
      'ALTER ROLE getupnet_app BYPASSRLS',
      'ALTER ROLE getupnet_app NOBYPASSRLS',
      'bypasses row-level security',
    ],
    [
      'TEN-3 CREATEROLE',
      'ALTER ROLE getupnet_app CREATEROLE',
      'ALTER ROLE getupnet_app NOCREATEROLE',
      'may create roles',
    ],
    [
      'TEN-3 rights of another role',
      'GRANT getupnet_platform_read TO getupnet_app WITH INHERIT FALSE',
      'REVOKE getupnet_platform_read FROM getupnet_app',
      'has the rights of role getupnet_platform_read',
    ],
    [
      'TEN-3 setting: a default of the role',
      `ALTER ROLE getupnet_app SET "app.tenant_id" = '0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b'`,
      'ALTER ROLE getupnet_app RESET "app.tenant_id"',
      'begins with app.tenant_id set',
    ],
  ])('%s stops the boot', async (_, opened, closed, problem) => {
    await withClient(superuserUrl, (client) => client.query(opened));
    const problems = await problemsOf(server.ownerUrl);
    await withClient(superuserUrl, (client) => client.query(closed));
    expect(problems).toContain(`database role getupnet_app (used as app) ${problem}`);
    expect(await problemsOf(server.ownerUrl)).toEqual([]);
  });

  test('TEN-3 owner: a role that owns a table stops the boot', async () => {
    await withClient(superuserUrl, async (client) => {
      await client.query('ALTER TABLE branding OWNER TO getupnet_app');
    });
    expect(await problemsOf(server.ownerUrl)).toContain(
      'database role getupnet_app (used as app) owns table branding, or may act as its owner',
    );
  });
});
