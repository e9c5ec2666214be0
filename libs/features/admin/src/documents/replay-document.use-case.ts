import { isFinalState, type ReplayDocument, type StuckDocument } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { AuditLog, IdentityDb, PLATFORM_TENANT_ID, TenantDb } from '@getupnet/persistence';
import type { UserContext } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';
import { StuckDocumentsRepository } from './stuck-documents.repository.js';

const EVENT = 'document.replay_requested';

/**
 * Lets the workers try a document again. Nothing of the document changes: the same bytes go on from
 * the state they are in, asked about first where they may have been sent.
 */
@Injectable()
export class ReplayDocumentUseCase {
  constructor(
    private readonly documents: StuckDocumentsRepository,
    private readonly identity: IdentityDb,
    private readonly tenants: TenantDb,
    private readonly audit: AuditLog,
  ) {}

  /** Rejects with `resource.not_found`, or `document.state` when it came to an end. */
  async run(
    operator: UserContext,
    id: string,
    { tenantId, reason }: ReplayDocument,
  ): Promise<StuckDocument> {
    const before = await this.open(tenantId, id);
    const actor = `operator:${operator.userId}`;
    const { state, lastError, faults, starts } = before;
    const payload = { operator: operator.name, reason, state, lastError, faults, starts };
    const event = { type: EVENT, subjectId: id, actor };
    // The operator's own chain first: what was not asked for in it was not done.
    await this.identity.run((tx) =>
      this.audit.append(tx, {
        ...event,
        tenantId: PLATFORM_TENANT_ID,
        payload: { ...payload, tenantId },
      }),
    );
    await this.tenants.run({ tenantId }, async (tx) => {
      const { count } = await tx.document.updateMany({
        where: { id, nextAttemptAt: { not: null } },
        data: { nextAttemptAt: new Date(0), parkedAt: null, handOvers: 0, faults: 0, starts: 0 },
      });
      if (count > 0) await this.audit.append(tx, { ...event, tenantId, payload });
    });
    return (await this.documents.find(tenantId, id)) ?? before;
  }

  private async open(tenantId: string, id: string): Promise<StuckDocument> {
    const found = await this.documents.find(tenantId, id);
    if (!found) throw new AppError('resource.not_found');
    if (isFinalState(found.state)) throw new AppError('document.state', { state: found.state });
    return found;
  }
}
