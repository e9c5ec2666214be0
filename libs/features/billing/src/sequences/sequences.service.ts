import { Injectable } from '@nestjs/common';
import type {
  AddSequence,
  ChangeSequence,
  PageQuery,
  SequenceResource,
  SequenceSplit,
  SplitSequence,
} from '@getupnet/contracts';
import { AppError, newId } from '@getupnet/kernel';
import {
  AuditLog,
  CursorCodec,
  TenantDb,
  isExclusionViolation,
  isUniqueViolation,
  type EncfRangeRecord,
  type Tx,
} from '@getupnet/persistence';
import { actorText, type TenantContext } from '@getupnet/tenant-context';
import { presentSequence } from './present-sequence.js';
import { assertSameRequest, type RequestKey } from './request-key.js';
import { SequencesRepository } from './sequences.repository.js';

const CURSOR = 'sequences';

export interface SequenceAdded {
  readonly range: SequenceResource;
  readonly replayed: boolean;
}

/** Registering, dividing and listing the ranges DGII authorised. */
@Injectable()
export class SequencesService {
  constructor(
    private readonly db: TenantDb,
    private readonly ranges: SequencesRepository,
    private readonly audit: AuditLog,
    private readonly cursors: CursorCodec,
  ) {}

  /** Rejects with `sequence.overlap` when another range holds any of the numbers. */
  async add(
    tenant: TenantContext,
    command: AddSequence,
    request: RequestKey,
  ): Promise<SequenceAdded> {
    const { tenantId, environment } = tenant;
    const asked = { requestKey: request.key, requestSha256: request.sha256 };
    const range = { ...command, ...asked, id: newId(), tenantId, environment };
    try {
      return await this.db.run(tenant, async (tx) => {
        const earlier = await this.ranges.madeBy(tx, request.key);
        if (earlier) return replayOf(earlier, request);
        if (await this.ranges.overlaps(tx, range)) throw new AppError('sequence.overlap');
        const row = await this.ranges.insert(tx, range);
        const payload = { ...command, environment };
        await this.tell(tx, tenant, { type: 'sequence.added', id: range.id, payload });
        return { range: presentSequence(row), replayed: false };
      });
    } catch (error) {
      if (!isExclusionViolation(error) && !isUniqueViolation(error)) throw error;
      // The same request may have been committed a moment before.
      const earlier = await this.db.run(tenant, (tx) => this.ranges.madeBy(tx, request.key));
      if (earlier) return replayOf(earlier, request);
      throw new AppError('sequence.overlap', {}, { cause: error });
    }
  }

  /** Gives a range to a branch, or to everybody. Documents on their way are not affected. */
  async change(
    tenant: TenantContext,
    id: string,
    { branch }: ChangeSequence,
  ): Promise<SequenceResource> {
    return this.db.run(tenant, async (tx) => {
      const before = await this.ranges.lock(tx, tenant, id);
      const after = await this.ranges.setBranch(tx, before, branch);
      const payload = { before: { branch: before.branch }, after: { branch } };
      await this.tell(tx, tenant, { type: 'sequence.changed', id, payload });
      return presentSequence(after);
    });
  }

  /**
   * Separates the last numbers of a range that were not given out yet. Under the lock numbers are taken
   * under: nothing is lost or given twice, whoever issues meanwhile. Rejects with
   * `sequence.not_divisible`.
   */
  async split(
    tenant: TenantContext,
    id: string,
    command: SplitSequence & { readonly request: RequestKey },
  ): Promise<SequenceSplit & { readonly replayed: boolean }> {
    const { request, branch, count } = command;
    try {
      return await this.db.run(tenant, async (tx) => {
        const range = await this.ranges.lock(tx, tenant, id);
        const earlier = await this.ranges.cutBy(tx, request.key);
        if (earlier) {
          assertSameRequest(request, earlier.to.requestSha256);
          return { ...presentSplit(earlier), replayed: true };
        }
        const cut = cutOf(range, BigInt(count));
        const done = await this.ranges.cut(tx, range, {
          ...{ id: newId(), branch, cut },
          ...{ requestKey: request.key, requestSha256: request.sha256 },
        });
        const payload = { before: bounds(range), after: bounds(done.from), to: bounds(done.to) };
        await this.tell(tx, tenant, { type: 'sequence.split', id, payload });
        return { ...presentSplit(done), replayed: false };
      });
    } catch (error) {
      // The key belongs to a division of another range.
      if (isUniqueViolation(error)) throw new AppError('idempotency.key_reused');
      throw error;
    }
  }

  async list(tenant: TenantContext, query: PageQuery) {
    const before =
      query.cursor === undefined
        ? null
        : this.cursors.decode(tenant.tenantId, CURSOR, query.cursor);
    const rows = await this.db.run(tenant, (tx) =>
      this.ranges.list(tx, { environment: tenant.environment, before, limit: query.limit + 1 }),
    );
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return {
      data: page.map(presentSequence),
      nextCursor: more ? this.cursors.encode(tenant.tenantId, CURSOR, last.id) : null,
    };
  }

  private async tell(
    tx: Tx,
    { tenantId, actor }: TenantContext,
    event: { readonly type: string; readonly id: string; readonly payload: object },
  ): Promise<void> {
    const { type, id: subjectId, payload } = event;
    await this.audit.append(tx, { tenantId, type, subjectId, actor: actorText(actor), payload });
  }
}

/** The range as it stands now: numbers may have been taken of it meanwhile. */
function replayOf(earlier: EncfRangeRecord, request: RequestKey): SequenceAdded {
  assertSameRequest(request, earlier.requestSha256);
  return { range: presentSequence(earlier), replayed: true };
}

/** The first number to be separated. */
function cutOf({ first, last, next }: EncfRangeRecord, count: bigint): bigint {
  const free = last - next + 1n;
  if (count > free) {
    throw new AppError('sequence.not_divisible', { reason: `le quedan ${free} números` });
  }
  if (count > last - first) {
    throw new AppError('sequence.not_divisible', {
      reason: 'se pide entero; cambie su sucursal con PATCH en vez de dividirlo',
    });
  }
  return last - count + 1n;
}

/** As JSON takes it. */
function bounds({ id, branch, first, last, next }: EncfRangeRecord) {
  return { id, branch, first: String(first), last: String(last), next: String(next) };
}

function presentSplit({ from, to }: { from: EncfRangeRecord; to: EncfRangeRecord }): SequenceSplit {
  return { from: presentSequence(from), to: presentSequence(to) };
}
