import { Injectable, Optional } from '@nestjs/common';
import { ContingencyStore, type WaitingDocuments } from '@getupnet/persistence';
import { Gauge, Registry } from 'prom-client';

/** Documents with a term that DGII has not received, read from the table at each scrape. */
@Injectable()
export class ContingencyMetrics {
  constructor(store: ContingencyStore, @Optional() registry?: Registry) {
    if (!registry) return;
    // A scrape while the database is away shows none; readiness says why.
    const waiting = (): Promise<readonly WaitingDocuments[]> => store.waiting().catch(() => []);
    new Gauge({
      name: 'contingency_documents_waiting',
      help: 'Documents issued in contingency or deferred that DGII has not received.',
      labelNames: ['environment'],
      registers: [registry],
      async collect() {
        const found = await waiting();
        this.reset();
        for (const { environment, documents } of found) this.set({ environment }, documents);
      },
    });
    new Gauge({
      name: 'contingency_deadline_seconds',
      help: 'Time left to the first of them by its deadline; negative once it is over.',
      labelNames: ['environment'],
      registers: [registry],
      async collect() {
        const found = await waiting();
        this.reset();
        for (const { environment, leftS } of found) this.set({ environment }, leftS);
      },
    });
  }
}
