import {
  PLATFORM_ROLES,
  isPlatformRole,
  type ChangePlatformUser,
  type PageQuery,
  type PlatformMemberList,
  type PlatformMemberView,
  type PlatformPermission,
} from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { Sessions } from '../sessions/sessions.js';
import { assertHolds, type ActingPerson } from './acting-person.js';
import { Invitations } from './invitations.service.js';
import { Paging } from './paging.js';
import { PeopleChanges, type Changing } from './people-changes.js';
import {
  PlatformMemberRepository,
  type StoredPlatformMember,
} from './platform-member.repository.js';

interface Position {
  readonly role: string;
  readonly status: string;
}

/** The operator's own people. */
@Injectable()
export class PlatformMembers {
  constructor(
    private readonly changes: PeopleChanges,
    private readonly members: PlatformMemberRepository,
    private readonly invitations: Invitations,
    private readonly sessions: Sessions,
    private readonly paging: Paging,
  ) {}

  async list(query: PageQuery): Promise<PlatformMemberList> {
    const { rows, nextCursor } = await this.paging.read(
      { name: 'platform-members', tenantId: null },
      query,
      (page) => this.changes.read((tx) => this.members.list(tx, page)),
      ({ userId }) => userId,
    );
    return { data: rows.map(present), nextCursor };
  }

  /** Another role, or the account suspended or back; all sessions of the person end. */
  async change(
    person: ActingPerson,
    userId: string,
    change: ChangePlatformUser,
  ): Promise<PlatformMemberView> {
    return this.changes.make(person, 'PLATFORM_USER_MANAGE', async ({ tx, held, at }) => {
      const member = await this.decideAbout({ tx, held }, userId);
      const before = positionOf(member);
      const { role = before.role, status = before.status } = change;
      if (change.role !== undefined) assertHolds(held, PLATFORM_ROLES[change.role]);
      const after = { role, status };
      if (before.role === role && before.status === status) return present(member);
      await this.assertSuperAdminLeft(tx, member, after);
      await this.members.changeRole(tx, userId, role);
      await this.members.changeStatus(tx, userId, status, at);
      await this.bite(tx, person, userId, 'membership_changed');
      await this.changes.tell(tx, person, {
        type: 'platform_user.changed',
        subjectId: userId,
        before,
        after,
      });
      return present({ ...member, role, user: { ...member.user, status } });
    });
  }

  /** Their account stays, as that of nobody in particular. */
  async remove(person: ActingPerson, userId: string): Promise<void> {
    await this.changes.make(person, 'PLATFORM_USER_MANAGE', async ({ tx, held }) => {
      const member = await this.decideAbout({ tx, held }, userId);
      await this.assertSuperAdminLeft(tx, member, null);
      await this.members.remove(tx, userId);
      await this.bite(tx, person, userId, 'membership_removed');
      const before = { ...positionOf(member), email: member.user.email };
      await this.changes.tell(tx, person, {
        type: 'platform_user.removed',
        subjectId: userId,
        before,
      });
    });
  }

  private async decideAbout(
    { tx, held }: Omit<Changing, 'at'>,
    userId: string,
  ): Promise<StoredPlatformMember> {
    const member = await this.members.find(tx, userId);
    if (member === null) throw new AppError('resource.not_found');
    assertHolds(held, permissionsOf(member.role));
    return member;
  }

  private async assertSuperAdminLeft(
    tx: Tx,
    member: StoredPlatformMember,
    after: Position | null,
  ): Promise<void> {
    if (!isSuperAdmin(positionOf(member)) || (after !== null && isSuperAdmin(after))) return;
    if (!(await this.members.hasOtherSuperAdmin(tx, member.userId))) {
      throw new AppError('user.last_admin');
    }
  }

  /** Also their sessions as a company, which they had by being the operator's. */
  private async bite(tx: Tx, person: ActingPerson, userId: string, because: string): Promise<void> {
    await this.sessions.revokeUser(tx, userId, because);
    await this.invitations.revokeThoseOf(tx, person, [userId]);
  }
}

function permissionsOf(role: string): readonly PlatformPermission[] {
  return isPlatformRole(role) ? PLATFORM_ROLES[role] : [];
}

function positionOf({ role, user }: StoredPlatformMember): Position {
  return { role, status: user.status };
}

function isSuperAdmin({ role, status }: Position): boolean {
  return role === 'super_admin' && status === 'ACTIVE';
}

function present({ userId, role, user, createdAt }: StoredPlatformMember): PlatformMemberView {
  return {
    id: userId,
    email: user.email,
    name: user.name,
    role,
    status: user.status === 'ACTIVE' ? 'ACTIVE' : 'SUSPENDED',
    mfaEnrolled: user.totpEnrolledAt !== null,
    createdAt: createdAt.toISOString(),
  };
}
