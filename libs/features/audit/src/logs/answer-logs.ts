import type { Readable } from 'node:stream';
import { NDJSON, type AuditList, type ListAuditQuery } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { HttpReply } from '@getupnet/platform';
import type { AuditLogs, ChainAccess } from './audit-logs.service.js';

const LIST_ONLY = ['type', 'subjectId', 'actor', 'from', 'to', 'cursor'] as const;

/** The list, or the whole chain for who asks for lines. */
export async function answerLogs(
  logs: AuditLogs,
  asked: {
    readonly access: ChainAccess;
    readonly query: ListAuditQuery;
    readonly accept: string | undefined;
    readonly reply: HttpReply;
  },
): Promise<AuditList | Readable> {
  const { access, query, reply } = asked;
  const lines = asked.accept?.includes(NDJSON) === true;
  if (!lines) {
    if (query.after !== undefined) throw unfit('after', `Solo con Accept: ${NDJSON}.`);
    return logs.list(access, query);
  }
  const filter = LIST_ONLY.find((name) => query[name] !== undefined);
  // A chain with holes proves nothing.
  if (filter !== undefined) throw unfit(filter, 'La exportación lleva la cadena sin filtros.');
  const stream = await logs.export(access, query.after ?? 0);
  reply.header('Content-Type', NDJSON);
  return stream;
}

function unfit(name: string, message: string): AppError {
  const errors = [{ pointer: `?${name}`, code: 'schema.unknown_field', message }];
  return new AppError('validation.failed', {}, { errors });
}
