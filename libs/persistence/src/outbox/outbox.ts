import type { Json } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../db/tenant-db.js';

export interface OutboxMessage {
  /** Which relay rule hands it on. */
  readonly topic: string;
  /** What it is about: a row's id. */
  readonly key: string;
  /** Ids and versions; never documents or secrets. */
  readonly payload?: { readonly [key: string]: Json };
}

/** Channel on which a relay hears that something was committed. Nothing is sent along. */
export const OUTBOX_CHANNEL = 'outbox';

/** Effects that commit with the data and are handed on afterwards. */
@Injectable()
export class Outbox {
  /** Adds messages of the transaction's tenant; a relay hears of them when it commits. */
  async add(tx: Tx, ...messages: readonly OutboxMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const rows = messages.map(({ topic, key, payload }) => ({
      topic,
      key,
      payload: payload ?? {},
    }));
    await tx.$executeRaw`
      INSERT INTO outbox (tenant_id, topic, key, payload)
      SELECT nullif(current_setting('app.tenant_id', true), '')::uuid, x.topic, x.key, x.payload
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS x(topic text, key uuid, payload jsonb)`;
    await tx.$executeRaw`SELECT pg_notify(${OUTBOX_CHANNEL}, '')`;
  }
}
