import { Injectable } from '@nestjs/common';
import { Pools } from '../db/pools.js';

/**
 * Events after the cursor; all, before there is one. Those of transactions that cannot be yet are
 * another cluster's, from before a restore; they are in the chain already.
 */
const BEHIND = `
FROM audit_event e
WHERE e.txid >= coalesce((SELECT horizon FROM audit_cursor WHERE id = 1), '0')
  AND e.txid < (SELECT pg_snapshot_xmax(pg_current_snapshot()))`;

const OLDEST = `
SELECT extract(epoch FROM clock_timestamp() - e.occurred_at)::float8 AS age ${BEHIND}
  AND NOT EXISTS (SELECT FROM audit_link l
    WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id AND l.event_month = e.month)
ORDER BY e.txid, e.id LIMIT 1`;

const COUNT = `SELECT count(*) FROM (SELECT ${BEHIND} LIMIT $1) behind`;

/** How far the chain is behind the events. */
@Injectable()
export class AuditLag {
  constructor(private readonly pools: Pools) {}

  /** Seconds since the oldest event that is in no chain yet; 0 when all are. Role `audit_append`. */
  async ageS(): Promise<number> {
    const { rows } = await this.pools.query<{ age: number }>('audit_append', OLDEST);
    return Math.max(0, rows[0]?.age ?? 0);
  }

  /**
   * Events that are in no chain yet, counted up to `most`, and those of the last transaction that is.
   * Role `platform_read`.
   */
  async backlog(most: number): Promise<number> {
    const { rows } = await this.pools.query<{ count: string }>('platform_read', COUNT, [most]);
    return Number(rows[0]?.count ?? 0);
  }
}
