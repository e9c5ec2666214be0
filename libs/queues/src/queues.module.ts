import { PersistenceModule, Pools } from '@getupnet/persistence';
import { Config, Readiness, SecurityEvents } from '@getupnet/platform';
import { Module, Optional } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { openBackend } from './open-backend.js';
import { Queues } from './queues.js';

function openQueues(config: Config, pools: Pools, events?: SecurityEvents): Queues {
  return new Queues(openBackend(config, pools), { events });
}

/** Queues for every feature of a process; list `queuesEnv` and `persistenceEnv` in the service's `env`. */
@Module({
  imports: [PersistenceModule],
  providers: [
    {
      provide: Queues,
      useFactory: openQueues,
      inject: [Config, Pools, { token: SecurityEvents, optional: true }],
    },
  ],
  exports: [Queues],
})
export class QueuesModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #queues: Queues;

  constructor(queues: Queues, @Optional() readiness?: Readiness, @Optional() registry?: Registry) {
    this.#queues = queues;
    readiness?.register({ name: 'queues', check: () => queues.health() });
    if (registry) registerJobGauge(registry, queues);
  }

  /** Handlers end while everything they use still works. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#queues.stopWorkers();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#queues.close();
  }
}

function registerJobGauge(registry: Registry, queues: Queues): void {
  new Gauge({
    name: 'queue_jobs',
    help: 'Jobs by queue and state.',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      // A scrape while the store is away shows no queues; readiness says why.
      const counts = await queues.counts().catch(() => new Map());
      this.reset();
      for (const [queue, states] of counts) {
        for (const [state, count] of Object.entries(states)) {
          this.set({ queue, state }, Number(count));
        }
      }
    },
  });
}
