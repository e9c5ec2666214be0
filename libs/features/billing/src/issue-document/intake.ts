import { Inject, Injectable } from '@nestjs/common';
import { AcceptWriter, type AcceptOutcome, type AcceptRow } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { NearWorkers, type Place } from '../emission/near-workers.js';
import { emissionOfAccepted } from './accept-row.js';

/** A document ready to be accepted; who drives it afterwards is decided here. */
export type IntakeRow = Omit<AcceptRow, 'handOver' | 'nextAttemptInMs'>;

export interface Intake {
  readonly outcome: AcceptOutcome;
  /** Settles once this process drove the document as far as it could; null when others do. */
  readonly driven: Promise<void> | null;
}

/** Commits documents and gives them to whoever drives them on: this process, or the outbox. */
@Injectable()
export class DocumentIntake {
  private readonly handOverMs: number;

  constructor(
    private readonly accepts: AcceptWriter,
    private readonly near: NearWorkers,
    @Inject(Config) config: Config,
  ) {
    this.handOverMs = config.get(billingEnv).BILLING_HAND_OVER_MS;
  }

  /** For a caller who waits: room to drive its document here; null when there is none. */
  reserve(tenantId: string): Place | null {
    return this.near.reserve(tenantId);
  }

  async accept(row: IntakeRow, place: Place | null, actor: string): Promise<Intake> {
    // A held note waits for another document, and a corrected number has a history to be read.
    const here = row.heldBy === null && row.generation === 1 ? place : null;
    const handOver = here === null;
    const outcome = await this.accepts.submit({
      ...row,
      handOver,
      nextAttemptInMs: this.handOverMs,
    });
    if (here === null || outcome.kind !== 'accepted') return { outcome, driven: null };
    return { outcome, driven: here.drive(emissionOfAccepted(row, outcome), actor) };
  }
}
