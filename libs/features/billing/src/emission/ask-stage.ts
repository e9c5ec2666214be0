import { Inject, Injectable } from '@nestjs/common';
import { DgiiGateway, type DgiiFindOutcome } from '@getupnet/contracts';
import { Config, crashPoint } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { resumeWaitMs } from './back-off.js';
import { DocumentSteps } from './document-steps.js';
import { byParty, type EmissionDocument } from './emission-document.js';
import { pickTrackId } from './pick-track-id.js';
import type { Stint } from './stint.js';
import { turnedAway } from './turned-away.js';
import { VerdictRecorder } from './verdict-recorder.js';

const FOUND_NOTHING_MS = 1_000;

/**
 * UNKNOWN: nobody knows whether the bytes arrived. DGII is asked; what it has is adopted, and only
 * what it does not know, after the in-flight window, is sent again (DGI-2).
 */
@Injectable()
export class AskStage {
  private readonly windowMs: number;

  constructor(
    private readonly dgii: DgiiGateway,
    private readonly steps: DocumentSteps,
    private readonly verdicts: VerdictRecorder,
    @Inject(Config) config: Config,
  ) {
    this.windowMs = config.get(billingEnv).BILLING_IN_FLIGHT_WINDOW_MS;
  }

  /** Documents whose same bytes may be sent again now. */
  async run(documents: readonly EmissionDocument[], stint: Stint): Promise<EmissionDocument[]> {
    const resend = await Promise.all(
      byParty(documents).map((group) => this.askGroup(group, stint)),
    );
    return resend.flat();
  }

  private async askGroup(
    group: readonly EmissionDocument[],
    stint: Stint,
  ): Promise<EmissionDocument[]> {
    const [first] = group;
    if (!first || stint.isOver) return [];
    const party = {
      tenantId: first.tenantId,
      environment: first.environment,
      rnc: first.issuerRnc,
    };
    if (CRASH_POINTS) await crashPoint('ask_stage.before_query');
    const items = group.map((document) => ({
      documentId: document.id,
      route: document.route,
      encf: document.encf,
      codigoSeguridad: document.codigoSeguridad ?? '',
      buyerRnc: document.buyerRnc,
    }));
    const outcomes = await this.dgii.find(party, items).catch((error: unknown) => {
      const outcome = turnedAway(error);
      return items.map(() => outcome);
    });
    if (CRASH_POINTS) await crashPoint('ask_stage.after_answer');
    const resend: EmissionDocument[] = [];
    await Promise.all(
      group.map(async (document, index) => {
        const outcome = outcomes[index];
        if (!outcome) throw new Error('gateway answered fewer outcomes than items');
        if (await this.settle(document, outcome, stint)) resend.push(document);
      }),
    );
    return resend;
  }

  /** Whether the document is to be sent again. */
  private async settle(
    document: EmissionDocument,
    outcome: DgiiFindOutcome,
    stint: Stint,
  ): Promise<boolean> {
    switch (outcome.kind) {
      case 'verdict':
        await this.verdicts.record(document, outcome.verdict, { by: 'ask', before: [] }, stint);
        return false;
      case 'tracked': {
        const trackId = pickTrackId(document, outcome.trackIds);
        if (trackId === null) return this.sendAgain(document, true, stint);
        await this.steps.apply(
          document,
          {
            by: 'ask',
            through: ['SUBMITTED'],
            patch: { trackId },
            detail: { trackId, adopted: true },
            nextAttemptInMs: 0,
            enqueue: true,
          },
          stint.actor,
        );
        return false;
      }
      case 'unavailable':
        await this.wait(document, resumeWaitMs(outcome.retryAfterMs), outcome.reason, stint);
        return false;
      case 'none':
        return this.sendAgain(document, true, stint);
      case 'unsupported':
        return this.sendAgain(document, false, stint);
    }
  }

  /** DGII has nothing of ours: it goes again once the in-flight window is over. */
  private async sendAgain(
    document: EmissionDocument,
    askMeanwhile: boolean,
    stint: Stint,
  ): Promise<boolean> {
    const leftMs = this.windowMs - (document.sendingForMs ?? this.windowMs);
    if (leftMs <= 0) return true;
    const pause = askMeanwhile ? Math.min(leftMs, this.windowMs / 4) : leftMs;
    await this.wait(
      document,
      Math.max(pause, FOUND_NOTHING_MS),
      'dgii does not know it yet',
      stint,
    );
    return false;
  }

  private async wait(
    document: EmissionDocument,
    nextAttemptInMs: number,
    lastError: string,
    stint: Stint,
  ): Promise<void> {
    await this.steps.apply(
      document,
      { by: 'ask', through: ['UNKNOWN'], patch: { lastError }, nextAttemptInMs },
      stint.actor,
    );
  }
}
