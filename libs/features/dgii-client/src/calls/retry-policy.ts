import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** A safe call is made so many times at the most, within its deadline. */
export const MAX_TRIES = 3;
const BASE_MS = 250;
const CAP_MS = 2_000;
const STEPS = 2 ** 32;

function systemRandom(): number {
  return randomInt(STEPS) / STEPS;
}

export interface RetryPolicyOptions {
  /** 0 ≤ x < 1; tests give their own. */
  readonly random?: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Pauses between tries: exponential, capped, with full jitter, so that replicas do not march. */
export class RetryPolicy {
  private readonly random: () => number;
  readonly pause: (ms: number) => Promise<unknown>;

  constructor({ random = systemRandom, pause = delay }: RetryPolicyOptions = {}) {
    this.random = random;
    this.pause = pause;
  }

  /** Pause after the `tried`-th try, or null when there is none left. */
  waitMs(tried: number): number | null {
    if (tried >= MAX_TRIES) return null;
    return Math.floor(this.random() * Math.min(CAP_MS, BASE_MS * 2 ** (tried - 1)));
  }
}
