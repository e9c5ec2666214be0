import {
  DGII_ROUTES,
  DGII_SEND_BODY_LIMIT,
  dgiiFindRequestSchema,
  dgiiFindResponseSchema,
  dgiiResultQuerySchema,
  dgiiResultsRequestSchema,
  dgiiResultsResponseSchema,
  dgiiSendRequestSchema,
  dgiiSendResponseSchema,
  type DgiiFindOutcome,
  type DgiiFindRequest,
  type DgiiResultOutcome,
  type DgiiResultQuery,
  type DgiiResultsRequest,
  type DgiiSendOutcome,
  type DgiiSendRequest,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import { ServiceContext, type ServiceCall } from '@getupnet/rbac';
import { Body, Controller, Query } from '@nestjs/common';
import { LocalDgiiGateway } from '../gateway/local-dgii-gateway.js';
import type { Outcomes } from './outcomes.js';
import { ownParty } from './own-party.js';

/** The port DgiiGateway for services in other processes. */
@Controller()
export class DgiiGatewayController {
  constructor(private readonly gateway: LocalDgiiGateway) {}

  @Endpoint('POST', DGII_ROUTES.send, {
    summary: 'Send signed e-CF and RFCE, each once',
    listener: 'internal',
    scope: 'SERVICE',
    bodyLimit: DGII_SEND_BODY_LIMIT,
    request: { body: dgiiSendRequestSchema },
    response: dgiiSendResponseSchema,
    problems: ['env.forbidden'],
  })
  async send(
    @ServiceContext() call: ServiceCall,
    @Body() { party, items, notAfter }: DgiiSendRequest,
  ): Promise<Outcomes<DgiiSendOutcome>> {
    return { outcomes: await this.gateway.send(ownParty(call, party), items, notAfter) };
  }

  @Endpoint('POST', DGII_ROUTES.status, {
    summary: 'Ask for the results of trackIds',
    listener: 'internal',
    scope: 'SERVICE',
    request: { body: dgiiResultsRequestSchema },
    response: dgiiResultsResponseSchema,
    problems: ['env.forbidden'],
  })
  async results(
    @ServiceContext() call: ServiceCall,
    @Body() { party, items }: DgiiResultsRequest,
  ): Promise<Outcomes<DgiiResultOutcome>> {
    return { outcomes: await this.gateway.results(ownParty(call, party), items) };
  }

  @Endpoint('GET', DGII_ROUTES.status, {
    summary: 'Ask for the result of one trackId',
    listener: 'internal',
    scope: 'SERVICE',
    request: { query: dgiiResultQuerySchema },
    response: dgiiResultsResponseSchema,
    problems: ['env.forbidden'],
  })
  async result(
    @ServiceContext() call: ServiceCall,
    @Query() query: DgiiResultQuery,
  ): Promise<Outcomes<DgiiResultOutcome>> {
    const { tenantId, environment, rnc, ...item } = query;
    const party = ownParty(call, { tenantId, environment, rnc });
    return { outcomes: await this.gateway.results(party, [item]) };
  }

  @Endpoint('POST', DGII_ROUTES.find, {
    summary: 'Ask whether documents have arrived, before anything is sent again',
    listener: 'internal',
    scope: 'SERVICE',
    request: { body: dgiiFindRequestSchema },
    response: dgiiFindResponseSchema,
    problems: ['env.forbidden'],
  })
  async find(
    @ServiceContext() call: ServiceCall,
    @Body() { party, items }: DgiiFindRequest,
  ): Promise<Outcomes<DgiiFindOutcome>> {
    return { outcomes: await this.gateway.find(ownParty(call, party), items) };
  }
}
