import { Readable } from 'node:stream';
import type { AuditEntryResource, AuditList, ListAuditQuery } from '@getupnet/contracts';
import {
  AuditLog,
  AuditReader,
  CursorCodec,
  TenantDb,
  entryText,
  type LogFilter,
  type WalkedLink,
} from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

const CURSOR = 'audit-logs';
/** Entries one look at the database brings; the export holds no more in memory. */
const EXPORT_PAGE = 1_000;

/** Whose chain, and who looks at it. */
export interface ChainAccess {
  readonly tenantId: string;
  readonly actor: string;
}

/** Reading one chain. */
@Injectable()
export class AuditLogs {
  constructor(
    private readonly reader: AuditReader,
    private readonly cursors: CursorCodec,
    private readonly db: TenantDb,
    private readonly audit: AuditLog,
  ) {}

  /** Newest first. */
  async list({ tenantId }: ChainAccess, query: ListAuditQuery): Promise<AuditList> {
    const { cursor, limit } = query;
    const below =
      cursor === undefined ? null : Number(this.cursors.decode(tenantId, CURSOR, cursor));
    const { links, next } = await this.reader.list(tenantId, filterOf(query), { below, limit });
    return {
      data: links.flatMap(presentEntry),
      nextCursor: next === null ? null : this.cursors.encode(tenantId, CURSOR, String(next)),
    };
  }

  /** Entries after a seq as lines for `audit-verify`, oldest first; read as fast as it is taken. */
  async export({ tenantId, actor }: ChainAccess, after: number): Promise<Readable> {
    await this.db.run({ tenantId }, (tx) =>
      this.audit.append(tx, {
        ...{ tenantId, type: 'audit.exported', subjectId: null, actor, payload: { after } },
      }),
    );
    return Readable.from(this.lines(tenantId, after), { objectMode: false });
  }

  private async *lines(tenantId: string, after: number): AsyncGenerator<string> {
    let seq = after;
    for (;;) {
      const links = await this.reader.walk(tenantId, seq, EXPORT_PAGE);
      const last = links.at(-1);
      if (last === undefined) return;
      seq = last.seq;
      const text = links.map((link) => exportLine(tenantId, link)).join('');
      if (text !== '') yield text;
    }
  }
}

/** The lines of entries whose month was archived are in the export made before that. */
function exportLine(tenantId: string, { seq, hash, event }: WalkedLink): string {
  if (event === null) return '';
  const entry = entryText({ tenantId, seq, ...event });
  return `${JSON.stringify({ entry, hash: hash.toString('hex') })}\n`;
}

function filterOf({ type, subjectId, actor, from, to }: ListAuditQuery): LogFilter {
  return {
    ...{ type, subjectId, actor },
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}

function presentEntry({ seq, hash, event }: WalkedLink): AuditEntryResource[] {
  if (event === null) return [];
  const { occurredAt, ...rest } = event;
  return [{ seq, ...rest, occurredAt: occurredAt.toISOString(), hash: hash.toString('hex') }];
}
