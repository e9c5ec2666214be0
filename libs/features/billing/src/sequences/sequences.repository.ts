import { Injectable } from '@nestjs/common';
import type { AddSequence } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { EncfRangeRecord, Tx } from '@getupnet/persistence';

export interface Cut {
  /** Of the new range. */
  readonly id: string;
  readonly branch: string | null;
  /** Its first number. */
  readonly cut: bigint;
  readonly requestKey: string;
  readonly requestSha256: string;
}

export interface NewRange extends AddSequence {
  readonly id: string;
  readonly tenantId: string;
  readonly environment: string;
  readonly requestKey: string;
  readonly requestSha256: string;
}

/** Ranges of authorised numbers of one tenant. */
@Injectable()
export class SequencesRepository {
  async insert(tx: Tx, range: NewRange): Promise<EncfRangeRecord> {
    return tx.encfRange.create({
      data: {
        tenantId: range.tenantId,
        id: range.id,
        environment: range.environment,
        tipo: Number(range.tipo),
        first: BigInt(range.first),
        last: BigInt(range.last),
        next: BigInt(range.first),
        expiresOn: range.expiresOn === null ? null : new Date(range.expiresOn),
        branch: range.branch,
        requestKey: range.requestKey,
        requestSha256: range.requestSha256,
      },
    });
  }

  /**
   * One range, locked as the accept statement locks it: until the transaction ends nobody takes
   * numbers of it. Rejects with `resource.not_found`.
   */
  async lock(
    tx: Tx,
    { tenantId, environment }: { readonly tenantId: string; readonly environment: string },
    id: string,
  ): Promise<EncfRangeRecord> {
    await tx.$queryRaw`
      SELECT FROM encf_range WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid FOR UPDATE`;
    const range = await tx.encfRange.findFirst({ where: { id, environment } });
    if (!range) throw new AppError('resource.not_found');
    return range;
  }

  async setBranch(
    tx: Tx,
    { tenantId, id }: EncfRangeRecord,
    branch: string | null,
  ): Promise<EncfRangeRecord> {
    return tx.encfRange.update({
      where: { tenantId_id: { tenantId, id } },
      data: { branch },
    });
  }

  /** The range a request with this key registered or cut off; null when there is none. */
  async madeBy(tx: Tx, requestKey: string): Promise<EncfRangeRecord | null> {
    return tx.encfRange.findFirst({ where: { requestKey } });
  }

  /** What a request with this key cut off, and from what; null when there was none. */
  async cutBy(
    tx: Tx,
    requestKey: string,
  ): Promise<{ readonly from: EncfRangeRecord; readonly to: EncfRangeRecord } | null> {
    const to = await tx.encfRange.findFirst({ where: { requestKey }, include: { origin: true } });
    return to?.origin ? { from: to.origin, to } : null;
  }

  /** Ends `from` before `cut` and gives the rest of its numbers to a range of its own. */
  async cut(
    tx: Tx,
    from: EncfRangeRecord,
    { id, branch, cut, requestKey, requestSha256 }: Cut,
  ): Promise<{ readonly from: EncfRangeRecord; readonly to: EncfRangeRecord }> {
    const { tenantId, environment, tipo, last, expiresOn } = from;
    const shortened = await tx.encfRange.update({
      where: { tenantId_id: { tenantId, id: from.id } },
      data: { last: cut - 1n },
    });
    const to = await tx.encfRange.create({
      data: {
        ...{ tenantId, id, environment, tipo, first: cut, last, next: cut, expiresOn },
        ...{ branch, splitFrom: from.id, requestKey, requestSha256 },
      },
    });
    return { from: shortened, to };
  }

  async list(
    tx: Tx,
    page: { environment: string; before: string | null; limit: number },
  ): Promise<EncfRangeRecord[]> {
    return tx.encfRange.findMany({
      where: {
        environment: page.environment,
        ...(page.before === null ? {} : { id: { lt: page.before } }),
      },
      orderBy: { id: 'desc' },
      take: page.limit,
    });
  }

  /** Whether any range shares numbers with first…last. */
  async overlaps(tx: Tx, range: NewRange): Promise<boolean> {
    const found = await tx.encfRange.findFirst({
      where: {
        environment: range.environment,
        tipo: Number(range.tipo),
        first: { lte: BigInt(range.last) },
        last: { gte: BigInt(range.first) },
      },
      select: { id: true },
    });
    return found !== null;
  }

  /** Whether the number lies in one of the tenant's ranges. */
  async covers(tx: Tx, environment: string, encf: string): Promise<boolean> {
    const number = BigInt(encf.slice(3));
    const found = await tx.encfRange.findFirst({
      where: {
        environment,
        tipo: Number(encf.slice(1, 3)),
        first: { lte: number },
        last: { gte: number },
      },
      select: { id: true },
    });
    return found !== null;
  }
}
