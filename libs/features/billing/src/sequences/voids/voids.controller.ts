import { Body, Controller, Headers, Param, Query, Res } from '@nestjs/common';
import {
  createVoidSchema,
  listVoidsQuerySchema,
  settleVoidSchema,
  voidListSchema,
  voidResourceSchema,
  type CreateVoid,
  type ListVoidsQuery,
  type SettleVoid,
  type VoidList,
  type VoidResource,
} from '@getupnet/contracts';
import { Endpoint, type HttpReply } from '@getupnet/platform';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { z } from 'zod';
import { requestKeyHeaders, requestKeyOf } from '../request-key.js';
import { VoidsService, type VoidAnswer } from './voids.service.js';

const params = z.strictObject({ id: z.uuid() });
const manage = {
  listener: 'public',
  scope: 'TENANT',
  permission: 'TENANT_SEQUENCE_MANAGE',
  status: 202,
  response: voidResourceSchema,
  problems: ['sequence.not_voidable', 'idempotency.key_required', 'idempotency.key_reused'],
} as const;
const read = {
  listener: 'public',
  scope: 'TENANT',
  permission: ['TENANT_SEQUENCE_MANAGE', 'TENANT_INVOICE_READ'],
} as const;

/** Numbers taken out of use, and their ANECF. */
@Controller()
export class VoidsController {
  constructor(private readonly voids: VoidsService) {}

  @Endpoint('POST', '/tenant/sequences/voids', {
    ...manage,
    summary: 'Take numbers out of use for good and have DGII void them',
    request: { body: createVoidSchema, headers: requestKeyHeaders },
  })
  async create(
    @CurrentTenant() tenant: TenantContext,
    @Body() body: CreateVoid,
    @Headers() headers: Record<string, string | undefined>,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<VoidResource> {
    const request = requestKeyOf(headers, tenant, body);
    return answer(await this.voids.create(tenant, { ...body, request }), reply);
  }

  @Endpoint('POST', '/tenant/sequences/voids/:id/retry', {
    ...manage,
    summary: 'Ask again for the numbers of a settled request that DGII did not void',
    request: { params, headers: requestKeyHeaders },
    problems: [...manage.problems, 'resource.not_found'],
  })
  async retry(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Headers() headers: Record<string, string | undefined>,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<VoidResource> {
    const request = requestKeyOf(headers, tenant, { retries: id });
    return answer(await this.voids.retry(tenant, id, request), reply);
  }

  @Endpoint('POST', '/tenant/sequences/voids/:id/settle', {
    ...manage,
    status: 200,
    summary: 'Record what was found out about the unclear numbers of a void request',
    request: { params, body: settleVoidSchema },
    problems: ['sequence.not_voidable', 'resource.not_found'],
  })
  settle(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Body() body: SettleVoid,
  ): Promise<VoidResource> {
    return this.voids.settle(tenant, id, body);
  }

  @Endpoint('GET', '/tenant/sequences/voids', {
    ...read,
    summary: 'Void requests, newest first',
    request: { query: listVoidsQuerySchema },
    response: voidListSchema,
    problems: ['cursor.invalid'],
  })
  list(@CurrentTenant() tenant: TenantContext, @Query() query: ListVoidsQuery): Promise<VoidList> {
    return this.voids.list(tenant, query);
  }

  @Endpoint('GET', '/tenant/sequences/voids/:id', {
    ...read,
    summary: 'One void request, with what became of each number',
    request: { params },
    response: voidResourceSchema,
    problems: ['resource.not_found'],
  })
  get(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
  ): Promise<VoidResource> {
    return this.voids.get(tenant, id);
  }

  @Endpoint('GET', '/tenant/sequences/voids/:id/xml', {
    ...read,
    summary: 'The signed ANECF, byte for byte',
    request: { params },
    produces: 'application/xml',
    problems: ['resource.not_found', 'document.state'],
  })
  async xml(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<Buffer> {
    const { name, body } = await this.voids.xml(tenant, id);
    reply.header('Content-Type', 'application/xml; charset=utf-8');
    reply.header('Content-Disposition', `attachment; filename="${name}"`);
    return Buffer.from(body, 'utf8');
  }
}

function answer({ request, replayed }: VoidAnswer, reply: HttpReply): VoidResource {
  if (replayed) reply.header('Idempotency-Replayed', 'true');
  reply.header('Location', request.links.self);
  return request;
}
