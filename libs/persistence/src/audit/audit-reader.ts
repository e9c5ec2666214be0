import type { Json } from '@getupnet/kernel';
import { isUuid } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { inTransaction } from '../db/batch-db.js';
import { Pools } from '../db/pools.js';
import { LIST_ENTRIES, LIST_OF_SUBJECT, RAW_PAGE, RECOVERIES_AFTER, WALK } from './read.sql.js';

/** A link and, unless its month was archived, its event. */
export interface WalkedLink {
  readonly seq: number;
  readonly prev: Buffer;
  readonly hash: Buffer;
  /** `yyyy-MM-dd` */
  readonly eventMonth: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly subjectId: string | null;
    readonly actor: string;
    readonly payload: Json;
    readonly occurredAt: Date;
  } | null;
}

export interface LogFilter {
  readonly type?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export interface LogPage {
  readonly links: readonly WalkedLink[];
  /** Look on from below this one; null at the chain's beginning. */
  readonly next: number | null;
}

/** Key of a raw event of the tenant. */
export interface RawKey {
  readonly month: string;
  readonly id: string;
}

export interface RawPage {
  readonly checked: number;
  /** Not in the chain although everything of their time should be. */
  readonly unchained: readonly string[];
  /** Not in the chain yet. */
  readonly pending: number;
  readonly next: RawKey | null;
}

export const FIRST_RAW_KEY: RawKey = {
  month: '0001-01-01',
  id: '00000000-0000-0000-0000-000000000000',
};
/** Above every seq. */
const TOP = Number.MAX_SAFE_INTEGER;
/** Links one question looks through. */
const WINDOW = 50_000;

interface LinkRow {
  readonly seq: string;
  readonly prev: Buffer;
  readonly hash: Buffer;
  readonly event_month: string;
  readonly id: string | null;
  readonly type: string;
  readonly subject_id: string | null;
  readonly actor: string;
  readonly payload: Json;
  readonly occurred_at: Date;
}

/** A tenant's own chain; role `app`, so that row-level security keeps it to that one. */
@Injectable()
export class AuditReader {
  constructor(private readonly pools: Pools) {}

  /** Links after a seq, in order, with their events. */
  walk(tenantId: string, afterSeq: number, most: number): Promise<readonly WalkedLink[]> {
    return this.as(tenantId, async (client) => {
      const { rows } = await client.query<LinkRow>(WALK, [tenantId, afterSeq, most]);
      return rows.map(walked);
    });
  }

  /** Entries that fit, newest first, from below a seq; looks through a bounded part of the chain. */
  list(
    tenantId: string,
    filter: LogFilter,
    page: { readonly below: number | null; readonly limit: number },
  ): Promise<LogPage> {
    const { type, subjectId, actor, from, to } = filter;
    const limits = [type ?? null, actor ?? null, from ?? null, to ?? null, page.limit + 1];
    return this.as(tenantId, async (client) => {
      const below = Math.min(page.below ?? TOP, (await headOf(client, tenantId)) + 1);
      if (subjectId !== undefined) {
        const values = [tenantId, below, subjectId, ...limits];
        const { rows } = await client.query<LinkRow>(LIST_OF_SUBJECT, values);
        return pageOf(rows, page.limit, null);
      }
      const floor = Math.max(below - WINDOW, 1);
      const { rows } = await client.query<LinkRow>(LIST_ENTRIES, [
        tenantId,
        below,
        floor,
        ...limits,
      ]);
      return pageOf(rows, page.limit, floor > 1 ? floor : null);
    });
  }

  /** The end of the chain; 0 where there is none. */
  head(tenantId: string): Promise<number> {
    return this.as(tenantId, (client) => headOf(client, tenantId));
  }

  /** Hash at a seq, in hex. */
  hashAt(tenantId: string, seq: number): Promise<string | null> {
    return this.as(tenantId, async (client) => {
      const { rows } = await client.query<{ hash: Buffer }>(
        'SELECT hash FROM audit_link WHERE tenant_id = $1 AND seq = $2',
        [tenantId, seq],
      );
      return rows[0]?.hash.toString('hex') ?? null;
    });
  }

