import { AuditChain, AuditLag } from '@getupnet/persistence';
import { Config, Rounds, SecurityEvents } from '@getupnet/platform';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { auditEnv } from '../audit.env.js';

/** Chained later than this is told; the promise is a twelfth of it. */
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
    this.appending = new Rounds({
      everyMs: config.get(auditEnv).AUDIT_POLL_MS,
      work: () => this.append(),
      // Nothing was written, or all of it: the next round goes on from the cursor.
      onFailure: (err) => this.logger.warn({ err, msg: 'audit events were not chained' }),
    });
    this.watching = new Rounds({
      everyMs: LOOK_AT_LAG_MS,
      work: () => this.watch(),
      onFailure: (err) => this.logger.warn({ err, msg: 'the age of the audit chain is unknown' }),
    });
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
    const { linked, more } = await this.chain.append();
    if (linked > 0) this.linked.inc(linked);
    return more;
  }

  private async watch(): Promise<void> {
    const ageS = await this.lag.ageS();
    if (ageS > LAGGING_S && !this.lagging) this.events.emit('audit.lagging', { ageS });
    this.lagging = ageS > LAGGING_S;
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
