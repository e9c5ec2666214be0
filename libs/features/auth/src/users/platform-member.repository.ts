import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

/** One of the operator's people with the account behind it. */
export interface StoredPlatformMember {
  readonly userId: string;
  readonly role: string;
  readonly createdAt: Date;
  readonly user: {
    readonly email: string;
    readonly name: string;
    readonly status: string;
    readonly totpEnrolledAt: Date | null;
  };
}

const SHOWN = {
  userId: true,
  role: true,
  createdAt: true,
  user: { select: { email: true, name: true, status: true, totpEnrolledAt: true } },
} as const;

/** The operator's own people. */
@Injectable()
export class PlatformMemberRepository {
  /** By account, newest first. */
  async list(
    tx: Tx,
    page: { readonly before: string | null; readonly limit: number },
  ): Promise<readonly StoredPlatformMember[]> {
    return tx.platformMember.findMany({
      where: page.before === null ? {} : { userId: { lt: page.before } },
      orderBy: { userId: 'desc' },
      take: page.limit,
      select: SHOWN,
    });
  }

  async find(tx: Tx, userId: string): Promise<StoredPlatformMember | null> {
    return tx.platformMember.findUnique({ where: { userId }, select: SHOWN });
  }

  async hasEmail(tx: Tx, email: string): Promise<boolean> {
    return (await tx.platformMember.count({ where: { user: { email } } })) > 0;
  }

  /** Whether somebody else could still decide who the operator's people are. */
  async hasOtherSuperAdmin(tx: Tx, userId: string): Promise<boolean> {
    const others = await tx.platformMember.count({
      where: { userId: { not: userId }, role: 'super_admin', user: { status: 'ACTIVE' } },
    });
    return others > 0;
  }

  async add(tx: Tx, userId: string, role: string): Promise<void> {
    await tx.platformMember.create({ data: { userId, role } });
  }

  async changeRole(tx: Tx, userId: string, role: string): Promise<void> {
    await tx.platformMember.updateMany({ where: { userId }, data: { role } });
  }

  /** The account itself: one of the operator's people has no business anywhere once suspended. */
  async changeStatus(tx: Tx, userId: string, status: string, at: Date): Promise<void> {
    await tx.userAccount.update({ where: { id: userId }, data: { status, updatedAt: at } });
  }

  async remove(tx: Tx, userId: string): Promise<void> {
    await tx.platformMember.deleteMany({ where: { userId } });
  }
}
