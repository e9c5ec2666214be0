import { Clock } from '@getupnet/kernel';
import { AuditLog, type Tx } from '@getupnet/persistence';
import { SessionAccess } from '@getupnet/rbac';
import { Injectable } from '@nestjs/common';

const BECAUSE = 'tenant_suspended';

/** Ends the sessions of a company; other processes notice within their half minute of memory. */
@Injectable()
export class SuspendedSessions {
  constructor(
    private readonly access: SessionAccess,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Answers which, to be forgotten once it is committed. */
  async end(tx: Tx, tenantId: string): Promise<readonly string[]> {
    const ended = await tx.userSession.updateManyAndReturn({
      where: { tenantId, revokedAt: null },
      data: { revokedAt: this.clock.now(), revokedBecause: BECAUSE },
      select: { id: true, userId: true, impersonationReason: true },
    });
    for (const { id, userId, impersonationReason } of ended) {
      await this.audit.append(tx, {
        tenantId,
        type: 'session.ended',
        subjectId: id,
        actor: `${impersonationReason === null ? 'user' : 'operator'}:${userId}`,
        payload: { because: BECAUSE },
      });
    }
    return ended.map(({ id }) => id);
  }

  forget(sessionIds: readonly string[]): void {
    for (const id of sessionIds) this.access.forget(id);
  }
}
