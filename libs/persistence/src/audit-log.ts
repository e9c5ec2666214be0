import { Clock, newId } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import type { Tx } from './db/tenant-db.js';

/** Stands for the installation itself in entries that concern no tenant, such as an operator's login. */
export const PLATFORM_TENANT_ID = '00000000-0000-0000-0000-000000000000';

export interface AuditEntry {
  /** Or {@link PLATFORM_TENANT_ID}. */
  readonly tenantId: string;
  /** `area.what_happened` */
  readonly type: string;
  readonly subjectId: string | null;
  readonly actor: string;
  readonly payload: object;
}

/** An entry as it was kept. */
export type KeptEntry = Omit<AuditEntry, 'tenantId' | 'payload'> & { readonly payload: unknown };

/** Raw audit events, written in the transaction of what they tell. */
@Injectable()
export class AuditLog {
  constructor(private readonly clock: Clock) {}

  async append(tx: Tx, entry: AuditEntry): Promise<void> {
    await tx.auditEvent.createMany({
      data: [
        {
          ...entry,
          id: newId(),
          month: monthOf(this.clock.now()),
          payload: { ...entry.payload },
        },
      ],
    });
  }

  /**
   * An event whose id (UUID version 7) somebody else gave, so that telling it again changes nothing:
   * null when it is new, otherwise what was kept. Its month is the id's.
   */
  async once(tx: Tx, id: string, entry: AuditEntry): Promise<KeptEntry | null> {
    const month = monthOf(instantOf(id));
    const { count } = await tx.auditEvent.createMany({
      data: [{ ...entry, id, month, payload: { ...entry.payload } }],
      skipDuplicates: true,
    });
    if (count === 1) return null;
    const key = { tenantId_month_id: { tenantId: entry.tenantId, month, id } };
    const select = { type: true, subjectId: true, actor: true, payload: true } as const;
    return tx.auditEvent.findUniqueOrThrow({ where: key, select });
  }
}

/** The milliseconds in a UUID version 7. */
function instantOf(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}

function monthOf(instant: Date): Date {
  return new Date(Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth(), 1));
}
