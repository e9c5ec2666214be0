import { Injectable } from '@nestjs/common';
import type { Tx } from '@getupnet/persistence';
import { MONTH_DAYS, dayAfter, type RangeHistory } from './forecast.js';

/** Ranges one forecast looks at: hundreds are many; each type has a few. */
const MOST_RANGES = 2_000;

interface Row extends Omit<RangeHistory, 'standings'> {
  readonly standings: readonly { readonly day: string; readonly next: string }[];
}

/** Where a tenant's ranges stand and stood. */
@Injectable()
export class ForecastRepository {
  /** Ranges that still give numbers or lately did, and the last one of each type and branch. */
  async read(
    tx: Tx,
    { tenantId, environment }: { readonly tenantId: string; readonly environment: string },
    today: string,
  ): Promise<readonly RangeHistory[]> {
    const since = dayAfter(today, -(MONTH_DAYS + 1));
    const rows = await tx.$queryRaw<Row[]>`
      SELECT r.id, r.tipo, r.branch, r.first, r.last, r.next,
        to_char(r.expires_on, 'YYYY-MM-DD') AS "expiresOn",
        to_char(r.created_at AT TIME ZONE 'America/Santo_Domingo', 'YYYY-MM-DD') AS "createdOn",
        COALESCE((
          SELECT json_agg(json_build_object('day', u.day, 'next', u.next::text) ORDER BY u.day)
          FROM encf_usage u WHERE u.tenant_id = r.tenant_id AND u.range_id = r.id), '[]')
          AS standings
      FROM encf_range r
      WHERE r.tenant_id = ${tenantId}::uuid AND r.environment = ${environment}
        AND r.void_id IS NULL
        AND (r.next <= r.last OR r.created_at >= ${since}::date
          OR EXISTS (SELECT FROM encf_usage u WHERE u.tenant_id = r.tenant_id
            AND u.range_id = r.id AND u.day >= ${since}::date)
          OR NOT EXISTS (SELECT FROM encf_range n WHERE n.tenant_id = r.tenant_id
            AND n.environment = r.environment AND n.tipo = r.tipo AND n.void_id IS NULL
            AND n.branch IS NOT DISTINCT FROM r.branch AND n.first > r.first))
      ORDER BY r.tipo, r.first DESC LIMIT ${MOST_RANGES}`;
    return rows.map((row) => ({
      ...row,
      standings: row.standings.map(({ day, next }) => ({ day, next: BigInt(next) })),
    }));
  }
}
