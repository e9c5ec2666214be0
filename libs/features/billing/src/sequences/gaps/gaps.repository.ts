import { Injectable } from '@nestjs/common';
import type { Tx } from '@getupnet/persistence';

/** Whose numbers, where; of one type or of all. */
export interface GapScope {
  readonly tenantId: string;
  readonly environment: string;
  readonly tipo: number | null;
}

/** A number whose last document does not need it. */
export interface FreedNumber {
  readonly encf: string;
  readonly documentId: string;
  readonly state: string;
  readonly secuenciaUtilizada: boolean | null;
  /** `yyyy-MM-dd` */
  readonly expiresOn: string | null;
}

/** The part of a range below its next number. */
export interface UsedPart {
  readonly tipo: number;
  readonly first: bigint;
  readonly last: bigint;
  readonly expiresOn: string | null;
}

export interface Hole {
  readonly first: bigint;
  readonly last: bigint;
}

interface Walk {
  readonly holes: readonly Hole[];
  /** The last number looked at. */
  readonly reached: bigint;
}

/** Documents one page looks at while it searches for numbers that never had one. */
const WALK = 20_000;
/** Documents that did not use their number, of which one page finds those still open. */
const CANDIDATES = 1_000;

const encfText = (tipo: number, number: bigint): string =>
  `E${tipo}${String(number).padStart(10, '0')}`;

/** Finds numbers without a living document, a bounded part at a time. */
@Injectable()
export class GapsRepository {
  /** A page reads a part of an index; left to itself the planner may read all documents for it. */
  async readByIndex(tx: Tx): Promise<void> {
    await tx.$executeRaw`
      SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`;
  }

  /**
   * By number, after the one given; without those taken out of use, or taken by a correction. A page is
   * some candidates, whatever becomes of them; `reached` is null at the end.
   */
  async freed(
    tx: Tx,
    { tenantId, environment, tipo }: GapScope,
    page: { readonly after: string; readonly limit: number },
  ): Promise<{ readonly numbers: readonly FreedNumber[]; readonly reached: string | null }> {
    const [low, high] =
      tipo === null ? [page.after, 'F'] : [maxText(page.after, `E${tipo}`), `E${tipo + 1}`];
    const rows = await tx.$queryRaw<(FreedNumber & { open: boolean })[]>`
      SELECT d.encf, d.id AS "documentId", d.state,
        d.secuencia_utilizada AS "secuenciaUtilizada",
        to_char(r.expires_on, 'YYYY-MM-DD') AS "expiresOn",
        NOT EXISTS (SELECT FROM document n WHERE n.tenant_id = d.tenant_id
          AND n.encf = d.encf AND n.environment = d.environment AND n.generation > d.generation)
        AND NOT EXISTS (SELECT FROM encf_void_range v WHERE v.tenant_id = d.tenant_id
          AND v.environment = d.environment AND v.tipo = d.tipo
          AND substr(d.encf, 4)::bigint BETWEEN v.first AND v.last) AS open
      FROM document d JOIN encf_range r ON r.tenant_id = d.tenant_id AND r.id = d.range_id
      WHERE d.tenant_id = ${tenantId}::uuid AND d.environment || '' = ${environment}
        AND d.encf > ${low} AND d.encf < ${high}
        AND (d.state = 'VOIDED' OR (d.state = 'REJECTED' AND d.secuencia_utilizada IS NOT TRUE))
      ORDER BY d.encf, d.generation LIMIT ${CANDIDATES}`;
    // The last number of a full page may have more generations beyond it: it is the next page's.
    const last = rows.length < CANDIDATES ? null : rows.at(-1)?.encf;
    const open = rows.filter((row) => row.open && row.encf !== last);
    const numbers = open.slice(0, page.limit);
    if (open.length > page.limit) return { numbers, reached: numbers.at(-1)?.encf ?? null };
    return { numbers, reached: last === null ? null : reachedBefore(rows, last) };
  }

  /** The first range, by type and number, that gave numbers beyond the one given. */
  async usedPart(
    tx: Tx,
    { tenantId, environment, tipo }: GapScope,
    after: { readonly tipo: number; readonly number: bigint },
  ): Promise<UsedPart | null> {
    const [part] = await tx.$queryRaw<UsedPart[]>`
      SELECT tipo, GREATEST(first, CASE WHEN tipo = ${after.tipo} THEN ${after.number}::bigint + 1
          ELSE first END) AS first,
        next - 1 AS last, to_char(expires_on, 'YYYY-MM-DD') AS "expiresOn"
      FROM encf_range
      WHERE tenant_id = ${tenantId}::uuid AND environment = ${environment} AND void_id IS NULL
        AND (${tipo}::int IS NULL OR tipo = ${tipo}) AND next > first
        AND (tipo > ${after.tipo} OR (tipo = ${after.tipo} AND next - 1 > ${after.number}))
      ORDER BY tipo, first LIMIT 1`;
    return part ?? null;
  }

  /**
   * Numbers of the interval that no document ever had and no void took, as far as {@link WALK} numbers
   * with documents reach: an index is read in its order, never the table.
   */
  async holes(tx: Tx, { tenantId, environment }: GapScope, part: UsedPart): Promise<Walk> {
    const [low, high] = [encfText(part.tipo, part.first), encfText(part.tipo, part.last)];
    const [walk] = await tx.$queryRaw<{ holes: string; reached: bigint }[]>`
      WITH held AS MATERIALIZED (
        SELECT substr(encf, 4)::bigint AS n FROM document
        WHERE tenant_id = ${tenantId}::uuid AND encf BETWEEN ${low} AND ${high}
          AND environment || '' = ${environment}
        ORDER BY encf LIMIT ${WALK}
      ),
      bounds AS (
        SELECT CASE WHEN count(*) < ${WALK} THEN ${part.last}::bigint ELSE max(n) END AS reached
        FROM held
      ),
      edges AS (
        SELECT lag(n, 1, ${part.first}::bigint - 1) OVER (ORDER BY n) + 1 AS first, n - 1 AS last
        FROM held
        UNION ALL
        SELECT COALESCE((SELECT max(n) FROM held), ${part.first}::bigint - 1) + 1, reached
        FROM bounds
      ),
      holes AS (
        SELECT range_agg(int8range(first, last, '[]')) - COALESCE((
          SELECT range_agg(int8range(v.first, v.last, '[]')) FROM encf_void_range v
          WHERE v.tenant_id = ${tenantId}::uuid AND v.environment = ${environment}
            AND v.tipo = ${part.tipo} AND v.first <= ${part.last} AND v.last >= ${part.first}),
          '{}') AS numbers
        FROM edges WHERE first <= last
      )
      SELECT COALESCE((
          SELECT json_agg(json_build_array(lower(h)::text, (upper(h) - 1)::text) ORDER BY h)
          FROM holes, unnest(holes.numbers) AS h), '[]')::text AS holes, bounds.reached
      FROM bounds`;
    if (!walk) throw new Error('a walk answers how far it came');
    const holes = JSON.parse(walk.holes) as readonly (readonly [string, string])[];
    return {
      holes: holes.map(([first, last]) => ({ first: BigInt(first), last: BigInt(last) })),
      reached: walk.reached,
    };
  }
}

function reachedBefore(rows: readonly FreedNumber[], last: string | undefined): string | null {
  return rows.findLast(({ encf }) => encf !== last)?.encf ?? null;
}

const maxText = (a: string, b: string): string => (a > b ? a : b);
