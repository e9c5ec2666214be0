import { Injectable } from '@nestjs/common';
import type {
  CreateVoid,
  ListVoidsQuery,
  SettleVoid,
  TipoEcfCode,
  VoidList,
  VoidResource,
} from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { AuditLog, CursorCodec, TenantDb, isExclusionViolation } from '@getupnet/persistence';
import { actorText, type TenantContext } from '@getupnet/tenant-context';
import { assertSameRequest, type RequestKey } from '../request-key.js';
import { CreateVoidRequest, MOST_LISTED, textOf } from './create-void.use-case.js';
import { presentSummary, presentVoid, stateOf } from './present-void.js';
import { ANECF, VoidsRepository } from './voids.repository.js';

const CURSOR = 'sequence-voids';
/** Settled, with numbers that may be asked about again. */
const UNSETTLED: ReadonlySet<string> = new Set(['PARTIALLY_ACCEPTED', 'REJECTED', 'REVIEW']);

export interface VoidAnswer {
  readonly request: VoidResource;
  readonly replayed: boolean;
}

/** Asking for voids, and what became of them. */
@Injectable()
export class VoidsService {
  constructor(
    private readonly db: TenantDb,
    private readonly voids: VoidsRepository,
    private readonly requests: CreateVoidRequest,
    private readonly audit: AuditLog,
    private readonly cursors: CursorCodec,
  ) {}

  async create(
    tenant: TenantContext,
    { ranges, reason, request }: CreateVoid & { readonly request: RequestKey },
  ): Promise<VoidAnswer> {
    const made = await this.requests.run(tenant, {
      ranges,
      reason: reason ?? null,
      request,
      retries: null,
    });
    return { request: await this.get(tenant, made.id), replayed: made.replayed };
  }

  /**
   * Asks again, with an ANECF of its own, for the numbers of a settled request that DGII did not void or
   * that nobody knows of. Rejects with `sequence.not_voidable` while it is under way, and with
   * `resource.not_found` once the company issues in another environment: the numbers would be that one's.
   */
  async retry(tenant: TenantContext, id: string, request: RequestKey): Promise<VoidAnswer> {
    const earlier = await this.db.run(tenant, async (tx) => ({
      row: await this.voids.find(tx, id),
      made: await this.voids.byKey(tx, request.key),
      ranges: await this.voids.ranges(tx, id),
    }));
    if (earlier.made) {
      assertSameRequest(request, earlier.made.bodySha256);
      return { request: await this.get(tenant, earlier.made.id), replayed: true };
    }
    if (earlier.row.environment !== tenant.environment) throw new AppError('resource.not_found');
    const open = earlier.ranges.filter(({ outcome }) => OPEN_OUTCOMES.has(outcome));
    if (!UNSETTLED.has(stateOf(earlier.row.state)) || open.length === 0) {
      throw notOpen(id, 'la anulación sigue en curso o no dejó números pendientes');
    }
    const ranges = open.map(({ tipo, first, last }) => ({
      tipo: String(tipo) as TipoEcfCode,
      first: Number(first),
      last: Number(last),
    }));
    const { reason } = earlier.row;
    const made = await this.requests.run(tenant, { ranges, reason, request, retries: id });
    return { request: await this.get(tenant, made.id), replayed: made.replayed };
  }

  /**
   * Records what a person found out about unclear numbers; they stay out of use either way. Rejects with
   * `sequence.not_voidable` when there are none, or another request has voided them.
   */
  async settle(
    tenant: TenantContext,
    id: string,
    { outcome, note }: SettleVoid,
  ): Promise<VoidResource> {
    try {
      await this.db.run(tenant, async (tx) => {
        await this.voids.find(tx, id);
        const unclear = await this.voids.clarify(tx, id, outcome);
        if (unclear.length === 0) throw notOpen(id, 'no tiene números por aclarar');
        const numbers = unclear.slice(0, MOST_LISTED).map(textOf);
        await this.audit.append(tx, {
          ...{ tenantId: tenant.tenantId, type: 'sequence.void_settled', subjectId: id },
          actor: actorText(tenant.actor),
          payload: { before: 'UNCLEAR', after: outcome, numbers, note },
        });
      });
    } catch (error) {
      if (!isExclusionViolation(error)) throw error;
      throw notOpen(id, 'otra anulación ya tiene estos números', error);
    }
    return this.get(tenant, id);
  }

  /** Rejects with `resource.not_found`. */
  async get(tenant: TenantContext, id: string): Promise<VoidResource> {
    return this.db.run(tenant, async (tx) =>
      presentVoid(await this.voids.find(tx, id), await this.voids.ranges(tx, id)),
    );
  }

  /** The signed ANECF. Rejects with `document.state` before it is signed. */
  async xml(tenant: TenantContext, id: string): Promise<{ name: string; body: string }> {
    return this.db.run(tenant, async (tx) => {
      const row = await this.voids.find(tx, id);
      const body = await this.voids.body(tx, { id, month: row.artefactMonth }, ANECF);
      if (body === null) throw new AppError('document.state', { state: row.state });
      return { name: `${row.issuerRnc}-anulacion-${id}.xml`, body };
    });
  }

  /** Newest first. Rejects with `cursor.invalid`. */
  async list(tenant: TenantContext, query: ListVoidsQuery): Promise<VoidList> {
    const { tenantId, environment } = tenant;
    const before =
      query.cursor === undefined ? null : this.cursors.decode(tenantId, CURSOR, query.cursor);
    const rows = await this.db.run(tenant, (tx) =>
      this.voids.list(tx, { environment, state: query.state, before, limit: query.limit + 1 }),
    );
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return {
      data: page.map(presentSummary),
      nextCursor: more ? this.cursors.encode(tenantId, CURSOR, last.id) : null,
    };
  }
}

function notOpen(id: string, reason: string, cause?: unknown): AppError {
  return new AppError('sequence.not_voidable', { numbers: `de ${id}`, reason }, { cause });
}

const OPEN_OUTCOMES: ReadonlySet<string> = new Set(['NOT_VOIDED', 'UNCLEAR']);
