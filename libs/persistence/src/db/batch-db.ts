import { isUuid } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { databaseFault } from './database-errors.js';
import { Pools } from './pools.js';
import { withRetries } from './retry.js';

/** More tenants than a group commit can hold: somebody is about to open everything. */
export const MAX_TENANTS = 256;

/**
 * Runs `work` in one transaction that sees and writes the listed tenants' rows and no others. Like
 * every transaction here it may run again after a deadlock.
 */
export async function withTenants<T>(
  pool: Pool,
  tenantIds: readonly string[],
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const begin = beginFor(tenantIds);
  return withClient(pool, async (client) => {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  });
}

/** As {@link withTenants} for roles whose own policies say what they see. */
export function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return withClient(pool, async (client) => {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  });
}

/**
 * As {@link withTenants} for a single statement, in one round trip: beginning, statement and end are
 * sent together. When the statement fails, the server answers the COMMIT with a rollback.
 */
export async function oneWithTenants<R extends QueryResultRow>(
  pool: Pool,
  tenantIds: readonly string[],
  query: QueryConfig,
): Promise<QueryResult<R>> {
  const begin = beginFor(tenantIds);
  return withClient(pool, async (client) => {
    const { stream } = client.connection;
    stream.cork();
    const sent = Promise.allSettled([
      client.query(begin),
      client.query<R>(query),
      client.query('COMMIT'),
    ]);
    stream.uncork();
    const [begun, result, ended] = await sent;
    if (begun.status === 'rejected') throw begun.reason;
    if (result.status === 'rejected') throw result.reason;
    if (ended.status === 'rejected') throw ended.reason;
    return result.value;
  });
}

/** Text in place of a parameter is safe: each tenant is checked to be a UUID. */
function beginFor(tenantIds: readonly string[]): string {
  const tenants = [...new Set(tenantIds)];
  if (tenants.length === 0 || tenants.length > MAX_TENANTS || !tenants.every(isUuid)) {
    throw new TypeError(`a batch lists 1 to ${MAX_TENANTS} tenants by their UUIDs`);
  }
  return `BEGIN; SELECT set_config('app.tenant_ids', '${tenants.join()}', true)`;
}

/** A connection of the pool for one transaction, which is rolled back when it fails. */
function withClient<T>(pool: Pool, transaction: (client: PoolClient) => Promise<T>): Promise<T> {
  return withRetries(async () => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      return await transaction(client);
    } catch (error) {
      if (databaseFault(error) === 'unavailable') broken = toError(error);
      else broken = await rollBack(client);
      throw error;
    } finally {
      client.release(broken);
    }
  });
}

/** Group commits over several tenants: role `batch`. */
@Injectable()
export class BatchDb {
  readonly #pools: Pools;

  constructor(pools: Pools) {
    this.#pools = pools;
  }

  run<T>(tenantIds: readonly string[], work: (client: PoolClient) => Promise<T>): Promise<T> {
    return withTenants(this.#pools.get('batch'), tenantIds, work);
  }

  /** One statement, one round trip. */
  one<R extends QueryResultRow>(
    tenantIds: readonly string[],
    query: QueryConfig,
  ): Promise<QueryResult<R>> {
    return oneWithTenants(this.#pools.get('batch'), tenantIds, query);
  }
}

/** The fault that makes the connection unusable, if even this fails. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return toError(error);
  }
}

function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
