import { Body, Controller, Headers, Query, Res } from '@nestjs/common';
import {
  documentResourceSchema,
  dryRunResourceSchema,
  emitQuerySchema,
  emitRequestSchema,
  isFinalState,
  type DocumentResource,
  type DryRunResource,
  type EmitRequest,
} from '@getupnet/contracts';
import { Endpoint, type HttpReply } from '@getupnet/platform';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { presentDocument } from '../documents/present-document.js';
import { AnswerWithin } from './answer-within.use-case.js';
import { DryRun } from './dry-run.use-case.js';
import { emitHeadersSchema, idempotencyKeyOf, waitSecondsOf } from './emit-headers.js';
import { IssueDocument } from './issue-document.use-case.js';

const HTTP_OK = 200;
const HTTP_ACCEPTED = 202;

@Controller()
export class EmitController {
  constructor(
    private readonly issue: IssueDocument,
    private readonly dryRun: DryRun,
    private readonly answer: AnswerWithin,
  ) {}

  @Endpoint('POST', '/tenant/emit/ecf', {
    listener: 'public',
    scope: 'TENANT',
    permission: ['TENANT_INVOICE_EMIT', 'TENANT_RFCE_SUBMIT'],
    summary: 'Issue an e-CF (or, with dryRun=true, check one without consuming anything)',
    status: HTTP_ACCEPTED,
    request: { body: emitRequestSchema, query: emitQuerySchema, headers: emitHeadersSchema },
    response: {
      [HTTP_ACCEPTED]: documentResourceSchema,
      [HTTP_OK]: documentResourceSchema.or(dryRunResourceSchema),
    },
    problems: [
      'idempotency.key_required',
      'idempotency.in_progress',
      'idempotency.key_reused',
      'ecf.schema_invalid',
      'ecf.totals_mismatch',
      'ecf.rnc_invalid',
      'ecf.rule_failed',
      'document.duplicate_reference',
      'document.state',
      'reference.not_found',
      'sequence.exhausted',
      'sequence.expired',
      'sequence.used',
      'sequence.voided',
      'sequence.not_assignable',
      'cert.missing',
      'cert.expired',
    ],
  })
  async emit(
    @CurrentTenant() tenant: TenantContext,
    @Body() body: EmitRequest,
    @Query() query: { dryRun: 'true' | 'false' },
    @Headers() headers: Record<string, string | undefined>,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<DocumentResource | DryRunResource> {
    if (query.dryRun === 'true') {
      reply.status(HTTP_OK);
      return this.dryRun.run(tenant, body);
    }
    const waitS = waitSecondsOf(headers['prefer']);
    const deadline = performance.now() + waitS * 1000;
    const issued = await this.issue.run(tenant, {
      request: body,
      idempotencyKey: idempotencyKeyOf(headers['idempotency-key']),
      waits: waitS > 0,
    });
    const document = await this.answer.run(tenant, issued, waitS > 0 ? deadline : null);
    if (issued.replayed) reply.header('Idempotency-Replayed', 'true');
    if (waitS > 0) reply.header('Preference-Applied', `wait=${waitS}`);
    reply.header('Location', `/tenant/invoices/${document.id}`);
    reply.status(isFinalState(document.state) ? HTTP_OK : HTTP_ACCEPTED);
    return presentDocument(document);
  }
}
