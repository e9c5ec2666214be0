import {
  ADMIN_DOCUMENT_ROUTES,
  companyParamsSchema,
  listStuckQuerySchema,
  replayDocumentSchema,
  stuckDocumentListSchema,
  stuckDocumentSchema,
  type ListStuckQuery,
  type ReplayDocument,
  type StuckDocument,
  type StuckDocumentList,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import { CurrentUser, type UserContext } from '@getupnet/tenant-context';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { ListStuckDocuments } from './list-stuck-documents.use-case.js';
import { ReplayDocumentUseCase } from './replay-document.use-case.js';

/** Documents that do not come to an end by themselves, for the operator. */
@Controller()
export class StuckDocumentsController {
  constructor(
    private readonly stuck: ListStuckDocuments,
    private readonly replaying: ReplayDocumentUseCase,
  ) {}

  @Endpoint('GET', ADMIN_DOCUMENT_ROUTES.documents, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: 'PLATFORM_OPS',
    summary: 'Documents that are stuck, of all companies, longest first',
    description: 'Ids and states, nothing of what the documents say.',
    request: { query: listStuckQuerySchema },
    response: stuckDocumentListSchema,
    problems: ['cursor.invalid'],
  })
  list(@Query() query: ListStuckQuery): Promise<StuckDocumentList> {
    return this.stuck.run(query);
  }

  @Endpoint('POST', ADMIN_DOCUMENT_ROUTES.replay, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: 'PLATFORM_OPS',
    summary: 'Try a document again now; the same bytes, never a new one',
    status: 202,
    request: { params: companyParamsSchema, body: replayDocumentSchema },
    response: stuckDocumentSchema,
    problems: ['resource.not_found', 'document.state'],
  })
  replay(
    @CurrentUser() operator: UserContext,
    @Param('id') id: string,
    @Body() body: ReplayDocument,
  ): Promise<StuckDocument> {
    return this.replaying.run(operator, id, body);
  }
}
