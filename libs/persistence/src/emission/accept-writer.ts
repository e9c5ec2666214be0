import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppError } from '@getupnet/kernel';
import { crashPoint } from '@getupnet/platform';
import { BatchDb } from '../db/batch-db.js';
import { sqlState } from '../db/database-errors.js';
import { GrowingStatement } from '../db/growing-statement.js';
import { GroupWriter } from '../group/group-writer.js';
import { ACCEPT_NEXT, ACCEPT_STATED, LOCK_STATED } from './accept.sql.js';
import type { AcceptOutcome, AcceptRow } from './accept.types.js';

const UNIQUE_VIOLATION = '23505';
/**
 * A range that ran out in the middle of a batch is followed by the next one. Each round either settles
 * documents or found that somebody else took the numbers; more rounds than this is no ordinary load.
 */
const MOST_ROUNDS = 256;

interface ResultRow {
  ord: number;
  encf: string | null;
  created_at: Date | null;
  replayed_id: string | null;
  replayed_sha256: string | null;
  duplicate_reference: boolean;
  encf_used: boolean;
  encf_voided: boolean;
  has_range: boolean;
  range_expiry: string | null;
  range_used_up: boolean | null;
  expired_on: string | null;
}

/**
 * Accepts documents in groups: number, document, body, audit event and outbox row of up to 64 of them
 * in one commit. Numbers have no gaps: whatever cannot be accepted takes none.
 */
@Injectable()
export class AcceptWriter implements OnApplicationShutdown {
  private readonly next: GroupWriter<AcceptRow, AcceptOutcome>;
  private readonly stated: GroupWriter<AcceptRow, AcceptOutcome>;

  constructor(private readonly db: BatchDb) {
    this.next = this.lane('accept-next', ACCEPT_NEXT);
    // One by one: two documents may prescribe the same number, and only one may have it.
    this.stated = this.lane('accept-stated', ACCEPT_STATED, 1);
  }

  submit(row: AcceptRow): Promise<AcceptOutcome> {
    return (row.statedEncf === null ? this.next : this.stated).submit(row);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.next.drain(), this.stated.drain()]);
  }

  private lane(name: string, sql: string, maxItems?: number) {
    const statement = new GrowingStatement(name, sql);
    return new GroupWriter<AcceptRow, AcceptOutcome>({
      name,
      ...(maxItems === undefined ? {} : { maxItems }),
      partyOf: ({ tenantId }) => tenantId,
      execute: (rows) => this.execute(statement, rows),
    });
  }

  private async execute(
    statement: GrowingStatement,
    rows: readonly AcceptRow[],
  ): Promise<AcceptOutcome[]> {
    const outcomes: (AcceptOutcome | null)[] = rows.map(() => null);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const open = rows.flatMap((row, ord) => (outcomes[ord] === null ? [{ row, ord }] : []));
      if (open.length === 0) break;
      const results = await this.write(statement, open);
      for (const result of results) {
        outcomes[result.ord] = outcomeOf(result, rows[result.ord]?.statedEncf ?? null);
      }
    }
    // Never "no number" for want of rounds: the caller tries again.
    if (outcomes.includes(null)) {
      throw new AppError('dependency.unavailable', { dependency: 'PostgreSQL' });
    }
    return outcomes.filter((outcome) => outcome !== null);
  }

  /** A key or number committed meanwhile by somebody else: seen by the second look. */
  private async write(
    statement: GrowingStatement,
    open: readonly { row: AcceptRow; ord: number }[],
  ): Promise<ResultRow[]> {
    try {
      return await this.query(statement, open);
    } catch (error) {
      if (open.length > 1 || sqlState(error) !== UNIQUE_VIOLATION) throw error;
      return this.query(statement, open);
    }
  }

  private async query(
    statement: GrowingStatement,
    open: readonly { row: AcceptRow; ord: number }[],
  ): Promise<ResultRow[]> {
    const input = open.map(({ row, ord }) => inputOf(row, ord));
    if (CRASH_POINTS) await crashPoint('accept.before_commit');
    const tenantIds = open.map(({ row }) => row.tenantId);
    const query = statement.query([JSON.stringify(input)], open.length);
    const [stated] = open.flatMap(({ row }) => (row.statedEncf === null ? [] : [lockOf(row)]));
    const { rows } =
      stated === undefined
        ? await this.db.one<ResultRow>(tenantIds, query)
        : await this.db.run(tenantIds, async (client) => {
            await client.query(stated);
            return client.query<ResultRow>(query);
          });
    if (CRASH_POINTS) await crashPoint('accept.after_commit');
    return rows;
  }
}

/** Null: the range ran out within the batch; the next round finds the following one. */
function outcomeOf(result: ResultRow, statedEncf: string | null): AcceptOutcome | null {
  if (result.encf !== null && result.created_at !== null) {
    return {
      kind: 'accepted',
      encf: result.encf,
      expiresOn: result.range_expiry,
      createdAt: result.created_at,
    };
  }
  if (result.replayed_id !== null) {
    return {
      kind: 'replayed',
      documentId: result.replayed_id,
      bodySha256: result.replayed_sha256 ?? '',
    };
  }
  if (result.duplicate_reference) return { kind: 'duplicate_reference' };
  if (result.encf_used) return { kind: 'encf_used' };
  if (result.encf_voided) return { kind: 'encf_voided' };
  if (result.has_range) {
    return result.range_used_up
      ? null
      : { kind: 'expiry_mismatch', expiresOn: result.range_expiry };
  }
  return statedEncf === null || result.expired_on !== null
    ? { kind: 'no_number', expiredOn: result.expired_on }
    : { kind: 'not_in_range' };
}

/** Prescribed numbers come one by one: there is one range to lock. */
function lockOf({ tenantId, environment, tipo, statedEncf }: AcceptRow) {
  const number = statedEncf?.slice(3);
  return { name: 'lock-stated', text: LOCK_STATED, values: [tenantId, environment, tipo, number] };
}

function inputOf(row: AcceptRow, ord: number) {
  return {
    ord,
    tenant_id: row.tenantId,
    id: row.id,
    environment: row.environment,
    tipo: row.tipo,
    route: row.route,
    state: row.state,
    held_by: row.heldBy,
    idempotency_key: row.idempotencyKey,
    body_sha256: row.bodySha256,
    external_ref: row.externalRef,
    branch: row.branch,
    corrects: row.corrects,
    generation: row.generation,
    stated_encf: row.statedEncf,
    stated_expiry: row.statedExpiry,
    issuer_rnc: row.issuerRnc,
    buyer_rnc: row.buyerRnc,
    buyer_name: row.buyerName,
    monto_total: row.montoTotal,
    fecha_emision: row.fechaEmision,
    fecha_hora_firma: row.fechaHoraFirma,
    artefact_month: row.artefactMonth,
    today: row.today,
    xml_head: row.xmlHead,
    xml_middle: row.xmlMiddle,
    xml_tail: row.xmlTail,
    findings: row.findings,
    actor: row.actor,
    event_id: row.eventId,
    hand_over: row.handOver,
    next_in_ms: row.nextAttemptInMs,
  };
}
