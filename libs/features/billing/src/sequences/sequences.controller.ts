import { Body, Controller, Query } from '@nestjs/common';
import {
  addSequenceSchema,
  pageQuerySchema,
  sequenceListSchema,
  sequenceResourceSchema,
  type AddSequence,
  type PageQuery,
  type SequenceResource,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { SequencesService } from './sequences.service.js';

@Controller()
export class SequencesController {
  constructor(private readonly sequences: SequencesService) {}

  @Endpoint('POST', '/tenant/sequences', {
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_SEQUENCE_MANAGE',
    summary: 'Register a range of numbers DGII authorised',
    status: 201,
    request: { body: addSequenceSchema },
    response: sequenceResourceSchema,
    problems: ['sequence.overlap'],
  })
  add(
    @CurrentTenant() tenant: TenantContext,
    @Body() body: AddSequence,
  ): Promise<SequenceResource> {
    return this.sequences.add(tenant, body);
  }

  @Endpoint('GET', '/tenant/sequences', {
    listener: 'public',
    scope: 'TENANT',
    permission: ['TENANT_SEQUENCE_MANAGE', 'TENANT_INVOICE_READ'],
    summary: 'Registered ranges, newest first',
    request: { query: pageQuerySchema },
    response: sequenceListSchema,
    problems: ['cursor.invalid'],
  })
  list(@CurrentTenant() tenant: TenantContext, @Query() query: PageQuery) {
    return this.sequences.list(tenant, query);
  }
}
