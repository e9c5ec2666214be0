import {
  INVITATION_DAYS,
  PLATFORM_ROLES,
  type InvitationList,
  type InvitationView,
  type InvitePlatformUser,
  type InviteUser,
  type NewInvitationView,
  type PageQuery,
  type Permission,
} from '@getupnet/contracts';
import { AppError, newId } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { hashToken, newOpaqueToken } from '../sessions/opaque-token.js';
import { assertHolds, type ActingPerson, type TenantPerson } from './acting-person.js';
import { InvitationRepository, type StoredInvitation } from './invitation.repository.js';
import { MemberRepository } from './member.repository.js';
import { Paging } from './paging.js';
import { PeopleChanges, type Changing } from './people-changes.js';
import { PlatformMemberRepository } from './platform-member.repository.js';
import { chosenRole, type StoredRole } from './role-choice.js';

const DAY_MS = 24 * 60 * 60 * 1000;

interface Invited extends StoredRole {
  readonly email: string;
  readonly name: string;
  readonly days: number;
}

/** AUT-7: who may come in is said by somebody who is in already. */
@Injectable()
export class Invitations {
  constructor(
    private readonly changes: PeopleChanges,
    private readonly invitations: InvitationRepository,
    private readonly members: MemberRepository,
    private readonly platformMembers: PlatformMemberRepository,
    private readonly paging: Paging,
  ) {}

  /** Rejects with `auth.forbidden` for a role that allows more than the person may. */
  async invite(person: TenantPerson, { days, ...wanted }: InviteUser): Promise<NewInvitationView> {
    const { email, name } = wanted;
    return this.changes.make(person, 'TENANT_USER_MANAGE', async (changing) => {
      const { tx, held } = changing;
      const { role, roleId, permissions } = await chosenRole(tx, person.tenantId, wanted);
      assertHolds(held, permissions);
      if (await this.members.hasEmail(tx, person.tenantId, email)) {
        throw new AppError('user.already_member');
      }
      return this.add(changing, person, { email, name, role, roleId, days });
    });
  }

  /** To the operator's own people. */
  async inviteToPlatform(
    person: ActingPerson,
    { email, name, role, days }: InvitePlatformUser,
  ): Promise<NewInvitationView> {
    return this.changes.make(person, 'PLATFORM_USER_MANAGE', async (changing) => {
      const { tx, held } = changing;
      assertHolds(held, PLATFORM_ROLES[role]);
      if (await this.platformMembers.hasEmail(tx, email)) throw new AppError('user.already_member');
      return this.add(changing, person, { email, name, role, roleId: null, days });
    });
  }

  async list(tenantId: string | null, query: PageQuery): Promise<InvitationList> {
    const { rows, nextCursor } = await this.paging.read(
      { name: 'invitations', tenantId },
      query,
      (page) => this.changes.read((tx) => this.invitations.list(tx, tenantId, page)),
      ({ id }) => id,
    );
    const now = this.changes.now();
    return { data: rows.map((row) => present(row, now)), nextCursor };
  }

  /** One that is accepted or revoked already stays as it is. */
  async revoke(person: ActingPerson, id: string): Promise<void> {
    await this.changes.make(person, neededBy(person), async ({ tx }) => {
      const found = await this.invitations.find(tx, person.tenantId, id);
      if (found === null) throw new AppError('resource.not_found');
      await this.revokeOpen(tx, person, { tenantId: person.tenantId, id }, 'revoked');
    });
  }

  /**
   * Those of people who may not decide any more who comes in; they know the tokens. One of the
   * operator's may have invited to any company.
   */
  async revokeThoseOf(tx: Tx, person: ActingPerson, userIds: readonly string[]): Promise<void> {
    const { tenantId } = person;
    const where = { ...(tenantId !== null && { tenantId }), invitedBy: { in: [...userIds] } };
    await this.revokeOpen(tx, person, where, 'inviter_changed');
  }

  /** An answer that got lost is asked for again: the invitation before it is worth nothing then. */
  private async add(
    { tx, at: createdAt }: Changing,
    person: ActingPerson,
    invited: Invited,
  ): Promise<NewInvitationView> {
    const { days, ...whom } = invited;
    const { userId: invitedBy, tenantId } = person;
    await this.revokeOpen(tx, person, { tenantId, email: whom.email }, 'replaced');
    const lifeMs = Math.min(days, INVITATION_DAYS) * DAY_MS;
    const expiresAt = new Date(createdAt.getTime() + lifeMs);
    const row = { id: newId(), tenantId, ...whom, invitedBy, createdAt, expiresAt };
    const token = newOpaqueToken('iv');
    await this.invitations.add(tx, { ...row, hash: hashToken(token) });
    const after = { ...whom, expiresAt: expiresAt.toISOString() };
    await this.changes.tell(tx, person, { type: 'user.invited', subjectId: row.id, after });
    const invitation = { ...row, acceptedAt: null, revokedAt: null };
    return { ...present(invitation, createdAt), token };
  }

  private async revokeOpen(
    tx: Tx,
    person: ActingPerson,
    which: Parameters<InvitationRepository['revoke']>[1],
    because: string,
  ): Promise<void> {
    const revoked = await this.invitations.revoke(tx, which, this.changes.now());
    for (const { id, tenantId, email, role, roleId } of revoked) {
      const type = 'user.invitation_revoked';
      const before = { email, role, roleId };
      const after = { revoked: because };
      await this.changes.tell(tx, person, { type, subjectId: id, before, after }, tenantId);
    }
  }
}

function neededBy({ tenantId }: ActingPerson): Permission {
  return tenantId === null ? 'PLATFORM_USER_MANAGE' : 'TENANT_USER_MANAGE';
}

function present(row: StoredInvitation, now: Date): InvitationView {
  const { id, email, name, role, roleId, invitedBy } = row;
  return {
    ...{ id, email, name, role, roleId, invitedBy },
    state: stateOf(row, now),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}

function stateOf(
  { acceptedAt, revokedAt, expiresAt }: StoredInvitation,
  now: Date,
): InvitationView['state'] {
  if (acceptedAt !== null) return 'ACCEPTED';
  if (revokedAt !== null) return 'REVOKED';
  return expiresAt.getTime() <= now.getTime() ? 'EXPIRED' : 'PENDING';
}
