import { Controller, Headers, Param, Query, Res } from '@nestjs/common';
import { riQuerySchema, type RiQuery } from '@getupnet/contracts';
import { Endpoint, type HttpReply } from '@getupnet/platform';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { z } from 'zod';
import { PrintDocument } from './print-document.use-case.js';

const NOT_MODIFIED = 304;
const params = z.strictObject({ id: z.uuid() });
const headers = z.object({
  'If-None-Match': z
    .string()
    .optional()
    .describe('El ETag de la copia que ya tiene: si nada cambió, la respuesta es 304 sin cuerpo.'),
});

@Controller()
export class PrintedController {
  constructor(private readonly print: PrintDocument) {}

  @Endpoint('GET', '/tenant/ri/:id', {
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_INVOICE_READ',
    summary: 'The printed representation (RI) of a signed document',
    description:
      'Rendered from the signed XML. A rejected document says so, one without a verdict that it is ' +
      'pending. The ETag changes with the verdict and with the branding; 304 answers a known one.',
    request: { params, query: riQuerySchema, headers },
    produces: ['application/pdf', 'text/html'],
    problems: ['resource.not_found', 'document.state'],
  })
  async ri(
    @CurrentTenant() tenant: TenantContext,
    @Param() { id }: { id: string },
    @Query() { format }: RiQuery,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<Buffer | undefined> {
    const { tag, rendered } = await this.print.run(tenant, { id, format, ifNoneMatch });
    reply.header('ETag', tag);
    if (rendered === undefined) {
      reply.status(NOT_MODIFIED);
      return undefined;
    }
    const { body, fileName, mediaType, contentSecurityPolicy } = rendered;
    reply.header('Content-Type', mediaType);
    reply.header('Content-Disposition', `inline; filename="${fileName}"`);
    if (contentSecurityPolicy !== undefined) {
      reply.header('Content-Security-Policy', contentSecurityPolicy);
    }
    return body;
  }
}
