import { performance } from 'node:perf_hooks';
import type { Environment } from '@getupnet/contracts';
import type { DgiiAnswer } from '@getupnet/dgii-api';
import { Clock } from '@getupnet/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { Breaker, type BreakerState } from './breaker.js';
import { DgiiMetrics, type DgiiOperation } from './dgii-metrics.js';

/** Certainly not sent, and when it makes sense to try again. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
  readonly retryAfterMs: number;
}

/** A guarded call: what DGII answered, or that it was never asked. */
export type Called<T> = Exclude<DgiiAnswer<T>, { kind: 'unsent' }> | Unavailable;

/** Hint after a connection that could not be made. */
export const UNSENT_RETRY_MS = 5_000;

/** Answers that say that the service, not the document, is in trouble. */
const FAILURES: ReadonlySet<DgiiAnswer<unknown>['kind']> = new Set(['unusable', 'lost', 'unsent']);

export function unavailable(reason: string, retryAfterMs: number): Unavailable {
  return { kind: 'unavailable', reason, retryAfterMs: Math.ceil(retryAfterMs) };
}

/** Every call to DGII goes through here: a breaker per environment and operation, and metrics. */
@Injectable()
export class DgiiCalls {
  private readonly logger = new Logger('DgiiCalls');
  private readonly breakers = new Map<string, Breaker>();

  constructor(
    private readonly clock: Clock,
    private readonly metrics: DgiiMetrics,
  ) {}

  async run<T>(
    environment: Environment,
    operation: DgiiOperation,
    call: () => Promise<DgiiAnswer<T>>,
  ): Promise<Called<T>> {
    const admission = this.breaker(environment, operation).admit();
    if (!admission.admitted) {
      this.metrics.turnedAway(environment, operation);
      return unavailable('breaker.open', admission.retryAfterMs);
    }
    const startedMs = performance.now();
    let failed = true;
    try {
      const answer = await call();
      failed = FAILURES.has(answer.kind);
      this.metrics.called(environment, operation, answer.kind, performance.now() - startedMs);
      return answer.kind === 'unsent' ? unavailable(answer.reason, UNSENT_RETRY_MS) : answer;
    } finally {
      if (failed) admission.permit.failed();
      else admission.permit.succeeded();
    }
  }

  /** State of every operation called so far in the environment. */
  states(environment: Environment): readonly { operation: string; state: BreakerState }[] {
    const prefix = `${environment}/`;
    return [...this.breakers]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { state }]) => ({ operation: key.slice(prefix.length), state }));
  }

  private breaker(environment: Environment, operation: DgiiOperation): Breaker {
    const key = `${environment}/${operation}`;
    const known = this.breakers.get(key);
    if (known) return known;
    const breaker = new Breaker(this.clock, (state) => {
      this.logger.warn({ message: 'breaker changed', environment, operation, state });
      this.metrics.breakerChanged(environment, operation, state);
    });
    this.breakers.set(key, breaker);
    return breaker;
  }
}
