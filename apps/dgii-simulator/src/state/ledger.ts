import type { Environment } from '@getupnet/contracts';
import {
  closeSync,
  createReadStream,
  fdatasync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { FaultOperation } from '../faults/fault.js';
import type { ControlRecord } from './control-record.js';
import type { VoidedNumbers } from './document-store.js';
import type { DocumentFacts, Mensaje } from './verdict.js';

const syncToDisk = promisify(fdatasync);

/** One call as DGII saw it. A line is never changed; a reset is a line too. */
export interface LedgerEntry {
  readonly seq: number;
  /** When it was processed: lines are in this order. */
  readonly time: string;
  /** When it arrived, if a fault let it wait. */
  readonly arrivedAt?: string;
  readonly environment: Environment | null;
  /** `control` is no call: see `ControlLine`. */
  readonly service: FaultOperation | 'reset' | 'control';
  readonly rnc: string | null;
  readonly encf: string | null;
  /** Hex SHA-256 of the received file, byte for byte. */
  readonly sha256: string | null;
  readonly trackId: string | null;
  /** DGII's verdict, even while it is not visible yet; null when there was none. */
  readonly codigo: string | null;
  readonly mensajes: readonly Mensaje[];
  readonly secuenciaUtilizada: boolean | null;
  readonly httpStatus: number | null;
  /**
   * Whether the caller got an answer, and the one that DGII gave: what a fault lost, cut, replaced
   * or falsified after the call was processed is `withheld`.
   */
  readonly answer: 'delivered' | 'withheld';
  /** Kind of the fault that hit the call, and whether the call was processed nevertheless. */
  readonly fault: string | null;
  readonly processed: boolean;
  /** Every fault that hit the call. */
  readonly faultIds?: readonly string[];
  /** Until when, and for how many queries, the document is not found. */
  readonly late?: LateVisibility;
  readonly visibleAt: string | null;
  readonly pendingPolls: number;
  readonly facts: DocumentFacts | null;
  /** Only of a void request: what it voided. */
  readonly voided?: readonly VoidedNumbers[];
  /** Only of a commercial approval: whose, and its Estado (1 accepted, 2 refused). */
  readonly approval?: ApprovalFacts;
  /** Only of `control`. */
  readonly control?: ControlRecord;
}

export interface LateVisibility {
  readonly queries: number;
  readonly until: string;
}

export interface ApprovalFacts {
  readonly rncComprador: string;
  readonly estado: string;
}

/** What a service adds to the ledger line of its call; the rest is known to the server. */
export type LedgerDraft = Partial<
  Omit<LedgerEntry, 'seq' | 'time' | 'answer' | 'fault' | 'processed' | 'httpStatus' | 'control'>
>;

/** Of a line that is no call of a service. */
export const NO_CALL = {
  environment: null,
  rnc: null,
  encf: null,
  sha256: null,
  trackId: null,
  codigo: null,
  mensajes: [],
  secuenciaUtilizada: null,
  httpStatus: null,
  answer: 'delivered',
  fault: null,
  processed: true,
  visibleAt: null,
  pendingPolls: 0,
  facts: null,
} as const satisfies Omit<LedgerEntry, 'seq' | 'time' | 'service'>;

/** A fault or forced verdict that was set or removed, or a connection that met wrong TLS. */
export type ControlLine = Partial<
  Pick<LedgerEntry, 'control' | 'answer' | 'processed' | 'fault' | 'faultIds'>
>;

/** Waits until what was written to a file is on the disk. */
export type SyncFile = (descriptor: number) => Promise<void>;

const NEWLINE = 0x0a;
/** Above what a line can hold: the ranges of a void request are shorter than its upload. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/**
 * Append-only JSON lines. Appends of one turn of the event loop are written together, and
 * `durable()` tells when they are in the file, so that no answer leaves before its line.
 */
export class Ledger {
  private pending: string[] = [];
  private flushing: Promise<void> | undefined;
  private lastSeq = 0;
  private durableSeq = 0;
  private open = true;
  /** Told of every line as it is appended. Must be quick, and must not throw. */
  observer: ((entry: LedgerEntry) => void) | undefined;
  /** A file that took no line takes no other: nothing is answered any more. */
  private failure: { readonly error: unknown } | undefined;

  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
    private readonly sync: SyncFile | undefined,
  ) {}

  /** Opens (or creates) the file; every complete line is handed to `replay` first. */
  static async open(
    path: string,
    fsync: boolean | SyncFile,
    replay: (entry: LedgerEntry) => void,
  ): Promise<Ledger> {
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) dropTornLine(path);
    const sync = fsync === true ? syncToDisk : fsync === false ? undefined : fsync;
    const ledger = new Ledger(path, openSync(path, 'a', 0o600), sync);
    for await (const entry of linesOf(path)) {
      ledger.lastSeq = entry.seq;
      replay(entry);
    }
    ledger.durableSeq = ledger.lastSeq;
    return ledger;
  }

  append(entry: Omit<LedgerEntry, 'seq'>): LedgerEntry {
    if (!this.open) throw new Error('the ledger is closed');
    this.lastSeq += 1;
    const numbered = { seq: this.lastSeq, ...entry };
    this.pending.push(`${JSON.stringify(numbered)}\n`);
    this.observer?.(numbered);
    return numbered;
  }

  /** Resolves when everything appended so far is written (and synced, when configured). */
  async durable(): Promise<void> {
    const wanted = this.lastSeq;
    // A flush that is under way may have begun before the caller's line: then one more.
    while (this.durableSeq < wanted) {
      if (this.failure !== undefined) throw this.failure.error;
      this.flushing ??= this.flush();
      await this.flushing;
    }
  }

  /** Writes down what is no call of a service; who waits for a later line waits for it too. */
  note(line: ControlLine, at: Date): void {
    this.append({ ...NO_CALL, time: at.toISOString(), service: 'control', ...line });
    this.flushing ??= this.flush();
  }

  async *entries(): AsyncGenerator<LedgerEntry> {
    await this.durable();
    yield* linesOf(this.path);
  }

  get length(): number {
    return this.lastSeq;
  }

  async close(): Promise<void> {
    this.open = false;
    try {
      await this.durable();
    } finally {
      closeSync(this.descriptor);
    }
  }

  /** Never rejects: whoever waits for a line that could not be written is told by `durable`. */
  private async flush(): Promise<void> {
    try {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.failure !== undefined) return;
      const batch = this.pending.join('');
      const upTo = this.lastSeq;
      this.pending = [];
      writeFileSync(this.descriptor, batch);
      await this.sync?.(this.descriptor);
      this.durableSeq = upTo;
    } catch (error) {
      this.failure = { error };
    } finally {
      this.flushing = undefined;
    }
  }
}

/** A crash may leave half a line: its call was never answered, so it never happened. */
function dropTornLine(path: string): void {
  const { size } = statSync(path);
  const descriptor = openSync(path, 'r+');
  try {
    const tail = Buffer.alloc(Math.min(size, MAX_LINE_BYTES));
    readSync(descriptor, tail, 0, tail.length, size - tail.length);
    const end = tail.lastIndexOf(NEWLINE) + 1;
    if (end < tail.length) ftruncateSync(descriptor, size - tail.length + end);
  } finally {
    closeSync(descriptor);
  }
}

async function* linesOf(path: string): AsyncGenerator<LedgerEntry> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines) {
    if (line !== '') yield JSON.parse(line) as LedgerEntry;
  }
}
