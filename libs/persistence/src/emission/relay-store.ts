import { crashPoint } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryResult } from 'pg';
import { GrowingStatement } from '../db/growing-statement.js';
import { Pools } from '../db/pools.js';
import {
  CLAIM_DUE,
  DEAD_LETTERS,
  DRAIN,
  FORGET_INBOX,
  OPEN_DOCUMENTS,
  STILL_OUT,
} from './relay-store.sql.js';

export interface RelayRow {
  readonly tenantId: string;
  readonly documentId: string;
}

/** One row of the outbox: what `Outbox.add` was given. */
export interface OutboxRow {
  readonly tenantId: string;
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** How much one look may take, and of whom. */
export interface Portion {
  /** Tenants are looked at in the order of their ids, from this one on. */
  readonly from: string;
  readonly tenants: number;
  /** Most rows of one tenant. */
  readonly rows: number;
  /** Less of those that have much under way already. */
  readonly rooms?: readonly { readonly tenantId: string; readonly rows: number }[];
}

/** Before every tenant. */
export const FIRST_TENANT = '00000000-0000-0000-0000-000000000000';

export interface Taken<T> {
  readonly rows: readonly T[];
  /** Where the next look goes on; {@link FIRST_TENANT} when this one came to the end. */
  readonly next: string;
}

export interface OpenDocuments {
  readonly state: string;
  readonly documents: number;
  readonly oldestS: number;
}

interface Walked {
  readonly walked: number;
  readonly lastTenant: string | null;
  readonly tenantId: string | null;
}

/** What the relay reads of all tenants: ids, never documents (role `relay`). */
@Injectable()
export class RelayStore {
  private readonly drain = new GrowingStatement('relay-drain', DRAIN);
  private readonly claim = new GrowingStatement('relay-claim-due', CLAIM_DUE);
  private readonly out = new GrowingStatement('relay-still-out', STILL_OUT);

  constructor(private readonly pools: Pools) {}

  /**
   * Takes outbox rows of a topic, tenants in turn, and gives them to `publish`; they are gone only if
   * that succeeded, so a crash in between publishes twice and never not at all.
   */
  async drainOutbox(
    topic: string,
    portion: Portion,
    publish: (rows: readonly OutboxRow[]) => Promise<void>,
  ): Promise<Taken<OutboxRow>> {
    const client = await this.pools.get('relay').connect();
    const taken = await this.drained(client, topic, portion, publish).catch((error: unknown) => {
      // Whatever state it is in, the server undoes the transaction with the connection.
      client.release(true);
      throw error;
    });
    client.release();
    if (CRASH_POINTS) await crashPoint('relay.after_mark');
    return taken;
  }

  /**
   * Open documents whose time has come, tenants in turn; not again for `againInMs`, unless their
   * state says sooner. Each time is counted in the document until its next step.
   */
  async claimDue(portion: Portion, againInMs: number): Promise<Taken<RelayRow>> {
    const query = this.claim.query([...valuesOf(portion), againInMs / 1_000], portion.rows);
    return takenOf(portion, await this.pools.get('relay').query<Walked & RelayRow>(query));
  }

  /** Those of the documents, handed over `ageMs` ago, that nobody has done anything about since. */
  async stillOut(rows: readonly (RelayRow & { readonly ageMs: number })[]): Promise<RelayRow[]> {
    const keys = rows.map(({ tenantId, documentId, ageMs }) => ({
      tenant_id: tenantId,
      id: documentId,
      age_ms: ageMs,
    }));
    const query = this.out.query([JSON.stringify(keys)], keys.length);
    return (await this.pools.get('relay').query<RelayRow>(query)).rows;
  }

  /** Documents under way by state; of more than `most` only so many are counted. */
  async openDocuments(most: number): Promise<OpenDocuments[]> {
    const { rows } = await this.pools.query<OpenDocuments>('relay', OPEN_DOCUMENTS, [most]);
    return rows.map((row) => ({ ...row, oldestS: Number(row.oldestS) }));
  }

  /** Documents that wait for a person, likewise. */
  async deadLetters(most: number): Promise<number> {
    const { rows } = await this.pools.query<{ documents: number }>('relay', DEAD_LETTERS, [most]);
    return rows[0]?.documents ?? 0;
  }

  /** Forgets which events had their effect once none of them can come again. */
  async forgetInbox(): Promise<number> {
    return (await this.pools.query('relay', FORGET_INBOX)).rowCount ?? 0;
  }

  private async drained(
    client: PoolClient,
    topic: string,
    portion: Portion,
    publish: (rows: readonly OutboxRow[]) => Promise<void>,
  ): Promise<Taken<OutboxRow>> {
    await client.query('BEGIN');
    const query = this.drain.query([...valuesOf(portion), topic], portion.rows);
    const taken = takenOf(portion, await client.query<Walked & OutboxRow>(query));
    if (CRASH_POINTS) await crashPoint('relay.after_claim');
    if (taken.rows.length > 0) await publish(taken.rows);
    if (CRASH_POINTS) await crashPoint('relay.after_publish');
    await client.query('COMMIT');
    return taken;
  }
}

function valuesOf({ from, tenants, rows, rooms = [] }: Portion): unknown[] {
  const input = rooms.map((room) => ({ tenant_id: room.tenantId, rows: room.rows }));
  return [from, tenants, JSON.stringify(input), rows];
}

function takenOf<T extends { readonly tenantId: string }>(
  { tenants }: Portion,
  { rows }: QueryResult<Walked & T>,
): Taken<T> {
  const [first] = rows;
  const more = first !== undefined && first.walked >= tenants && first.lastTenant !== null;
  return {
    rows: rows.flatMap(({ walked: _walked, lastTenant: _last, ...row }) =>
      row.tenantId === null ? [] : [row as unknown as T],
    ),
    next: more ? (first.lastTenant ?? FIRST_TENANT) : FIRST_TENANT,
  };
}
