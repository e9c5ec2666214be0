import type { Clock } from '@getupnet/kernel';

/** Failures in a row that open the circuit. */
export const BREAKER_FAILURES = 5;
/** How long it stays open before trial calls go through. */
export const BREAKER_OPEN_MS = 60_000;
/** Trial calls let through afterwards; all must succeed to close it. */
export const BREAKER_TRIALS = 3;
/** Hint for callers turned away while the trials run. */
const TRIAL_WAIT_MS = 1_000;

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Leave to make one call; exactly one of the three is called once it has ended. */
export interface Permit {
  succeeded(): void;
  failed(): void;
  /** The answer says nothing of the service: neither for nor against it. */
  undecided(): void;
}

export type Admission =
  | { readonly admitted: true; readonly permit: Permit }
  | { readonly admitted: false; readonly retryAfterMs: number };

export interface BreakerOptions {
  readonly failures?: number;
  readonly openMs?: number;
  readonly onChange?: (state: BreakerState) => void;
}

/**
 * Circuit breaker: closed → (5 failures in a row) open 60 s → 3 trials → closed or open again.
 * Own code because the library breakers at hand admit a single trial and read the wall clock, and
 * the product requires three trials and a clock that tests can move.
 */
export class Breaker {
  private current: BreakerState = 'closed';
  /** Rises with every change of state: calls that began before a change no longer count. */
  private epoch = 0;
  private failures = 0;
  private openedAtMs = 0;
  private trialsStarted = 0;
  private trialsPassed = 0;

  private readonly mostFailures: number;
  private readonly openMs: number;
  private readonly onChange: (state: BreakerState) => void;

  constructor(
    private readonly clock: Clock,
    {
      failures = BREAKER_FAILURES,
      openMs = BREAKER_OPEN_MS,
      onChange = () => undefined,
    }: BreakerOptions = {},
  ) {
    this.mostFailures = failures;
    this.openMs = openMs;
    this.onChange = onChange;
  }

  get state(): BreakerState {
    return this.current;
  }

  admit(): Admission {
    if (this.current === 'open') {
      const remainingMs = this.openedAtMs + this.openMs - this.clock.now().getTime();
      // A clock set back must not keep the circuit open for longer than its term.
      if (remainingMs > 0 && remainingMs <= this.openMs) {
        return { admitted: false, retryAfterMs: remainingMs };
      }
      this.become('half-open');
    }
    if (this.current === 'half-open') {
      if (this.trialsStarted >= BREAKER_TRIALS) {
        return { admitted: false, retryAfterMs: Math.min(TRIAL_WAIT_MS, this.openMs) };
      }
      this.trialsStarted += 1;
    }
    return { admitted: true, permit: this.permit() };
  }

  private permit(): Permit {
    const { epoch } = this;
    const unlessStale = (act: () => void) => () => {
      if (epoch === this.epoch) act();
    };
    return {
      succeeded: unlessStale(() => this.onSuccess()),
      failed: unlessStale(() => this.onFailure()),
      undecided: unlessStale(() => this.onNothing()),
    };
  }

  private onSuccess(): void {
    this.failures = 0;
    if (this.current !== 'half-open') return;
    this.trialsPassed += 1;
    if (this.trialsPassed >= BREAKER_TRIALS) this.become('closed');
  }

  private onFailure(): void {
    this.failures += 1;
    if (this.current === 'half-open' || this.failures >= this.mostFailures) this.become('open');
  }

  /** A trial that proved nothing makes room for another one. */
  private onNothing(): void {
    if (this.current === 'half-open') this.trialsStarted -= 1;
  }

  private become(state: BreakerState): void {
    this.current = state;
    this.epoch += 1;
    this.failures = 0;
    this.trialsStarted = 0;
    this.trialsPassed = 0;
    if (state === 'open') this.openedAtMs = this.clock.now().getTime();
    this.onChange(state);
  }
}
