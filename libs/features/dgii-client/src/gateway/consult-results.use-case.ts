import type { DgiiParty, DgiiResultItem, DgiiResultOutcome } from '@getupnet/contracts';
import { DgiiApi } from '@getupnet/dgii-api';
import { Injectable } from '@nestjs/common';
import { AuthorisedCalls } from '../calls/authorised-calls.js';
import { Deadline } from '../calls/deadline.js';
import { Incidents } from '../calls/incidents.js';
import { mapBounded } from '../calls/map-bounded.js';
import { foreignParts, resultOutcome } from './outcomes.js';
import { CALL_DEADLINE_MS, ITEMS_AT_ONCE } from './send-documents.use-case.js';

/** Asks for the result of trackIds; when to ask again is the caller's business. */
@Injectable()
export class ConsultResults {
  constructor(
    private readonly api: DgiiApi,
    private readonly calls: AuthorisedCalls,
    private readonly incidents: Incidents,
  ) {}

  async results(party: DgiiParty, items: readonly DgiiResultItem[]): Promise<DgiiResultOutcome[]> {
    const deadline = Deadline.in(CALL_DEADLINE_MS);
    const context = { party, operation: 'consultaresultado', deadline } as const;
    return mapBounded(items, ITEMS_AT_ONCE, async ({ documentId, encf, trackId }) => {
      const answer = await this.calls.run(context, (call) =>
        this.api.consultarResultado(call, trackId),
      );
      const subject = { rnc: party.rnc, encf, trackId };
      const answered = foreignParts(answer, subject);
      if (answered) {
        const asked = { encf, trackId };
        this.incidents.foreign({ ...context, documentId, asked, answered });
      }
      return resultOutcome(answer, subject);
    });
  }
}
