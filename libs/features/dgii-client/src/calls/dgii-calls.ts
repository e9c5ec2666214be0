import { performance } from 'node:perf_hooks';
import type { Environment } from '@getupnet/contracts';
import type { DgiiAnswer } from '@getupnet/dgii-api';
import type { Clock } from '@getupnet/kernel';
import type { Turn } from '@getupnet/platform';
import { Logger } from '@nestjs/common';
import { Breaker, type BreakerOptions, type BreakerState, type Permit } from './breaker.js';
import { CallTime, MIN_CALL_MS } from './call-time.js';
import type { Deadline } from './deadline.js';
import type { DgiiMetrics } from './dgii-metrics.js';
import { hostOfOperation, isSafe, type DgiiOperation } from './dgii-operations.js';
import type { Maintenance } from './maintenance.js';
import type { Pacing } from './pacing.js';
import type { RetryPolicy } from './retry-policy.js';
import { healthOf, type Health } from './service-health.js';

/** Certainly not sent, and when it makes sense to try again. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
  readonly retryAfterMs: number;
}

/** A guarded call: what DGII answered, or that it was never asked. */
export type Called<T> = Exclude<DgiiAnswer<T>, { kind: 'unsent' }> | Unavailable;

export interface CallFor {
  /** Whose call; the platform's own ones are not paced. */
  readonly tenantId?: string;
  /** A call without one is not repeated. */
  readonly deadline?: Deadline;
}

/** Hint after a connection that could not be made. */
export const UNSENT_RETRY_MS = 5_000;
/** Hint when too many calls were waiting for their turn. */
const PACING_RETRY_MS = 1_000;
const DEADLINE_RETRY_MS = 1_000;
const NO_TURN_NEEDED: Turn = { release: () => undefined };

/** After these a safe call is made again; whether they count against the service is another matter. */
const FAILURES: ReadonlySet<DgiiAnswer<unknown>['kind']> = new Set(['unusable', 'lost', 'unsent']);

export function unavailable(reason: string, retryAfterMs: number): Unavailable {
  return { kind: 'unavailable', reason, retryAfterMs: Math.ceil(retryAfterMs) };
}

/** Certainly not sent, because too little time was left to wait for the answer. */
export const TOO_LATE = unavailable('deadline', DEADLINE_RETRY_MS);

export interface DgiiCallsParts {
  readonly clock: Clock;
  readonly metrics: DgiiMetrics;
  readonly maintenance: Maintenance;
  readonly pacing: Pacing;
  readonly retries: RetryPolicy;
  readonly breaker: Pick<BreakerOptions, 'failures' | 'openMs'>;
  /** No call takes longer. */
  readonly callTimeoutMs: number;
}

/**
 * Every call to DGII goes through here: pause during maintenance, the tenant's turn, a breaker per
 * environment and operation, metrics, and another try where asking twice does no harm.
 */
export class DgiiCalls {
  private readonly logger = new Logger('DgiiCalls');
  private readonly breakers = new Map<string, Breaker>();

  constructor(private readonly parts: DgiiCallsParts) {}

  async run<T>(
    environment: Environment,
    operation: DgiiOperation,
    call: () => Promise<DgiiAnswer<T>>,
    whose: CallFor = {},
  ): Promise<Called<T>> {
    for (let tried = 1; ; tried += 1) {
      const { called, failed } = await this.once(environment, operation, call, whose);
      const waitMs = failed && isSafe(operation) ? this.parts.retries.waitMs(tried) : null;
      const leftMs = whose.deadline?.remainingMs() ?? 0;
      if (waitMs === null || leftMs < waitMs + MIN_CALL_MS) return called;
      await this.parts.retries.pause(waitMs);
      this.parts.metrics.repeated(environment, operation);
    }
  }

