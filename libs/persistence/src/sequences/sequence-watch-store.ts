import { Injectable } from '@nestjs/common';
import { Pools } from '../db/pools.js';

/** A range as whoever watches over all tenants sees it. */
export interface WatchedRange {
  readonly tenantId: string;
  readonly id: string;
  readonly environment: string;
  readonly tipo: number;
  readonly branch: string | null;
  readonly first: bigint;
  readonly last: bigint;
  readonly next: bigint;
  /** `yyyy-MM-dd` */
  readonly expiresOn: string | null;
  /** What was said about it already. */
  readonly told: readonly string[];
}

export interface VoidKey {
  readonly tenantId: string;
  readonly voidId: string;
}

interface RangeRow extends Omit<WatchedRange, 'first' | 'last' | 'next'> {
  readonly first: string;
  readonly last: string;
  readonly next: string;
}

const TENANTS = `
SELECT id FROM tenant WHERE status = 'ACTIVE' AND ($1::uuid IS NULL OR id > $1)
ORDER BY id LIMIT $2`;

const RANGES = `
SELECT r.tenant_id AS "tenantId", r.id, r.environment, r.tipo, r.branch, r.first, r.last, r.next,
  r.expires_on AS "expiresOn",
  ARRAY(SELECT a.kind FROM encf_alert a
    WHERE a.tenant_id = r.tenant_id AND a.range_id = r.id ORDER BY a.kind) AS told
FROM encf_range r JOIN tenant t ON t.id = r.tenant_id AND t.environment = r.environment
WHERE r.tenant_id = ANY ($1::uuid[]) AND r.void_id IS NULL
ORDER BY r.tenant_id, r.tipo, r.first`;

/**
 * A row only where the range moved since the last one: what stands still costs nothing. And one for each
 * tenant, by which whoever starts in the middle of the day knows that its beginning was noted: of the
 * range with the highest numbers, which every forecast reads. A range of that day began at its first.
 */
const RECORD = `
WITH standing AS (
  SELECT r.tenant_id, r.id, r.first, r.next FROM encf_range r
  WHERE r.tenant_id = ANY ($1::uuid[]) AND r.void_id IS NULL
    AND (r.created_at AT TIME ZONE 'America/Santo_Domingo')::date < $2::date
    AND NOT EXISTS (SELECT FROM encf_usage u WHERE u.tenant_id = r.tenant_id AND u.day = $2::date)
), newest AS (
  SELECT DISTINCT ON (tenant_id) tenant_id, id FROM standing ORDER BY tenant_id, first DESC, id
)
INSERT INTO encf_usage (tenant_id, range_id, day, next)
SELECT r.tenant_id, r.id, $2::date, r.next FROM standing r
WHERE (r.tenant_id, r.id) IN (SELECT tenant_id, id FROM newest)
  OR r.next <> COALESCE((SELECT u.next FROM encf_usage u
    WHERE u.tenant_id = r.tenant_id AND u.range_id = r.id ORDER BY u.day DESC LIMIT 1), r.first)
ON CONFLICT DO NOTHING`;

/** Of the days no rate looks at any more, the last one stays: it says where the range stood. */
const FORGET = `
DELETE FROM encf_usage u
WHERE u.tenant_id = ANY ($1::uuid[]) AND u.day < $2::date
  AND EXISTS (SELECT FROM encf_usage n WHERE n.tenant_id = u.tenant_id
    AND n.range_id = u.range_id AND n.day > u.day AND n.day <= $2::date)`;

const CLAIM_VOIDS = `
UPDATE encf_void v SET next_attempt_at = now() + make_interval(secs => $2::float8)
FROM (
  SELECT tenant_id, id FROM encf_void WHERE next_attempt_at <= now()
  ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
) due
WHERE v.tenant_id = due.tenant_id AND v.id = due.id
RETURNING v.tenant_id AS "tenantId", v.id AS "voidId"`;

/** What looks after the sequences of all tenants: ids, numbers and times (role `relay`). */
@Injectable()
export class SequenceWatchStore {
  constructor(private readonly pools: Pools) {}

  /** The next active tenants by id, after the one given. */
  async tenants(after: string | null, most: number): Promise<readonly string[]> {
    const { rows } = await this.pools.query<{ id: string }>('relay', TENANTS, [after, most]);
    return rows.map(({ id }) => id);
  }

  /** Their ranges in the environment they issue in, without numbers taken out of use. */
  async ranges(tenantIds: readonly string[]): Promise<readonly WatchedRange[]> {
    const { rows } = await this.pools.query<RangeRow>('relay', RANGES, [tenantIds]);
    return rows.map((row) => ({
      ...row,
      first: BigInt(row.first),
      last: BigInt(row.last),
      next: BigInt(row.next),
    }));
  }

  /**
   * Notes where their ranges stand at the beginning of `day`: for each tenant only whoever calls first.
   * @param keepSince rows of earlier days are dropped, except each range's last
   */
  async recordUsage(tenantIds: readonly string[], day: string, keepSince: string): Promise<void> {
    await this.pools.query('relay', RECORD, [tenantIds, day]);
    await this.pools.query('relay', FORGET, [tenantIds, keepSince]);
  }

  /** Void requests whose time has come; not again for `againInMs`, unless their state says sooner. */
  async claimVoids(most: number, againInMs: number): Promise<readonly VoidKey[]> {
    const values = [most, againInMs / 1000];
    return (await this.pools.query<VoidKey>('relay', CLAIM_VOIDS, values)).rows;
  }
}
