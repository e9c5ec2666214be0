import { BootError } from '@getupnet/platform';
import { Logger } from '@nestjs/common';
import { Pool, type PoolConfig, type QueryResult, type QueryResultRow, types } from 'pg';
import { QUEUE_SCHEMA } from '../migrations/queue-schema.js';
import { type DatabaseUrls, roleUrl, roleVariable } from '../roles/role-urls.js';
import { DATABASE_ROLES, type DatabaseRole } from '../roles/roles.js';
import { mapDatabaseError } from './database-errors.js';

export interface PoolsOptions {
  readonly urls: DatabaseUrls;
  /** Most connections of a role; {@link DEFAULT_POOL_SIZE} where absent. */
  readonly sizes?: Readonly<Partial<Record<DatabaseRole, number>>>;
  readonly connectTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
}

export const DEFAULT_POOL_SIZE = 4;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** A transaction whose owner went silent gives its locks back. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
/** Who appends to the audit chain holds up all who would: a frozen one loses its place soon. */
const APPENDER_IDLE_TIMEOUT_MS = 3_000;
const IDLE_CONNECTION_MS = 60_000;

/**
 * The statements of batch, relay and audit_append look up some hundred rows by their keys. Left to
 * itself the planner reads every document of the tenants concerned (it cannot know how many there are)
 * and joins afterwards: the accept rate fell from 3,300/s to 520/s within the first 50,000 documents.
 */
const BY_KEY = ['hashjoin', 'mergejoin', 'material', 'seqscan', 'bitmapscan']
  .map((method) => `-c enable_${method}=off`)
  .concat('-c plan_cache_mode=force_generic_plan')
  .join(' ');

const SESSION_OPTIONS: Readonly<Partial<Record<DatabaseRole, string>>> = {
  batch: BY_KEY,
  relay: BY_KEY,
  audit_append: BY_KEY,
  queue: `-c search_path=${QUEUE_SCHEMA}`,
};

const DATE_OID = 1082;
/** A `date` is a calendar day: as Date it would shift with the machine's time zone. */
const asText = (value: string): string => value;
const parsers: PoolConfig['types'] = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === DATE_OID ? asText : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};

/**
 * One connection pool per database role, opened when first asked for: what a process never uses costs
 * nothing, and a missing grant shows even where all services run in one process.
 */
export class Pools {
  readonly #pools = new Map<DatabaseRole, Pool>();
  readonly #logger = new Logger('Pools');
  readonly #options: PoolsOptions;
  #closing: Promise<void> | undefined;

  constructor(options: PoolsOptions) {
    this.#options = options;
  }

  /** Roles this process has a connection for. */
  get available(): readonly DatabaseRole[] {
    return DATABASE_ROLES.filter((role) => roleUrl(this.#options.urls, role) !== undefined);
  }

  get(role: DatabaseRole): Pool {
    const known = this.#pools.get(role);
    if (known) return known;
    if (this.#closing) throw new Error(`pool ${role} asked for after the pools were closed`);
    const pool = new Pool(this.configOf(role));
    // An idle connection the server ended is replaced by the next use; nothing else to do.
    pool.on('error', (error) => {
      this.#logger.warn({ message: 'idle database connection lost', role, reason: error.message });
    });
    // A connection in use tells its own query; without a listener the event would end the process.
    pool.on('connect', (client) => {
      client.on('error', (error) => {
        this.#logger.warn({ message: 'database connection lost', role, reason: error.message });
      });
    });
    this.#pools.set(role, pool);
    return pool;
  }

  /** One statement of a role, with the database's faults turned into problems. */
  async query<R extends QueryResultRow>(
    role: DatabaseRole,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<R>> {
    try {
      return await this.get(role).query<R>(text, [...values]);
    } catch (error) {
      throw mapDatabaseError(error);
    }
  }

  /** Connection settings of a role, for the few that need a connection outside the pool. */
  configOf(role: DatabaseRole): PoolConfig {
    const connectionString = roleUrl(this.#options.urls, role);
    if (connectionString === undefined) {
      throw new BootError(`DATABASE_URL (or ${roleVariable(role)}): is required`);
    }
    return {
      connectionString,
      application_name: `getupnet-${role}`,
      max: this.#options.sizes?.[role] ?? DEFAULT_POOL_SIZE,
      connectionTimeoutMillis: this.#options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      statement_timeout: this.#options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout:
        role === 'audit_append' ? APPENDER_IDLE_TIMEOUT_MS : IDLE_IN_TRANSACTION_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      keepAlive: true,
      types: parsers,
      // Its transactions send several messages before they wait for an answer.
      pipeline: role === 'batch',
      ...(SESSION_OPTIONS[role] === undefined ? {} : { options: SESSION_OPTIONS[role] }),
    };
  }

  /** Ends every pool once its connections are given back. */
  close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#pools.values()].map((pool) => pool.end())).then(
      () => undefined,
    );
    return this.#closing;
  }
}
