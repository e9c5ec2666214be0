import { Injectable } from '@nestjs/common';
import type {
  CapturePaper,
  CapturedPaper,
  ListPaperQuery,
  Paper,
  PaperList,
} from '@getupnet/contracts';
import {
  AppError,
  decimal,
  dominicanDate,
  isoDateOf,
  newId,
  type Violation,
} from '@getupnet/kernel';
import {
  AuditLog,
  CursorCodec,
  TenantDb,
  type ContingencyRecord,
  type Tx,
} from '@getupnet/persistence';
import { actorText, type TenantContext } from '@getupnet/tenant-context';
import { ContingenciesRepository } from '../log/contingencies.repository.js';
import { PaperRepository, type PaperRow } from './paper.repository.js';
import { presentPaper } from './present-paper.js';

const CURSOR = 'contingency-paper';

/** Paper of series B: captured when it was handed out, replaced by e-CF afterwards. */
@Injectable()
export class PaperService {
  constructor(
    private readonly db: TenantDb,
    private readonly papers: PaperRepository,
    private readonly episodes: ContingenciesRepository,
    private readonly audit: AuditLog,
    private readonly cursors: CursorCodec,
  ) {}

  async list(tenant: TenantContext, query: ListPaperQuery): Promise<PaperList> {
    const { tenantId, environment } = tenant;
    const { cursor, limit, contingencyId = null, state = null } = query;
    const before = cursor === undefined ? null : this.cursors.decode(tenantId, CURSOR, cursor);
    const page = { environment, contingencyId, state, before, limit: limit + 1 };
    const rows = await this.db.run(tenant, (tx) => this.papers.list(tx, page));
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      data: rows.slice(0, limit).map(presentPaper),
      nextCursor: last === undefined ? null : this.cursors.encode(tenantId, CURSOR, last.id),
    };
  }

  /**
   * All or none; what is there already with the same data is left as it is. Rejects with
   * `resource.not_found` for an episode of another environment, whose numbers are not those of this
   * one, `contingency.state` or `contingency.paper_invalid`.
   */
  capture(tenant: TenantContext, id: string, { papers }: CapturePaper): Promise<CapturedPaper> {
    const { tenantId, environment } = tenant;
    return this.db.run(tenant, async (tx) => {
      const episode = await this.episodes.lock(tx, id);
      if (episode.environment !== environment) throw new AppError('resource.not_found');
      if (episode.kind !== 'CANNOT_ISSUE') {
        const reason = 'en esta contingencia se emiten e-CF, no papel';
        throw new AppError('contingency.state', { reason });
      }
      const ncfs = papers.map(({ ncf }) => ncf);
      const known = new Map(
        (await this.papers.byNumbers(tx, environment, ncfs)).map((row) => [row.ncf, row]),
      );
      const errors = faultsOf(papers, episode, known);
      if (errors.length > 0) throw new AppError('contingency.paper_invalid', {}, { errors });
      const fresh: string[] = [];
      for (const paper of papers) {
        if (known.get(paper.ncf)?.contingencyId === id) continue;
        const paperId = await this.place(tx, tenant, paper, known.get(paper.ncf));
        await this.papers.describe(tx, paperId, id, paper);
        fresh.push(paper.ncf);
      }
      if (fresh.length > 0) {
        const actor = actorText(tenant.actor);
        const type = 'contingency.paper_captured';
        await this.audit.append(tx, {
          ...{ tenantId, type, subjectId: id, actor },
          payload: { environment, ncfs: fresh },
        });
      }
      return { data: (await this.papers.byNumbers(tx, environment, ncfs)).map(presentPaper) };
    });
  }

  /**
   * Takes back a mistaken capture. Rejects with `resource.not_found` for one of another environment, and
   * with `contingency.state` once a document replaces it.
   */
  async remove(tenant: TenantContext, id: string): Promise<void> {
    const { tenantId, environment } = tenant;
    await this.db.run(tenant, async (tx) => {
      const paper = await this.papers.lock(tx, id);
      if (paper.environment !== environment) throw new AppError('resource.not_found');
      if (paper.state !== 'PENDING') {
        const by = paper.encf === null ? '' : `: lo reemplaza ${paper.encf}`;
        throw new AppError('contingency.state', { reason: `ya no está pendiente${by}` });
      }
      await this.papers.delete(tx, id);
      await this.audit.append(tx, {
        ...{ tenantId, type: 'contingency.paper_removed', subjectId: paper.contingencyId },
        actor: actorText(tenant.actor),
        payload: { environment, ncf: paper.ncf, fechaEmision: paper.fechaEmision },
      });
    });
  }

  /** The row of a number, which its replacement may have written before. */
  private async place(
    tx: Tx,
    { tenantId, environment }: TenantContext,
    { ncf }: Paper,
    known: PaperRow | undefined,
  ): Promise<string> {
    const id = known?.id ?? newId();
    if (known !== undefined) return id;
    if (await this.papers.insert(tx, { id, tenantId, environment, ncf })) return id;
    const other = await this.papers.lockNumber(tx, environment, ncf);
    if (other === null) throw new Error(`${ncf} is there and is not`);
    if (other.contingencyId === null) return other.id;
    const errors = [conflict(0, ncf)];
    throw new AppError('contingency.paper_invalid', {}, { errors });
  }
}

