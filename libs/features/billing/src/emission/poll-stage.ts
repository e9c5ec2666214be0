import { Inject, Injectable } from '@nestjs/common';
import {
  DgiiGateway,
  type DgiiFindOutcome,
  type DgiiResultOutcome,
  type DocumentState,
} from '@getupnet/contracts';
import { Config, crashPoint } from '@getupnet/platform';
import { setTimeout as wait } from 'node:timers/promises';
import { billingEnv } from '../billing.env.js';
import { pollWaitMs, resumeWaitMs } from './back-off.js';
import { DocumentSteps } from './document-steps.js';
import { byParty, type EmissionDocument } from './emission-document.js';
import { pickTrackId } from './pick-track-id.js';
import type { Stint } from './stint.js';
import { turnedAway } from './turned-away.js';
import { VerdictRecorder } from './verdict-recorder.js';

/** An answer about somebody else's document is looked into by a person first. */
const INCIDENT_WAIT_MS = 60_000;
const LOST = 'dgii does not know its trackId';

/**
 * A trackId is DGII's word that it has the document: that it does not know it is believed only after
 * so many in-flight windows.
 */
const LOST_AFTER_WINDOWS = 10;

/** SUBMITTED → verdict. Asking changes nothing at DGII, so it needs no lease. */
@Injectable()
export class PollStage {
  private readonly firstPollMs: number;
  private readonly pollMs: number;
  private readonly lostAfterMs: number;

  constructor(
    private readonly dgii: DgiiGateway,
    private readonly steps: DocumentSteps,
    private readonly verdicts: VerdictRecorder,
    @Inject(Config) config: Config,
  ) {
    this.firstPollMs = config.get(billingEnv).BILLING_FIRST_POLL_MS;
    this.pollMs = config.get(billingEnv).BILLING_POLL_MS;
    this.lostAfterMs = LOST_AFTER_WINDOWS * config.get(billingEnv).BILLING_IN_FLIGHT_WINDOW_MS;
  }

  /**
   * Documents that just got a trackId, still SENDING: one question a moment later usually finds the
   * verdict, and trackId and verdict are committed together. certecf cannot be asked about a lost
   * trackId, so there it is committed first.
   */
  async firstLook(documents: readonly EmissionDocument[], stint: Stint): Promise<void> {
    if (documents.length === 0) return;
    if (stint.isOver) return this.later(documents, stint);
    const careful = documents.filter((document) => document.environment === 'certecf');
    const saved = await Promise.all(
      careful.map((document) => this.submitted(document, this.firstPollMs, stint)),
    );
    const quick = documents.filter((document) => document.environment !== 'certecf');
    await wait(this.firstPollMs);
    const looked = [...quick, ...saved.filter((document) => document !== null)];
    // Read before they were sent: what they say of the time since is of the send before.
    const justSent = looked.map((item) => ({ ...item, sendingForMs: this.firstPollMs }));
    await this.run(justSent, stint);
  }

  /** The same documents, their trackIds committed now and their verdicts left to whoever polls next. */
  async later(documents: readonly EmissionDocument[], stint: Stint): Promise<void> {
    await Promise.all(documents.map((item) => this.submitted(item, this.firstPollMs, stint)));
  }

  async run(documents: readonly EmissionDocument[], stint: Stint): Promise<void> {
    await Promise.all(byParty(documents).map((group) => this.pollGroup(group, stint)));
  }

  private async pollGroup(group: readonly EmissionDocument[], stint: Stint): Promise<void> {
    const [first] = group;
    if (!first || stint.isOver) return;
    const party = {
      tenantId: first.tenantId,
      environment: first.environment,
      rnc: first.issuerRnc,
    };
    if (CRASH_POINTS) await crashPoint('poll_stage.before_query');
    const items = group.map((document) => ({
      documentId: document.id,
      encf: document.encf,
      trackId: document.trackId ?? '',
    }));
    const outcomes = await this.dgii.results(party, items).catch((error: unknown) => {
      const outcome = turnedAway(error);
      return items.map(() => outcome);
    });
    if (CRASH_POINTS) await crashPoint('poll_stage.after_answer');
    await Promise.all(
      group.map(async (document, index) => {
        const outcome = outcomes[index];
        if (!outcome) throw new Error('gateway answered fewer outcomes than items');
        await this.settle(document, outcome, stint);
      }),
    );
  }

