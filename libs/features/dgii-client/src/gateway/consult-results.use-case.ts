import type { DgiiParty, DgiiResultItem, DgiiResultOutcome } from '@getupnet/contracts';
import { DgiiApi } from '@getupnet/dgii-api';
import { Injectable, Logger } from '@nestjs/common';
import { AuthorisedCalls } from '../calls/authorised-calls.js';
import { Deadline } from '../calls/deadline.js';
import { DgiiMetrics } from '../calls/dgii-metrics.js';
import { mapBounded } from '../calls/map-bounded.js';
import { resultOutcome } from './outcomes.js';
import { CALL_DEADLINE_MS, ITEMS_AT_ONCE } from './send-documents.use-case.js';

/** Asks for the result of trackIds, once each; when to ask again is the caller's business. */
@Injectable()
export class ConsultResults {
  private readonly logger = new Logger('ConsultResults');

  constructor(
    private readonly api: DgiiApi,
    private readonly calls: AuthorisedCalls,
    private readonly metrics: DgiiMetrics,
  ) {}

  async results(party: DgiiParty, items: readonly DgiiResultItem[]): Promise<DgiiResultOutcome[]> {
    const deadline = Deadline.in(CALL_DEADLINE_MS);
    const context = { party, operation: 'consultaresultado', deadline } as const;
    return mapBounded(items, ITEMS_AT_ONCE, async ({ documentId, encf, trackId }) => {
      const answer = await this.calls.run(context, (call) =>
        this.api.consultarResultado(call, trackId),
      );
      const outcome = resultOutcome(answer, { rnc: party.rnc, encf, trackId });
      if (outcome.kind === 'foreign') {
        this.metrics.foreignAnswer(party.environment);
        this.logger.error({
          message: 'foreign result',
          documentId,
          trackId,
          encf,
          answer: outcome,
        });
      }
      return outcome;
    });
  }
}
