import { Inject, Injectable } from '@nestjs/common';
import type { DocumentJob } from '@getupnet/contracts';
import { Config } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { MOST_IDS } from './batch-jobs.js';

/** One tenant may occupy this part of a worker's places, so that its burst leaves room for others. */
const TENANT_SHARE = 1 / 3;

interface Job {
  readonly handedAt: number;
  readonly ids: Set<string>;
}

export interface HandedOver {
  readonly tenantId: string;
  readonly documentId: string;
  readonly ageMs: number;
}

/**
 * Jobs this process handed over whose end it has not heard of. Only a guess, for fairness: an end in
 * another process is read off the documents, and what is not heard of for long is forgotten, as the
 * queue may have lost it.
 */
@Injectable()
export class Outstanding {
  private readonly jobs = new Map<string, Job[]>();
  private readonly most: number;
  private readonly forgetMs: number;
  private freed: () => void = () => undefined;

  constructor(@Inject(Config) config: Config) {
    const { BILLING_CONCURRENCY, BILLING_HAND_OVER_MS } = config.get(billingEnv);
    this.most = Math.max(1, Math.floor(BILLING_CONCURRENCY * TENANT_SHARE));
    this.forgetMs = BILLING_HAND_OVER_MS;
  }

  /** Calls `listener` when a tenant that had no room has some again. */
  onRoom(listener: () => void): void {
    this.freed = listener;
  }

  add(jobs: readonly DocumentJob[]): void {
    const handedAt = performance.now();
    for (const { tenantId, documentIds } of jobs) {
      const known = this.jobs.get(tenantId) ?? [];
      known.push({ handedAt, ids: new Set(documentIds) });
      this.jobs.set(tenantId, known);
    }
  }

  /** A worker of this process is done with a job, whoever handed it over. */
  ended({ tenantId, documentIds }: DocumentJob): void {
    const known = this.jobs.get(tenantId);
    const [first = ''] = documentIds;
    const at = known?.findIndex(({ ids }) => ids.size === documentIds.length && ids.has(first));
    if (known === undefined || at === undefined || at < 0) return;
    const wasFull = this.isFull(tenantId);
    known.splice(at, 1);
    if (known.length === 0) this.jobs.delete(tenantId);
    if (wasFull) this.freed();
  }

  isFull(tenantId: string): boolean {
    return (this.jobs.get(tenantId)?.length ?? 0) >= this.most;
  }

  /** Documents that still may be handed over, of each tenant that has some out. */
  rooms(): { tenantId: string; rows: number }[] {
    this.forget();
    return [...this.jobs].map(([tenantId, jobs]) => ({
      tenantId,
      rows: Math.max(0, this.most - jobs.length) * MOST_IDS,
    }));
  }

  /** What tenants without room have out. */
  inFullTenants(): HandedOver[] {
    const now = performance.now();
    return [...this.jobs].flatMap(([tenantId, jobs]) =>
      jobs.length < this.most
        ? []
        : jobs.flatMap(({ ids, handedAt }) =>
            [...ids].map((documentId) => ({ tenantId, documentId, ageMs: now - handedAt })),
          ),
    );
  }

  /** Of these, only `still` are out: a job ends with the last of its documents. */
  settle(asked: readonly HandedOver[], still: readonly { readonly documentId: string }[]): void {
    const out = new Set(still.map(({ documentId }) => documentId));
    for (const { tenantId, documentId } of asked) {
      if (out.has(documentId)) continue;
      for (const job of this.jobs.get(tenantId) ?? []) job.ids.delete(documentId);
    }
    this.keep(({ ids }) => ids.size > 0);
  }

  private forget(): void {
    const since = performance.now() - this.forgetMs;
    this.keep(({ handedAt }) => handedAt > since);
  }

  private keep(fits: (job: Job) => boolean): void {
    for (const [tenantId, jobs] of this.jobs) {
      const left = jobs.filter(fits);
      if (left.length === 0) this.jobs.delete(tenantId);
      else this.jobs.set(tenantId, left);
    }
  }
}
