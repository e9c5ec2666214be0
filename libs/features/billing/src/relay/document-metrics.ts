import { Injectable, Optional } from '@nestjs/common';
import { RelayStore, type OpenDocuments } from '@getupnet/persistence';
import { Gauge, Registry } from 'prom-client';

/** More than this is not counted: whoever sees the number knows enough. */
const MOST_COUNTED = 20_000;

/** Gauges of one scrape share a look. */
const SHARED_MS = 500;

/** How much there is to do, read from the tables at each scrape. */
@Injectable()
export class DocumentMetrics {
  private seen: Promise<readonly OpenDocuments[]> = Promise.resolve([]);
  private seenAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: RelayStore,
    @Optional() registry?: Registry,
  ) {
    if (!registry) return;
    const open = () => this.open();
    new Gauge({
      name: 'documents_open',
      help: `Documents under way, by state; counted up to ${MOST_COUNTED} in all.`,
      labelNames: ['state'],
      registers: [registry],
      async collect() {
        const found = await open();
        this.reset();
        for (const { state, documents } of found) this.set({ state }, documents);
      },
    });
    new Gauge({
      name: 'documents_oldest_open_seconds',
      help: 'Age of the oldest document under way, by state, among those counted.',
      labelNames: ['state'],
      registers: [registry],
      async collect() {
        const found = await open();
        this.reset();
        for (const { state, oldestS } of found) this.set({ state }, Math.max(0, oldestS));
      },
    });
    new Gauge({
      name: 'documents_dead_letters',
      help: `Documents that wait for a person; counted up to ${MOST_COUNTED}.`,
      registers: [registry],
      async collect() {
        const count = await store.deadLetters(MOST_COUNTED).catch(() => null);
        this.reset();
        if (count !== null) this.set(count);
      },
    });
  }

  /** A scrape while the database is away shows none; readiness says why. */
  private open(): Promise<readonly OpenDocuments[]> {
    const now = performance.now();
    if (now - this.seenAt > SHARED_MS) {
      this.seenAt = now;
      this.seen = this.store.openDocuments(MOST_COUNTED).catch(() => []);
    }
    return this.seen;
  }
}
