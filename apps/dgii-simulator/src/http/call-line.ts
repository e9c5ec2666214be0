import type { FastifyRequest } from 'fastify';
import type { FaultTarget } from '../faults/fault.js';
import { NO_STATUS, type Spoiled } from '../faults/spoiling.js';
import type { ReceivedFile } from '../services/call.js';
import {
  NO_CALL,
  type LateVisibility,
  type LedgerDraft,
  type LedgerEntry,
} from '../state/ledger.js';
import { SERVICE_MAP, type Operation } from './service-map.js';

/** A call as it came in. */
export interface Arrival extends FaultTarget {
  readonly query: Readonly<Record<string, string>>;
  readonly file: ReceivedFile | undefined;
  readonly request: FastifyRequest;
}

/** A call that is over, but for its answer. */
export interface Outcome extends Spoiled {
  readonly processed: boolean;
  readonly withheld: boolean;
  /** The fault that matters most. */
  readonly fault: string | null;
  readonly faultIds: readonly string[];
  readonly record?: LedgerDraft | undefined;
  readonly late?: LateVisibility | undefined;
  readonly at: Date;
  /** Whether a fault let it wait. */
  readonly isDelayed?: boolean;
}

/**
 * Queries that a client makes to find out what became of a document leave a line as well, and what
 * the emisor-receptor sends; of other calls only those that a fault hit.
 */
const RECORDED: ReadonlySet<string> = new Set([
  'consultaestado',
  'consultatrackids',
  'consultarfce',
  'emisoremision',
  'emisoraprobacion',
]);

/** Whether a call leaves a line in the ledger. */
export function isRecorded({ operation }: Arrival, { fault }: Outcome): boolean {
  if (fault !== null || RECORDED.has(operation)) return true;
  return operation in SERVICE_MAP && SERVICE_MAP[operation as Operation].document;
}

/** The line of a call; what the service says of it stands before what the file's name says. */
export function lineOf(arrival: Arrival, outcome: Outcome): Omit<LedgerEntry, 'seq'> {
  const { answer, at, withheld, fault, processed, faultIds, late } = outcome;
  return {
    ...NO_CALL,
    time: at.toISOString(),
    ...(outcome.isDelayed === true ? { arrivedAt: arrival.at.toISOString() } : {}),
    environment: arrival.environment,
    service: arrival.operation,
    rnc: arrival.rnc,
    encf: arrival.encf,
    sha256: arrival.file?.sha256 ?? null,
    ...outcome.record,
    httpStatus: answer.status === NO_STATUS ? null : answer.status,
    answer: withheld ? 'withheld' : 'delivered',
    fault,
    processed,
    ...(faultIds.length === 0 ? {} : { faultIds }),
    ...(late === undefined ? {} : { late }),
  };
}
