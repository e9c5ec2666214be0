import { Readable } from 'node:stream';
import {
  AUDIT_ROUTES,
  NDJSON,
  appendAuditSchema,
  appendedAuditSchema,
  auditListSchema,
  auditVerificationSchema,
  checkpointListSchema,
  listAuditQuerySchema,
  listCheckpointsQuerySchema,
  verifyAuditQuerySchema,
  type AppendAudit,
  type AppendedAudit,
  type AuditList,
  type AuditVerification,
  type CheckpointList,
  type ListAuditQuery,
  type ListCheckpointsQuery,
  type VerifyAuditQuery,
} from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { Endpoint, type HttpReply } from '@getupnet/platform';
import { ServiceContext, type ServiceCall } from '@getupnet/rbac';
import { CurrentTenant, actorText, type TenantContext } from '@getupnet/tenant-context';
import { Body, Controller, Headers, Query, Res } from '@nestjs/common';
import { ListCheckpoints } from '../checkpoints/list-checkpoints.use-case.js';
import { VerifyChain } from '../verify/verify-chain.use-case.js';
import { AppendEvent } from './append-event.use-case.js';
import { AuditLogs } from './audit-logs.service.js';
import { answerLogs } from './answer-logs.js';

/** A company's own chain, and the way in for events of other services. */
@Controller()
export class AuditLogsController {
  constructor(
    private readonly logs: AuditLogs,
    private readonly chain: VerifyChain,
    private readonly checkpoints: ListCheckpoints,
    private readonly appending: AppendEvent,
  ) {}

  @Endpoint('GET', AUDIT_ROUTES.logs, {
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_AUDIT_VIEW',
    summary: 'Read the company’s audit log, newest first; as NDJSON, export its chain',
    description:
      'With `Accept: application/x-ndjson` the answer is the chain itself, oldest first, one ' +
      '`{"entry","hash"}` a line for the program audit-verify; `after` goes on from a sequence. ' +
      'Filters belong to the list only. A connection that ends early (30 s are the limit) is no end: go ' +
      'on after the last whole line.',
    produces: ['application/json', NDJSON],
    request: { query: listAuditQuerySchema },
    response: auditListSchema,
    problems: ['cursor.invalid'],
  })
  list(
    @CurrentTenant() tenant: TenantContext,
    @Query() query: ListAuditQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<AuditList | Readable> {
    const access = { tenantId: tenant.tenantId, actor: actorText(tenant.actor) };
    return answerLogs(this.logs, { access, query, accept, reply });
  }

  @Endpoint('GET', AUDIT_ROUTES.verify, {
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_AUDIT_VIEW',
    summary: 'Verify the company’s chain: hashes, order, checkpoints, and that no event is missing',
    description:
      'Looks at a bounded part; `complete: false` comes with a cursor to go on. `firstBad` names the ' +
      'first sequence that does not fit.',
    request: { query: verifyAuditQuerySchema },
    response: auditVerificationSchema,
    problems: ['cursor.invalid'],
  })
  verify(
    @CurrentTenant() tenant: TenantContext,
    @Query() query: VerifyAuditQuery,
  ): Promise<AuditVerification> {
    return this.chain.run(tenant.tenantId, query);
  }

  @Endpoint('GET', AUDIT_ROUTES.checkpoints, {
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_AUDIT_VIEW',
    summary: 'List the checkpoints that state the company’s chain, newest first',
    request: { query: listCheckpointsQuerySchema },
    response: checkpointListSchema,
    problems: ['cursor.invalid'],
  })
  checkpointsOf(
    @CurrentTenant() tenant: TenantContext,
    @Query() query: ListCheckpointsQuery,
  ): Promise<CheckpointList> {
    return this.checkpoints.ofTenant(tenant.tenantId, query);
  }

  @Endpoint('POST', AUDIT_ROUTES.logs, {
    listener: 'internal',
    scope: 'SERVICE',
    summary: 'Tell an event of a company; its id makes it one however often it is told',
    request: { body: appendAuditSchema },
    response: appendedAuditSchema,
    problems: ['tenant.required', 'idempotency.key_reused'],
  })
  append(@ServiceContext() call: ServiceCall, @Body() event: AppendAudit): Promise<AppendedAudit> {
    if (call.tenantId === null) throw new AppError('tenant.required');
    return this.appending.run(call.tenantId, event);
  }
}
