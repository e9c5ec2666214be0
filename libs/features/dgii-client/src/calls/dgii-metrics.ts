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
  private readonly foreign: Counter<'environment'>;

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
    this.foreign = new Counter({
      name: 'getupnet_dgii_foreign_answers_total',
      help: 'Answers of DGII about another RNC, e-NCF or trackId than the one asked for',
      labelNames: ['environment'],
      registers,
    });
  }

  called(environment: Environment, operation: DgiiOperation, outcome: string, ms: number): void {
    this.seconds.observe({ environment, operation, outcome }, ms / 1_000);
  }

  breakerChanged(environment: Environment, operation: DgiiOperation, state: BreakerState): void {
    this.state.set({ environment, operation }, STATE_VALUES[state]);
  }

  turnedAway(environment: Environment, operation: DgiiOperation): void {
    this.rejected.inc({ environment, operation });
  }

  foreignAnswer(environment: Environment): void {
    this.foreign.inc({ environment });
  }
}
