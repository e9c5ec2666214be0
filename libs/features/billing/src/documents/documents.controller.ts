import { Controller, Param, Query, Res } from '@nestjs/common';
import {
  documentListSchema,
  documentResourceSchema,
  listDocumentsQuerySchema,
  timelineSchema,
  type DocumentList,
  type DocumentResource,
  type ListDocumentsQuery,
  type Timeline,
} from '@getupnet/contracts';
import { Endpoint, type HttpReply } from '@getupnet/platform';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { z } from 'zod';
import { DocumentsService } from './documents.service.js';

const params = z.strictObject({ id: z.uuid() });
const read = {
  listener: 'public',
  scope: 'TENANT',
  permission: 'TENANT_INVOICE_READ',
} as const;

@Controller()
export class DocumentsController {
  constructor(private readonly documents: DocumentsService) {}

  @Endpoint('GET', '/tenant/invoices', {
    ...read,
    summary: 'Documents of the tenant, newest first',
    request: { query: listDocumentsQuerySchema },
    response: documentListSchema,
    problems: ['cursor.invalid'],
  })
  list(
    @CurrentTenant() tenant: TenantContext,
    @Query() query: ListDocumentsQuery,
  ): Promise<DocumentList> {
    return this.documents.list(tenant, query);
  }

  @Endpoint('GET', '/tenant/invoices/:id', {
    ...read,
    summary: 'One document',
    request: { params },
    response: documentResourceSchema,
    problems: ['resource.not_found'],
  })
  get(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
  ): Promise<DocumentResource> {
    return this.documents.get(tenant, id);
  }

  @Endpoint('GET', '/tenant/invoices/:id/xml', {
    ...read,
    summary: 'The signed XML, byte for byte',
    request: { params },
    produces: 'application/xml',
    problems: ['resource.not_found', 'document.state'],
  })
  async xml(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<Buffer> {
    const { name, body } = await this.documents.xml(tenant, id);
    reply.header('Content-Type', 'application/xml; charset=utf-8');
    reply.header('Content-Disposition', `attachment; filename="${name}"`);
    return Buffer.from(body, 'utf8');
  }

  @Endpoint('GET', '/tenant/invoices/:id/timeline', {
    ...read,
    summary: 'Everything that happened to a document, oldest first',
    request: { params },
    response: timelineSchema,
    problems: ['resource.not_found'],
  })
  timeline(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
  ): Promise<Timeline> {
    return this.documents.timeline(tenant, id);
  }

  @Endpoint('POST', '/tenant/invoices/:id/retry', {
    ...read,
    permission: 'TENANT_INVOICE_EMIT',
    summary: 'Try a waiting document again now; never makes a new one',
    status: 202,
    request: { params },
    response: documentResourceSchema,
    problems: ['resource.not_found', 'document.state'],
  })
  retry(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
  ): Promise<DocumentResource> {
    return this.documents.retry(tenant, id);
  }
}
