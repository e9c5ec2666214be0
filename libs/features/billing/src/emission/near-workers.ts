import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Config, Lifecycle, logFailure } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import type { EmissionDocument } from './emission-document.js';

/** Drives one document as far as it can go now. */
export type Drive = (document: EmissionDocument, actor: string) => Promise<void>;

/** Room for one document of a waiting request. */
export interface Place {
  /** Settles when the document went as far as it could; never rejects, and keeps the place till then. */
  drive(document: EmissionDocument, actor: string): Promise<void>;
  /** Gives the place back unless a document is being driven. */
  release(): void;
}

/** One tenant's share of the places, so that its burst leaves room for the others. */
const TENANT_SHARE = 0.5;
/** At shutdown; what does not end in time is taken up by the sweeper, like after a crash. */
const CLOSE_TIMEOUT_MS = 15_000;

/**
 * The workers of this very process. A document whose caller waits for the verdict is driven here at
 * once, without outbox, queue and reading it back; where there are no workers, or no room, it goes
 * the way of all others. Nothing depends on it: a document left behind is found by the sweeper.
 */
@Injectable()
export class NearWorkers implements BeforeApplicationShutdown {
  private readonly logger = new Logger(NearWorkers.name);
  private readonly most: number;
  private readonly taken = new Map<string, number>();
  private readonly underWay = new Set<Promise<void>>();
  private places = 0;
  private workers: Drive | null = null;

  constructor(
    @Inject(Config) config: Config,
    private readonly lifecycle: Lifecycle,
  ) {
    this.most = config.get(billingEnv).BILLING_NEAR_DOCUMENTS;
  }

  /** Called by the workers of this process when they begin. */
  attend(drive: Drive): void {
    this.workers = drive;
  }

  /** Null: hand the document over to the queue. */
  reserve(tenantId: string): Place | null {
    const drive = this.workers;
    const ofTenant = this.taken.get(tenantId) ?? 0;
    const full = this.places >= this.most || ofTenant >= Math.ceil(this.most * TENANT_SHARE);
    if (drive === null || full || this.lifecycle.draining.aborted) return null;
    this.places += 1;
    this.taken.set(tenantId, ofTenant + 1);
    let state: 'free' | 'driving' | 'left' = 'free';
    const leave = () => {
      if (state === 'left') return;
      state = 'left';
      this.leave(tenantId);
    };
    return {
      drive: (document, actor) => {
        state = 'driving';
        return this.track(drive(document, actor), document.id).finally(leave);
      },
      release: () => {
        if (state === 'free') leave();
      },
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    await Promise.race([Promise.all(this.underWay), timeout]);
    clearTimeout(timer);
  }

  private leave(tenantId: string): void {
    this.places -= 1;
    const left = (this.taken.get(tenantId) ?? 1) - 1;
    if (left > 0) this.taken.set(tenantId, left);
    else this.taken.delete(tenantId);
  }

  private track(work: Promise<void>, documentId: string): Promise<void> {
    const tracked = work
      .catch((error: unknown) => {
        logFailure(this.logger, error, { message: 'document left to the sweeper', documentId });
      })
      .finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
    return tracked;
  }
}
