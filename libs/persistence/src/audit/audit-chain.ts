import type { Json } from '@getupnet/kernel';
import { crashPoint } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { PLATFORM_TENANT_ID } from '../audit-log.js';
import { inTransaction } from '../db/batch-db.js';
import { Pools } from '../db/pools.js';
import {
  BEGIN_SWEEP,
  HEADS_OF,
  INSERT_LINKS,
  IS_DUE,
  LOCK_CURSOR,
  LOCK_TENANTS,
  MAKE_CURSOR,
  MOVE_CURSOR,
  NEXT_PAGE,
  REPORT_RECOVERY,
  SWEEP_PAGE,
} from './append.sql.js';
import { entryText, genesisHash, linkHash } from './chain.js';

export interface AppendRound {
  /** False while another process has the cursor. */
  readonly leading: boolean;
  readonly linked: number;
  /** Whether more is waiting right now. */
  readonly more: boolean;
}

interface Cursor {
  readonly horizon: string;
  readonly horizon_id: string;
  readonly system_id: string;
  readonly sweep_after: SweepKey | null;
}

/** Key of an event. */
interface SweepKey {
  readonly tenantId: string;
  readonly month: string;
  readonly id: string;
}

interface PageRow {
  readonly tenant_id: string;
  readonly month: string;
  readonly id: string;
  readonly type: string;
  readonly subject_id: string | null;
  readonly actor: string;
  readonly payload: Json;
  readonly occurred_at: Date;
  readonly txid: string;
  readonly linked: boolean;
}

const FIRST_KEY: SweepKey = {
  tenantId: PLATFORM_TENANT_ID,
  month: '0001-01-01',
  id: '00000000-0000-0000-0000-000000000000',
};
/** First half of the advisory locks of chains; the second is the tenant's. */
const CHAIN_LOCK = 7_261_032;
/** Entries of one transaction. */
export const APPEND_BATCH = 1_000;

/** Appends raw events to their tenants' chains; role `audit_append`, one process at a time. */
@Injectable()
export class AuditChain {
  #knowsSystemId: boolean | undefined;

  constructor(private readonly pools: Pools) {}

  /**
   * Chains up to `most` events in one transaction, oldest first. Whatever happens to this process,
   * an event is chained once: links and cursor are one commit, and keys forbid a second link.
   */
  async append(most = APPEND_BATCH): Promise<AppendRound> {
    const systemId = await this.systemId();
    const { rows } = await this.pools.query<{ due: boolean }>('audit_append', IS_DUE, [systemId]);
    if (rows[0]?.due === false) return { leading: true, linked: 0, more: false };
    const round = await inTransaction(this.pools.get('audit_append'), (client) =>
      this.appendIn(client, systemId, most),
    );
    if (CRASH_POINTS && round.linked > 0) await crashPoint('audit.after_append');
    return round;
  }

  private async appendIn(client: PoolClient, systemId: string, most: number): Promise<AppendRound> {
    const cursor = await cursorOf(client, systemId);
    if (cursor === undefined) return { leading: false, linked: 0, more: false };
    const sweeping = cursor.sweep_after !== null;
    const page = await pageAfter(client, cursor, most);
    if (page.length === 0 && !sweeping) return { leading: true, linked: 0, more: false };
    if (CRASH_POINTS) await crashPoint('audit.before_append');
    const linked = await chain(client, page);
    const position = positionAfter(cursor, page, most);
    await client.query({ name: 'audit-move', text: MOVE_CURSOR, values: [...position, linked] });
    return { leading: true, linked, more: page.length === most || sweeping };
  }

