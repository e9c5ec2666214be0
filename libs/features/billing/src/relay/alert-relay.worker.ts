import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { FIRST_TENANT, Inbox, RelayStore, TenantDb, type OutboxRow } from '@getupnet/persistence';
import {
  RequestContext,
  Rounds,
  SECURITY_EVENTS,
  SecurityEvents,
  newTraceId,
  type SecurityEventType,
} from '@getupnet/platform';
import { z } from 'zod';

const TOPIC = 'alerts';
const CONSUMER = 'alerts';
const EVERY_MS = 1_000;
const FORGET_EVERY_MS = 3_600_000;
/** All of it is told within one transaction of the relay. */
const PORTION = { tenants: 16, rows: 16 };

const alertSchema = z.object({
  type: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/**
 * Tells people what a committed step said they must know. The alert is an outbox row of that step,
 * so that it is not lost with a process; its key is the event's own id, and the inbox makes one of an
 * event that comes twice.
 */
@Injectable()
export class AlertRelay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(AlertRelay.name);
  private readonly telling = this.rounds(EVERY_MS, () => this.pass());
  private readonly forgetting = this.rounds(FORGET_EVERY_MS, () => this.forget());
  private from = FIRST_TENANT;

  constructor(
    private readonly store: RelayStore,
    private readonly db: TenantDb,
    private readonly inbox: Inbox,
    @Inject(SecurityEvents) private readonly events: SecurityEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.telling.start();
    this.forgetting.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.telling.stop(), this.forgetting.stop()]);
  }

  /** Tells a portion; whether there was any. Public for tests; at other times its own clock calls it. */
  async pass(): Promise<boolean> {
    const { rows, next } = await this.store.drainOutbox(
      TOPIC,
      { ...PORTION, from: this.from },
      (rows) => this.tell(rows),
    );
    this.from = next;
    return rows.length > 0;
  }

  private async forget(): Promise<void> {
    await this.store.forgetInbox();
  }

  private rounds(everyMs: number, work: () => Promise<boolean | void>): Rounds {
    // The rows are still there.
    const onFailure = (err: unknown): void => this.logger.warn({ message: 'alerts wait', err });
    return new Rounds({ everyMs, work, onFailure });
  }

  private async tell(rows: readonly OutboxRow[]): Promise<void> {
    for (const { tenantId, key, payload } of rows) {
      const alert = alertSchema.safeParse(payload);
      if (!alert.success || !isEventType(alert.data.type)) {
        this.logger.error({ message: 'not an alert', tenantId, eventId: key });
        continue;
      }
      const { type, details } = alert.data;
      const context = new RequestContext({ traceId: newTraceId(), tenantId, service: 'billing' });
      // Told before the commit: rather twice after a crash in between than never.
      await this.db.run({ tenantId }, async (tx) => {
        if (await this.inbox.take(tx, CONSUMER, key)) {
          this.events.emit(type, details, context);
        }
      });
    }
  }
}

function isEventType(type: string): type is SecurityEventType {
  return Object.hasOwn(SECURITY_EVENTS, type);
}
