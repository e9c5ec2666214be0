import { Inject, Injectable } from '@nestjs/common';
import type { DgiiSendOutcome } from '@getupnet/contracts';
import { Config } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { askWaitMs } from '../emission/back-off.js';
import type { Step } from '../emission/document-steps.js';
import type { EmissionDocument } from '../emission/emission-document.js';
import { Episodes } from './episodes.js';
import { LinkWatch, isOfTheLink, type Outage } from './link-watch.js';
import { CONTINGENCY_TERM_MS } from './terms.js';

type NotTaken = Exclude<DgiiSendOutcome, { kind: 'received' | 'verdict' }>;
type NotSent = Extract<DgiiSendOutcome, { kind: 'unavailable' }>;

/** A document in a line is driven by its line; by itself it only sees to it that there is one. */
export const LINE_SAFETY_MS = 3_600_000;
/** How long before a refused or parked document is looked at again, should anybody unpark it. */
const REFUSED_WAIT_MS = 3_600_000;
/** States from which an outage puts a document into the line of its taxpayer. */
const MAY_JOIN: ReadonlySet<string> = new Set(['SIGNED', 'DEFERRED']);

/**
 * How a signed document waits for DGII: where it is, in doubt, for a person, or, once the link is down
 * for long enough, in contingency, marked with its episode and with the term until which DGII must
 * have it.
 */
@Injectable()
export class WaitSteps {
  private readonly windowMs: number;
  private readonly asked = new Map<string, Promise<string>>();

  constructor(
    private readonly links: LinkWatch,
    private readonly episodes: Episodes,
    @Inject(Config) config: Config,
  ) {
    this.windowMs = config.get(billingEnv).BILLING_IN_FLIGHT_WINDOW_MS;
  }

  /** Whether DGII is known to take nothing of the kind just now. */
  isClosed(document: EmissionDocument): boolean {
    return this.links.remainingMs(document) > 0;
  }

  /** What an outcome says of the link; one without an answer says nothing. */
  heard(document: EmissionDocument, { kind }: DgiiSendOutcome): void {
    if (kind !== 'unknown' && kind !== 'unavailable') this.links.answered(document);
  }

  /** Instead of an intent to send, while the way is closed; null: send. */
  async insteadOfSending(document: EmissionDocument): Promise<Step | null> {
    const closedMs = this.links.remainingMs(document);
    if (closedMs === 0) return null;
    const outage = this.links.outage(document);
    if (outage !== null && MAY_JOIN.has(document.state)) return this.join(document, outage);
    const nextAttemptInMs = document.state === 'CONTINGENCY' ? LINE_SAFETY_MS : closedMs;
    return { by: 'wait', through: [document.state], nextAttemptInMs, trouble: 'none' };
  }

  /** After an intent that did not make DGII take the document. */
  async afterSending(document: EmissionDocument, outcome: NotTaken): Promise<Step> {
    switch (outcome.kind) {
      case 'unknown':
        return {
          by: 'send',
          through: ['UNKNOWN'],
          patch: { lastError: outcome.reason, attemptEnded: true },
          detail: { reason: outcome.reason },
          nextAttemptInMs: askWaitMs(document.attempts, this.windowMs),
        };
      case 'unavailable':
        return this.afterNotSent(document, outcome);
      case 'refused':
        return {
          by: 'send',
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

  /** Documents that stand in a line: one that was thought drained is looked at again. */
  async keepLines(documents: readonly EmissionDocument[]): Promise<void> {
    for (const tenantId of new Set(documents.map((one) => one.tenantId))) {
      const own = documents.filter((one) => one.tenantId === tenantId);
      const ids = new Set(own.flatMap(({ contingencyId }) => contingencyId ?? []));
      await this.episodes.revive({ tenantId }, [...ids]);
    }
  }

  /** DGII certainly did not take it: back to where it waited, or into the line. */
  private async afterNotSent(document: EmissionDocument, outcome: NotSent): Promise<Step> {
    const waitMs = this.links.notSent(document, outcome);
    const outage = isOfTheLink(outcome.reason) ? this.links.outage(document) : null;
    if (outage !== null) return this.join(document, outage);
    const { reason } = outcome;
    const inLine = document.contingencyId !== null;
    return {
      by: 'send',
      through: [inLine ? 'CONTINGENCY' : 'SIGNED'],
      patch: { lastError: reason },
      detail: { reason },
      nextAttemptInMs: inLine ? LINE_SAFETY_MS : waitMs,
    };
  }

  /** Documents of a batch ask for it at once, and share the answer. */
  private episodeOf(document: EmissionDocument, outage: Outage): Promise<string> {
    const key = `${document.tenantId}/${document.environment}`;
    const asked = this.asked.get(key);
    if (asked) return asked;
    const asking = this.episodes.current(document, outage).finally(() => this.asked.delete(key));
    this.asked.set(key, asking);
    return asking;
  }

  private async join(document: EmissionDocument, { since, reason }: Outage): Promise<Step> {
    const contingencyId =
      document.contingencyId ?? (await this.episodeOf(document, { since, reason }));
    return {
      by: 'send',
      through: ['CONTINGENCY'],
      patch: { lastError: reason, contingencyId, sendWithinMs: CONTINGENCY_TERM_MS },
      detail: { reason, contingencyId },
      nextAttemptInMs: LINE_SAFETY_MS,
    };
  }
}
