import { Inject, Injectable } from '@nestjs/common';
import { DgiiGateway, type DgiiSendOutcome } from '@getupnet/contracts';
import { isAppError } from '@getupnet/kernel';
import { Config, crashPoint } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { askWaitMs } from './back-off.js';
import { ClosedRoutes } from './closed-routes.js';
import { DocumentSteps, type Step } from './document-steps.js';
import { byParty, outgoingXml, type EmissionDocument } from './emission-document.js';
import { PollStage } from './poll-stage.js';
import { VerdictRecorder } from './verdict-recorder.js';

/** How long before a refused or parked document is looked at again, should anybody unpark it. */
const REFUSED_WAIT_MS = 3_600_000;

/** What the port throws before anything is sent; nothing changes until a person acts. */
const TURNED_AWAY: ReadonlySet<string> = new Set(['env.forbidden', 'tenant.mismatch']);
const TURNED_AWAY_WAIT_MS = 60_000;

function turnedAway(reason: string): DgiiSendOutcome {
  return { kind: 'unavailable', reason, retryAfterMs: TURNED_AWAY_WAIT_MS };
}

/**
 * SIGNED → SENDING (the committed intent) → DGII → SUBMITTED, a verdict, UNKNOWN, or back to SIGNED
 * when DGII certainly did not take the document.
 */
@Injectable()
export class SendStage {
  private readonly routes = new ClosedRoutes();
  private readonly leaseMs: number;
  private readonly windowMs: number;

  constructor(
    private readonly dgii: DgiiGateway,
    private readonly steps: DocumentSteps,
    private readonly polls: PollStage,
    private readonly verdicts: VerdictRecorder,
    @Inject(Config) config: Config,
  ) {
    this.leaseMs = config.get(billingEnv).BILLING_LEASE_MS;
    this.windowMs = config.get(billingEnv).BILLING_IN_FLIGHT_WINDOW_MS;
  }

  /** Whether DGII is known to take nothing of the kind just now. */
  isClosedTo(document: EmissionDocument): boolean {
    return this.routes.remainingMs(document) > 0;
  }

  /**
   * Commits the intent to send; those fenced off by somebody else are left out, and those whose way
   * is closed wait as they are.
   */
  async intend(documents: readonly EmissionDocument[], actor: string): Promise<EmissionDocument[]> {
    const step: Step = {
      through: ['SENDING'],
      leaseMs: this.leaseMs,
      nextAttemptInMs: this.leaseMs,
      detail: { bytes: 'same' },
    };
    if (CRASH_POINTS) await crashPoint('send_stage.before_intent');
    const moved = await Promise.all(
      documents.map(async (item) => {
        const nextAttemptInMs = this.routes.remainingMs(item);
        if (nextAttemptInMs === 0) return this.steps.apply(item, step, actor);
        await this.steps.apply(item, { through: [item.state], nextAttemptInMs }, actor);
        return null;
      }),
    );
    if (CRASH_POINTS) await crashPoint('send_stage.after_intent');
    return moved.filter((document) => document !== null);
  }

  /** `intendedAt`: monotonic time of the intent's commit, so that a frozen worker never sends late. */
  async run(
    documents: readonly EmissionDocument[],
    actor: string,
    intendedAt: number,
  ): Promise<void> {
    if (performance.now() - intendedAt > this.leaseMs / 2) return;
    await Promise.all(byParty(documents).map((group) => this.sendGroup(group, actor)));
  }

  private async sendGroup(group: readonly EmissionDocument[], actor: string): Promise<void> {
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
    const outcomes = await this.dgii.send(party, items).catch((error: unknown) => {
      // Not sent, and known not to be: nothing that would have to be asked about.
      if (!isAppError(error) || !TURNED_AWAY.has(error.code)) throw error;
      return items.map(() => turnedAway(error.code));
    });
    if (CRASH_POINTS) await crashPoint('send_stage.after_answer');
    const received: EmissionDocument[] = [];
    const settled = await Promise.allSettled(
      group.map(async (document, index) => {
        const outcome = outcomes[index];
        if (!outcome) throw new Error('gateway answered fewer outcomes than items');
        if (outcome.kind === 'received') received.push({ ...document, trackId: outcome.trackId });
        else if (outcome.kind === 'verdict') {
          await this.verdicts.record(document, outcome.verdict, [], actor);
        } else await this.steps.apply(document, this.failure(document, outcome), actor);
      }),
    );
    // One document's fault must not cost the others their trackIds.
    await this.polls.firstLook(received, actor);
    const fault = settled.find((result) => result.status === 'rejected');
    if (fault) throw fault.reason;
    if (CRASH_POINTS) await crashPoint('send_stage.after_commit');
  }

  private failure(
    document: EmissionDocument,
    outcome: Exclude<DgiiSendOutcome, { kind: 'received' | 'verdict' }>,
  ): Step {
    switch (outcome.kind) {
      case 'unknown':
        return {
          through: ['UNKNOWN'],
          patch: { lastError: outcome.reason },
          detail: { reason: outcome.reason },
          nextAttemptInMs: askWaitMs(document.attempts, this.windowMs),
        };
      case 'unavailable':
        return {
          through: ['SIGNED'],
          patch: { lastError: outcome.reason },
          detail: { reason: outcome.reason },
          nextAttemptInMs: this.routes.waitMs(document, outcome),
        };
      case 'refused':
        return {
          through: ['SIGNED'],
          patch: {
            lastError: `refused ${outcome.httpStatus}`,
            dgiiMensajes: outcome.mensajes,
          },
          detail: { httpStatus: outcome.httpStatus, mensajes: outcome.mensajes },
          nextAttemptInMs: REFUSED_WAIT_MS,
          parked: true,
        };
    }
  }
}
