import { Injectable } from '@nestjs/common';
import { DgiiGateway, type DgiiSendOutcome } from '@getupnet/contracts';
import { crashPoint } from '@getupnet/platform';
import { LINE_SAFETY_MS, WaitSteps } from '../contingency/wait-steps.js';
import { DocumentSteps, type Step } from './document-steps.js';
import { byParty, outgoingXml, type EmissionDocument } from './emission-document.js';
import { PollStage } from './poll-stage.js';
import type { Stint } from './stint.js';
import { turnedAway } from './turned-away.js';
import { VerdictRecorder } from './verdict-recorder.js';

/**
 * SIGNED → SENDING (the committed intent) → DGII → SUBMITTED, a verdict, UNKNOWN, or back to SIGNED
 * or into the line of CONTINGENCY when DGII certainly did not take the document.
 */
@Injectable()
export class SendStage {
  constructor(
    private readonly dgii: DgiiGateway,
    private readonly steps: DocumentSteps,
    private readonly polls: PollStage,
    private readonly verdicts: VerdictRecorder,
    private readonly waits: WaitSteps,
  ) {}

  /** Whether DGII is known to take nothing of the kind just now. */
  isClosedTo(document: EmissionDocument): boolean {
    return this.waits.isClosed(document);
  }

  /**
   * Commits the intent to send; those fenced off by somebody else are left out, and those whose way
   * is closed wait as they are, or in contingency.
   */
  async intend(documents: readonly EmissionDocument[], stint: Stint): Promise<EmissionDocument[]> {
    if (stint.isOver) return [];
    const step: Step = {
      by: 'send',
      through: ['SENDING'],
      leaseMs: stint.limitMs,
      nextAttemptInMs: stint.limitMs,
      detail: { bytes: 'same' },
    };
    if (CRASH_POINTS) await crashPoint('send_stage.before_intent');
    const moved = await Promise.all(
      documents.map(async (item) => {
        const instead = await this.waits.insteadOfSending(item);
        if (instead === null) return this.steps.apply(item, step, stint.actor);
        await this.put(item, instead, stint);
        return null;
      }),
    );
    if (CRASH_POINTS) await crashPoint('send_stage.after_intent');
    return moved.filter((document) => document !== null);
  }

  /** Documents in contingency are sent in their order: they stay in their line, if there is one. */
  async leaveToLine(documents: readonly EmissionDocument[], stint: Stint): Promise<void> {
    const stay = { by: 'wait', nextAttemptInMs: LINE_SAFETY_MS, trouble: 'none' } as const;
    await Promise.all(
      documents.map((item) =>
        this.steps.apply(item, { ...stay, through: [item.state] }, stint.actor),
      ),
    );
    await this.waits.keepLines(documents);
  }

  /**
   * `intended`: begun before the intent's commit, so that a worker that was stopped never sends late.
   * `look`: whether the verdict is asked for a moment later, or left to those who poll.
   */
  async run(
    documents: readonly EmissionDocument[],
    intended: Stint,
    look: 'now' | 'later' = 'now',
  ): Promise<void> {
    if (intended.elapsedMs > intended.limitMs / 2) return;
    await Promise.all(byParty(documents).map((group) => this.sendGroup(group, intended, look)));
  }

  /** Where a document waits; what joins a line sees to it that the line was not given up meanwhile. */
  private async put(document: EmissionDocument, step: Step, stint: Stint): Promise<void> {
    const moved = await this.steps.apply(document, step, stint.actor);
    if (moved?.state === 'CONTINGENCY') await this.waits.keepLines([moved]);
  }

  private async settle(
    document: EmissionDocument,
    outcome: Exclude<DgiiSendOutcome, { kind: 'received' }>,
    stint: Stint,
  ): Promise<void> {
    if (outcome.kind === 'verdict') {
      await this.verdicts.record(document, outcome.verdict, { by: 'send', before: [] }, stint);
      return;
    }
    if (outcome.kind === 'refused') {
      const { mensajes } = outcome;
      if (await this.verdicts.recordRefusal(document, mensajes, stint)) return;
    }
    await this.put(document, await this.waits.afterSending(document, outcome), stint);
  }

  private async sendGroup(
    group: readonly EmissionDocument[],
    stint: Stint,
    look: 'now' | 'later',
  ): Promise<void> {
    const [first] = group;
    if (!first) return;
    const party = {
      tenantId: first.tenantId,
      environment: first.environment,
      rnc: first.issuerRnc,
    };
    const items = group.map((document) => ({
      documentId: document.id,
      route: document.route,
      encf: document.encf,
      xml: outgoingXml(document),
    }));
    const outcomes = await this.dgii.send(party, items, stint.endsAt).catch((error: unknown) => {
      // Not sent, and known not to be: nothing that would have to be asked about.
      const outcome = turnedAway(error);
      return items.map(() => outcome);
    });
    if (CRASH_POINTS) await crashPoint('send_stage.after_answer');
    const received: EmissionDocument[] = [];
    const settled = await Promise.allSettled(
      group.map(async (document, index) => {
        const outcome = outcomes[index];
        if (!outcome) throw new Error('gateway answered fewer outcomes than items');
        this.waits.heard(document, outcome);
        if (outcome.kind === 'received') received.push({ ...document, trackId: outcome.trackId });
        else await this.settle(document, outcome, stint);
      }),
    );
    // One document's fault must not cost the others their trackIds.
    if (look === 'now') await this.polls.firstLook(received, stint);
    else await this.polls.later(received, stint);
    const fault = settled.find((result) => result.status === 'rejected');
    if (fault) throw fault.reason;
    if (CRASH_POINTS) await crashPoint('send_stage.after_commit');
  }
}
