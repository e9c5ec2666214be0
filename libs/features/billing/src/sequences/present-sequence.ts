import { isEnvironment, type SequenceResource, type TipoEcfCode } from '@getupnet/contracts';
import type { EncfRangeRecord } from '@getupnet/persistence';

/** A range as its tenant is told of it. */
export function presentSequence(row: EncfRangeRecord): SequenceResource {
  if (!isEnvironment(row.environment)) throw new Error(`unknown environment ${row.environment}`);
  return {
    id: row.id,
    tipo: String(row.tipo) as TipoEcfCode,
    environment: row.environment,
    branch: row.branch,
    first: String(row.first),
    last: String(row.last),
    next: row.next > row.last ? null : String(row.next),
    remaining: String(row.last - row.next + 1n),
    expiresOn: row.expiresOn === null ? null : row.expiresOn.toISOString().slice(0, 10),
    splitFrom: row.splitFrom,
    voidId: row.voidId,
    createdAt: row.createdAt.toISOString(),
  };
}
