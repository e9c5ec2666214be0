import { Injectable } from '@nestjs/common';
import { Pools } from '../db/pools.js';

/**
 * Events after the cursor. Those of transactions that cannot be yet are another cluster's, from before
 * a restore; they are in the chain already.
 */
const BEHIND = `
FROM audit_event e, (SELECT horizon, horizon_id FROM audit_cursor WHERE id = 1) c
WHERE e.txid >= c.horizon AND (e.txid > c.horizon OR e.id > c.horizon_id)
  AND e.txid < (SELECT pg_snapshot_xmax(pg_current_snapshot()))`;

const OLDEST = `
SELECT extract(epoch FROM clock_timestamp() - e.occurred_at)::float8 AS age ${BEHIND}
  AND NOT EXISTS (SELECT FROM audit_link l
    WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id AND l.event_month = e.month)
ORDER BY e.txid, e.id LIMIT 1`;

/** How far the chain is behind the events. */
@Injectable()
export class AuditLag {
  constructor(private readonly pools: Pools) {}

  /** Seconds since the oldest event that is in no chain yet; 0 when all are. Role `audit_append`. */
  async ageS(): Promise<number> {
    const { rows } = await this.pools.query<{ age: number }>('audit_append', OLDEST);
    return Math.max(0, rows[0]?.age ?? 0);
  }

  /** Events that are in no chain yet, counted up to `most`. Role `platform_read`. */
  async backlog(most: number): Promise<number> {
    const { rows } = await this.pools.query<{ count: string }>(
      'platform_read',
      `SELECT count(*) FROM (
         SELECT FROM audit_event e
         WHERE e.txid >= coalesce((SELECT horizon FROM audit_cursor WHERE id = 1), '0')
           AND e.txid < (SELECT pg_snapshot_xmax(pg_current_snapshot()))
         LIMIT $1) behind`,
      [most],
    );
    return Number(rows[0]?.count ?? 0);
  }
}
