import { Injectable, Logger } from '@nestjs/common';
import {
  isFinalState,
  type DgiiMessage,
  type DgiiVerdict,
  type DocumentState,
} from '@getupnet/contracts';
import { EmissionReader } from '@getupnet/persistence';
import type { StepMaker } from './document-machine.js';
import { DocumentSteps, verdictPatch } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import type { Stint } from './stint.js';

/** "e-NCF already used" (seen in the field; DGII publishes no list of codes). */
const ALREADY_USED = '1209';

/** Who hears a verdict, and the states passed on the way in the same commit, such as SUBMITTED. */
export interface Hearing {
  readonly by: StepMaker;
  readonly before: readonly DocumentState[];
}

/** Turns DGII's verdict into the document's final state. */
@Injectable()
export class VerdictRecorder {
  private readonly logger = new Logger(VerdictRecorder.name);

  constructor(
    private readonly steps: DocumentSteps,
    private readonly reader: EmissionReader,
  ) {}

  async record(
    document: EmissionDocument,
    verdict: DgiiVerdict,
    { by, before }: Hearing,
    stint: Stint,
  ): Promise<void> {
    if (verdict.status === 'REJECTED' && (await this.isOurOwnEcho(document, verdict.mensajes))) {
      await this.recordEcho(document, verdict, by, stint);
      return;
    }
    const recorded = await this.steps.apply(
      document,
      {
        by,
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
      stint.actor,
    );
    if (recorded === null) await this.compareWithRecorded(document, verdict);
  }

  /**
   * A send refused because the number is taken, where our own unanswered send may have taken it: DGII
   * is asked about that one. False: the refusal means something else, or nobody can be asked.
   */
  async recordRefusal(
    document: EmissionDocument,
    mensajes: readonly DgiiMessage[],
    { actor }: Stint,
  ): Promise<boolean> {
    if (document.environment === 'certecf') return false;
    if (!(await this.isOurOwnEcho(document, mensajes))) return false;
    await this.askAboutFirst(document, 'send', actor);
    return true;
  }

  /** Somebody else recorded first. A final state stays what it is; DGII saying otherwise is told. */
  private async compareWithRecorded(
    { tenantId, id: documentId, encf, environment }: EmissionDocument,
    verdict: DgiiVerdict,
  ): Promise<void> {
    const now = await this.reader.load({ tenantId, documentId });
    if (!now || !isFinalState(now.state) || now.state === verdict.status) return;
    this.logger.error({
      message: 'DGII tells another verdict than the one recorded',
      securityEvent: 'peer.invalid_response',
      tenantId,
      environment,
      documentId,
      encf,
      recorded: now.state,
      told: verdict.status,
    });
  }

  /**
   * We sent the same bytes twice and DGII says the number is taken: our first sending took it. Where
   * DGII can be asked, its answer about the first one decides; certecf has no such query, and there
   * the echo itself means that the first arrived.
   */
  private async recordEcho(
    document: EmissionDocument,
    verdict: DgiiVerdict,
    by: StepMaker,
    { actor }: Stint,
  ): Promise<void> {
    if (document.environment === 'certecf') {
      await this.steps.apply(
        document,
        {
          by,
          through: ['ACCEPTED'],
          patch: verdictPatch(verdict),
          detail: { echo: ALREADY_USED },
        },
        actor,
      );
      return;
    }
    await this.askAboutFirst(document, by, actor);
  }

  private async askAboutFirst(
    document: EmissionDocument,
    by: StepMaker,
    actor: string,
  ): Promise<void> {
    await this.steps.apply(
      document,
      {
        by,
        through: ['UNKNOWN'],
        patch: { lastError: 'dgii: number taken by our own first sending' },
        detail: { echo: ALREADY_USED },
        nextAttemptInMs: 0,
        enqueue: true,
      },
      actor,
    );
  }

  /**
   * Only a send that was left without an answer can have taken the number: where none was, somebody
   * else has it. What DGII answers when asked about the first one is believed, so it is asked once.
   */
  private async isOurOwnEcho(
    document: EmissionDocument,
    mensajes: readonly DgiiMessage[],
  ): Promise<boolean> {
    if (!mensajes.some((message) => message.codigo === ALREADY_USED)) return false;
    if (document.attempts < 2 || document.state === 'UNKNOWN') return false;
    const { tenantId, id: documentId } = document;
    const { unanswered, echoed } = await this.reader.sendingHistory({ tenantId, documentId });
    return unanswered && !echoed;
  }
}
