import type { ChangeUser, Member, MemberList, PageQuery } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { Sessions } from '../sessions/sessions.js';
import { assertHolds, type TenantPerson } from './acting-person.js';
import { Invitations } from './invitations.service.js';
import { MemberRepository, type StoredMember } from './member.repository.js';
import { Paging } from './paging.js';
import { PeopleChanges, type Changing } from './people-changes.js';
import { chosenRole, permissionsOfRole, type StoredRole } from './role-choice.js';

interface Position extends StoredRole {
  readonly status: string;
}

/** The people of a company: who they are there, and for how long. */
@Injectable()
export class Members {
  constructor(
    private readonly changes: PeopleChanges,
    private readonly members: MemberRepository,
    private readonly invitations: Invitations,
    private readonly sessions: Sessions,
    private readonly paging: Paging,
  ) {}

  async list(tenantId: string, query: PageQuery): Promise<MemberList> {
    const { rows, nextCursor } = await this.paging.read(
      { name: 'members', tenantId },
      query,
      (page) => this.changes.read((tx) => this.members.list(tx, tenantId, page)),
      ({ userId }) => userId,
    );
    return { data: rows.map(present), nextCursor };
  }

  /** Another role, suspended or back: what the member had open ends, to begin anew as what they are. */
  async change(person: TenantPerson, userId: string, change: ChangeUser): Promise<Member> {
    const { role, roleId, status } = change;
    return this.changes.make(person, 'TENANT_USER_MANAGE', async ({ tx, held, at }) => {
      const member = await this.decideAbout({ tx, held }, person, userId);
      const before = positionOf(member);
      let after: Position = { ...before, ...(status !== undefined && { status }) };
      if (role !== undefined || roleId !== undefined) {
        const chosen = await chosenRole(tx, person.tenantId, change);
        assertHolds(held, chosen.permissions);
        after = { ...after, role: chosen.role, roleId: chosen.roleId };
      }
      if (isSame(before, after)) return present(member);
      await this.assertAdminLeft(tx, person.tenantId, member, after);
      await this.members.change(tx, { tenantId: person.tenantId, userId }, { ...after, at });
      await this.bite(tx, person, userId, 'membership_changed');
      await this.changes.tell(tx, person, {
        type: 'user.changed',
        subjectId: userId,
        before,
        after,
      });
      const changed = await this.members.find(tx, person.tenantId, userId);
      if (changed === null) throw new AppError('resource.not_found');
      return present(changed);
    });
  }

  /** Their account stays; it is theirs, and may be of other companies. */
  async remove(person: TenantPerson, userId: string): Promise<void> {
    await this.changes.make(person, 'TENANT_USER_MANAGE', async ({ tx, held }) => {
      const member = await this.decideAbout({ tx, held }, person, userId);
      await this.assertAdminLeft(tx, person.tenantId, member, null);
      await this.members.remove(tx, person.tenantId, userId);
      await this.bite(tx, person, userId, 'membership_removed');
      const before = { ...positionOf(member), email: member.user.email };
      await this.changes.tell(tx, person, { type: 'user.removed', subjectId: userId, before });
    });
  }

  /** Nobody decides about people who may do more than themselves. */
  private async decideAbout(
    { tx, held }: Omit<Changing, 'at'>,
    person: TenantPerson,
    userId: string,
  ): Promise<StoredMember> {
    const member = await this.members.find(tx, person.tenantId, userId);
    if (member === null) throw new AppError('resource.not_found');
    assertHolds(held, permissionsOfRole(member.role, member.customRole?.permissions ?? []));
    return member;
  }

  private async assertAdminLeft(
    tx: Tx,
    tenantId: string,
    member: StoredMember,
    after: Position | null,
  ): Promise<void> {
    if (!isAdmin(member) || (after !== null && isAdmin(after))) return;
    if (!(await this.members.hasOtherAdmin(tx, tenantId, member.userId))) {
      throw new AppError('user.last_admin');
    }
  }

  private async bite(tx: Tx, person: TenantPerson, userId: string, because: string): Promise<void> {
    const { tenantId } = person;
    await this.sessions.revokeMember(tx, { userId, tenantId }, because);
    await this.invitations.revokeThoseOf(tx, person, [userId]);
  }
}

function positionOf({ role, roleId, status }: StoredMember): Position {
  return { role, roleId, status };
}

function isAdmin({ role, status }: Position): boolean {
  return role === 'tenant_admin' && status === 'ACTIVE';
}

function isSame(one: Position, other: Position): boolean {
  return one.role === other.role && one.roleId === other.roleId && one.status === other.status;
}

function present({ userId, role, roleId, status, createdAt, ...member }: StoredMember): Member {
  return {
    id: userId,
    email: member.user.email,
    name: member.user.name,
    role,
    roleId,
    roleName: role ?? member.customRole?.name ?? '',
    status: status === 'ACTIVE' ? 'ACTIVE' : 'SUSPENDED',
    mfaEnrolled: member.user.totpEnrolledAt !== null,
    createdAt: createdAt.toISOString(),
  };
}
