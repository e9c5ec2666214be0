import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

const SHOWN = {
  userId: true,
  role: true,
  roleId: true,
  status: true,
  createdAt: true,
  user: { select: { email: true, name: true, totpEnrolledAt: true } },
  customRole: { select: { name: true } },
} as const;

export interface StoredMember {
  readonly userId: string;
  readonly role: string | null;
  readonly roleId: string | null;
  readonly status: string;
  readonly createdAt: Date;
  readonly user: {
    readonly email: string;
    readonly name: string;
    readonly totpEnrolledAt: Date | null;
  };
  readonly customRole: { readonly name: string } | null;
}

export interface NewInvitation {
  readonly id: string;
  readonly tenantId: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  /** Of its token, which is nowhere. */
  readonly hash: string;
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Who belongs to a company or is invited to; service `auth` accepts the invitations. */
@Injectable()
export class PeopleRepository {
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

  async hasEmail(tx: Tx, tenantId: string, email: string): Promise<boolean> {
    return (await tx.membership.count({ where: { tenantId, user: { email } } })) > 0;
  }

  async invite(tx: Tx, invitation: NewInvitation): Promise<void> {
    await tx.invitation.create({ data: invitation, select: { id: true } });
  }

  /** Whoever is invited again has the new invitation only; answers which are void now. */
  async revokeInvitations(
    tx: Tx,
    to: { readonly tenantId: string; readonly email: string },
    at: Date,
  ): Promise<readonly string[]> {
    const revoked = await tx.invitation.updateManyAndReturn({
      where: { ...to, acceptedAt: null, revokedAt: null },
      data: { revokedAt: at },
      select: { id: true },
    });
    return revoked.map(({ id }) => id);
  }
}
