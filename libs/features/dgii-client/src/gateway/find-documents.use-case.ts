import type { DgiiFindItem, DgiiFindOutcome, DgiiParty } from '@getupnet/contracts';
import { DgiiApi, offers, type VerdictAnswer } from '@getupnet/dgii-api';
import { Injectable } from '@nestjs/common';
import { AuthorisedCalls, type Answered, type CallContext } from '../calls/authorised-calls.js';
import { Deadline } from '../calls/deadline.js';
import { Incidents } from '../calls/incidents.js';
import { mapBounded } from '../calls/map-bounded.js';
import { foreignParts, statusOutcome, tracksOutcome } from './outcomes.js';
import { CALL_DEADLINE_MS, ITEMS_AT_ONCE } from './send-documents.use-case.js';

/**
 * Asks DGII whether a document arrived, before anything is sent again. Which query answers depends
 * on route and environment; certification has none (Descripción Técnica v1.6, p. 8–27).
 */
@Injectable()
export class FindDocuments {
  constructor(
    private readonly api: DgiiApi,
    private readonly calls: AuthorisedCalls,
    private readonly incidents: Incidents,
  ) {}

  async find(party: DgiiParty, items: readonly DgiiFindItem[]): Promise<DgiiFindOutcome[]> {
    const deadline = Deadline.in(CALL_DEADLINE_MS);
    return mapBounded(items, ITEMS_AT_ONCE, (item) =>
      item.route === 'ecf'
        ? this.findEcf(party, item, deadline)
        : this.findRfce(party, item, deadline),
    );
  }

  private async findEcf(
    party: DgiiParty,
    { encf }: DgiiFindItem,
    deadline: Deadline,
  ): Promise<DgiiFindOutcome> {
    if (!offers(party.environment, 'consultatrackids')) return { kind: 'unsupported' };
    const context = { party, operation: 'consultatrackids', deadline } as const;
    const { rnc } = party;
    return tracksOutcome(
      await this.calls.run(context, (call) => this.api.consultarTrackIds(call, { rnc, encf })),
    );
  }

  private async findRfce(
    party: DgiiParty,
    item: DgiiFindItem,
    deadline: Deadline,
  ): Promise<DgiiFindOutcome> {
    const { environment, rnc } = party;
    const document = { ...item, rnc };
    if (offers(environment, 'consultarfce')) {
      const context = { party, operation: 'consultarfce', deadline } as const;
      const answer = await this.calls.run(context, (call) =>
        this.api.consultarRfce(call, document),
      );
      return this.told(context, item, answer);
    }
    if (!offers(environment, 'consultaestado')) return { kind: 'unsupported' };
    const context = { party, operation: 'consultaestado', deadline } as const;
    const answer = await this.calls.run(context, (call) =>
      this.api.consultarEstado(call, document),
    );
    return this.told(context, item, answer);
  }

  private told(
    context: CallContext,
    { documentId, encf }: DgiiFindItem,
    answer: Answered<VerdictAnswer>,
  ): DgiiFindOutcome {
    const subject = { rnc: context.party.rnc, encf };
    const answered = foreignParts(answer, subject);
    if (answered) {
      this.incidents.foreign({ ...context, documentId, asked: { encf }, answered });
    }
    return statusOutcome(answer, subject);
  }
}
