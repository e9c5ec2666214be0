import { Injectable } from '@nestjs/common';
import { DocumentSteps } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';

const LOOK_AGAIN_MS = 30_000;

/** HELD: a note waits for its invoice (DGII answers 614 to one it sees before). */
@Injectable()
export class HeldStage {
  constructor(private readonly steps: DocumentSteps) {}

  /** Notes that may go on; one whose invoice was rejected ends VOIDED, its number free. */
  async run(documents: readonly EmissionDocument[], actor: string): Promise<EmissionDocument[]> {
    const moved = await Promise.all(documents.map((item) => this.settle(item, actor)));
    return moved.filter((document) => document?.state === 'QUEUED') as EmissionDocument[];
  }

  private settle(document: EmissionDocument, actor: string): Promise<EmissionDocument | null> {
    switch (document.heldByState) {
      case 'ACCEPTED':
      case 'CONDITIONALLY_ACCEPTED':
        return this.steps.apply(document, { through: ['QUEUED'] }, actor);
      case 'REJECTED':
      case 'VOIDED': {
        const reason = `referenced document ${document.heldBy ?? ''} ended ${document.heldByState}`;
        return this.steps.apply(
          document,
          { through: ['VOIDED'], patch: { lastError: reason }, detail: { reason } },
          actor,
        );
      }
      default:
        return this.steps.apply(
          document,
          { through: ['HELD'], nextAttemptInMs: LOOK_AGAIN_MS },
          actor,
        );
    }
  }
}
