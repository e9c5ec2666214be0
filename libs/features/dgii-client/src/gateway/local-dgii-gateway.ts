import {
  DgiiGateway,
  type DgiiFindItem,
  type DgiiFindOutcome,
  type DgiiParty,
  type DgiiResultItem,
  type DgiiResultOutcome,
  type DgiiSendItem,
  type DgiiSendOutcome,
} from '@getupnet/contracts';
import { Injectable } from '@nestjs/common';
import { Deadline } from '../calls/deadline.js';
import { ConsultResults } from './consult-results.use-case.js';
import { FindDocuments } from './find-documents.use-case.js';
import { ProductionGate } from './production-gate.js';
import { CALL_DEADLINE_MS, SendDocuments } from './send-documents.use-case.js';

/** The port, in this process: for billing beside us and for our own routes. */
@Injectable()
export class LocalDgiiGateway extends DgiiGateway {
  constructor(
    private readonly gate: ProductionGate,
    private readonly sender: SendDocuments,
    private readonly consultant: ConsultResults,
    private readonly finder: FindDocuments,
  ) {
    super();
  }

  override async send(
    party: DgiiParty,
    items: readonly DgiiSendItem[],
  ): Promise<readonly DgiiSendOutcome[]> {
    // From here on, so that a process stopped inside the check does not send when it wakes up.
    const deadline = Deadline.in(CALL_DEADLINE_MS);
    await this.gate.check(party);
    return this.sender.send(party, items, deadline);
  }

  override async results(
    party: DgiiParty,
    items: readonly DgiiResultItem[],
  ): Promise<readonly DgiiResultOutcome[]> {
    await this.gate.check(party);
    return this.consultant.results(party, items);
  }

  override async find(
    party: DgiiParty,
    items: readonly DgiiFindItem[],
  ): Promise<readonly DgiiFindOutcome[]> {
    await this.gate.check(party);
    return this.finder.find(party, items);
  }
}