  /** State of every operation called so far in the environment. */
  states(environment: Environment): readonly { operation: string; state: BreakerState }[] {
    const prefix = `${environment}/`;
    return [...this.breakers]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { state }]) => ({ operation: key.slice(prefix.length), state }));
  }

  /** `failed`: DGII was tried, and nothing usable came of it. */
  private async once<T>(
    environment: Environment,
    operation: DgiiOperation,
    call: () => Promise<DgiiAnswer<T>>,
    whose: CallFor,
  ): Promise<{ called: Called<T>; failed: boolean }> {
    const { metrics } = this.parts;
    const pausedMs = this.pausedMs(environment, operation);
    const probe = pausedMs > 0 && isSafe(operation) && this.parts.maintenance.mayProbe(environment);
    if (pausedMs > 0 && !probe) {
      metrics.paused(environment, operation);
      return { called: unavailable('maintenance', pausedMs), failed: false };
    }
    const time = new CallTime(operation, this.parts.callTimeoutMs, whose.deadline);
    if (!time.suffices()) return this.tooLate(environment, operation);
    const turn = await this.turn(environment, operation, whose, time);
    if (turn === null) {
      metrics.crowdedOut(environment, operation);
      return { called: unavailable('pacing', PACING_RETRY_MS), failed: false };
    }
    try {
      if (!time.suffices()) return this.tooLate(environment, operation);
      const made = await this.guarded(environment, operation, call, time);
      if (probe && made.called.kind === 'ok') this.parts.maintenance.answered(environment);
      return made;
    } finally {
      turn.release();
    }
  }

  private tooLate(
    environment: Environment,
    operation: DgiiOperation,
  ): { called: Unavailable; failed: boolean } {
    this.parts.metrics.tooLate(environment, operation);
    return { called: TOO_LATE, failed: false };
  }

  /** The status host tells of maintenance; it is asked at any time. */
  private pausedMs(environment: Environment, operation: DgiiOperation): number {
    return operation === 'estatusservicios' ? 0 : this.parts.maintenance.remainingMs(environment);
  }

  private async turn(
    environment: Environment,
    operation: DgiiOperation,
    { tenantId }: CallFor,
    time: CallTime,
  ): Promise<Turn | null> {
    if (tenantId === undefined) return NO_TURN_NEEDED;
    const host = hostOfOperation(operation);
    const startedMs = performance.now();
    const turn = await this.parts.pacing.turn(host, { tenantId, environment }, time.spareMs());
    this.parts.metrics.waited(environment, performance.now() - startedMs);
    return turn;
  }

  private async guarded<T>(
    environment: Environment,
    operation: DgiiOperation,
    call: () => Promise<DgiiAnswer<T>>,
    time: CallTime,
  ): Promise<{ called: Called<T>; failed: boolean }> {
    const { metrics } = this.parts;
    const admission = this.breaker(environment, operation).admit();
    if (!admission.admitted) {
      metrics.turnedAway(environment, operation);
      return { called: unavailable('breaker.open', admission.retryAfterMs), failed: false };
    }
    const startedMs = performance.now();
    const fair = time.isFair();
    let health: Health = 'ill';
    try {
      const answer = await call();
      health = healthOf(answer, fair);
      metrics.called(environment, operation, answer.kind, performance.now() - startedMs);
      const called =
        answer.kind === 'unsent' ? unavailable(answer.reason, UNSENT_RETRY_MS) : answer;
      return { called, failed: FAILURES.has(answer.kind) };
    } finally {
      if (health === 'ill') metrics.failed(environment, operation);
      settle(admission.permit, health);
    }
  }

  private breaker(environment: Environment, operation: DgiiOperation): Breaker {
    const key = `${environment}/${operation}`;
    const known = this.breakers.get(key);
    if (known) return known;
    const { clock, metrics } = this.parts;
    const onChange = (state: BreakerState): void => {
      this.logger.warn({ message: 'breaker changed', environment, operation, state });
      metrics.breakerChanged(environment, operation, state);
    };
    const breaker = new Breaker(clock, { ...this.parts.breaker, onChange });
    this.breakers.set(key, breaker);
    return breaker;
  }
}

function settle(permit: Permit, health: Health): void {
  if (health === 'ill') permit.failed();
  else if (health === 'well') permit.succeeded();
  else permit.undecided();
}
