import { Injectable } from '@nestjs/common';
import type {
  CreateVoid,
  ListVoidsQuery,
  TipoEcfCode,
  VoidList,
  VoidResource,
} from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { CursorCodec, TenantDb } from '@getupnet/persistence';
import type { TenantContext } from '@getupnet/tenant-context';
import { assertSameRequest, type RequestKey } from '../request-key.js';
import { CreateVoidRequest } from './create-void.use-case.js';
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
   * that nobody knows of. Rejects with `sequence.not_voidable` while it is under way.
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
    const open = earlier.ranges.filter(({ outcome }) => OPEN_OUTCOMES.has(outcome));
    if (!UNSETTLED.has(stateOf(earlier.row.state)) || open.length === 0) {
      const reason = 'la anulación sigue en curso o no dejó números pendientes';
      throw new AppError('sequence.not_voidable', { numbers: `de ${id}`, reason });
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

const OPEN_OUTCOMES: ReadonlySet<string> = new Set(['NOT_VOIDED', 'UNCLEAR']);
