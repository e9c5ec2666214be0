import { Injectable } from '@nestjs/common';
import type { DocumentState, Environment, Paper, PaperState } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { Prisma, type Tx } from '@getupnet/persistence';
import { PAPER_STATE } from '../log/contingencies.repository.js';

/** A paper as it stands, with what became of it; dates `yyyy-MM-dd`, amounts as texts. */
export interface PaperRow {
  readonly id: string;
  readonly contingencyId: string | null;
  readonly environment: Environment;
  readonly ncf: string;
  readonly fechaEmision: string | null;
  readonly buyerRnc: string | null;
  readonly buyerName: string | null;
  readonly montoTotal: string | null;
  readonly totalItbis: string | null;
  readonly branch: string | null;
  readonly state: PaperState;
  readonly documentId: string | null;
  readonly encf: string | null;
  readonly documentState: DocumentState | null;
  readonly createdAt: Date;
  /** The Idempotency-Key of the document that took it, be that one there or not. */
  readonly takenBy: string | null;
}

/** A number taken for a document about to be accepted. */
export interface PaperClaim {
  readonly documentId: string;
  /** Since when, if nobody had before; null for one a request with the same key had made already. */
  readonly since: Date | null;
}

export interface PaperPage {
  readonly environment: Environment;
  readonly contingencyId: string | null;
  readonly state: PaperState | null;
  /** Exclusive: papers older than this id. */
  readonly before: string | null;
  readonly limit: number;
}

const PAPERS = Prisma.sql`
  SELECT p.id, p.contingency_id AS "contingencyId", p.environment, p.ncf,
    to_char(p.issued_on, 'YYYY-MM-DD') AS "fechaEmision", p.buyer_rnc AS "buyerRnc",
    p.buyer_name AS "buyerName", p.monto_total::text AS "montoTotal",
    p.total_itbis::text AS "totalItbis", p.branch, ${PAPER_STATE} AS state,
    d.id AS "documentId", d.encf, d.state AS "documentState", p.created_at AS "createdAt",
    CASE WHEN p.replaced_by IS NULL THEN NULL WHEN d.id IS NULL THEN p.replacing_key
      ELSE d.idempotency_key END AS "takenBy"
  FROM contingency_paper p
  LEFT JOIN document d ON d.tenant_id = p.tenant_id AND d.id = p.replaced_by`;

/** Queries of one tenant's papers, in its own transaction. */
@Injectable()
export class PaperRepository {
  async list(tx: Tx, page: PaperPage): Promise<PaperRow[]> {
    return tx.$queryRaw<PaperRow[]>`
      SELECT * FROM (${PAPERS}) papers
      WHERE environment = ${page.environment}
        AND (${page.contingencyId}::uuid IS NULL OR "contingencyId" = ${page.contingencyId}::uuid)
        AND (${page.before}::uuid IS NULL OR id < ${page.before}::uuid)
        AND (${page.state}::text IS NULL OR state = ${page.state})
      ORDER BY id DESC LIMIT ${page.limit}`;
  }

  async byNumbers(tx: Tx, environment: Environment, ncfs: readonly string[]): Promise<PaperRow[]> {
    return tx.$queryRaw<PaperRow[]>`
      ${PAPERS} WHERE p.environment = ${environment} AND p.ncf = ANY (${[...ncfs]}) ORDER BY p.id`;
  }

  /** Rejects with `resource.not_found`. */
  async lock(tx: Tx, id: string): Promise<PaperRow> {
    const [row] = await tx.$queryRaw<
      PaperRow[]
    >`${PAPERS} WHERE p.id = ${id}::uuid FOR UPDATE OF p`;
    if (row === undefined) throw new AppError('resource.not_found');
    return row;
  }

  /** The paper of a number, so that nobody else takes it before this transaction ends. */
  async lockNumber(tx: Tx, environment: Environment, ncf: string): Promise<PaperRow | null> {
    const [row] = await tx.$queryRaw<PaperRow[]>`
      ${PAPERS} WHERE p.environment = ${environment} AND p.ncf = ${ncf} FOR UPDATE OF p`;
    return row ?? null;
  }

  /** Whether it is there now by this call; false where somebody else wrote the number first. */
  async insert(
    tx: Tx,
    row: { id: string; tenantId: string; environment: Environment; ncf: string },
  ): Promise<boolean> {
    const { count } = await tx.contingencyPaper.createMany({ data: [row], skipDuplicates: true });
    return count === 1;
  }

  /** What the paper says. */
  async describe(tx: Tx, id: string, contingencyId: string, paper: Paper): Promise<void> {
    await tx.contingencyPaper.updateMany({
      where: { id },
      data: {
        contingencyId,
        issuedOn: new Date(paper.fechaEmision),
        buyerRnc: paper.buyerRnc,
        buyerName: paper.buyerName,
        montoTotal: paper.montoTotal,
        totalItbis: paper.totalItbis,
        branch: paper.branch,
      },
    });
  }

  async take(tx: Tx, id: string, documentId: string, key: string): Promise<PaperClaim> {
    const [claim] = await tx.$queryRaw<PaperClaim[]>`
      UPDATE contingency_paper SET replaced_by = ${documentId}::uuid, replacing_key = ${key},
        replacing_since = clock_timestamp()
      WHERE id = ${id}::uuid RETURNING replaced_by AS "documentId", replacing_since AS since`;
    if (claim === undefined) throw new Error(`paper ${id} is locked and is not there`);
    return claim;
  }

  /** Joins the claim of a request with the same key, for the document that one was to become. */
  async join(tx: Tx, id: string, key: string): Promise<PaperClaim> {
    const [claim] = await tx.$queryRaw<PaperClaim[]>`
      UPDATE contingency_paper SET replacing_key = ${key},
        replacing_since = greatest(clock_timestamp(), replacing_since + interval '1 ms')
      WHERE id = ${id}::uuid AND replaced_by IS NOT NULL
      RETURNING replaced_by AS "documentId", NULL::timestamptz AS since`;
    if (claim === undefined) throw new Error(`paper ${id} is claimed and is not`);
    return claim;
  }

  /** The document did not come into being; another request may have joined, whose document may. */
  async giveBack(tx: Tx, { documentId, since }: PaperClaim): Promise<void> {
    if (since === null) return;
    await tx.contingencyPaper.updateMany({
      where: { replacedBy: documentId, replacingSince: since },
      data: { replacedBy: null, replacingSince: null, replacingKey: null },
    });
  }

  async delete(tx: Tx, id: string): Promise<void> {
    await tx.contingencyPaper.deleteMany({ where: { id } });
  }
}
