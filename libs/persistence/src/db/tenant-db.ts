import { isUuid } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from '../generated/client.js';
import type { DatabaseRole } from '../roles/roles.js';
import { Pools } from './pools.js';
import { withRetries } from './retry.js';

/** A transaction in which exactly one tenant's rows exist. */
export type Tx = Prisma.TransactionClient;

/** Whose transaction it is; a TenantContext is one. */
export interface TenantScope {
  readonly tenantId: string;
}

const MAX_WAIT_MS = 5_000;
const TRANSACTION_TIMEOUT_MS = 15_000;

/** Transactions of one tenant under one role. */
abstract class ScopedDb {
  readonly #pools: Pools;
  readonly #role: DatabaseRole;
  #client: PrismaClient | undefined;

  constructor(pools: Pools, role: DatabaseRole) {
    this.#pools = pools;
    this.#role = role;
  }

  /**
   * Runs `work` in one transaction that sees and writes only the tenant's rows. It may run again
   * after a deadlock, so it has no effects outside the transaction. Database faults become
   * `dependency.unavailable`, `dependency.timeout` or `storage.full`.
   */
  async run<T>(scope: TenantScope, work: (tx: Tx) => Promise<T>): Promise<T> {
    const { tenantId } = scope;
    if (!isUuid(tenantId)) throw new TypeError('a tenant id is a UUID');
    return withRetries(() =>
      this.client.$transaction(
        async (tx) => {
          await tx.$executeRaw`SELECT set_config('app.tenant_id', ${tenantId}, true)`;
          return work(tx);
        },
        { maxWait: MAX_WAIT_MS, timeout: TRANSACTION_TIMEOUT_MS },
      ),
    );
  }

  private get client(): PrismaClient {
    this.#client ??= new PrismaClient({ adapter: new PrismaPg(this.#pools.get(this.#role)) });
    return this.#client;
  }
}

/**
 * Transactions of nobody's in particular: accounts, sessions and memberships, before a tenant is known
 * or across tenants. Role `identity` reaches nothing of a tenant's business.
 */
@Injectable()
export class IdentityDb {
  readonly #pools: Pools;
  #client: PrismaClient | undefined;

  constructor(pools: Pools) {
    this.#pools = pools;
  }

  /** As {@link TenantDb.run}, without a tenant. */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.#client ??= new PrismaClient({ adapter: new PrismaPg(this.#pools.get('identity')) });
    const client = this.#client;
    return withRetries(() =>
      client.$transaction(work, { maxWait: MAX_WAIT_MS, timeout: TRANSACTION_TIMEOUT_MS }),
    );
  }
}

/** Business transactions of one tenant: role `app`. */
@Injectable()
export class TenantDb extends ScopedDb {
  constructor(pools: Pools) {
    super(pools, 'app');
  }
}

/** The signer's transactions of one tenant: certificates and signing journal, role `signer`. */
@Injectable()
export class SignerDb extends ScopedDb {
  constructor(pools: Pools) {
    super(pools, 'signer');
  }
}
