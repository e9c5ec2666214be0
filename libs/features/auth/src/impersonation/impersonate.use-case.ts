import type { ImpersonateRequest } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { AuditLog, IdentityDb, PLATFORM_TENANT_ID } from '@getupnet/persistence';
import type { UserContext } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';
import { Sessions, type ClientFacts, type OpenSession } from '../sessions/sessions.js';

/** TEN-2: the only way in which the operator's people act on a company's business. */
@Injectable()
export class Impersonate {
  constructor(
    private readonly db: IdentityDb,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
  ) {}

  /** Rejects with `resource.not_found` or `tenant.suspended`. */
  async run(
    operator: UserContext,
    { tenantId, reason }: ImpersonateRequest,
    from: ClientFacts,
  ): Promise<OpenSession> {
    const { userId } = operator;
    return this.db.run(async (tx) => {
      const tenant = await tx.tenant.findUnique({
        where: { id: tenantId },
        select: { rnc: true, name: true, status: true },
      });
      if (tenant === null) throw new AppError('resource.not_found');
      if (tenant.status === 'SUSPENDED') throw new AppError('tenant.suspended');
      const opening = { userId, tenantId, impersonationReason: reason, ...from };
      const session = await this.sessions.open(tx, opening);
      const { rnc, name } = tenant;
      const payload = {
        operator: { id: userId, name: operator.name, sessionId: operator.sessionId },
        actsAs: { tenantId, rnc, name, role: 'tenant_admin' },
        reason,
        expiresAt: session.sessionExpiresAt,
        address: from.address,
      };
      // In the company's chain, which its people read, and in the operator's own.
      for (const chain of [tenantId, PLATFORM_TENANT_ID]) {
        await this.audit.append(tx, {
          tenantId: chain,
          type: 'impersonation.started',
          subjectId: session.sessionId,
          actor: `operator:${userId}`,
          payload,
        });
      }
      return session;
    });
  }
}
