import { Injectable } from '@nestjs/common';
import type { Tx } from '../db/tenant-db.js';

/**
 * Which events a consumer has dealt with (EMI-5). The outbox brings each event at least once; who
 * takes it here in the transaction of its effect has the effect once.
 */
@Injectable()
export class Inbox {
  /**
   * False: the consumer had this event of the transaction's tenant before, so there is nothing to do.
   * Of two at the same time the second waits until the first has committed, or takes its place.
   */
  async take(tx: Tx, consumer: string, eventId: string): Promise<boolean> {
    const taken = await tx.$executeRaw`
      INSERT INTO inbox (tenant_id, consumer, event_id)
      VALUES (nullif(current_setting('app.tenant_id', true), '')::uuid, ${consumer}, ${eventId}::uuid)
      ON CONFLICT (tenant_id, consumer, event_id) DO NOTHING`;
    return taken === 1;
  }
}
