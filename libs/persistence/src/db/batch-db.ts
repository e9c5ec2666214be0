import { isUuid } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
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
  const tenants = [...new Set(tenantIds)];
  if (tenants.length === 0 || tenants.length > MAX_TENANTS || !tenants.every(isUuid)) {
    throw new TypeError(`a batch lists 1 to ${MAX_TENANTS} tenants by their UUIDs`);
  }
  return withRetries(async () => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      // One round trip. Text in place of a parameter is safe: each was checked to be a UUID.
      await client.query(`BEGIN; SELECT set_config('app.tenant_ids', '${tenants.join()}', true)`);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
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
