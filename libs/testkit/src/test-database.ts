import { BatchDb, Pools, SignerDb, TenantDb } from '@getupnet/persistence';
import { Client } from 'pg';

/** A migrated database of a suite's own, with the product's roles. */
export class TestDatabase {
  readonly pools: Pools;
  readonly tenantDb: TenantDb;
  readonly signerDb: SignerDb;
  readonly batchDb: BatchDb;

  /** @param ownerUrl connection of the owner; also what a process takes as `DATABASE_URL` */
  constructor(readonly ownerUrl: string) {
    this.pools = new Pools({ urls: { DATABASE_URL: ownerUrl } });
    this.tenantDb = new TenantDb(this.pools);
    this.signerDb = new SignerDb(this.pools);
    this.batchDb = new BatchDb(this.pools);
  }

  /** Runs `work` with a connection of the owner, who is subject to row-level security too. */
  async asOwner<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: this.ownerUrl });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** Closes the pools and drops the database. */
  async drop(): Promise<void> {
    await this.pools.close();
    await ask('DELETE', this.ownerUrl);
  }
}

/** A fresh database; the first one of a run starts PostgreSQL. Drop it after the suite. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return new TestDatabase(await ask('POST'));
}

const START_TIMEOUT_MS = 60_000;

/**
 * A database for the whole suite, made before its tests and dropped after them:
 * `const database = useTestDatabase();` and, inside tests, `database()`.
 */
export function useTestDatabase(): () => TestDatabase {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await database?.drop();
  });
  return () => {
    if (!database) throw new Error('the test database exists from beforeAll on');
    return database;
  };
}

async function ask(method: 'POST' | 'DELETE', body?: string): Promise<string> {
  const server = process.env['GETUPNET_TEST_DATABASES'];
  if (server === undefined)
    throw new Error('test databases need jest with this workspace’s config');
  const response = await fetch(server, body === undefined ? { method } : { method, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`test database: ${text}`);
  return text;
}