  /** PostgreSQL's identifier of the cluster; empty where an operator closed the function. */
  private async systemId(): Promise<string> {
    if (this.#knowsSystemId === undefined) {
      const { rows } = await this.pools.query<{ may: boolean }>(
        'audit_append',
        `SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS may`,
      );
      this.#knowsSystemId = rows[0]?.may === true;
    }
    if (!this.#knowsSystemId) return '';
    const { rows } = await this.pools.query<{ id: string }>(
      'audit_append',
      'SELECT system_identifier::text AS id FROM pg_control_system()',
    );
    return rows[0]?.id ?? '';
  }
}

/** The locked cursor; undefined while another process has it. */
async function cursorOf(client: PoolClient, systemId: string): Promise<Cursor | undefined> {
  const lock = () => client.query<Cursor>({ name: 'audit-cursor', text: LOCK_CURSOR });
  let cursor = (await lock()).rows[0];
  if (cursor === undefined) {
    const made = await client.query(MAKE_CURSOR, [systemId, FIRST_KEY]);
    if (made.rowCount === 0) return undefined;
    cursor = (await lock()).rows[0];
  }
  if (cursor === undefined || cursor.system_id === systemId) return cursor;
  // A dump of another cluster: its transactions mean nothing here, so every event is looked at.
  await client.query(BEGIN_SWEEP, [systemId, FIRST_KEY]);
  const payload = { reason: 'restored', from: cursor.system_id, to: systemId };
  await client.query(REPORT_RECOVERY, [[PLATFORM_TENANT_ID], payload]);
  return (await lock()).rows[0];
}

async function pageAfter(client: PoolClient, cursor: Cursor, most: number): Promise<PageRow[]> {
  const { sweep_after: key } = cursor;
  const query =
    key === null
      ? { name: 'audit-page', text: NEXT_PAGE, values: [cursor.horizon, cursor.horizon_id, most] }
      : { text: SWEEP_PAGE, values: [key.tenantId, key.month, key.id, most] };
  return (await client.query<PageRow>(query)).rows;
}

/** The new horizon, its id, and the sweep's key. */
function positionAfter(
  cursor: Cursor,
  page: readonly PageRow[],
  most: number,
): readonly [string, string, SweepKey | null] {
  const last = page.at(-1);
  if (cursor.sweep_after === null && last !== undefined) return [last.txid, last.id, null];
  const { horizon, horizon_id: id } = cursor;
  if (last === undefined || page.length < most) return [horizon, id, null];
  return [horizon, id, { tenantId: last.tenant_id, month: last.month, id: last.id }];
}

async function chain(client: PoolClient, page: readonly PageRow[]): Promise<number> {
  const fresh = page.filter((row) => !row.linked);
  if (fresh.length === 0) return 0;
  const tenants = [...new Set(fresh.map((row) => row.tenant_id))];
  await client.query({
    name: 'audit-lock',
    text: LOCK_TENANTS,
    values: [tenants, CHAIN_LOCK],
  });
  const heads = await client.query<{ tenant_id: string; seq: string; hash: Buffer }>({
    name: 'audit-heads',
    text: HEADS_OF,
    values: [tenants],
  });
  const known = new Map(heads.rows.map((head) => [head.tenant_id, head]));
  const next = new Map(
    tenants.map((id) => {
      const head = known.get(id);
      return [id, { seq: Number(head?.seq ?? 0), hash: head?.hash ?? genesisHash(id) }];
    }),
  );
  const links = fresh.map((row) => {
    const head = next.get(row.tenant_id) ?? { seq: 0, hash: genesisHash(row.tenant_id) };
    const seq = head.seq + 1;
    const hash = linkHash(head.hash, entryText(entryOf(row, seq)));
    next.set(row.tenant_id, { seq, hash });
    return { row, seq, prev: head.hash, hash };
  });
  await client.query({
    name: 'audit-links',
    text: INSERT_LINKS,
    values: [
      links.map(({ row }) => row.tenant_id),
      links.map(({ seq }) => seq),
      links.map(({ row }) => row.month),
      links.map(({ row }) => row.id),
      links.map(({ prev }) => prev),
      links.map(({ hash }) => hash),
    ],
  });
  return links.length;
}

function entryOf(row: PageRow, seq: number) {
  return {
    ...{ tenantId: row.tenant_id, seq, id: row.id, type: row.type, subjectId: row.subject_id },
    ...{ actor: row.actor, payload: row.payload, occurredAt: row.occurred_at },
  };
}
