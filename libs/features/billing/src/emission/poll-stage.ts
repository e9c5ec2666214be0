import { Inject, Injectable } from '@nestjs/common';
import { DgiiGateway, type DgiiResultOutcome, type DocumentState } from '@getupnet/contracts';
import { Config, crashPoint } from '@getupnet/platform';
import { setTimeout as wait } from 'node:timers/promises';
import { billingEnv } from '../billing.env.js';
import { pollWaitMs } from './back-off.js';
import { DocumentSteps } from './document-steps.js';
import { byParty, type EmissionDocument } from './emission-document.js';
import { pickTrackId } from './pick-track-id.js';
import { VerdictRecorder } from './verdict-recorder.js';

/** An answer about somebody else's document is looked into by a person first. */
const INCIDENT_WAIT_MS = 60_000;

/** SUBMITTED → verdict. Asking changes nothing at DGII, so it needs no lease. */
@Injectable()
export class PollStage {
  private readonly firstPollMs: number;
  private readonly pollMs: number;

  constructor(
    private readonly dgii: DgiiGateway,
    private readonly steps: DocumentSteps,
    private readonly verdicts: VerdictRecorder,
    @Inject(Config) config: Config,
  ) {
    this.firstPollMs = config.get(billingEnv).BILLING_FIRST_POLL_MS;
    this.pollMs = config.get(billingEnv).BILLING_POLL_MS;
  }

  /**
   * Documents that just got a trackId, still SENDING: one question a moment later usually finds the
   * verdict, and trackId and verdict are committed together. certecf cannot be asked about a lost
   * trackId, so there it is committed first.
   */
  async firstLook(documents: readonly EmissionDocument[], actor: string): Promise<void> {
    if (documents.length === 0) return;
    const careful = documents.filter((document) => document.environment === 'certecf');
    const saved = await Promise.all(
      careful.map((document) => this.submitted(document, this.firstPollMs, actor)),
    );
    const quick = documents.filter((document) => document.environment !== 'certecf');
    await wait(this.firstPollMs);
    await this.run([...quick, ...saved.filter((document) => document !== null)], actor);
  }

  async run(documents: readonly EmissionDocument[], actor: string): Promise<void> {
    await Promise.all(byParty(documents).map((group) => this.pollGroup(group, actor)));
  }

  private async pollGroup(group: readonly EmissionDocument[], actor: string): Promise<void> {
    const [first] = group;
    if (!first) return;
    const party = {
      tenantId: first.tenantId,
      environment: first.environment,
      rnc: first.issuerRnc,
    };
    if (CRASH_POINTS) await crashPoint('poll_stage.before_query');
    const outcomes = await this.dgii.results(
      party,
      group.map((document) => ({
        documentId: document.id,
        encf: document.encf,
        trackId: document.trackId ?? '',
      })),
    );
    if (CRASH_POINTS) await crashPoint('poll_stage.after_answer');
    await Promise.all(
      group.map(async (document, index) => {
        const outcome = outcomes[index];
        if (!outcome) throw new Error('gateway answered fewer outcomes than items');
        await this.settle(document, outcome, actor);
      }),
    );
  }

  private async settle(
    document: EmissionDocument,
    outcome: DgiiResultOutcome,
    actor: string,
  ): Promise<void> {
    if (outcome.kind === 'verdict') {
      const before: DocumentState[] = document.state === 'SUBMITTED' ? [] : ['SUBMITTED'];
      await this.verdicts.record(document, outcome.verdict, before, actor);
    } else if (outcome.kind === 'pending') {
      await this.submitted(document, this.nextLookMs(document), actor);
    } else if (outcome.kind === 'unavailable') {
      await this.submitted(document, Math.max(outcome.retryAfterMs, this.pollMs), actor);
    } else {
      await this.lookIntoForeign(document, `${outcome.rnc} ${outcome.encf}`, actor);
    }
  }

  /**
   * The answer changes nothing. Either DGII mixed something up this once, or the trackId it gave us
   * is another document's: then it lists ours under our own number.
   */
  private async lookIntoForeign(
    document: EmissionDocument,
    whom: string,
    actor: string,
  ): Promise<void> {
    const { tenantId, environment, issuerRnc: rnc, route, encf, buyerRnc } = document;
    const codigoSeguridad = document.codigoSeguridad ?? '';
    const item = { documentId: document.id, route, encf, codigoSeguridad, buyerRnc };
    const [found] = await this.dgii.find({ tenantId, environment, rnc }, [item]);
    const listed = found?.kind === 'tracked' ? found.trackIds : [];
    const others = listed.filter(({ trackId }) => trackId !== document.trackId);
    // Its own trackId in the list: the document is ours, the answer was not.
    const own = others.length < listed.length ? null : pickTrackId(document, others);
    const lastError = `dgii answered about ${whom}`;
    if (own === null) await this.submitted(document, INCIDENT_WAIT_MS, actor, lastError);
    else await this.submitted({ ...document, trackId: own }, this.pollMs, actor, lastError);
  }

  private nextLookMs(document: EmissionDocument): number {
    return pollWaitMs(document.sendingForMs ?? 0, this.pollMs);
  }

  private submitted(
    document: EmissionDocument,
    nextAttemptInMs: number,
    actor: string,
    lastError?: string,
  ): Promise<EmissionDocument | null> {
    return this.steps.apply(
      document,
      {
        through: ['SUBMITTED'],
        patch: {
          ...(document.trackId === null ? {} : { trackId: document.trackId }),
          ...(lastError === undefined ? {} : { lastError }),
        },
        detail: { trackId: document.trackId },
        nextAttemptInMs,
      },
      actor,
    );
  }
}
