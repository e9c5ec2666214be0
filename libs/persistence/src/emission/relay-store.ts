import { Injectable } from '@nestjs/common';
import { crashPoint } from '@getupnet/platform';
import { GrowingStatement } from '../db/growing-statement.js';
import { Pools } from '../db/pools.js';

export interface RelayRow {
  readonly tenantId: string;
  readonly documentId: string;
}

const DRAIN = `
DELETE FROM outbox WHERE id IN (
  SELECT id FROM outbox WHERE topic = $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING tenant_id AS "tenantId", key AS "documentId"`;

const CLAIM_DUE = `
UPDATE document d SET next_attempt_at = now() + make_interval(secs => $2::float8)
FROM (
  SELECT tenant_id, id FROM document
  WHERE next_attempt_at <= now() AND parked_at IS NULL
    AND state NOT IN ('ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED')
  ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
) due
WHERE d.tenant_id = due.tenant_id AND d.id = due.id
RETURNING d.tenant_id AS "tenantId", d.id AS "documentId"`;

/** What the relay reads of all tenants: ids, never documents (role `relay`). */
@Injectable()
export class RelayStore {
  private readonly drain = new GrowingStatement('relay-drain', DRAIN);
  private readonly claim = new GrowingStatement('relay-claim-due', CLAIM_DUE);

  constructor(private readonly pools: Pools) {}

  /**
   * Takes up to `most` outbox rows and gives them to `publish`; they are gone only if that
   * succeeded, so a crash in between publishes twice and never not at all. Answers how many.
   */
  async drainOutbox(
    topic: string,
    most: number,
    publish: (rows: readonly RelayRow[]) => Promise<void>,
  ): Promise<number> {
    const client = await this.pools.get('relay').connect();
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<RelayRow>(this.drain.query([topic, most], most));
      if (CRASH_POINTS) await crashPoint('relay.after_claim');
      if (rows.length > 0) await publish(rows);
      if (CRASH_POINTS) await crashPoint('relay.after_publish');
      await client.query('COMMIT');
      client.release();
      if (CRASH_POINTS) await crashPoint('relay.after_mark');
      return rows.length;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Open documents whose time has come; not again for `againInMs`, unless their state says sooner. */
  async claimDue(most: number, againInMs: number): Promise<RelayRow[]> {
    const { rows } = await this.pools
      .get('relay')
      .query<RelayRow>(this.claim.query([most, againInMs / 1000], most));
    return rows;
  }
}
