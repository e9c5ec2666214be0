import type { PageQuery } from '@getupnet/contracts';
import { CursorCodec, PLATFORM_TENANT_ID } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

export interface Page<T> {
  readonly rows: readonly T[];
  readonly nextCursor: string | null;
}

/** Lists by descending id, a page at a time; a cursor is of one list of one company (TEN-6). */
@Injectable()
export class Paging {
  constructor(private readonly cursors: CursorCodec) {}

  async read<T>(
    list: { readonly name: string; readonly tenantId: string | null },
    { cursor, limit }: PageQuery,
    fetch: (page: { before: string | null; limit: number }) => Promise<readonly T[]>,
    idOf: (row: T) => string,
  ): Promise<Page<T>> {
    const tenantId = list.tenantId ?? PLATFORM_TENANT_ID;
    const before = cursor === undefined ? null : this.cursors.decode(tenantId, list.name, cursor);
    const found = await fetch({ before, limit: limit + 1 });
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    const more = found.length > limit && last !== undefined;
    return { rows, nextCursor: more ? this.cursors.encode(tenantId, list.name, idOf(last)) : null };
  }
}
