import { Client } from 'pg';
import type { Pools } from '../db/pools.js';
import { monthAt } from '../migrations/partitions.js';

/** Fiscal events are kept for ten years; younger months never leave. */
export const MONTHS_KEPT = 120;
/** Detaching needs the table for a moment; if it is not to be had, nothing happens. */
const LOCK_TIMEOUT_MS = 5_000;

export interface ArchivedMonths {
  /** Tables that are in schema `archive` now. */
  readonly archived: readonly string[];
  /** The first that still has events outside the chain; neither it nor a later one was moved. */
  readonly unchained: string | null;
}

/**
 * Takes the months that are older than ten years out of `audit_event`, oldest first, into tables of
 * schema `archive`, for the owner to dump and drop. Their links stay: the chains still verify.
 */
export async function archiveAuditMonths(
  ownerUrl: string,
  pools: Pools,
  now: Date,
): Promise<ArchivedMonths> {
  const owner = new Client({ connectionString: ownerUrl, application_name: 'getupnet-archive' });
  await owner.connect();
  try {
    const before = `audit_event_${monthAt(now, -MONTHS_KEPT).slice(0, 7).replace('-', '_')}`;
    const { rows } = await owner.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'audit_event'::regclass AND c.relname ~ '^audit_event_\\d{4}_\\d{2}$'
         AND c.relname < $1 ORDER BY 1`,
      [before],
    );
    const archived: string[] = [];
    for (const { name } of rows) {
      if (await hasUnchained(pools, name)) return { archived, unchained: name };
      await detach(owner, name);
      archived.push(name);
    }
    return { archived, unchained: null };
  } finally {
    await owner.end();
  }
}

async function hasUnchained(pools: Pools, partition: string): Promise<boolean> {
  const month = `${partition.slice(-7).replace('_', '-')}-01`;
  const { rows } = await pools.query(
    'audit_append',
    `SELECT FROM audit_event e WHERE e.month = $1::date AND NOT EXISTS (SELECT FROM audit_link l
       WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id AND l.event_month = e.month) LIMIT 1`,
    [month],
  );
  return rows.length > 0;
}

/** The name fits `audit_event_yyyy_mm`: it comes from the catalogue, by that pattern. */
async function detach(owner: Client, name: string): Promise<void> {
  await owner.query(
    `BEGIN;
     SELECT set_config('lock_timeout', '${LOCK_TIMEOUT_MS}', true);
     CREATE SCHEMA IF NOT EXISTS archive;
     ALTER TABLE audit_event DETACH PARTITION ${name};
     ALTER TABLE ${name} SET SCHEMA archive;
     COMMIT`,
  );
}
