import { Injectable } from '@nestjs/common';
import type { Environment, ListContingenciesQuery } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { Prisma, type ContingencyRecord, type Tx } from '@getupnet/persistence';

/** How many documents and papers belong to an episode. */
export interface EpisodeCounts {
  readonly id: string;
  readonly issued: number;
  readonly waiting: number;
  readonly unanswered: number;
  readonly received: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly sendBy: Date | null;
  readonly captured: number;
  readonly pending: number;
  readonly inProgress: number;
  readonly replaced: number;
}

/** Numbers of one type: of documents issued, or of papers handed out. */
export interface NumbersOfType {
  readonly what: 'ecf' | 'paper';
  readonly tipo: string;
  readonly documents: number;
  readonly first: string;
  readonly last: string;
}

export interface EpisodePage extends Pick<ListContingenciesQuery, 'kind' | 'open' | 'limit'> {
  readonly environment: Environment;
  /** Exclusive: episodes older than this id. */
  readonly before: string | null;
}

/** A claim whose document never came into being is given up after this long. */
export const CLAIM_MS = 120_000;

/** SQL: what became of a paper `p`, its document being `d`. */
export const PAPER_STATE = Prisma.sql`CASE
  WHEN d.state IN ('ACCEPTED', 'CONDITIONALLY_ACCEPTED') THEN 'REPLACED'
  WHEN d.state NOT IN ('REJECTED', 'VOIDED') THEN 'IN_PROGRESS'
  WHEN d.id IS NULL AND p.replacing_since > now() - make_interval(secs => ${CLAIM_MS / 1000}::float8)
    THEN 'IN_PROGRESS'
  ELSE 'PENDING' END`;

/** Queries of one tenant's episodes, in its own transaction. */
@Injectable()
export class ContingenciesRepository {
  async find(tx: Tx, id: string): Promise<ContingencyRecord> {
    const record = await tx.contingency.findFirst({ where: { id } });
    if (!record) throw new AppError('resource.not_found');
    return record;
  }

  /** The same, and nobody else changes it before this transaction ends. */
  async lock(tx: Tx, id: string): Promise<ContingencyRecord> {
    await tx.$queryRaw`SELECT 1 FROM contingency WHERE id = ${id}::uuid FOR UPDATE`;
    return this.find(tx, id);
  }

  async list(tx: Tx, page: EpisodePage): Promise<ContingencyRecord[]> {
    const ended = { true: null, false: { not: null } } as const;
    return tx.contingency.findMany({
      where: {
        environment: page.environment,
        ...(page.before === null ? {} : { id: { lt: page.before } }),
        ...(page.kind === undefined ? {} : { kind: page.kind }),
        ...(page.open === undefined ? {} : { endedAt: ended[page.open] }),
      },
      orderBy: { id: 'desc' },
      take: page.limit,
    });
  }

  /** Until the transaction ends, nobody else declares an episode of the tenant. */
  async lockDeclaring(tx: Tx, tenantId: string): Promise<void> {
    const name = `contingency:${tenantId}`;
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
  }

  /** The episode a request with this key declared; null when there is none. */
  async declaredBy(tx: Tx, requestKey: string): Promise<ContingencyRecord | null> {
    return tx.contingency.findFirst({ where: { requestKey } });
  }

  /** The open episode in which nothing could be issued in exactly these branches. */
  async openManual(
    tx: Tx,
    environment: Environment,
    branches: readonly string[],
  ): Promise<string | null> {
    const names = [...branches];
    const [open] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM contingency
      WHERE environment = ${environment} AND kind = 'CANNOT_ISSUE' AND ended_at IS NULL
        AND branches @> ${names}::text[] AND branches <@ ${names}::text[]
      ORDER BY id LIMIT 1`;
    return open?.id ?? null;
  }

  /** Counts of every episode of a page, in one query. */
  async counts(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, EpisodeCounts>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.$queryRaw<EpisodeCounts[]>`
      SELECT c.id, e.*, b.*
      FROM unnest(${[...ids]}::uuid[]) AS c (id)
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS issued,
          (count(*) FILTER (WHERE state IN ('SIGNED', 'CONTINGENCY', 'DEFERRED')))::int AS waiting,
          (count(*) FILTER (WHERE state IN ('SENDING', 'UNKNOWN')))::int AS unanswered,
          (count(*) FILTER (WHERE state IN
            ('SUBMITTED', 'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED')))::int AS received,
          (count(*) FILTER (WHERE state IN ('ACCEPTED', 'CONDITIONALLY_ACCEPTED')))::int AS accepted,
          (count(*) FILTER (WHERE state = 'REJECTED'))::int AS rejected,
          min(send_by) FILTER (WHERE state NOT IN
            ('SUBMITTED', 'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED')) AS "sendBy"
        FROM document WHERE contingency_id = c.id) e
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS captured,
          (count(*) FILTER (WHERE state = 'PENDING'))::int AS pending,
          (count(*) FILTER (WHERE state = 'IN_PROGRESS'))::int AS "inProgress",
          (count(*) FILTER (WHERE state = 'REPLACED'))::int AS replaced
        FROM (
          SELECT ${PAPER_STATE} AS state FROM contingency_paper p
          LEFT JOIN document d ON d.tenant_id = p.tenant_id AND d.id = p.replaced_by
          WHERE p.contingency_id = c.id) papers) b`;
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Which numbers an episode is about, by type. */
  async numbers(tx: Tx, id: string): Promise<NumbersOfType[]> {
    return tx.$queryRaw<NumbersOfType[]>`
      SELECT 'ecf' AS what, tipo::text AS tipo, count(*)::int AS documents,
        min(encf) AS first, max(encf) AS last
      FROM document WHERE contingency_id = ${id}::uuid GROUP BY tipo
      UNION ALL
      SELECT 'paper', substr(ncf, 1, 3), count(*)::int, min(ncf), max(ncf)
      FROM contingency_paper WHERE contingency_id = ${id}::uuid GROUP BY substr(ncf, 1, 3)
      ORDER BY 1, 2`;
  }
}
