import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@getupnet/persistence';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded-postgres/index.js';
import { takeAway } from '../mutants/take-away.js';

/** One embedded PostgreSQL of a test run: a migrated template, cloned for each suite. */
export class TestCluster {
  private constructor(private readonly server: EmbeddedPostgres) {}

  static async start(): Promise<TestCluster> {
    const dir = await mkdtemp(join(tmpdir(), 'getupnet-test-'));
    // Open to the server's own account, which is not ours when we are root.
    await chmod(dir, 0o755);
    const server = await startEmbeddedPostgres({ dataDir: dir, fsync: false });
    await migrate(server.ownerUrl);
    // Of the schema, what a mutant's tests are to notice, see tools/mutants.
    await takeAway(server.ownerUrl);
    return new TestCluster(server);
  }

  /** Owner's connection of a new database like the template. */
  async clone(): Promise<string> {
    const url = new URL(this.server.ownerUrl);
    const template = url.pathname.slice(1);
    const name = `test_${randomBytes(8).toString('hex')}`;
    await this.administer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
    url.pathname = `/${name}`;
    return url.href;
  }

  async drop(ownerUrl: string): Promise<void> {
    const name = new URL(ownerUrl).pathname.slice(1);
    if (!/^test_[0-9a-f]{16}$/.test(name)) throw new Error(`not a test database: ${name}`);
    // Without FORCE the server waits some seconds for sessions that are just ending; with it, it would
    // at once want to end them itself, and the owner may not end those of other roles.
    await this.administer(`DROP DATABASE IF EXISTS ${name}`);
  }

  async stop(): Promise<void> {
    await this.server.destroy();
  }

  /** From outside every database of ours: the template must have no connections while cloned. */
  private async administer(statement: string): Promise<void> {
    const url = new URL(this.server.ownerUrl);
    url.pathname = '/postgres';
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
}
