import type {
  DgiiApprovalItem,
  DgiiApprovalOutcome,
  DgiiDeclarationOutcome,
  DgiiParty,
  DgiiVoidItem,
  DgiiVoidOutcome,
} from '@getupnet/contracts';
import { DgiiApi, offers } from '@getupnet/dgii-api';
import { Clock } from '@getupnet/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { AuthorisedCalls } from '../calls/authorised-calls.js';
import type { Deadline } from '../calls/deadline.js';
import { Incidents } from '../calls/incidents.js';
import { mapBounded } from '../calls/map-bounded.js';
import { ITEMS_AT_ONCE } from '../gateway/send-documents.use-case.js';
import { approvalOutcome, isOther, voidOutcome } from './declaration-outcomes.js';

/**
 * Sends commercial approvals and void requests, each once. DGII has no query for either, so what is
 * not answered stays unknown; whether it may be sent again is told at the outcomes' types.
 */
@Injectable()
export class SendDeclarations {
  private readonly logger = new Logger('SendDeclarations');

  constructor(
    private readonly api: DgiiApi,
    private readonly calls: AuthorisedCalls,
    private readonly incidents: Incidents,
    private readonly clock: Clock,
  ) {}

  approvals(
    party: DgiiParty,
    items: readonly DgiiApprovalItem[],
    deadline: Deadline,
  ): Promise<DgiiApprovalOutcome[]> {
    const context = { party, operation: 'aprobacioncomercial', deadline } as const;
    return this.each(items, async ({ encf, xml }) => {
      const approval = { rncComprador: party.rnc, encf, xml };
      return approvalOutcome(
        await this.calls.run(context, (call) => this.api.enviarAprobacion(call, approval)),
      );
    });
  }

  async voids(
    party: DgiiParty,
    items: readonly DgiiVoidItem[],
    deadline: Deadline,
  ): Promise<DgiiVoidOutcome[]> {
    if (!offers(party.environment, 'anulacionrangos')) {
      return items.map(() => ({ kind: 'unsupported' }));
    }
    const context = { party, operation: 'anulacionrangos', deadline } as const;
    const { rnc } = party;
    return this.each(items, async ({ documentId, xml }) => {
      const answer = await this.calls.run(context, (call) =>
        this.api.anularRangos(call, { rnc, xml, now: this.clock.now() }),
      );
      if (answer.kind === 'ok' && isOther(answer.value.rnc, rnc)) {
        const answered = { rnc: answer.value.rnc };
        this.incidents.foreign({ ...context, documentId, asked: { rnc }, answered });
      }
      return voidOutcome(answer, rnc);
    });
  }

  private each<I extends { readonly documentId: string }>(
    items: readonly I[],
    send: (item: I) => Promise<DgiiDeclarationOutcome>,
  ): Promise<DgiiDeclarationOutcome[]> {
    return mapBounded(items, ITEMS_AT_ONCE, async (item) => {
      try {
        return await send(item);
      } catch (error) {
        // A bug in one item must not hide what became of the others, nor pass for "not sent".
        const { documentId } = item;
        this.logger.error({ message: 'declaring failed', documentId, err: error });
        return { kind: 'unknown', reason: 'internal', raw: null };
      }
    });
  }
}
