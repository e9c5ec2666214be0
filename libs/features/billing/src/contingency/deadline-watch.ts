import { Injectable } from '@nestjs/common';
import { newId } from '@getupnet/kernel';
import {
  AuditLog,
  ContingencyStore,
  Outbox,
  TenantDb,
  deadlinesTold,
  type LateTenant,
} from '@getupnet/persistence';

/** Tenants of one look; the others are told with the next one. */
const MOST_TENANTS = 200;
const ACTOR = 'billing:contingency';

/** How far the term has gone, for people: two thirds, eleven twelfths, over. */
const URGENCIES = ['', 'warning', 'urgent', 'overdue'] as const;

/**
 * Tells of documents that DGII has not received although two thirds, eleven twelfths or all of their
 * term is over: 48, 66 and 72 hours after issue in contingency, 16, 22 and 24 in deferred sending.
 * Each document is told of once for each; the row says so, in the transaction that tells.
 */
@Injectable()
export class DeadlineWatch {
  constructor(
    private readonly store: ContingencyStore,
    private readonly db: TenantDb,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  async look(): Promise<void> {
    for (const late of await this.store.late(MOST_TENANTS)) await this.tell(late);
  }

  private async tell(late: LateTenant): Promise<void> {
    const { tenantId, environment } = late;
    await this.db.run(late, async (tx) => {
      for (const { level, deferred, documents, firstId, dueAt } of await deadlinesTold(tx, late)) {
        const facts = {
          environment,
          urgency: URGENCIES[level] ?? 'overdue',
          mode: deferred ? 'deferred' : 'contingency',
          documents,
          dueAt: dueAt.toISOString(),
        };
        const type = 'contingency.deadline';
        const subjectId = firstId;
        await this.audit.append(tx, { tenantId, type, subjectId, actor: ACTOR, payload: facts });
        const details = { tenantId, documentId: firstId, ...facts };
        await this.outbox.add(tx, { topic: 'alerts', key: newId(), payload: { type, details } });
      }
    });
  }
}
