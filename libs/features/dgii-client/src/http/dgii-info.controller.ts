import {
  DGII_ROUTES,
  dgiiDirectoryListQuerySchema,
  dgiiDirectoryListResponseSchema,
  dgiiDirectoryParamsSchema,
  dgiiDirectoryQuerySchema,
  dgiiDirectoryResponseSchema,
  dgiiServicesQuerySchema,
  dgiiServicesResponseSchema,
  dgiiTokenRequestSchema,
  dgiiTokenResponseSchema,
  type DgiiDirectoryListQuery,
  type DgiiDirectoryListResponse,
  type DgiiDirectoryQuery,
  type DgiiDirectoryResponse,
  type DgiiServicesQuery,
  type DgiiServicesResponse,
  type DgiiTokenRequest,
  type DgiiTokenResponse,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import { ServiceContext, type ServiceCall } from '@getupnet/rbac';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { LocalDgiiGateway } from '../gateway/local-dgii-gateway.js';
import { ListDirectory } from '../info/list-directory.use-case.js';
import { ReportServices } from '../info/report-services.use-case.js';
import { ReportToken } from '../token/report-token.use-case.js';
import { receiversOf } from './directory-presenter.js';
import { ownParty } from './own-party.js';

/** What other services may know of DGII besides documents. */
@Controller()
export class DgiiInfoController {
  constructor(
    private readonly tokens: ReportToken,
    private readonly gateway: LocalDgiiGateway,
    private readonly directory: ListDirectory,
    private readonly services: ReportServices,
  ) {}

  @Endpoint('POST', DGII_ROUTES.token, {
    summary: 'Make sure there is a token of DGII; the token itself is not answered',
    listener: 'internal',
    scope: 'SERVICE',
    request: { body: dgiiTokenRequestSchema },
    response: dgiiTokenResponseSchema,
    problems: ['env.forbidden', 'dependency.unavailable'],
  })
  token(
    @ServiceContext() call: ServiceCall,
    @Body() { party }: DgiiTokenRequest,
  ): Promise<DgiiTokenResponse> {
    return this.tokens.report(ownParty(call, party));
  }

  @Endpoint('GET', DGII_ROUTES.directoryList, {
    summary: 'List the electronic taxpayers of the directory, page by page',
    listener: 'internal',
    scope: 'SERVICE',
    request: { query: dgiiDirectoryListQuerySchema },
    response: dgiiDirectoryListResponseSchema,
    problems: ['env.forbidden', 'dependency.unavailable'],
  })
  list(
    @ServiceContext() call: ServiceCall,
    @Query() { limit, cursor, ...party }: DgiiDirectoryListQuery,
  ): Promise<DgiiDirectoryListResponse> {
    return this.directory.list(ownParty(call, party), { limit, cursor });
  }

  @Endpoint('GET', DGII_ROUTES.directory, {
    summary: 'Look up where another electronic taxpayer receives',
    listener: 'internal',
    scope: 'SERVICE',
    request: { params: dgiiDirectoryParamsSchema, query: dgiiDirectoryQuerySchema },
    response: dgiiDirectoryResponseSchema,
    problems: ['env.forbidden', 'dependency.unavailable'],
  })
  async lookUp(
    @ServiceContext() call: ServiceCall,
    @Param('rnc') rnc: string,
    @Query() party: DgiiDirectoryQuery,
  ): Promise<DgiiDirectoryResponse> {
    return receiversOf(await this.gateway.directory(ownParty(call, party), rnc));
  }

  @Endpoint('GET', DGII_ROUTES.services, {
    summary: 'Report the state of DGII’s services',
    listener: 'internal',
    scope: 'SERVICE',
    request: { query: dgiiServicesQuerySchema },
    response: dgiiServicesResponseSchema,
  })
  report(@Query() { environment }: DgiiServicesQuery): Promise<DgiiServicesResponse> {
    return this.services.report(environment);
  }
}