  private async settle(
    document: EmissionDocument,
    outcome: DgiiResultOutcome,
    stint: Stint,
  ): Promise<void> {
    if (outcome.kind === 'verdict') {
      const before: DocumentState[] = document.state === 'SUBMITTED' ? [] : ['SUBMITTED'];
      await this.verdicts.record(document, outcome.verdict, { by: 'poll', before }, stint);
    } else if (outcome.kind === 'pending') {
      if (outcome.known || !this.isLong(document)) {
        await this.submitted(document, this.nextLookMs(document), stint);
      } else await this.lookForLost(document, stint);
    } else if (outcome.kind === 'unavailable') {
      const waitMs = Math.max(resumeWaitMs(outcome.retryAfterMs), this.pollMs);
      await this.submitted(document, waitMs, stint, outcome.reason);
    } else {
      await this.lookIntoForeign(document, `${outcome.rnc} ${outcome.encf}`, stint);
    }
  }

  /**
   * The answer changes nothing. Either DGII mixed something up this once, or the trackId it gave us
   * is another document's: then it lists ours under our own number.
   */
  private async lookIntoForeign(
    document: EmissionDocument,
    whom: string,
    stint: Stint,
  ): Promise<void> {
    const found = await this.findByNumber(document);
    const listed = found.kind === 'tracked' ? found.trackIds : [];
    const others = listed.filter(({ trackId }) => trackId !== document.trackId);
    // Its own trackId in the list: the document is ours, the answer was not.
    const own = others.length < listed.length ? null : pickTrackId(document, others);
    const lastError = `dgii answered about ${whom}`;
    if (own === null) await this.submitted(document, INCIDENT_WAIT_MS, stint, lastError);
    else await this.submitted({ ...document, trackId: own }, this.pollMs, stint, lastError);
  }

  /**
   * DGII gave a trackId and goes on not knowing it. If it has the document under another one, that is
   * taken; if it does not know the number either, whether it has the document is unknown again. Else
   * it is only asked again.
   */
  private async lookForLost(document: EmissionDocument, stint: Stint): Promise<void> {
    const found = await this.findByNumber(document);
    const lastError = LOST;
    const listed = found.kind === 'tracked' ? found.trackIds : [];
    const isListed = listed.some(({ trackId }) => trackId === document.trackId);
    const other = isListed ? null : pickTrackId(document, listed);
    if (other !== null) {
      await this.submitted({ ...document, trackId: other }, this.pollMs, stint, lastError);
    } else if (found.kind === 'none' || (found.kind === 'tracked' && !isListed)) {
      await this.steps.apply(
        document,
        {
          by: 'poll',
          through: ['UNKNOWN'],
          patch: { lastError },
          detail: { trackId: document.trackId, reason: lastError },
          nextAttemptInMs: 0,
          enqueue: true,
        },
        stint.actor,
      );
    } else await this.submitted(document, this.nextLookMs(document), stint, lastError);
  }

  private async findByNumber(document: EmissionDocument): Promise<DgiiFindOutcome> {
    const { tenantId, environment, issuerRnc: rnc, route, encf, buyerRnc } = document;
    const codigoSeguridad = document.codigoSeguridad ?? '';
    const item = { documentId: document.id, route, encf, codigoSeguridad, buyerRnc };
    const [found] = await this.dgii
      .find({ tenantId, environment, rnc }, [item])
      .catch((error: unknown) => [turnedAway(error)]);
    if (!found) throw new Error('gateway answered fewer outcomes than items');
    return found;
  }

  private isLong({ state, sendingForMs }: EmissionDocument): boolean {
    return state === 'SUBMITTED' && (sendingForMs ?? 0) >= this.lostAfterMs;
  }

  private nextLookMs(document: EmissionDocument): number {
    return pollWaitMs(document.sendingForMs ?? 0, this.pollMs);
  }

  private submitted(
    document: EmissionDocument,
    nextAttemptInMs: number,
    stint: Stint,
    lastError?: string,
  ): Promise<EmissionDocument | null> {
    return this.steps.apply(
      document,
      {
        by: 'poll',
        through: ['SUBMITTED'],
        patch: {
          ...(document.trackId === null ? {} : { trackId: document.trackId }),
          ...(lastError === undefined ? {} : { lastError }),
        },
        detail: { trackId: document.trackId },
        nextAttemptInMs,
      },
      stint.actor,
    );
  }
}
