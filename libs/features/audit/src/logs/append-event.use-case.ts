import type { AppendAudit, AppendedAudit } from '@getupnet/contracts';
import { AppError, canonicalJson, type Json } from '@getupnet/kernel';
import { AuditLog, TenantDb } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

/** Takes an event of another service into a tenant's audit log, once however often it is told. */
@Injectable()
export class AppendEvent {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditLog,
  ) {}

  /** Rejects with `idempotency.key_reused` when the id is another event's. */
  async run(tenantId: string, event: AppendAudit): Promise<AppendedAudit> {
    const { id, type, subjectId, actor, payload } = event;
    const entry = { tenantId, type, subjectId, actor, payload };
    const kept = await this.db.run({ tenantId }, (tx) => this.audit.once(tx, id, entry));
    if (kept === null) return { id, created: true };
    const same =
      canonicalJson({ type, subjectId, actor, payload: payload as Json }) ===
      canonicalJson({
        ...{ type: kept.type, subjectId: kept.subjectId, actor: kept.actor },
        payload: kept.payload as Json,
      });
    if (!same) throw new AppError('idempotency.key_reused');
    return { id, created: false };
  }
}
