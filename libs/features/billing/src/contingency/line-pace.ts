import type { Environment } from '@getupnet/contracts';

/** Lines of one environment that a process drives at once when all is well. */
export const MOST_LINES = 16;

interface Width {
  width: number;
  busy: number;
}

/**
 * How many lines may be under way at once: one while nobody knows whether DGII answers, twice as many
 * after each turn that went well. A service that just came back is not met by all at once, and half
 * of the calls that would open its breaker again are never made.
 */
export class LinePace {
  private readonly widths = new Map<Environment, Width>();

  /** Lines that may be begun now. */
  room(environment: Environment): number {
    const { width, busy } = this.of(environment);
    return Math.max(0, width - busy);
  }

  /** Nobody knows yet whether DGII answers. */
  isCautious(environment: Environment): boolean {
    return this.of(environment).width === 1;
  }

  begin(environment: Environment): void {
    this.of(environment).busy += 1;
  }

  /** `sent` documents reached DGII, or the turn failed; null: the turn says nothing. */
  end(environment: Environment, outcome: 'sent' | 'failed' | null): void {
    const pace = this.of(environment);
    pace.busy -= 1;
    if (outcome === 'sent') pace.width = Math.min(MOST_LINES, pace.width * 2);
    if (outcome === 'failed') pace.width = 1;
  }

  private of(environment: Environment): Width {
    const known = this.widths.get(environment);
    if (known) return known;
    const fresh = { width: 1, busy: 0 };
    this.widths.set(environment, fresh);
    return fresh;
  }
}
