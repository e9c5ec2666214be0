import type { ListStuckQuery, StuckDocumentList } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { CursorCodec, PLATFORM_TENANT_ID } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { StuckDocumentsRepository, type Place } from './stuck-documents.repository.js';

/** What the operator should look at: documents nobody tries any more, or that take too long. */
@Injectable()
export class ListStuckDocuments {
  constructor(
    private readonly documents: StuckDocumentsRepository,
    private readonly cursors: CursorCodec,
  ) {}

  /** Longest stuck first. Rejects with `cursor.invalid`. */
  async run({ cursor, ...query }: ListStuckQuery): Promise<StuckDocumentList> {
    const list = `stuck-documents.${query.stuck}`;
    const after = cursor === undefined ? null : this.placeOf(list, cursor);
    const found = await this.documents.list(query, after, query.limit + 1);
    const data = found.slice(0, query.limit);
    const last = data.at(-1);
    const more = found.length > query.limit && last !== undefined;
    return {
      data,
      nextCursor: more
        ? this.cursors.encode(PLATFORM_TENANT_ID, list, `${last.since} ${last.id}`)
        : null,
    };
  }

  private placeOf(list: string, cursor: string): Place {
    const [since, id] = this.cursors.decode(PLATFORM_TENANT_ID, list, cursor).split(' ');
    if (since === undefined || id === undefined) throw new AppError('cursor.invalid');
    return { since, id };
  }
}
