import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Clock, dominicanDate, isoDateOf } from '@getupnet/kernel';
import { SequenceWatchStore } from '@getupnet/persistence';
import { Config, Rounds } from '@getupnet/platform';
import { billingEnv } from '../../billing.env.js';
import { MONTH_DAYS, dayAfter } from './forecast.js';
import { alertsOf } from './sequence-alerts.js';
import { SequenceTeller } from './sequence-teller.js';

/** Tenants looked at in one query. */
const PAGE = 200;
/** Days of standings kept beyond the longest a rate looks back. */
const SPARE_DAYS = 15;

/**
 * Looks through the sequences of all tenants: notes once a day where they stand, and says of each range
 * once that it runs low, is used up or expires soon. Replicas may do so at the same time.
 */
@Injectable()
export class SequenceWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SequenceWatch.name);
  private readonly rounds: Rounds;
  private stopped = false;
  private recordedOn: string | null = null;

  constructor(
    private readonly store: SequenceWatchStore,
    private readonly teller: SequenceTeller,
    private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {
    this.rounds = new Rounds({
      everyMs: config.get(billingEnv).BILLING_SEQUENCE_WATCH_MS,
      work: () => this.pass(),
      // Nothing was said that is not kept.
      onFailure: (err) => this.logger.warn({ err, msg: 'sequences not watched' }),
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    await this.rounds.stop();
  }

  /** Looks at every tenant once. */
  async pass(): Promise<void> {
    const today = isoDateOf(dominicanDate(this.clock.now()));
    let after: string | null = null;
    do {
      const tenantIds: readonly string[] = await this.store.tenants(after, PAGE);
      if (tenantIds.length > 0) await this.look(tenantIds, today);
      after = tenantIds.length < PAGE ? null : (tenantIds.at(-1) ?? null);
    } while (after !== null && !this.stopped);
    if (!this.stopped) this.recordedOn = today;
  }

  private async look(tenantIds: readonly string[], today: string): Promise<void> {
    if (this.recordedOn !== today) {
      const keepSince = dayAfter(today, -(MONTH_DAYS + SPARE_DAYS));
      await this.store.recordUsage(tenantIds, today, keepSince);
    }
    const expiryDays = this.config.get(billingEnv).BILLING_SEQUENCE_EXPIRY_DAYS;
    const ranges = await this.store.ranges(tenantIds);
    for (const tenant of tenantIds) {
      const own = ranges.filter(({ tenantId }) => tenantId === tenant);
      for (const alert of alertsOf(own, today, expiryDays)) await this.teller.tell(alert);
    }
  }
}
