import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '@getupnet/kernel';
import { Config } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';

/**
 * One worker's go at some documents: who it is, and how long it may act on what it has read. Writes
 * are fenced by state and epoch in the database; a call to the signer or to DGII cannot be, so a
 * worker that was stopped for longer than a lease makes none when it wakes up (EMI-4).
 */
export class Stint {
  private readonly monotonicMs = performance.now();
  private readonly wallMs: number;

  /** Begin it before reading or writing what it is about. */
  constructor(
    readonly actor: string,
    /** A lease's length. */
    readonly limitMs: number,
    private readonly clock: Clock,
  ) {
    this.wallMs = clock.now().getTime();
  }

  /** The monotonic clock stands still while a machine sleeps, the other may be set: the longer counts. */
  get elapsedMs(): number {
    const wallMs = this.clock.now().getTime() - this.wallMs;
    return Math.max(performance.now() - this.monotonicMs, wallMs);
  }

  get isOver(): boolean {
    return this.elapsedMs > this.limitMs;
  }

  /** When it is over, for a callee in another process: milliseconds since 1970. */
  get endsAt(): number {
    return this.wallMs + this.limitMs;
  }

  /** A new one of the same worker, from now. */
  renewed(): Stint {
    return new Stint(this.actor, this.limitMs, this.clock);
  }
}

/** Begins stints as long as a lease. */
@Injectable()
export class Stints {
  private readonly leaseMs: number;

  constructor(
    private readonly clock: Clock,
    @Inject(Config) config: Config,
  ) {
    this.leaseMs = config.get(billingEnv).BILLING_LEASE_MS;
  }

  begin(actor: string): Stint {
    return new Stint(actor, this.leaseMs, this.clock);
  }
}
