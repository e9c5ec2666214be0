import type { Environment } from '@getupnet/contracts';
import type { Answer } from '../http/answer.js';
import type { Operation } from '../http/service-map.js';

/** A document as it arrived. */
export interface ReceivedFile {
  readonly fileName: string;
  readonly bytes: Buffer;
  /** Hex SHA-256 of `bytes`. */
  readonly sha256: string;
}

/** One call of a DGII service, after transport and token. */
export interface Call {
  readonly operation: Operation;
  readonly environment: Environment;
  /** Cédula or RNC of the token's person; null where a service wants no token. */
  readonly holder: string | null;
  /** Keys in lower case: DGII's parameters are case-insensitive. */
  readonly query: Readonly<Record<string, string>>;
  readonly file: ReceivedFile | undefined;
  /** Body of a call that sends no document: parsed JSON, or the bytes of anything else. */
  readonly body: unknown;
  readonly wantsXml: boolean;
  readonly now: Date;
  /** Fault in force that keeps this document En Proceso. */
  readonly enProceso: { readonly polls: number; readonly ms: number };
}

/** A service: a call in, an answer out; faults and transport happen around it. */
export type Handler = (call: Call) => Answer | Promise<Answer>;

/** The document of a call that has one: the exchange refused the others. */
export function documentOf(call: Call): ReceivedFile {
  if (call.file === undefined) throw new Error(`${call.operation} was called without a file`);
  return call.file;
}
