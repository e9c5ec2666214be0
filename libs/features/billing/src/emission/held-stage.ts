import { Injectable } from '@nestjs/common';
import { DocumentSteps } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import { endedReference } from './ended-reference.js';
import type { Stint } from './stint.js';

const LOOK_AGAIN_MS = 30_000;

/** HELD: a note waits for its invoice (DGII answers 614 to one it sees before). */
@Injectable()
export class HeldStage {
  constructor(private readonly steps: DocumentSteps) {}

  /** Notes that may go on; one whose invoice was rejected ends VOIDED, its number free. */
  async run(documents: readonly EmissionDocument[], stint: Stint): Promise<EmissionDocument[]> {
    const moved = await Promise.all(documents.map((item) => this.settle(item, stint)));
    return moved.filter((document) => document?.state === 'QUEUED') as EmissionDocument[];
  }

  private settle(document: EmissionDocument, stint: Stint): Promise<EmissionDocument | null> {
    switch (document.heldByState) {
      case 'ACCEPTED':
      case 'CONDITIONALLY_ACCEPTED':
        return this.steps.apply(document, { by: 'held', through: ['QUEUED'] }, stint.actor);
      case 'REJECTED':
      case 'VOIDED': {
        const reason = `referenced document ${document.heldBy ?? ''} ended ${document.heldByState}`;
        return this.steps.apply(
          document,
          {
            by: 'held',
            through: ['VOIDED'],
            patch: { lastError: reason, findings: [endedReference(document)] },
            detail: { reason },
          },
          stint.actor,
        );
      }
      default:
        return this.steps.apply(
          document,
          { by: 'held', through: ['HELD'], nextAttemptInMs: LOOK_AGAIN_MS },
          stint.actor,
        );
    }
  }
}