/** What cannot be: a number twice, one of another episode or with other data, a day outside of it. */
function faultsOf(
  papers: readonly Paper[],
  { id, begunAt, endedAt }: ContingencyRecord,
  known: ReadonlyMap<string, PaperRow>,
): Violation[] {
  const first = isoDateOf(dominicanDate(begunAt));
  const last = endedAt === null ? null : isoDateOf(dominicanDate(endedAt));
  const seen = new Set<string>();
  return papers.flatMap((paper, at): Violation[] => {
    const { ncf, fechaEmision } = paper;
    if (seen.has(ncf)) return [repeated(at, ncf)];
    seen.add(ncf);
    if (fechaEmision < first || (last !== null && fechaEmision > last)) {
      return [outside(at, fechaEmision, first, last)];
    }
    const row = known.get(ncf);
    const taken = row !== undefined && row.contingencyId !== null;
    return taken && !(row.contingencyId === id && isSame(row, paper)) ? [conflict(at, ncf)] : [];
  });
}

function isSame(row: PaperRow, paper: Paper): boolean {
  const amounts = [
    [row.montoTotal, paper.montoTotal],
    [row.totalItbis, paper.totalItbis],
  ] as const;
  return (
    row.fechaEmision === paper.fechaEmision &&
    row.buyerRnc === paper.buyerRnc &&
    row.buyerName === paper.buyerName &&
    row.branch === paper.branch &&
    amounts.every(([one, other]) =>
      one === null || other === null ? one === other : decimal(one).equals(decimal(other)),
    )
  );
}

function repeated(at: number, ncf: string): Violation {
  return {
    pointer: `/papers/${at}/ncf`,
    code: 'CTG-PAP-01',
    message: `${ncf} está repetido en el envío.`,
    fix: 'Envíe cada número una sola vez.',
  };
}

function outside(at: number, day: string, first: string, last: string | null): Violation {
  const span = last === null ? `desde ${first}` : `entre ${first} y ${last}`;
  return {
    pointer: `/papers/${at}/fechaEmision`,
    code: 'CTG-PAP-02',
    message: `La fecha ${day} no es de esta contingencia (${span}).`,
    fix: 'Revise la fecha, o capture el comprobante en la contingencia en que se entregó.',
  };
}

function conflict(at: number, ncf: string): Violation {
  return {
    pointer: `/papers/${at}/ncf`,
    code: 'CTG-PAP-03',
    message: `${ncf} ya está registrado con otros datos o en otra contingencia.`,
    fix: 'Consulte /tenant/contingency-paper; retire el registro equivocado y captúrelo de nuevo.',
  };
}
