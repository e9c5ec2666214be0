import { Injectable } from '@nestjs/common';
import type { AddSequence } from '@getupnet/contracts';
import type { EncfRangeRecord, Tx } from '@getupnet/persistence';

export interface NewRange extends AddSequence {
  readonly id: string;
  readonly tenantId: string;
  readonly environment: string;
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
      },
    });
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
