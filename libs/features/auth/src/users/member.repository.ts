import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import type { StoredRole } from './role-choice.js';

/** A member of a company with the account behind it. */
export interface StoredMember extends StoredRole {
  readonly userId: string;
  readonly status: string;
  readonly createdAt: Date;
  readonly user: {
    readonly email: string;
    readonly name: string;
    readonly totpEnrolledAt: Date | null;
  };
  readonly customRole: { readonly name: string; readonly permissions: readonly string[] } | null;
}

const SHOWN = {
  userId: true,
  role: true,
  roleId: true,
  status: true,
  createdAt: true,
  user: { select: { email: true, name: true, totpEnrolledAt: true } },
  customRole: { select: { name: true, permissions: true } },
} as const;

/** Memberships, of one company at a time. */
@Injectable()
export class MemberRepository {
  /** By account, newest first. */
  async list(
    tx: Tx,
    tenantId: string,
    page: { readonly before: string | null; readonly limit: number },
  ): Promise<readonly StoredMember[]> {
    return tx.membership.findMany({
      where: { tenantId, ...(page.before !== null && { userId: { lt: page.before } }) },
      orderBy: { userId: 'desc' },
      take: page.limit,
      select: SHOWN,
    });
  }

  async find(tx: Tx, tenantId: string, userId: string): Promise<StoredMember | null> {
    return tx.membership.findFirst({ where: { tenantId, userId }, select: SHOWN });
  }

  async hasEmail(tx: Tx, tenantId: string, email: string): Promise<boolean> {
    return (await tx.membership.count({ where: { tenantId, user: { email } } })) > 0;
  }

  /** Whether somebody else could still administer the company. */
  async hasOtherAdmin(tx: Tx, tenantId: string, userId: string): Promise<boolean> {
    const others = await tx.membership.count({
      where: {
        tenantId,
        userId: { not: userId },
        role: 'tenant_admin',
        status: 'ACTIVE',
        user: { status: 'ACTIVE' },
      },
    });
    return others > 0;
  }

  async add(
    tx: Tx,
    member: { readonly tenantId: string; readonly userId: string } & StoredRole,
  ): Promise<void> {
    const { tenantId, userId, role, roleId } = member;
    await tx.membership.create({ data: { tenantId, userId, role, roleId } });
  }

  async change(
    tx: Tx,
    { tenantId, userId }: { readonly tenantId: string; readonly userId: string },
    { role, roleId, status, at }: StoredRole & { readonly status: string; readonly at: Date },
  ): Promise<void> {
    await tx.membership.updateMany({
      where: { tenantId, userId },
      data: { role, roleId, status, updatedAt: at },
    });
  }

  async remove(tx: Tx, tenantId: string, userId: string): Promise<void> {
    await tx.membership.deleteMany({ where: { tenantId, userId } });
  }
}