  /** Looks for each raw event in the chain, by key. */
  rawPage(
    tenantId: string,
    after: RawKey,
    bounds: { readonly most: number; readonly horizon: AuditHorizon | null },
  ): Promise<RawPage> {
    const { most, horizon } = bounds;
    return this.as(tenantId, async (client) => {
      const { rows } = await client.query<RawKey & { due: boolean; linked: boolean }>(RAW_PAGE, [
        ...[tenantId, after.month, after.id, most],
        ...[horizon?.txid ?? '0', horizon?.id ?? FIRST_RAW_KEY.id],
      ]);
      const last = rows.at(-1);
      const open = rows.filter((row) => !row.linked);
      return {
        checked: rows.length,
        unchained: open.filter((row) => row.due).map((row) => row.id),
        pending: open.filter((row) => !row.due).length,
        next: last && rows.length === most ? { month: last.month, id: last.id } : null,
      };
    });
  }

  /**
   * What events `audit.recovery` tell that came behind a seq of the chain or are not in it yet. The
   * horizon is read before: whatever is chained meanwhile is on one side of it or the other.
   */
  async recoveriesAfter(tenantId: string, seq: number): Promise<readonly Json[]> {
    const cursor = await this.pools.query<{ horizon: string }>(
      'audit_append',
      // While all events are looked at again, any of them may be missing in the chain.
      `SELECT CASE WHEN sweep_after IS NULL THEN horizon::text ELSE '0' END AS horizon
       FROM audit_cursor WHERE id = 1`,
    );
    const horizon = cursor.rows[0]?.horizon ?? '0';
    return this.as(tenantId, async (client) => {
      const values = [tenantId, seq, horizon, WINDOW];
      const { rows } = await client.query<{ payload: Json }>(RECOVERIES_AFTER, values);
      return rows.map(({ payload }) => payload);
    });
  }

  /** Up to where every event has to be in the chain; null while they are all looked at again. */
  async horizon(): Promise<AuditHorizon | null> {
    const { rows } = await this.pools.query<AuditHorizon & { sweeping: boolean }>(
      'audit_append',
      `SELECT horizon::text AS txid, horizon_id AS id, sweep_after IS NOT NULL AS sweeping
       FROM audit_cursor WHERE id = 1`,
    );
    const [row] = rows;
    return row === undefined || row.sweeping ? null : { txid: row.txid, id: row.id };
  }

  /** First month whose events are in the database: those before were archived. */
  async oldestMonth(): Promise<string> {
    const { rows } = await this.pools.query<{ month: string }>(
      'app',
      `SELECT min(replace(right(c.relname, 7), '_', '-') || '-01') AS month
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'audit_event'::regclass AND c.relname <> 'audit_event_default'`,
    );
    return rows[0]?.month ?? FIRST_RAW_KEY.month;
  }

  private as<T>(tenantId: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    if (!isUuid(tenantId)) throw new TypeError('a tenant id is a UUID');
    return inTransaction(this.pools.get('app'), async (client) => {
      await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
      return work(client);
    });
  }
}

/** The cursor of the chain. */
export interface AuditHorizon {
  readonly txid: string;
  readonly id: string;
}

async function headOf(client: PoolClient, tenantId: string): Promise<number> {
  const { rows } = await client.query<{ seq: string }>(
    'SELECT seq FROM audit_link WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1',
    [tenantId],
  );
  return Number(rows[0]?.seq ?? 0);
}

function pageOf(rows: readonly LinkRow[], limit: number, floor: number | null): LogPage {
  const links = rows.slice(0, limit).map(walked);
  return { links, next: rows.length > limit ? (links.at(-1)?.seq ?? null) : floor };
}

function walked(row: LinkRow): WalkedLink {
  const { id, type, actor, payload } = row;
  return {
    seq: Number(row.seq),
    ...{ prev: row.prev, hash: row.hash, eventMonth: row.event_month },
    event:
      id === null
        ? null
        : { id, type, subjectId: row.subject_id, actor, payload, occurredAt: row.occurred_at },
  };
}
