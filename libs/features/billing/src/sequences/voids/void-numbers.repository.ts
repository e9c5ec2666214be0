import { Injectable } from '@nestjs/common';
import { AppError, newId } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { byNumber, type Cutting, type Numbers, type PlannedRange } from './void-plan.js';

/** Each round beyond the second found that somebody cut the ranges meanwhile; more is no ordinary load. */
const MOST_ROUNDS = 16;

/** Whose numbers, where. */
export interface NumberScope {
  readonly tenantId: string;
  readonly environment: string;
}

/** Taking numbers out of use, in the transaction that asks for their void. */
@Injectable()
export class VoidNumbersRepository {
  /**
   * The ranges that hold any of the numbers, locked and in order: until the transaction ends nobody takes
   * a number of them, nor a freed one, nor cuts them. Rejects with `dependency.unavailable` when others
   * go on cutting them.
   */
  async lockRanges(
    tx: Tx,
    { tenantId, environment }: NumberScope,
    numbers: readonly Numbers[],
  ): Promise<readonly PlannedRange[]> {
    const json = jsonOf(numbers);
    const locked = new Set<string>();
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      // In the order the accept statement locks in. Pieces have later ids than what they were cut from,
      // so the order holds from one round to the next, too; else the database ends a deadlock.
      const ranges = await tx.$queryRaw<PlannedRange[]>`
        SELECT r.id, r.tipo, r.first, r.last, r.next FROM encf_range r
        WHERE r.tenant_id = ${tenantId}::uuid AND r.environment = ${environment}
          AND r.id IN (SELECT c.id
            FROM jsonb_to_recordset(${json}::jsonb) AS i(tipo int2, first bigint, last bigint)
            JOIN encf_range c ON c.tenant_id = ${tenantId}::uuid
              AND c.environment = ${environment} AND c.tipo = i.tipo
              AND int8range(c.first, c.last, '[]') && int8range(i.first, i.last, '[]'))
        ORDER BY r.tenant_id, r.id FOR UPDATE`;
      // Whoever was waited for may have cut ranges to pieces this look could not see. Only a look that
      // meets nothing but what was locked before it began has seen them all, as they stay.
      if (ranges.every(({ id }) => locked.has(id))) return ranges.toSorted(byNumber);
      for (const { id } of ranges) locked.add(id);
    }
    throw new AppError('dependency.unavailable', { dependency: 'PostgreSQL' });
  }

  /** An e-NCF among the numbers whose document lives, or used it; null when there is none. */
  async usedNumber(
    tx: Tx,
    { tenantId, environment }: NumberScope,
    numbers: readonly Numbers[],
  ): Promise<string | null> {
    const [found] = await tx.$queryRaw<{ encf: string }[]>`
      SELECT used.encf
      FROM jsonb_to_recordset(${jsonOf(numbers)}::jsonb) AS i(tipo int, first bigint, last bigint)
      CROSS JOIN LATERAL (
        SELECT d.encf FROM document d
        WHERE d.tenant_id = ${tenantId}::uuid AND d.environment || '' = ${environment}
          AND d.encf BETWEEN 'E' || i.tipo || lpad(i.first::text, 10, '0')
            AND 'E' || i.tipo || lpad(i.last::text, 10, '0')
          AND NOT (d.state = 'VOIDED'
            OR (d.state = 'REJECTED' AND d.secuencia_utilizada IS NOT TRUE))
        LIMIT 1) used
      LIMIT 1`;
    return found?.encf ?? null;
  }

  /** Numbers that a request under way or fulfilled took already. */
  async takenNumbers(
    tx: Tx,
    { tenantId, environment }: NumberScope,
    numbers: readonly Numbers[],
  ): Promise<Numbers | null> {
    const [found] = await tx.$queryRaw<Numbers[]>`
      SELECT v.tipo, v.first, v.last
      FROM jsonb_to_recordset(${jsonOf(numbers)}::jsonb) AS i(tipo int2, first bigint, last bigint)
      JOIN encf_void_range v ON v.tenant_id = ${tenantId}::uuid
        AND v.environment = ${environment} AND v.tipo = i.tipo
        AND int8range(v.first, v.last, '[]') && int8range(i.first, i.last, '[]')
        AND v.outcome IN ('PENDING', 'VOIDED')
      LIMIT 1`;
    return found ?? null;
  }

  /** Cuts ranges: pieces that are out of use give no number any more. */
  async cut(tx: Tx, cuttings: readonly Cutting[], voidId: string): Promise<void> {
    for (const { range, pieces } of cuttings) {
      const [kept, ...rest] = pieces;
      if (!kept) throw new Error('a range is cut to pieces, not to none');
      await tx.$executeRaw`
        UPDATE encf_range SET last = ${kept.last}::bigint,
          next = CASE WHEN ${kept.voided} THEN ${kept.last}::bigint + 1 ELSE next END,
          void_id = CASE WHEN ${kept.voided} THEN ${voidId}::uuid END
        WHERE id = ${range.id}::uuid`;
      const cut = rest.map(({ first, last, voided }) => ({
        ...{ id: newId(), first: String(first), last: String(last), voided },
      }));
      await tx.$executeRaw`
        INSERT INTO encf_range (tenant_id, id, environment, tipo, first, last, next, expires_on,
          branch, void_id, split_from)
        SELECT r.tenant_id, p.id, r.environment, r.tipo, p.first, p.last,
          CASE WHEN p.voided THEN p.last + 1 ELSE p.first END, r.expires_on, r.branch,
          CASE WHEN p.voided THEN ${voidId}::uuid END, r.id
        FROM encf_range r
        CROSS JOIN jsonb_to_recordset(${JSON.stringify(cut)}::jsonb)
          AS p(id uuid, first bigint, last bigint, voided boolean)
        WHERE r.id = ${range.id}::uuid`;
      const given = cut.filter(({ voided }) => !voided).map(({ id }) => id);
      // What was said about the range is not said again about each of its pieces.
      await tx.$executeRaw`
        INSERT INTO encf_alert (tenant_id, range_id, kind, raised_at)
        SELECT a.tenant_id, p.id, a.kind, a.raised_at FROM encf_alert a
        CROSS JOIN unnest(${given}::uuid[]) AS p(id)
        WHERE a.range_id = ${range.id}::uuid`;
    }
  }

  async insert(
    tx: Tx,
    { tenantId, environment }: NumberScope,
    voidId: string,
    numbers: readonly Numbers[],
  ): Promise<void> {
    await tx.$executeRaw`
      INSERT INTO encf_void_range (tenant_id, void_id, environment, tipo, first, last)
      SELECT ${tenantId}::uuid, ${voidId}::uuid, ${environment}, i.tipo, i.first, i.last
      FROM jsonb_to_recordset(${jsonOf(numbers)}::jsonb) AS i(tipo int, first bigint, last bigint)`;
  }
}

/** As a recordset; numbers as texts, which JSON would cut. */
export function jsonOf(numbers: readonly (Numbers & { readonly outcome?: string })[]): string {
  return JSON.stringify(
    numbers.map(({ first, last, ...rest }) => ({
      ...rest,
      first: String(first),
      last: String(last),
    })),
  );
}
