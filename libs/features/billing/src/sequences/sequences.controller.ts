import { Body, Controller, Headers, Param, Query, Res } from '@nestjs/common';
import {
  addSequenceSchema,
  changeSequenceSchema,
  forecastListSchema,
  gapListSchema,
  listGapsQuerySchema,
  pageQuerySchema,
  sequenceListSchema,
  sequenceResourceSchema,
  sequenceSplitSchema,
  splitSequenceSchema,
  type AddSequence,
  type ChangeSequence,
  type ListGapsQuery,
  type PageQuery,
  type SequenceForecastList,
  type SequenceGapList,
  type SequenceResource,
  type SequenceSplit,
  type SplitSequence,
} from '@getupnet/contracts';
import { Endpoint, type HttpReply } from '@getupnet/platform';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { z } from 'zod';
import { ForecastService } from './forecast/forecast.service.js';
import { GapsService } from './gaps/gaps.service.js';
import { requestKeyHeaders, requestKeyOf } from './request-key.js';
import { SequencesService } from './sequences.service.js';

const params = z.strictObject({ id: z.uuid() });
const manage = {
  listener: 'public',
  scope: 'TENANT',
  permission: 'TENANT_SEQUENCE_MANAGE',
} as const;
const read = {
  listener: 'public',
  scope: 'TENANT',
  permission: ['TENANT_SEQUENCE_MANAGE', 'TENANT_INVOICE_READ'],
} as const;

@Controller()
export class SequencesController {
  constructor(
    private readonly sequences: SequencesService,
    private readonly forecasts: ForecastService,
    private readonly gapFinder: GapsService,
  ) {}

  @Endpoint('POST', '/tenant/sequences', {
    ...manage,
    summary: 'Register a range of numbers DGII authorised',
    status: 201,
    request: { body: addSequenceSchema, headers: requestKeyHeaders },
    response: sequenceResourceSchema,
    problems: ['sequence.overlap', 'idempotency.key_required', 'idempotency.key_reused'],
  })
  async add(
    @CurrentTenant() tenant: TenantContext,
    @Body() body: AddSequence,
    @Headers() headers: Record<string, string | undefined>,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<SequenceResource> {
    const request = requestKeyOf(headers, tenant, body);
    const { range, replayed } = await this.sequences.add(tenant, body, request);
    if (replayed) reply.header('Idempotency-Replayed', 'true');
    return range;
  }

  @Endpoint('PATCH', '/tenant/sequences/:id', {
    ...manage,
    summary: 'Give a range to a branch, or to everybody',
    request: { params, body: changeSequenceSchema },
    response: sequenceResourceSchema,
    problems: ['resource.not_found'],
  })
  change(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Body() body: ChangeSequence,
  ): Promise<SequenceResource> {
    return this.sequences.change(tenant, id, body);
  }

  @Endpoint('POST', '/tenant/sequences/:id/split', {
    ...manage,
    summary: 'Separate the last unused numbers of a range, for a branch',
    status: 201,
    request: { params, body: splitSequenceSchema, headers: requestKeyHeaders },
    response: sequenceSplitSchema,
    problems: [
      'resource.not_found',
      'sequence.not_divisible',
      'idempotency.key_required',
      'idempotency.key_reused',
    ],
  })
  async split(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Body() body: SplitSequence,
    @Headers() headers: Record<string, string | undefined>,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<SequenceSplit> {
    const request = requestKeyOf(headers, tenant, { id, ...body });
    const { replayed, ...split } = await this.sequences.split(tenant, id, { ...body, request });
    if (replayed) reply.header('Idempotency-Replayed', 'true');
    return split;
  }

  @Endpoint('GET', '/tenant/sequences/forecast', {
    ...read,
    summary: 'How long the numbers of each type and branch will last',
    response: forecastListSchema,
  })
  forecast(@CurrentTenant() tenant: TenantContext): Promise<SequenceForecastList> {
    return this.forecasts.forecast(tenant);
  }

  @Endpoint('GET', '/tenant/sequences/gaps', {
    ...read,
    summary: 'Numbers without a living document, and what to do about them',
    request: { query: listGapsQuerySchema },
    response: gapListSchema,
    problems: ['cursor.invalid'],
  })
  gaps(
    @CurrentTenant() tenant: TenantContext,
    @Query() query: ListGapsQuery,
  ): Promise<SequenceGapList> {
    return this.gapFinder.list(tenant, query);
  }

  @Endpoint('GET', '/tenant/sequences', {
    ...read,
    summary: 'Registered ranges, newest first',
    request: { query: pageQuerySchema },
    response: sequenceListSchema,
    problems: ['cursor.invalid'],
  })
  list(@CurrentTenant() tenant: TenantContext, @Query() query: PageQuery) {
    return this.sequences.list(tenant, query);
  }
}
