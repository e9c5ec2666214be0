import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { serverAccount } from './account.js';
import { findBinaries } from './binaries.js';
import { type DataDir, openDataDir } from './data-dir.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { SUPERUSER, makeCluster, startServer, withSuperuser } from './server.js';

export { EmbeddedPostgresError };

export interface EmbeddedPostgresOptions {
  /** Made if absent; a second start finds the same data. */
  readonly dataDir: string;
  /** `false` only where the data may be lost: tests. */
  readonly fsync?: boolean;
  /** Server settings besides. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told, in Spanish, what the person who started it should know. */
  readonly onNotice?: (text: string) => void;
}

export interface EmbeddedPostgres {
  /** Connection of the migrations' role, which owns the database but is no superuser. */
  readonly ownerUrl: string;
  /** The superuser's, in the same database: for checkers that must see every tenant's rows. */
  readonly superuserUrl: string;
  stop(): Promise<void>;
  /** An immediate stop, as a crash: the next start recovers from the write-ahead log. */
  crash(): Promise<void>;
  /** Stops it and deletes its data, wherever they had to live: tests. */
  destroy(): Promise<void>;
}

const OWNER = 'getupnet_owner';
const DATABASE = 'getupnet';

/** Starts the PostgreSQL that npm installed, for trying and testing; production brings its own. */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const account = serverAccount();
  const dir = await openDataDir(options.dataDir, account);
  if (dir.movedFrom !== undefined) {
    options.onNotice?.(
      `La base no puede vivir en ${dir.movedFrom} (la cuenta del servidor no entra ahí); ` +
        `sus datos quedan en ${dir.cluster}.`,
    );
  }
  const binaries = await findBinaries(account);
  await makeCluster(binaries, dir, account);
  const careless = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    // Its workers belong to nobody the owner may end, and would keep a test database from being dropped.
    autovacuum: 'off',
  };
  const settings = { ...(options.fsync === false ? careless : {}), ...options.settings };
  const server = await startServer(binaries, dir, account, settings);
  try {
    await makeOwner(server.port, dir);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const urlOf = (user: string, password: string): string =>
    `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${DATABASE}`;
  return {
    ownerUrl: urlOf(OWNER, dir.passwords.owner),
    superuserUrl: urlOf(SUPERUSER, dir.passwords.superuser),
    stop: () => server.stop(),
    crash: () => server.crash(),
    destroy: async () => {
      await server.stop();
      await rm(options.dataDir, { recursive: true, force: true });
      // The substitute's parent directory was made for it alone.
      if (dir.movedFrom !== undefined) {
        await rm(dirname(dir.home), { recursive: true, force: true });
      }
    },
  };
}

/** As in production: the owner may make roles and databases, and bypasses nothing. */
async function makeOwner(port: number, dir: DataDir): Promise<void> {
  await withSuperuser(port, dir, async (client) => {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 1) return;
    const role = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [OWNER]);
    if (role.rowCount === 0) {
      const password = client.escapeLiteral(dir.passwords.owner);
      await client.query(`CREATE ROLE ${OWNER} LOGIN CREATEDB CREATEROLE PASSWORD ${password}`);
    }
    await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  });
}
