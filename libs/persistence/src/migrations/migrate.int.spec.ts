import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BootError } from '@getupnet/platform';
import { createTestTenant, useTestDatabase } from '@getupnet/testkit';
import { Client, Pool } from 'pg';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../../tools/embedded-postgres/index.js';
import { roleUrls } from '../roles/role-urls.js';
import { checkBoot } from './check-boot.js';
import { migrate } from './migrate.js';
import { type MigrationFile, readMigrations } from './migration-files.js';
import { ensurePartitions } from './partitions.js';

const file = (name: string, sql: string): MigrationFile => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});

/** The problems a boot would end with. */
const problemsOf = async (work: Promise<unknown>): Promise<readonly string[]> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return [];
  if (error instanceof BootError) return error.problems;
  throw new Error('not a BootError', { cause: error });
};

describe('migrate', () => {
  const database = useTestDatabase();

  /** An empty database beside the migrated one. */
  async function emptyDatabase(): Promise<string> {
    const url = new URL(database().ownerUrl);
    const name = `empty_${randomBytes(6).toString('hex')}`;
    await database().asOwner((owner) => owner.query(`CREATE DATABASE ${name}`));
    url.pathname = `/${name}`;
    return url.href;
  }

  test('SUP-4: of several runners at once, one applies', async () => {
    const url = await emptyDatabase();
    const reports = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    const names = (await readMigrations()).map(({ name }) => name);
    expect(reports.flatMap((report) => report.applied)).toEqual(names);
    expect(reports.filter((report) => report.partitions.length > 0)).toHaveLength(1);
    expect(await migrate(url)).toEqual({ applied: [], partitions: [] });
    await problemsOf(withPools(url, (pools) => checkBoot(pools))).then((found) =>
      expect(found).toEqual([]),
    );
  });

  test('a migration that fails leaves nothing of itself, and those before it stay', async () => {
    const url = await emptyDatabase();
    const migrations = [
      file('1_good', 'CREATE TABLE good (id int)'),
      file('2_bad', 'CREATE TABLE half (id int); SELECT 1 / 0'),
    ];
    const found = await problemsOf(migrate(url, { migrations }));
    expect(found).toEqual(['migration 2_bad failed: division by zero']);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT to_regclass('good')::text AS good, to_regclass('half')::text AS half`,
    );
    await client.end();
    expect(rows).toEqual([{ good: 'good', half: null }]);
  });

  test('refuses a database whose migrations were edited or left unfinished', async () => {
    const url = database().ownerUrl;
    const [first, ...rest] = await readMigrations();
    if (!first) throw new Error('there are migrations');
    const edited = [{ ...first, checksum: 'f'.repeat(64) }, ...rest];
    expect(await problemsOf(migrate(url, { migrations: edited }))).toEqual([
      `migration ${first.name} was edited after it had been applied`,
    ]);
    await database().asOwner(async (owner) => {
      await owner.query('UPDATE _prisma_migrations SET finished_at = NULL');
      const found = await problemsOf(migrate(url));
      expect(found[0]).toBe(`migration ${first.name} was started and never finished`);
      await owner.query('UPDATE _prisma_migrations SET finished_at = now()');
    });
  });

  test('works on the schema of a newer version', async () => {
    const row = `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
      VALUES ('x', 'y', '9999_newer', now())`;
    await database().asOwner((owner) => owner.query(row));
    expect(await migrate(database().ownerUrl)).toEqual({ applied: [], partitions: [] });
    await database().asOwner((owner) =>
      owner.query(`DELETE FROM _prisma_migrations WHERE id = 'x'`),
    );
  });

  test('makes partitions for the months to come, and moves rows that came too early', async () => {
    const tenant = await createTestTenant(database());
    const event = (month: string) =>
      database().tenantDb.run(
        tenant,
        (tx) => tx.$executeRaw`
          INSERT INTO audit_event (tenant_id, month, id, type, actor)
          VALUES (${tenant.id}::uuid, ${month}::date, gen_random_uuid(), 't', 'a')`,
      );
    await event('2031-04-01');
    await event('2031-05-01');
    const made = await database().asOwner((owner) =>
      ensurePartitions(owner, new Date('2029-05-15T00:00:00Z')),
    );
    expect(made).toContain('audit_event_2031_05');
    expect(made).not.toContain('audit_event_2031_06');
    const places = await database().tenantDb.run(
      tenant,
      (tx) => tx.$queryRaw`
        SELECT tableoid::regclass::text AS place FROM audit_event ORDER BY month`,
    );
    expect(places).toEqual([{ place: 'audit_event_2031_04' }, { place: 'audit_event_2031_05' }]);
    expect(await problemsOf(checkBoot({ app: database().pools.get('app') }))).toEqual([]);
  });
});

describe('logins of the roles', () => {
  // A cluster of its own: roles belong to the cluster, and other suites use theirs.
  let server: EmbeddedPostgres;
  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'getupnet-roles-'));
    server = await startEmbeddedPostgres({ dataDir: dir, fsync: false });
  });
  afterAll(() => server.destroy());

  test('a password that has changed is set again, unless the operator states the role’s', async () => {
    const { ownerUrl } = server;
    const url = roleUrls({ DATABASE_URL: ownerUrl }).audit_append;
    const works = async () => {
      const client = new Client({ connectionString: url });
      try {
        await client.connect();
        return true;
      } catch {
        return false;
      } finally {
        await client.end();
      }
    };
    await migrate(ownerUrl, { statedRoles: ['audit_append'] });
    expect(await works()).toBe(false);
    await migrate(ownerUrl);
    expect(await works()).toBe(true);
    const owner = new Client({ connectionString: ownerUrl });
    await owner.connect();
    await owner.query(`ALTER ROLE getupnet_audit_append PASSWORD 'something else'`);
    await owner.end();
    expect(await works()).toBe(false);
    await migrate(ownerUrl);
    expect(await works()).toBe(true);
  });
});

async function withPools<T>(
  ownerUrl: string,
  work: (pools: Record<string, Pool>) => Promise<T>,
): Promise<T> {
  const pools = Object.fromEntries(
    Object.entries(roleUrls({ DATABASE_URL: ownerUrl })).map(([role, url]) => [
      role,
      new Pool({ connectionString: url, max: 1 }),
    ]),
  );
  try {
    return await work(pools);
  } finally {
    await Promise.all(Object.values(pools).map((pool) => pool.end()));
  }
}

describe('checkBoot', () => {
  const database = useTestDatabase();
  const found = () => problemsOf(checkBoot({ app: database().pools.get('app') }));
  const owner = (text: string) => database().asOwner((client) => client.query(text));

  test('finds nothing on a database as the migrations left it', async () => {
    expect(await found()).toEqual([]);
  });

  test.each([
    [
      'a table without row-level security',
      'CREATE TABLE loose (tenant_id uuid)',
      'DROP TABLE loose',
      'table loose does not force row-level security',
    ],
    [
      'a table that does not force it',
      'ALTER TABLE document NO FORCE ROW LEVEL SECURITY',
      'ALTER TABLE document FORCE ROW LEVEL SECURITY',
      'table document does not force row-level security',
    ],
    [
      'a table without policy',
      `CREATE TABLE bare (tenant_id uuid); ALTER TABLE bare ENABLE ROW LEVEL SECURITY;
       ALTER TABLE bare FORCE ROW LEVEL SECURITY`,
      'DROP TABLE bare',
      'table bare has no row-level security policy',
    ],
    [
      'a role that may truncate',
      'GRANT TRUNCATE ON document TO getupnet_app',
      'REVOKE TRUNCATE ON document FROM getupnet_app',
      'database role getupnet_app (used as app) may truncate table document',
    ],
    [
      'a role that owns a table',
      `GRANT getupnet_app TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
       GRANT CREATE ON SCHEMA public TO getupnet_app;
       CREATE TABLE theirs (tenant_id uuid); ALTER TABLE theirs OWNER TO getupnet_app`,
      `DROP TABLE theirs; REVOKE CREATE ON SCHEMA public FROM getupnet_app;
       REVOKE getupnet_app FROM CURRENT_USER`,
      'database role getupnet_app (used as app) owns table theirs, or may act as its owner',
    ],
  ])('names %s', async (_, breakIt, mendIt, problem) => {
    await owner(breakIt);
    const problems = await found();
    await owner(mendIt);
    expect(problems).toContain(problem);
    expect(await found()).toEqual([]);
  });

  test('names an owner used as a run-time role, and migrations not yet applied', async () => {
    await database().asOwner(async (client) => {
      const migrations = [...(await readMigrations()), file('9_next', 'SELECT 1')];
      const problems = await problemsOf(checkBoot({ app: client }, migrations));
      expect(problems).toEqual([
        'database role getupnet_owner (used as app) may create roles',
        'database role getupnet_owner (used as app) owns table api_key, or may act as its owner',
        'database role getupnet_owner (used as app) may truncate table api_key',
        'migration 9_next is pending: run the migrations first',
      ]);
    });
  });
});
