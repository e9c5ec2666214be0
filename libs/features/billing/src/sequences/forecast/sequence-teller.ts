import { Injectable } from '@nestjs/common';
import { newId } from '@getupnet/kernel';
import { AuditLog, Outbox, TenantDb } from '@getupnet/persistence';
import { ALERT_EVENTS, type SequenceAlert } from './sequence-alerts.js';

const ACTOR = 'billing:sequence-watch';
/** Topic of the outbox that is told to people. */
const ALERTS = 'alerts';

/** Says something about a range once, however many processes notice it. */
@Injectable()
export class SequenceTeller {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  /** Whoever's row is the first tells, in the same commit; the others find it there. */
  async tell({ kind, range, ranges, remaining }: SequenceAlert): Promise<void> {
    const { tenantId, id, tipo, branch, environment, expiresOn } = range;
    const details = {
      ...{ rangeId: id, tipo: String(tipo), environment, remaining: String(remaining) },
      ...(branch === null ? {} : { branch }),
      ...(expiresOn === null ? {} : { expiresOn }),
    };
    const type = ALERT_EVENTS[kind];
    await this.db.run({ tenantId }, async (tx) => {
      // In one order everywhere, so that no two who notice wait for each other.
      const said = await tx.encfAlert.createManyAndReturn({
        data: ranges.map(({ id: rangeId }) => ({ tenantId, rangeId, kind })).sort(byRange),
        skipDuplicates: true,
        select: { rangeId: true },
      });
      if (!said.some(({ rangeId }) => rangeId === id)) return;
      const payload = { ...details, last: String(range.last), next: String(range.next) };
      await this.audit.append(tx, { tenantId, type, subjectId: id, actor: ACTOR, payload });
      await this.outbox.add(tx, { topic: ALERTS, key: newId(), payload: { type, details } });
    });
  }
}

const byRange = (a: { readonly rangeId: string }, b: { readonly rangeId: string }): number =>
  a.rangeId < b.rangeId ? -1 : 1;
