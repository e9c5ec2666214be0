import type { Deadline } from './deadline.js';
import { leavesDoubt, type DgiiOperation } from './dgii-operations.js';

/** With less time left than this a call is not begun: its answer would not be waited for. */
export const MIN_CALL_MS = 500;
/** A service that was silent for less is not thereby ill, whatever its caller had in mind. */
const FAIR_MS = 5_000;
/** Of the time calls usually have, what one must have had for its silence to say something. */
const FAIR_SHARE = 3 / 4;
/** The same for beginning one that must not be cut off. */
const LEAST_SHARE = 1 / 2;

/** The time one call has: the configured limit, and what is left of its caller's deadline. */
export class CallTime {
  constructor(
    private readonly operation: DgiiOperation,
    private readonly callTimeoutMs: number,
    private readonly deadline?: Deadline,
  ) {}

  /** Less is not worth beginning: what is cut off would be in doubt although DGII is well. */
  get leastMs(): number {
    return leavesDoubt(this.operation)
      ? Math.max(MIN_CALL_MS, this.usualMs * LEAST_SHARE)
      : MIN_CALL_MS;
  }

  /** Whether there is enough of it left to begin. */
  suffices(): boolean {
    return this.deadline === undefined || this.deadline.remainingMs() >= this.leastMs;
  }

  /** How long a turn may be waited for. */
  spareMs(): number {
    return this.deadline ? this.deadline.remainingMs() - this.leastMs : 0;
  }

  /** Whether silence for as long as there is left says something of the service. */
  isFair(): boolean {
    if (this.deadline === undefined) return true;
    const givenMs = Math.min(this.callTimeoutMs, this.deadline.remainingMs());
    const enoughMs = Math.max(this.usualMs * FAIR_SHARE, Math.min(this.callTimeoutMs, FAIR_MS));
    return givenMs >= enoughMs;
  }

  /** What a call has when nothing else came first. */
  private get usualMs(): number {
    return Math.min(this.callTimeoutMs, this.deadline?.totalMs ?? Number.POSITIVE_INFINITY);
  }
}
