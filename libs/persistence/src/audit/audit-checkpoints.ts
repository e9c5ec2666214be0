import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import { Pools } from '../db/pools.js';
import { ALL_HEADS, OF_TENANT, REPORT_RECOVERY, WINDOW_FLOOR } from './append.sql.js';

/** Where a chain ends. */
export interface ChainHead {
  readonly seq: number;
  /** Lower-case hex. */
  readonly hash: string;
}

/** Tenant → its chain's end. */
export type ChainHeads = ReadonlyMap<string, ChainHead>;

/** A checkpoint as it was signed. */
export interface SignedCheckpoint {
  readonly number: number;
  readonly at: Date;
  readonly full: boolean;
  /** Canonical JSON: what is signed. */
  readonly body: string;
  /** Base64, Ed25519. */
  readonly signature: string;
}

/** What a checkpoint states of one chain. */
export interface StatedHead extends ChainHead {
  readonly number: number;
  readonly at: Date;
  /** Lower-case hex of what was signed. */
  readonly bodySha512: string;
}

export interface StatedHeads {
  readonly heads: readonly StatedHead[];
  /** Look on from below this one; null where there is nothing more. */
  readonly next: number | null;
}

interface StatedRow {
  readonly number: string;
  readonly at: Date;
  readonly seq: string;
  readonly hash: string;
  readonly body_sha512: string;
}

interface CheckpointRow {
  readonly number: string;
  readonly at: Date;
  readonly is_full: boolean;
  readonly body: string;
  readonly signature: string;
}

const COLUMNS = 'number, at, is_full, body, signature';

/** What checkpoints are made of, and their copies; role `audit_append`. */
@Injectable()
export class AuditCheckpoints {
  constructor(private readonly pools: Pools) {}

  /** Links so far, of all chains: one row's look-up. */
  async links(): Promise<number> {
    const { rows } = await this.query<{ links: string }>(
      'SELECT links FROM audit_cursor WHERE id = 1',
    );
    return Number(rows[0]?.links ?? 0);
  }

  /** The ends of all chains at one moment. */
  async heads(): Promise<ChainHeads> {
    const { rows } = await this.query<{ tenant_id: string; seq: string; hash: Buffer }>(ALL_HEADS);
    return new Map(
      rows.map((row) => [row.tenant_id, { seq: Number(row.seq), hash: row.hash.toString('hex') }]),
    );
  }

  /** Of these ends, the tenants whose chain has no such link (any more). */
  async lost(heads: ChainHeads): Promise<readonly string[]> {
    const entries = [...heads];
    const { rows } = await this.query<{ tenant_id: string }>(
      `SELECT t.id AS tenant_id FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS t (id, seq, hash)
       LEFT JOIN LATERAL (SELECT hash FROM audit_link
         WHERE tenant_id = t.id AND seq = t.seq LIMIT 1) l ON true
       WHERE encode(l.hash, 'hex') IS DISTINCT FROM t.hash`,
      [entries.map(([id]) => id), entries.map(([, h]) => h.seq), entries.map(([, h]) => h.hash)],
    );
    return rows.map((row) => row.tenant_id);
  }

  async latest(): Promise<SignedCheckpoint | null> {
    const { rows } = await this.query<CheckpointRow>(
      `SELECT ${COLUMNS} FROM audit_checkpoint ORDER BY number DESC LIMIT 1`,
    );
    return rows[0] === undefined ? null : checkpointOf(rows[0]);
  }

  /** Up to `most` of them below a number, newest first. */
  async before(number: number, most: number): Promise<readonly SignedCheckpoint[]> {
    const { rows } = await this.query<CheckpointRow>(
      `SELECT ${COLUMNS} FROM audit_checkpoint WHERE number < $1 ORDER BY number DESC LIMIT $2`,
      [number, most],
    );
    return rows.map(checkpointOf);
  }

  /**
   * What those below a number state of one chain, newest first: up to `limit` of them, looked for in
   * `window` checkpoints. The bodies, which name every tenant, stay in the database.
   */
  async ofTenant(
    tenantId: string,
    below: number,
    { limit, window }: { readonly limit: number; readonly window: number },
  ): Promise<StatedHeads> {
    const ends = await this.query<{ floor: string | null }>(WINDOW_FLOOR, [below, window]);
    const floor = ends.rows[0]?.floor ?? null;
    const from = Number(floor ?? 1);
    const { rows } = await this.query<StatedRow>(OF_TENANT, [below, from, tenantId, limit]);
    const heads = rows.map(({ number, at, seq, hash, body_sha512: bodySha512 }) => ({
      ...{ number: Number(number), at, seq: Number(seq), hash, bodySha512 },
    }));
    const last = heads.length === limit ? heads.at(-1) : undefined;
    return { heads, next: last?.number ?? (floor === null ? null : from) };
  }

  /** Keeps a copy; once. */
  async record({ number, at, full, body, signature }: SignedCheckpoint): Promise<void> {
    await this.query(
      `INSERT INTO audit_checkpoint (${COLUMNS}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [number, at, full, body, signature],
    );
  }

  /** Tells, in the chains concerned, that what follows comes after a recovery. */
  async reportRecovery(tenantIds: readonly string[], payload: object): Promise<void> {
    await this.query(REPORT_RECOVERY, [tenantIds, payload]);
  }

  private query<R extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
    return this.pools.query<R>('audit_append', text, values);
  }
}

function checkpointOf(row: CheckpointRow): SignedCheckpoint {
  const { number, at, is_full: full, body, signature } = row;
  return { number: Number(number), at, full, body, signature };
}
