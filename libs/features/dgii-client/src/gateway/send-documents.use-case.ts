import type { DgiiParty, DgiiSendItem, DgiiSendOutcome } from '@getupnet/contracts';
import { DgiiApi } from '@getupnet/dgii-api';
import { crashPoint } from '@getupnet/platform';
import { Injectable, Logger } from '@nestjs/common';
import { AuthorisedCalls } from '../calls/authorised-calls.js';
import { Deadline } from '../calls/deadline.js';
import { Incidents } from '../calls/incidents.js';
import { mapBounded } from '../calls/map-bounded.js';
import { foreignParts, receptionOutcome, rfceOutcome } from './outcomes.js';

/** Time of one call of the port; with a token renewal at its end still below the 30 s a caller waits. */
export const CALL_DEADLINE_MS = 20_000;
/** Items of one call that are under way at once. */
export const ITEMS_AT_ONCE = 16;

/** Sends signed files, each once. What is not known for certain is said to be unknown. */
@Injectable()
export class SendDocuments {
  private readonly logger = new Logger('SendDocuments');

  constructor(
    private readonly api: DgiiApi,
    private readonly calls: AuthorisedCalls,
    private readonly incidents: Incidents,
  ) {}

  async send(
    party: DgiiParty,
    items: readonly DgiiSendItem[],
    deadline = Deadline.in(CALL_DEADLINE_MS),
  ): Promise<DgiiSendOutcome[]> {
    return mapBounded(items, ITEMS_AT_ONCE, async (item) => {
      try {
        return await this.sendOne(party, item, deadline);
      } catch (error) {
        // A bug in one item must not hide what became of the others, nor pass for "not sent".
        const { documentId } = item;
        this.logger.error({ message: 'sending failed', documentId, err: error });
        return { kind: 'unknown', reason: 'internal' };
      }
    });
  }

  private async sendOne(
    party: DgiiParty,
    { documentId, route, encf, xml }: DgiiSendItem,
    deadline: Deadline,
  ): Promise<DgiiSendOutcome> {
    const document = { rnc: party.rnc, encf, xml };
    if (route === 'ecf') {
      const context = { party, operation: 'recepcion', deadline } as const;
      const answer = await this.calls.run(context, async (call) => {
        if (CRASH_POINTS) await crashPoint('dgii.before_post');
        // The time left now: whoever was stopped at this very place does not send.
        return this.api.enviarEcf({ ...call, timeoutMs: deadline.remainingMs() }, document);
      });
      if (CRASH_POINTS) await crashPoint('dgii.after_post');
      return receptionOutcome(answer);
    }
    const context = { party, operation: 'recepcionfc', deadline } as const;
    const answer = await this.calls.run(context, async (call) => {
      if (CRASH_POINTS) await crashPoint('dgii.before_post');
      return this.api.enviarRfce({ ...call, timeoutMs: deadline.remainingMs() }, document);
    });
    if (CRASH_POINTS) await crashPoint('dgii.after_post');
    const answered = foreignParts(answer, document);
    if (answered) {
      this.incidents.foreign({ ...context, documentId, asked: { encf }, answered });
    }
    return rfceOutcome(answer, document);
  }
}
