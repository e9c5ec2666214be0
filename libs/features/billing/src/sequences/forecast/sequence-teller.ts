import { Injectable } from '@nestjs/common';
import { AuditLog, TenantDb } from '@getupnet/persistence';
import { SecurityEvents } from '@getupnet/platform';
import { ALERT_EVENTS, type SequenceAlert } from './sequence-alerts.js';

const ACTOR = 'billing:sequence-watch';

/** Says something about a range once, however many processes notice it. */
@Injectable()
export class SequenceTeller {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditLog,
    private readonly events: SecurityEvents,
  ) {}

  /** Whoever's row is the first tells; the others find it there. */
  async tell({ kind, range, remaining }: SequenceAlert): Promise<void> {
    const { tenantId, id, tipo, branch, environment, expiresOn } = range;
    const details = {
      ...{ tipo: String(tipo), environment, remaining: String(remaining) },
      ...(branch === null ? {} : { branch }),
      ...(expiresOn === null ? {} : { expiresOn }),
    };
    const type = ALERT_EVENTS[kind];
    const first = await this.db.run({ tenantId }, async (tx) => {
      const { count } = await tx.encfAlert.createMany({
        data: [{ tenantId, rangeId: id, kind }],
        skipDuplicates: true,
      });
      if (count === 0) return false;
      const payload = { ...details, last: String(range.last), next: String(range.next) };
      await this.audit.append(tx, { tenantId, type, subjectId: id, actor: ACTOR, payload });
      return true;
    });
    if (first) this.events.emit(type, { tenantId, rangeId: id, ...details });
  }
}
