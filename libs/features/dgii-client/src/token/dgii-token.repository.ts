import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import type { TokenKey } from './token.js';

/** Prefix of `sealed` while somebody is obtaining the token; no sealed text begins like this. */
const CLAIM_PREFIX = 'claim:';

export interface StoredToken {
  readonly sealed: string;
  readonly remainingMs: number;
}

/**
 * The row of a token. All times are the database's, so that replicas with different clocks agree on
 * who may renew and until when.
 */
@Injectable()
export class DgiiTokenRepository {
  /** The stored token, unless it has expired or is just being obtained. */
  async findValid(tx: Tx, key: TokenKey): Promise<StoredToken | null> {
    const rows = await tx.$queryRaw<{ sealed: string; remaining_ms: number }[]>`
      SELECT sealed,
             (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS remaining_ms
        FROM dgii_token
       WHERE tenant_id = ${key.tenantId}::uuid
         AND environment = ${key.environment}
         AND thumbprint = ${key.thumbprint}
         AND expires_at > clock_timestamp()
         AND NOT starts_with(sealed, ${CLAIM_PREFIX})`;
    const [row] = rows;
    return row ? { sealed: row.sealed, remainingMs: row.remaining_ms } : null;
  }

  /**
   * Takes the right to obtain the token for `leaseMs`: if there is no row, if what it holds (token
   * or claim) has run out, or if it holds the token DGII has `rejected`.
   */
  async claim(
    tx: Tx,
    key: TokenKey,
    { id, leaseMs, rejected }: { id: string; leaseMs: number; rejected: string | null },
  ): Promise<boolean> {
    const claimed = await tx.$executeRaw`
      INSERT INTO dgii_token AS t
             (tenant_id, environment, thumbprint, sealed, issued_at, expires_at)
      VALUES (${key.tenantId}::uuid, ${key.environment}, ${key.thumbprint},
              ${CLAIM_PREFIX + id}, clock_timestamp(),
              clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond')
          ON CONFLICT (tenant_id, environment, thumbprint) DO UPDATE
         SET sealed = excluded.sealed,
             issued_at = excluded.issued_at,
             expires_at = excluded.expires_at
       WHERE t.expires_at <= clock_timestamp() OR t.sealed = ${rejected}`;
    return claimed > 0;
  }

  /** Puts the token in place of our claim; false if the claim has become somebody else's. */
  async store(
    tx: Tx,
    key: TokenKey,
    { id, sealed, lifetimeMs }: { id: string; sealed: string; lifetimeMs: number },
  ): Promise<boolean> {
    const stored = await tx.$executeRaw`
      UPDATE dgii_token
         SET sealed = ${sealed},
             issued_at = clock_timestamp(),
             expires_at = clock_timestamp() + ${lifetimeMs}::float8 * interval '1 millisecond'
       WHERE tenant_id = ${key.tenantId}::uuid
         AND environment = ${key.environment}
         AND thumbprint = ${key.thumbprint}
         AND sealed = ${CLAIM_PREFIX + id}`;
    return stored > 0;
  }

  /** Lets the next one try at once. */
  async release(tx: Tx, key: TokenKey, id: string): Promise<void> {
    await tx.$executeRaw`
      UPDATE dgii_token
         SET expires_at = clock_timestamp()
       WHERE tenant_id = ${key.tenantId}::uuid
         AND environment = ${key.environment}
         AND thumbprint = ${key.thumbprint}
         AND sealed = ${CLAIM_PREFIX + id}`;
  }
}
