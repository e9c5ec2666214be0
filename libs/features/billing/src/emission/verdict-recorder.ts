import { Injectable } from '@nestjs/common';
import type { DgiiVerdict, DocumentState } from '@getupnet/contracts';
import { DocumentSteps, verdictPatch } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';

/** "e-NCF already used" (PROTOCOL §7.2). */
const ALREADY_USED = '1209';

/** Turns DGII's verdict into the document's final state. */
@Injectable()
export class VerdictRecorder {
  constructor(private readonly steps: DocumentSteps) {}

  /** `before`: states passed on the way in the same commit, such as SUBMITTED. */
  async record(
    document: EmissionDocument,
    verdict: DgiiVerdict,
    before: readonly DocumentState[],
    actor: string,
  ): Promise<void> {
    if (isOurOwnEcho(document, verdict)) {
      await this.recordEcho(document, verdict, actor);
      return;
    }
    await this.steps.apply(
      document,
      {
        through: [...before, verdict.status],
        patch: {
          ...verdictPatch(verdict),
          ...(document.trackId === null ? {} : { trackId: document.trackId }),
        },
        detail: {
          codigo: verdict.codigo,
          estado: verdict.estado,
          mensajes: verdict.mensajes,
          secuenciaUtilizada: verdict.secuenciaUtilizada,
          trackId: document.trackId,
        },
      },
      actor,
    );
  }

  /**
   * We sent the same bytes twice and DGII says the number is taken: our first sending took it. Where
   * DGII can be asked, its answer about the first one decides; certecf has no such query, and there
   * the echo itself means that the first arrived (DESIGN: life of a document, "Send").
   */
  private async recordEcho(
    document: EmissionDocument,
    verdict: DgiiVerdict,
    actor: string,
  ): Promise<void> {
    if (document.environment === 'certecf') {
      await this.steps.apply(
        document,
        { through: ['ACCEPTED'], patch: verdictPatch(verdict), detail: { echo: ALREADY_USED } },
        actor,
      );
      return;
    }
    await this.steps.apply(
      document,
      {
        through: ['UNKNOWN'],
        patch: { lastError: 'dgii: number taken by our own first sending' },
        detail: { echo: ALREADY_USED },
        nextAttemptInMs: 0,
        enqueue: true,
      },
      actor,
    );
  }
}

function isOurOwnEcho(document: EmissionDocument, verdict: DgiiVerdict): boolean {
  // In certecf the trackId is committed before the verdict is asked for.
  const submittedNow = document.environment === 'certecf' && document.state === 'SUBMITTED';
  return (
    verdict.status === 'REJECTED' &&
    document.attempts > 1 &&
    (document.state === 'SENDING' || submittedNow) &&
    verdict.mensajes.some((message) => message.codigo === ALREADY_USED)
  );
}
