import { createHash, randomBytes } from 'node:crypto';
import {
  INVITATION_DAYS,
  type InviteAdministrator as Invitee,
  type NewInvitationView,
} from '@getupnet/contracts';
import { AppError, Clock, newId } from '@getupnet/kernel';
import { IdentityDb } from '@getupnet/persistence';
import type { UserContext } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';
import { CompanyReports } from '../companies/company-reports.js';
import { CompanyRepository } from '../companies/company.repository.js';
import { PeopleRepository } from './people.repository.js';

const ROLE = 'tenant_admin';
const DAY_MS = 24 * 60 * 60 * 1000;
const SECRET_BYTES = 32;

/** How a company gets its first administrator; those after are invited by its own people. */
@Injectable()
export class InviteAdministrator {
  constructor(
    private readonly db: IdentityDb,
    private readonly companies: CompanyRepository,
    private readonly people: PeopleRepository,
    private readonly reports: CompanyReports,
    private readonly clock: Clock,
  ) {}

  /** Rejects with `resource.not_found`, `tenant.suspended` or `user.already_member`. */
  async run(operator: UserContext, tenantId: string, invitee: Invitee): Promise<NewInvitationView> {
    const { email, name } = invitee;
    const token = `iv_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    const createdAt = this.clock.now();
    const expiresAt = new Date(createdAt.getTime() + INVITATION_DAYS * DAY_MS);
    const id = newId();
    const invitation = { id, email, name, role: ROLE, invitedBy: operator.userId };
    await this.db.run(async (tx) => {
      const company = await this.companies.lock(tx, tenantId);
      if (company.status !== 'ACTIVE') throw new AppError('tenant.suspended');
      if (await this.people.hasEmail(tx, tenantId, email)) {
        throw new AppError('user.already_member');
      }
      const replaced = await this.people.revokeInvitations(tx, { tenantId, email }, createdAt);
      const hash = createHash('sha256').update(token).digest('hex');
      await this.people.invite(tx, { ...invitation, tenantId, hash, createdAt, expiresAt });
      await this.reports.tell(tx, operator, {
        type: 'user.invited',
        tenantId,
        subjectId: id,
        payload: { before: null, after: { email, name, role: ROLE, expiresAt }, replaced },
      });
    });
    return {
      ...invitation,
      roleId: null,
      state: 'PENDING',
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      token,
    };
  }
}
