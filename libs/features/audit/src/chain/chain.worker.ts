import { AuditChain, AuditLag } from '@getupnet/persistence';
import { Config, SecurityEvents } from '@getupnet/platform';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { auditEnv } from '../audit.env.js';
import { Rounds } from './round.js';

/** Chained later than this is told; the promise is a twelfth of it (issue: ≤5 s). */
const LAGGING_S = 60;
const LOOK_AT_LAG_MS = 5_000;

/**
 * Appends events to their chains as they come. Every replica runs it; whoever holds the cursor's row
 * works, and a transaction that dies leaves nothing behind.
 */
@Injectable()
export class ChainWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ChainWorker.name);
  private readonly appending: Rounds;
  private readonly watching: Rounds;
  private readonly linked: Counter;
  private lagging = false;

  constructor(
    private readonly chain: AuditChain,
    private readonly lag: AuditLag,
    private readonly events: SecurityEvents,
    config: Config,
    registry: Registry,
  ) {
    const pauseMs = config.get(auditEnv).AUDIT_POLL_MS;
    this.appending = new Rounds({ pauseMs, work: () => this.append() });
    this.watching = new Rounds({ pauseMs: LOOK_AT_LAG_MS, work: () => this.watch() });
    this.linked = new Counter({
      name: 'audit_links_total',
      help: 'Audit events this process appended to their chains.',
      registers: [registry],
    });
    registerAge(registry, lag);
  }

  onApplicationBootstrap(): void {
    this.appending.start();
    this.watching.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.appending.stop(), this.watching.stop()]);
  }

  private async append(): Promise<boolean> {
    try {
      const { linked, more } = await this.chain.append();
      if (linked > 0) this.linked.inc(linked);
      return !more;
    } catch (error) {
      // Nothing was written, or all of it: the next round goes on from the cursor.
      this.logger.warn({ err: error, msg: 'audit events were not chained' });
      return true;
    }
  }

  private async watch(): Promise<boolean> {
    try {
      const ageS = await this.lag.ageS();
      if (ageS > LAGGING_S && !this.lagging) this.events.emit('audit.lagging', { ageS });
      this.lagging = ageS > LAGGING_S;
    } catch (error) {
      this.logger.warn({ err: error, msg: 'the age of the audit chain is unknown' });
    }
    return true;
  }
}

function registerAge(registry: Registry, lag: AuditLag): void {
  new Gauge({
    name: 'audit_head_age_seconds',
    help: 'Age of the oldest audit event that is in no chain yet; 0 when all are.',
    registers: [registry],
    async collect() {
      // A scrape while the database is away shows no age; readiness says why.
      const ageS = await lag.ageS().catch(() => undefined);
      this.reset();
      this.set(ageS ?? Number.NaN);
    },
  });
}
