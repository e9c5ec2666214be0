import {
  Inject,
  Injectable,
  Logger,
  type OnModuleDestroy,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DOCUMENT_QUEUE } from '@getupnet/contracts';
import { Notifications, RelayStore } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import { Queues } from '@getupnet/queues';
import { billingEnv } from '../billing.env.js';
import { batchJobs } from './batch-jobs.js';

const TOPIC = 'documents';
/** Rows one pass takes; a longer queue is taken in several passes. */
const MOST_ROWS = 640;

/**
 * Hands work to the queue: what the outbox says happened, and every open document whose time has
 * come. The second alone would do, for the queue is disposable: flush it, and each document that is
 * not final is found here again.
 */
@Injectable()
export class DocumentRelay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DocumentRelay.name);
  private stopListening: (() => Promise<void>) | null = null;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = false;
  private readonly handOverMs: number;

  constructor(
    private readonly store: RelayStore,
    private readonly queues: Queues,
    private readonly notifications: Notifications,
    @Inject(Config) private readonly config: Config,
  ) {
    this.handOverMs = config.get(billingEnv).BILLING_HAND_OVER_MS;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = await this.notifications.listen('outbox', () => this.kick());
    const everyMs = this.config.get(billingEnv).BILLING_SWEEP_MS;
    this.timer = setInterval(() => this.kick(), everyMs);
    this.kick();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.stopListening?.();
    await this.running;
  }

  /** Runs a pass now, or once more after the one under way. */
  private kick(): void {
    if (this.stopped) return;
    this.again = true;
    this.running ??= this.passes().finally(() => {
      this.running = null;
    });
  }

  private async passes(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        const drained = await this.store.drainOutbox(TOPIC, MOST_ROWS, (rows) =>
          this.queues.add(DOCUMENT_QUEUE, batchJobs(rows)),
        );
        const due = await this.store.claimDue(MOST_ROWS, this.handOverMs);
        if (due.length > 0) await this.queues.add(DOCUMENT_QUEUE, batchJobs(due));
        if (drained === MOST_ROWS || due.length === MOST_ROWS) this.again = true;
      } catch (error) {
        // The next tick tries again; nothing was lost, the tables still say what is open.
        this.logger.warn({ err: error, msg: 'relay pass failed' });
      }
    }
  }
}
