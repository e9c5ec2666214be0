import type { Readable } from 'node:stream';
import {
  AUDIT_ROUTES,
  NDJSON,
  auditListSchema,
  auditVerificationSchema,
  listAuditQuerySchema,
  listCheckpointsQuerySchema,
  signedCheckpointListSchema,
  verifyAuditQuerySchema,
  type AuditList,
  type AuditVerification,
  type ListAuditQuery,
  type ListCheckpointsQuery,
  type SignedCheckpointList,
  type VerifyAuditQuery,
} from '@getupnet/contracts';
import { PLATFORM_TENANT_ID } from '@getupnet/persistence';
import { Endpoint, type HttpReply } from '@getupnet/platform';
import { CurrentUser, type UserContext } from '@getupnet/tenant-context';
import { Controller, Headers, Query, Res } from '@nestjs/common';
import { ListCheckpoints } from '../checkpoints/list-checkpoints.use-case.js';
import { VerifyChain } from '../verify/verify-chain.use-case.js';
import { answerLogs } from './answer-logs.js';
import { AuditLogs } from './audit-logs.service.js';

/** The installation's own chain: what its operators did, and what concerned no company. */
@Controller()
export class PlatformAuditController {
  constructor(
    private readonly logs: AuditLogs,
    private readonly chain: VerifyChain,
    private readonly checkpoints: ListCheckpoints,
  ) {}

  @Endpoint('GET', AUDIT_ROUTES.platformLogs, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: 'PLATFORM_AUDIT_VIEW',
    summary: 'Read the installation’s own audit log, newest first; as NDJSON, export its chain',
    description: 'As `/audit/logs`. A company’s log is read as that company (impersonation).',
    produces: ['application/json', NDJSON],
    request: { query: listAuditQuerySchema },
    response: auditListSchema,
    problems: ['cursor.invalid'],
  })
  list(
    @CurrentUser() operator: UserContext,
    @Query() query: ListAuditQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<AuditList | Readable> {
    const access = { tenantId: PLATFORM_TENANT_ID, actor: `user:${operator.userId}` };
    return answerLogs(this.logs, { access, query, accept, reply });
  }

  @Endpoint('GET', AUDIT_ROUTES.platformVerify, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: 'PLATFORM_AUDIT_VIEW',
    summary: 'Verify the installation’s own chain',
    description: 'As `/audit/verify`.',
    request: { query: verifyAuditQuerySchema },
    response: auditVerificationSchema,
    problems: ['cursor.invalid'],
  })
  verify(@Query() query: VerifyAuditQuery): Promise<AuditVerification> {
    return this.chain.run(PLATFORM_TENANT_ID, query);
  }

  @Endpoint('GET', AUDIT_ROUTES.platformCheckpoints, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: 'PLATFORM_AUDIT_VIEW',
    summary: 'List the signed checkpoints of all chains, newest first',
    request: { query: listCheckpointsQuerySchema },
    response: signedCheckpointListSchema,
    problems: ['cursor.invalid'],
  })
  signed(@Query() query: ListCheckpointsQuery): Promise<SignedCheckpointList> {
    return this.checkpoints.all(query);
  }
}
