import { Body, Controller, Headers, Param, Query, Res } from '@nestjs/common';
import {
  closeContingencySchema,
  contingencyListSchema,
  contingencyNotifiedSchema,
  contingencyResourceSchema,
  listContingenciesQuerySchema,
  openContingencySchema,
  type CloseContingency,
  type ContingencyList,
  type ContingencyNotified,
  type ContingencyResource,
  type ListContingenciesQuery,
  type OpenContingency,
} from '@getupnet/contracts';
import { Endpoint, type HttpReply } from '@getupnet/platform';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { z } from 'zod';
import { requestKeyHeaders, requestKeyOf } from '../../sequences/request-key.js';
import { ContingenciesService } from './contingencies.service.js';

const params = z.strictObject({ id: z.uuid() });
const read = { listener: 'public', scope: 'TENANT', permission: 'TENANT_INVOICE_READ' } as const;
const manage = { ...read, permission: 'TENANT_SETTINGS_MANAGE' } as const;
const HTTP_CREATED = 201;

@Controller()
export class ContingenciesController {
  constructor(private readonly contingencies: ContingenciesService) {}

  @Endpoint('GET', '/tenant/contingencies', {
    ...read,
    summary: 'The contingency log, newest first',
    request: { query: listContingenciesQuerySchema },
    response: contingencyListSchema,
    problems: ['cursor.invalid'],
  })
  list(
    @CurrentTenant() tenant: TenantContext,
    @Query() query: ListContingenciesQuery,
  ): Promise<ContingencyList> {
    return this.contingencies.list(tenant, query);
  }

  @Endpoint('POST', '/tenant/contingencies', {
    ...manage,
    summary: 'Declare that no e-CF can be issued: paper of series B is used meanwhile',
    description:
      'Loss of the link to DGII needs no declaration: the platform notices it, goes on issuing and ' +
      'sends everything in order when it is back. The same request (Idempotency-Key) again answers ' +
      'what it declared; another one is refused while one is open in the same branches.',
    status: HTTP_CREATED,
    request: { body: openContingencySchema, headers: requestKeyHeaders },
    response: contingencyResourceSchema,
    problems: [
      'contingency.open',
      'contingency.state',
      'idempotency.key_required',
      'idempotency.key_reused',
    ],
  })
  async open(
    @CurrentTenant() tenant: TenantContext,
    @Body() body: OpenContingency,
    @Headers() headers: Record<string, string | undefined>,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<ContingencyResource> {
    const request = requestKeyOf(headers, tenant, body);
    const { episode, replayed } = await this.contingencies.open(tenant, body, request);
    if (replayed) reply.header('Idempotency-Replayed', 'true');
    return episode;
  }

  @Endpoint('GET', '/tenant/contingencies/:id', {
    ...read,
    summary: 'One contingency: begin, end, what was issued, sent and still waits',
    request: { params },
    response: contingencyResourceSchema,
    problems: ['resource.not_found'],
  })
  get(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
  ): Promise<ContingencyResource> {
    return this.contingencies.get(tenant, id);
  }

  @Endpoint('GET', '/tenant/contingencies/:id/notice', {
    ...read,
    summary: 'The text of the notice to DGII (OFV), in Spanish',
    request: { params },
    produces: 'text/plain',
    problems: ['resource.not_found'],
  })
  async notice(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<Buffer> {
    const text = await this.contingencies.notice(tenant, id);
    reply.header('Content-Type', 'text/plain; charset=utf-8');
    return Buffer.from(text, 'utf8');
  }

  @Endpoint('POST', '/tenant/contingencies/:id/notified', {
    ...manage,
    summary: 'Keep that DGII was told of a contingency',
    status: 200,
    request: { params, body: contingencyNotifiedSchema },
    response: contingencyResourceSchema,
    problems: ['resource.not_found', 'contingency.state'],
  })
  notified(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Body() body: ContingencyNotified,
  ): Promise<ContingencyResource> {
    return this.contingencies.notified(tenant, id, body);
  }

  @Endpoint('POST', '/tenant/contingencies/:id/close', {
    ...manage,
    summary: 'End a declared contingency: e-CF can be issued again',
    status: 200,
    request: { params, body: closeContingencySchema },
    response: contingencyResourceSchema,
    problems: ['resource.not_found', 'contingency.state'],
  })
  close(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Body() body: CloseContingency,
  ): Promise<ContingencyResource> {
    return this.contingencies.close(tenant, id, body);
  }
}
