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
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Operation } from '../http/service-map.js';
import type { VoidedNumbers } from './document-store.js';
import type { DocumentFacts, Mensaje } from './verdict.js';

const syncToDisk = promisify(fdatasync);

/** One call as DGII saw it. A line is never changed; a reset is a line too. */
export interface LedgerEntry {
  readonly seq: number;
  readonly time: string;
  readonly environment: Environment | null;
  readonly service: Operation | 'reset';
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
  /** Whether the caller got the answer; `withheld` also when the call was never processed. */
  readonly answer: 'delivered' | 'withheld';
  /** Kind of the fault that hit the call, and whether the call was processed nevertheless. */
  readonly fault: string | null;
  readonly processed: boolean;
  readonly visibleAt: string | null;
  readonly pendingPolls: number;
  readonly facts: DocumentFacts | null;
  /** Only of a void request: what it voided. */
  readonly voided?: readonly VoidedNumbers[];
  /** Only of a commercial approval: whose, and its Estado (1 accepted, 2 refused). */
  readonly approval?: ApprovalFacts;
}

export interface ApprovalFacts {
  readonly rncComprador: string;
  readonly estado: string;
}

/** What a service adds to the ledger line of its call; the rest is known to the server. */
export type LedgerDraft = Partial<
  Omit<LedgerEntry, 'seq' | 'time' | 'answer' | 'fault' | 'processed' | 'httpStatus'>
>;

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

  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
    private readonly fsync: boolean,
  ) {}

  /** Opens (or creates) the file; every complete line is handed to `replay` first. */
  static async open(
    path: string,
    fsync: boolean,
    replay: (entry: LedgerEntry) => void,
  ): Promise<Ledger> {
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) dropTornLine(path);
    const ledger = new Ledger(path, openSync(path, 'a', 0o600), fsync);
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
    return numbered;
  }

  /** Resolves when everything appended so far is written (and synced, when configured). */
  async durable(): Promise<void> {
    const wanted = this.lastSeq;
    // A flush that is under way may have begun before the caller's line: then one more.
    while (this.durableSeq < wanted) {
      this.flushing ??= this.flush();
      await this.flushing;
    }
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
    await this.durable();
    closeSync(this.descriptor);
  }

  private async flush(): Promise<void> {
    try {
      await new Promise<void>((resolve) => setImmediate(resolve));
      const batch = this.pending.join('');
      const upTo = this.lastSeq;
      this.pending = [];
      writeSync(this.descriptor, batch);
      if (this.fsync) await syncToDisk(this.descriptor);
      this.durableSeq = upTo;
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
