import { Body, Controller, Param, Query } from '@nestjs/common';
import {
  capturePaperSchema,
  capturedPaperSchema,
  listPaperQuerySchema,
  paperListSchema,
  type CapturePaper,
  type CapturedPaper,
  type ListPaperQuery,
  type PaperList,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { z } from 'zod';
import { PaperService } from './paper.service.js';

const params = z.strictObject({ id: z.uuid() });
const read = { listener: 'public', scope: 'TENANT', permission: 'TENANT_INVOICE_READ' } as const;
const write = { ...read, permission: 'TENANT_INVOICE_EMIT' } as const;

@Controller()
export class PaperController {
  constructor(private readonly papers: PaperService) {}

  @Endpoint('POST', '/tenant/contingencies/:id/paper', {
    ...write,
    summary: 'Capture paper of series B handed out in a contingency (all or none)',
    description:
      'The same paper again changes nothing, so a capture may be repeated. Each is replaced later by ' +
      'the e-CF of its type that refers to it with CodigoModificacion 4.',
    status: 200,
    request: { params, body: capturePaperSchema },
    response: capturedPaperSchema,
    problems: ['resource.not_found', 'contingency.state', 'contingency.paper_invalid'],
  })
  capture(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Body() body: CapturePaper,
  ): Promise<CapturedPaper> {
    return this.papers.capture(tenant, id, body);
  }

  @Endpoint('GET', '/tenant/contingency-paper', {
    ...read,
    summary:
      'Paper of series B and the e-CF that replaces each; state=PENDING: still to be replaced',
    request: { query: listPaperQuerySchema },
    response: paperListSchema,
    problems: ['cursor.invalid'],
  })
  list(@CurrentTenant() tenant: TenantContext, @Query() query: ListPaperQuery): Promise<PaperList> {
    return this.papers.list(tenant, query);
  }

  @Endpoint('DELETE', '/tenant/contingency-paper/:id', {
    ...write,
    summary: 'Take back a mistaken capture of paper that nothing replaces yet',
    status: 204,
    request: { params },
    problems: ['resource.not_found', 'contingency.state'],
  })
  async remove(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
  ): Promise<void> {
    await this.papers.remove(tenant, id);
  }
}
