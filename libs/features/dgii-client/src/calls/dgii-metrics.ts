import type { Environment } from '@getupnet/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { BreakerState } from './breaker.js';
import type { DgiiOperation } from './dgii-operations.js';

export type { DgiiOperation } from './dgii-operations.js';

const STATE_VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
const LABELS = ['environment', 'operation'] as const;

/** What is measured of the calls to DGII. */
export class DgiiMetrics {
  private readonly seconds: Histogram<'environment' | 'operation' | 'outcome'>;
  private readonly state: Gauge<'environment' | 'operation'>;
  private readonly rejected: Counter<'environment' | 'operation'>;
  private readonly failures: Counter<'environment' | 'operation'>;
  private readonly repeats: Counter<'environment' | 'operation'>;
  private readonly held: Counter<'environment' | 'operation' | 'reason'>;
  private readonly turns: Histogram<'environment'>;
  private readonly closed: Gauge<'environment'>;
  private readonly foreign: Counter<'environment' | 'operation'>;
  private readonly scraped: (() => void)[] = [];

  constructor(registry: Registry) {
    const registers = [registry];
    this.seconds = new Histogram({
      name: 'getupnet_dgii_call_seconds',
      help: 'Duration of calls to DGII by what they came to',
      labelNames: [...LABELS, 'outcome'],
      buckets: SECONDS,
      registers,
    });
    this.state = new Gauge({
      name: 'getupnet_dgii_breaker_state',
      help: 'Circuit breaker: 0 closed, 1 half-open, 2 open',
      labelNames: LABELS,
      registers,
    });
    this.rejected = new Counter({
      name: 'getupnet_dgii_breaker_rejected_total',
      help: 'Calls not made because the circuit was open',
      labelNames: LABELS,
      registers,
    });
    this.failures = new Counter({
      name: 'getupnet_dgii_call_failures_total',
      help: 'Calls that count against the circuit breaker: no answer, or one of an ill service',
      labelNames: LABELS,
      registers,
    });
    this.repeats = new Counter({
      name: 'getupnet_dgii_call_repeats_total',
      help: 'Queries made again after a failure; a document is never among them',
      labelNames: LABELS,
      registers,
    });
    this.held = new Counter({
      name: 'getupnet_dgii_calls_held_total',
      help: 'Calls not made: maintenance of DGII, too many of the same tenant, too little time',
      labelNames: [...LABELS, 'reason'],
      registers,
    });
    this.turns = new Histogram({
      name: 'getupnet_dgii_turn_seconds',
      help: 'How long calls waited for their tenant’s turn',
      labelNames: ['environment'],
      buckets: SECONDS,
      registers,
    });
    this.closed = new Gauge({
      name: 'getupnet_dgii_maintenance',
      help: 'Whether a maintenance window of DGII lasts: 1 yes',
      labelNames: ['environment'],
      registers,
      collect: () => this.scraped.forEach((look) => look()),
    });
    this.foreign = new Counter({
      name: 'getupnet_dgii_foreign_answers_total',
      help: 'Answers of DGII about another RNC, e-NCF or trackId than the one asked for',
      labelNames: LABELS,
      registers,
    });
  }

  called(environment: Environment, operation: DgiiOperation, outcome: string, ms: number): void {
    this.seconds.observe({ environment, operation, outcome }, ms / 1_000);
  }

  failed(environment: Environment, operation: DgiiOperation): void {
    this.failures.inc({ environment, operation });
  }

  repeated(environment: Environment, operation: DgiiOperation): void {
    this.repeats.inc({ environment, operation });
  }

  breakerChanged(environment: Environment, operation: DgiiOperation, state: BreakerState): void {
    this.state.set({ environment, operation }, STATE_VALUES[state]);
  }

  turnedAway(environment: Environment, operation: DgiiOperation): void {
    this.rejected.inc({ environment, operation });
  }

  paused(environment: Environment, operation: DgiiOperation): void {
    this.held.inc({ environment, operation, reason: 'maintenance' });
  }

  crowdedOut(environment: Environment, operation: DgiiOperation): void {
    this.held.inc({ environment, operation, reason: 'pacing' });
  }

  tooLate(environment: Environment, operation: DgiiOperation): void {
    this.held.inc({ environment, operation, reason: 'deadline' });
  }

  waited(environment: Environment, ms: number): void {
    this.turns.observe({ environment }, ms / 1_000);
  }

  maintenance(environment: Environment, lasts: boolean): void {
    this.closed.set({ environment }, lasts ? 1 : 0);
  }

  /** Called before the figures are read, to bring them up to date. */
  beforeScrape(look: () => void): void {
    this.scraped.push(look);
  }

  foreignAnswer(environment: Environment, operation: DgiiOperation): void {
    this.foreign.inc({ environment, operation });
  }
}
