import { isFinalState } from '@getupnet/contracts';
import { crashPoint } from '@getupnet/platform';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BatchDb } from '../db/batch-db.js';
import { GrowingStatement } from '../db/growing-statement.js';
import { storableJson } from '../db/storable-json.js';
import { GroupWriter } from '../group/group-writer.js';
import { TRANSITION } from './transition.sql.js';
import type { TransitionOutcome, TransitionRow } from './transition.types.js';

/** Commits steps of documents in groups; the only statement that changes a document's state. */
@Injectable()
export class TransitionWriter implements OnApplicationShutdown {
  private readonly statement = new GrowingStatement('transition', TRANSITION);
  private readonly group: GroupWriter<TransitionRow, TransitionOutcome>;

  constructor(private readonly db: BatchDb) {
    this.group = new GroupWriter({
      name: 'transition',
      partyOf: ({ tenantId }) => tenantId,
      execute: (rows) => this.execute(rows),
    });
  }

  /** Whether the step applied; `false` when the document had moved on meanwhile. */
  submit(row: TransitionRow): Promise<TransitionOutcome> {
    return this.group.submit(row);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.group.drain();
  }

  private async execute(rows: readonly TransitionRow[]): Promise<TransitionOutcome[]> {
    const values = [
      storableJson(rows.map(inputOf)),
      JSON.stringify(rows.flatMap((row, ord) => row.artefacts.map((a) => ({ ord, ...a })))),
      storableJson(
        rows.flatMap((row, ord) =>
          row.events.map(({ id, type, payload }) => ({ ord, id, type, payload })),
        ),
      ),
      storableJson(rows.flatMap((row, ord) => alertsOf(row, ord))),
    ];
    if (CRASH_POINTS) await crashPoint('step.before_commit');
    const result = await this.db.one<{ ord: number }>(
      rows.map((row) => row.tenantId),
      this.statement.query(values, rows.length),
    );
    if (CRASH_POINTS) await crashPoint('step.after_commit');
    const applied = new Set(result.rows.map((row) => row.ord));
    return rows.map((_, ord) => applied.has(ord));
  }
}

function alertsOf({ events }: TransitionRow, ord: number) {
  return events.flatMap(({ id, alert }) => (alert === undefined ? [] : [{ ord, id, alert }]));
}

function inputOf(row: TransitionRow, ord: number) {
  return {
    ord,
    tenant_id: row.tenantId,
    id: row.documentId,
    from_state: row.from,
    to_state: row.to,
    epoch: row.epoch,
    lease_ms: row.leaseMs,
    next_in_ms: row.nextAttemptInMs,
    attempts: row.attempts,
    faults: row.faults,
    starts: row.starts,
    parked: row.parked,
    patch: row.patch,
    enqueue: row.enqueue,
    final: isFinalState(row.to),
    month: row.artefactMonth,
    actor: row.actor,
  };
}
