import {
  DgiiGateway,
  type DgiiApprovalItem,
  type DgiiApprovalOutcome,
  type DgiiDirectoryOutcome,
  type DgiiFindItem,
  type DgiiFindOutcome,
  type DgiiParty,
  type DgiiResultItem,
  type DgiiResultOutcome,
  type DgiiSendItem,
  type DgiiSendOutcome,
  type DgiiVoidItem,
  type DgiiVoidOutcome,
} from '@getupnet/contracts';
import { Clock } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { Deadline } from '../calls/deadline.js';
import { SendDeclarations } from '../declarations/send-declarations.use-case.js';
import { ProductionGate } from './production-gate.js';
import { Queries } from './queries.js';
import { CALL_DEADLINE_MS, SendDocuments } from './send-documents.use-case.js';

/** The port, in this process: for billing beside us and for our own routes. */
@Injectable()
export class LocalDgiiGateway extends DgiiGateway {
  constructor(
    private readonly gate: ProductionGate,
    private readonly sender: SendDocuments,
    private readonly declarations: SendDeclarations,
    private readonly queries: Queries,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async send(
    party: DgiiParty,
    items: readonly DgiiSendItem[],
    notAfter?: number,
  ): Promise<readonly DgiiSendOutcome[]> {
    // From here on, so that a process stopped inside the check does not send when it wakes up.
    const leftMs =
      notAfter === undefined ? CALL_DEADLINE_MS : notAfter - this.clock.now().getTime();
    const deadline = Deadline.in(Math.min(CALL_DEADLINE_MS, Math.max(leftMs, 0)));
    await this.gate.check(party);
    return this.sender.send(party, items, deadline);
  }

  override async results(
    party: DgiiParty,
    items: readonly DgiiResultItem[],
  ): Promise<readonly DgiiResultOutcome[]> {
    await this.gate.check(party);
    return this.queries.results.results(party, items);
  }

  override async find(
    party: DgiiParty,
    items: readonly DgiiFindItem[],
  ): Promise<readonly DgiiFindOutcome[]> {
    await this.gate.check(party);
    return this.queries.documents.find(party, items);
  }

  override async sendApprovals(
    party: DgiiParty,
    items: readonly DgiiApprovalItem[],
  ): Promise<readonly DgiiApprovalOutcome[]> {
    const deadline = Deadline.in(CALL_DEADLINE_MS);
    await this.gate.check(party);
    return this.declarations.approvals(party, items, deadline);
  }

  override async sendVoids(
    party: DgiiParty,
    items: readonly DgiiVoidItem[],
  ): Promise<readonly DgiiVoidOutcome[]> {
    const deadline = Deadline.in(CALL_DEADLINE_MS);
    await this.gate.check(party);
    return this.declarations.voids(party, items, deadline);
  }

  override async directory(party: DgiiParty, rnc: string): Promise<DgiiDirectoryOutcome> {
    await this.gate.check(party);
    return this.queries.receivers.lookUp(party, rnc);
  }
}
