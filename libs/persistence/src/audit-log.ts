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

/** Raw audit events, written in the transaction of what they tell. */
@Injectable()
export class AuditLog {
  constructor(private readonly clock: Clock) {}

  async append(tx: Tx, entry: AuditEntry): Promise<void> {
    const now = this.clock.now();
    await tx.auditEvent.createMany({
      data: [
        {
          ...entry,
          id: newId(),
          month: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)),
          payload: { ...entry.payload },
        },
      ],
    });
  }
}
