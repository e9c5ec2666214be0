import { Prisma } from '../generated/client.js';
import type { Tx } from '../db/tenant-db.js';
import type { LateTenant } from './contingency-store.js';

/** How far the term of a document has gone: 1 two thirds, 2 eleven twelfths, 3 over. */
export const DEADLINE_LEVEL = `CASE
  WHEN now() >= send_by THEN 3
  WHEN now() - created_at >= (send_by - created_at) * 11 / 12 THEN 2
  WHEN now() - created_at >= (send_by - created_at) * 2 / 3 THEN 1
  ELSE 0 END`;

/** Documents with a term that DGII has not received; no term's last third is longer than a day. */
export const NOT_RECEIVED = `send_by <= now() + interval '1 day'
  AND state NOT IN ('SUBMITTED', 'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED')`;

/** Documents of a tenant whose term has gone as far, and the one in the greatest hurry. */
export interface ToldDeadline {
  readonly level: number;
  readonly deferred: boolean;
  readonly documents: number;
  readonly firstId: string;
  readonly dueAt: Date;
}

/** Documents marked in one look; the rest follows with the next one. */
const MOST_DOCUMENTS = 10_000;

/**
 * Marks what was not told yet and answers it, so that whoever commits this tells of it once. Nothing
 * while another process does so for the tenant: each would tell of a part.
 */
export async function deadlinesTold(
  tx: Tx,
  { tenantId, environment }: LateTenant,
): Promise<readonly ToldDeadline[]> {
  const turn = `deadlines:${tenantId}`;
  const [lock] = await tx.$queryRaw<readonly { readonly mine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${turn}, 0)) AS mine`;
  if (lock?.mine !== true) return [];
  return tx.$queryRaw<readonly ToldDeadline[]>`
    WITH late AS (
      SELECT id, ${Prisma.raw(DEADLINE_LEVEL)} AS level FROM document
      WHERE tenant_id = ${tenantId}::uuid AND environment = ${environment}
        AND ${Prisma.raw(NOT_RECEIVED)} AND deadline_level < ${Prisma.raw(DEADLINE_LEVEL)}
      ORDER BY send_by LIMIT ${MOST_DOCUMENTS} FOR UPDATE SKIP LOCKED
    ), told AS (
      UPDATE document d SET deadline_level = late.level FROM late
      WHERE d.tenant_id = ${tenantId}::uuid AND d.id = late.id
      RETURNING d.id, late.level, d.contingency_id IS NULL AS deferred, d.send_by
    )
    SELECT level::int AS level, deferred, count(*)::int AS documents, min(send_by) AS "dueAt",
      (array_agg(id ORDER BY send_by))[1] AS "firstId"
    FROM told GROUP BY level, deferred ORDER BY level`;
}
