import {
  Inject,
  Injectable,
  Logger,
  type OnModuleDestroy,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DOCUMENT_QUEUE } from '@getupnet/contracts';
import { FIRST_TENANT, Notifications, RelayStore, type Portion } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import { MAX_JOBS_PER_ADD, Queues } from '@getupnet/queues';
import { billingEnv } from '../billing.env.js';
import { MOST_IDS, batchJobs } from './batch-jobs.js';
import { Outstanding } from './outstanding.js';

const TOPIC = 'documents';
/** Tenants one look goes through: of those in the outbox, and of those with documents under way. */
const TENANTS = 64;
const DUE_TENANTS = 512;
/** Passes are many under traffic; the documents of full tenants are looked at this often at the most. */
const ASK_EVERY_MS = 100;
/** Rows it takes of one of them. */
const ROWS_OF_TENANT = 2 * MOST_IDS;

/**
 * Hands work to the queue: what the outbox says happened, and every open document whose time has
 * come. The second alone would do, for the queue is disposable: flush it, and each document that is
 * not final is found here again. Tenants come in turn, and none has more under way than its share:
 * what is above it stays where it is, in the tables.
 */
@Injectable()
export class DocumentRelay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DocumentRelay.name);
  private stopListening: (() => Promise<void>) | null = null;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private again = false;
  private dueToo = false;
  private stopped = false;
  private askedAt = Number.NEGATIVE_INFINITY;
  private outboxFrom = FIRST_TENANT;
  private dueFrom = FIRST_TENANT;
  private readonly handOverMs: number;

  constructor(
    private readonly store: RelayStore,
    private readonly queues: Queues,
    private readonly notifications: Notifications,
    private readonly outstanding: Outstanding,
    @Inject(Config) private readonly config: Config,
  ) {
    this.handOverMs = config.get(billingEnv).BILLING_HAND_OVER_MS;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = await this.notifications.listen('outbox', () => this.kick());
    this.outstanding.onRoom(() => this.kick(true));
    const everyMs = this.config.get(billingEnv).BILLING_SWEEP_MS;
    this.timer = setInterval(() => this.kick(true), everyMs);
    this.kick(true);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.stopListening?.();
    await this.running;
  }

  /** Runs a pass now, or once more after the one under way; what is due is looked for by the clock. */
  private kick(due = false): void {
    if (this.stopped) return;
    this.again = true;
    this.dueToo ||= due;
    this.running ??= this.passes().finally(() => {
      this.running = null;
    });
  }

  private async passes(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        await this.makeRoom();
        if (await this.relayOutbox()) this.again = true;
        if (!this.dueToo) continue;
        this.dueToo = false;
        if (await this.relayDue()) this.kick(true);
      } catch (error) {
        // The next tick tries again; nothing was lost, the tables still say what is open.
        this.logger.warn({ err: error, msg: 'relay pass failed' });
      }
    }
  }

  /** What workers elsewhere have done with the jobs of tenants that have no room left. */
  private async makeRoom(): Promise<void> {
    const now = performance.now();
    if (now - this.askedAt < ASK_EVERY_MS) return;
    const asked = this.outstanding.inFullTenants();
    if (asked.length === 0) return;
    this.askedAt = now;
    this.outstanding.settle(asked, await this.store.stillOut(asked));
  }

  /** Whether there is more that could be handed over at once. */
  private async relayOutbox(): Promise<boolean> {
    const portion = this.portion(this.outboxFrom, TENANTS);
    const { rows, next } = await this.store.drainOutbox(TOPIC, portion, (taken) =>
      this.handOver(taken.map(({ tenantId, key }) => ({ tenantId, documentId: key }))),
    );
    this.outboxFrom = next;
    return next !== FIRST_TENANT || this.tookAll(rows);
  }

  private async relayDue(): Promise<boolean> {
    const portion = this.portion(this.dueFrom, DUE_TENANTS);
    const { rows, next } = await this.store.claimDue(portion, this.handOverMs);
    if (rows.length > 0) await this.handOver(rows);
    // Where more tenants have documents under way, the clock's next look goes on with the others.
    this.dueFrom = next;
    return this.tookAll(rows);
  }

  private async handOver(
    rows: readonly { readonly tenantId: string; readonly documentId: string }[],
  ): Promise<void> {
    const jobs = batchJobs(rows);
    for (let at = 0; at < jobs.length; at += MAX_JOBS_PER_ADD) {
      const some = jobs.slice(at, at + MAX_JOBS_PER_ADD);
      await this.queues.add(DOCUMENT_QUEUE, some);
      this.outstanding.add(some);
    }
  }

  private portion(from: string, tenants: number): Portion {
    const rooms = this.outstanding.rooms();
    return { from, tenants, rows: ROWS_OF_TENANT, rooms };
  }

  /** A tenant gave as much as one look takes and may have more under way: it may have more. */
  private tookAll(rows: readonly { readonly tenantId: string }[]): boolean {
    const taken = new Map<string, number>();
    for (const { tenantId } of rows) taken.set(tenantId, (taken.get(tenantId) ?? 0) + 1);
    return [...taken].some(
      ([tenantId, count]) => count >= ROWS_OF_TENANT && !this.outstanding.isFull(tenantId),
    );
  }
}
