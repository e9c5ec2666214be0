import {
  DGII_ROUTES,
  DGII_SEND_BODY_LIMIT,
  dgiiApprovalsRequestSchema,
  dgiiDeclarationsResponseSchema,
  dgiiVoidsRequestSchema,
  type DgiiApprovalOutcome,
  type DgiiApprovalsRequest,
  type DgiiVoidOutcome,
  type DgiiVoidsRequest,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import { ServiceContext, type ServiceCall } from '@getupnet/rbac';
import { Body, Controller } from '@nestjs/common';
import { LocalDgiiGateway } from '../gateway/local-dgii-gateway.js';
import type { Outcomes } from './outcomes.js';
import { ownParty } from './own-party.js';

/** Commercial approvals and voids for services in other processes. */
@Controller()
export class DgiiDeclarationsController {
  constructor(private readonly gateway: LocalDgiiGateway) {}

  @Endpoint('POST', DGII_ROUTES.approvals, {
    summary: 'Send DGII signed commercial approvals, each once',
    listener: 'internal',
    scope: 'SERVICE',
    bodyLimit: DGII_SEND_BODY_LIMIT,
    request: { body: dgiiApprovalsRequestSchema },
    response: dgiiDeclarationsResponseSchema,
    problems: ['env.forbidden'],
  })
  async approvals(
    @ServiceContext() call: ServiceCall,
    @Body() { party, items }: DgiiApprovalsRequest,
  ): Promise<Outcomes<DgiiApprovalOutcome>> {
    return { outcomes: await this.gateway.sendApprovals(ownParty(call, party), items) };
  }

  @Endpoint('POST', DGII_ROUTES.voids, {
    summary: 'Send DGII signed void requests, each once',
    listener: 'internal',
    scope: 'SERVICE',
    bodyLimit: DGII_SEND_BODY_LIMIT,
    request: { body: dgiiVoidsRequestSchema },
    response: dgiiDeclarationsResponseSchema,
    problems: ['env.forbidden'],
  })
  async voids(
    @ServiceContext() call: ServiceCall,
    @Body() { party, items }: DgiiVoidsRequest,
  ): Promise<Outcomes<DgiiVoidOutcome>> {
    return { outcomes: await this.gateway.sendVoids(ownParty(call, party), items) };
  }
}
