import type { Environment } from '@getupnet/contracts';
import type { LedgerEntry } from '../../state/ledger.js';

/** One call as the page shows it. */
export interface TrafficRow {
  readonly id: number;
  readonly time: string;
  readonly environment: Environment | null;
  readonly service: string;
  readonly rnc: string | null;
  readonly encf: string | null;
  readonly httpStatus: number | null;
  /** DGII's word or code for the document; null when the call gave none. */
  readonly verdict: string | null;
  readonly fault: string | null;
  /** Null for calls that nobody watched. */
  readonly durationMs: number | null;
  readonly answer: LedgerEntry['answer'];
  /** The line of the ledger, cut to what a screen holds; null for calls that leave none. */
  readonly line: LedgerEntry | null;
  /** Beginning of what was answered; null when it was not seen. */
  readonly answerText: string | null;
}

/** What a person looks for: all that match every given field. */
export interface TrafficFilter {
  readonly service?: string;
  readonly rnc?: string;
  readonly encf?: string;
}

const CAPACITY = 500;

/** The last calls and no more, oldest first. */
export class TrafficRing {
  private readonly rows: TrafficRow[] = [];
  private lastId = 0;

  constructor(private readonly capacity = CAPACITY) {}

  push(row: Omit<TrafficRow, 'id'>): void {
    this.lastId += 1;
    this.rows[this.lastId % this.capacity] = { id: this.lastId, ...row };
  }

  get newest(): number {
    return this.lastId;
  }

  get(id: number): TrafficRow | undefined {
    const row = this.rows[id % this.capacity];
    return row?.id === id ? row : undefined;
  }

  /** Matching rows after `id`, oldest first: the newest `limit` of them. */
  after(id: number, filter: TrafficFilter, limit: number): TrafficRow[] {
    const found: TrafficRow[] = [];
    const oldest = Math.max(id + 1, this.lastId - this.capacity + 1, 1);
    for (let at = this.lastId; at >= oldest && found.length < limit; at -= 1) {
      const row = this.get(at);
      if (row !== undefined && matches(row, filter)) found.push(row);
    }
    return found.reverse();
  }
}

function matches(row: TrafficRow, { service, rnc, encf }: TrafficFilter): boolean {
  return (
    (service === undefined || row.service === service) &&
    (rnc === undefined || (row.rnc ?? '').startsWith(rnc)) &&
    (encf === undefined || (row.encf ?? '').startsWith(encf))
  );
}
