import { setTimeout as delay } from 'node:timers/promises';
import { BootError, Config, Readiness } from '@getupnet/platform';
import { Global, Injectable, Module, Optional } from '@nestjs/common';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';
import { AuditLog } from './audit-log.js';
import { AuditChain } from './audit/audit-chain.js';
import { AuditCheckpoints } from './audit/audit-checkpoints.js';
import { AuditLag } from './audit/audit-lag.js';
import { AuditReader } from './audit/audit-reader.js';
import { SecurityAudit } from './audit/security-audit.js';
import { ContingencyStore } from './contingency/contingency-store.js';
import { CursorCodec } from './cursors/cursor-codec.js';
import { BatchDb } from './db/batch-db.js';
import { persistenceEnv } from './db/persistence-env.js';
import { databaseFault } from './db/database-errors.js';
import { Pools } from './db/pools.js';
import { IdentityDb, SignerDb, TenantDb } from './db/tenant-db.js';
import { AcceptWriter } from './emission/accept-writer.js';
import { DocumentReader } from './emission/document-reader.js';
import { EmissionReader } from './emission/emission-reader.js';
import { RelayStore } from './emission/relay-store.js';
import { TransitionWriter } from './emission/transition-writer.js';
import { Inbox } from './inbox/inbox.js';
import { checkBoot } from './migrations/check-boot.js';
import { Notifications } from './notifications.js';
import { Outbox } from './outbox/outbox.js';
import type { DatabaseRole } from './roles/roles.js';
import { SequenceWatchStore } from './sequences/sequence-watch-store.js';

/** A database that is just starting is waited for; a longer outage is the supervisor's to retry. */
const BOOT_WAIT_MS = 15_000;
const BOOT_POLL_MS = 250;

/** Refuses to start on an unfit database, and tells readiness. */
@Injectable()
export class DatabaseGuard implements OnModuleInit {
  readonly #pools: Pools;

  constructor(pools: Pools, @Optional() readiness?: Readiness) {
    this.#pools = pools;
    readiness?.register({ name: 'postgres', check: () => this.ping() });
  }

  async onModuleInit(): Promise<void> {
    const roles = this.#pools.available;
    if (roles.length === 0) throw new BootError('DATABASE_URL: is required');
    const clients: Partial<Record<DatabaseRole, Client>> = {};
    try {
      // Connections of their own: the pools of roles this process never uses stay unopened.
      for (const role of roles) clients[role] = await this.connect(role);
      await checkBoot(clients);
    } finally {
      await Promise.all(Object.values(clients).map((client) => client.end()));
    }
  }

  private async ping(): Promise<void> {
    const role = this.#pools.available[0];
    if (role) await this.#pools.query(role, 'SELECT 1');
  }

  private async connect(role: DatabaseRole): Promise<Client> {
    const deadline = performance.now() + BOOT_WAIT_MS;
    for (;;) {
      const client = new Client(this.#pools.configOf(role));
      client.on('error', () => undefined);
      try {
        await client.connect();
        return client;
      } catch (cause) {
        await client.end();
        if (databaseFault(cause) !== 'unavailable' || performance.now() > deadline) {
          const reason = cause instanceof Error ? cause.message : String(cause);
          throw new BootError(`database role ${role} cannot connect: ${reason}`, { cause });
        }
        await delay(BOOT_POLL_MS);
      }
    }
  }
}

function openPools(config: Config): Pools {
  const env = config.get(persistenceEnv);
  return new Pools({
    urls: env,
    sizes: {
      app: env.DATABASE_POOL_APP,
      batch: env.DATABASE_POOL_BATCH,
      identity: env.DATABASE_POOL_IDENTITY,
      relay: env.DATABASE_POOL_RELAY,
      signer: env.DATABASE_POOL_SIGNER,
      audit_append: env.DATABASE_POOL_AUDIT_APPEND,
      platform_read: env.DATABASE_POOL_PLATFORM_READ,
      queue: env.DATABASE_POOL_QUEUE,
    },
    connectTimeoutMs: env.DATABASE_CONNECT_TIMEOUT_MS,
    statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS,
  });
}

const shared = [
  TenantDb,
  SignerDb,
  IdentityDb,
  BatchDb,
  Outbox,
  Inbox,
  CursorCodec,
  AuditLog,
  AuditChain,
  AuditCheckpoints,
  AuditLag,
  AuditReader,
  Notifications,
  AcceptWriter,
  TransitionWriter,
  DocumentReader,
  EmissionReader,
  RelayStore,
  ContingencyStore,
  SequenceWatchStore,
];

/**
 * The database for every feature of a process: import it in each service's modules (Nest makes one of
 * it) and list `persistenceEnv` in the service's `env`.
 */
@Global()
@Module({
  providers: [
    { provide: Pools, useFactory: openPools, inject: [Config] },
    DatabaseGuard,
    SecurityAudit,
    ...shared,
  ],
  exports: [Pools, ...shared],
})
export class PersistenceModule implements OnApplicationShutdown {
  readonly #pools: Pools;

  constructor(pools: Pools) {
    this.#pools = pools;
  }

  /** After the hooks of every provider: writers drain, then the connections end. */
  async onApplicationShutdown(): Promise<void> {
    await this.#pools.close();
  }
}
