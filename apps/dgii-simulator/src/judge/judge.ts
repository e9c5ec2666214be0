import type { Environment } from '@getupnet/contracts';
import type { ReceivedFile } from '../services/call.js';
import type { DocumentFacts, Verdict } from '../state/verdict.js';

/** Circumstances of one judgement. */
export interface Hearing {
  readonly environment: Environment;
  readonly now: Date;
  /** When the verdict will show; what else is visible by then counts. */
  readonly visibleAtMs: number;
}

/** A document that was read and judged. */
export interface Judged {
  readonly rnc: string;
  readonly encf: string;
  readonly verdict: Verdict;
  /** Null when the document was refused before its content could be trusted. */
  readonly facts: DocumentFacts | null;
  /** Queries that still answer En Proceso (magic buyers). */
  readonly polls: number;
}

/** DGII's judgement of documents; undefined means that it is not such a document at all. */
export interface Judge {
  ecf(hearing: Hearing, file: ReceivedFile): Judged | undefined;
  rfce(hearing: Hearing, file: ReceivedFile): Judged | undefined;
}
