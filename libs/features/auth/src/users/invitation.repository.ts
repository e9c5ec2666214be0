import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import type { StoredRole } from './role-choice.js';

export interface StoredInvitation extends StoredRole {
  readonly id: string;
  /** None: to the operator's own people. */
  readonly tenantId: string | null;
  readonly email: string;
  readonly name: string;
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface NewInvitation extends Omit<StoredInvitation, 'acceptedAt' | 'revokedAt'> {
  /** Of its token, which is nowhere. */
  readonly hash: string;
}

const SHOWN = {
  id: true,
  tenantId: true,
  email: true,
  name: true,
  role: true,
  roleId: true,
  invitedBy: true,
  createdAt: true,
  expiresAt: true,
  acceptedAt: true,
  revokedAt: true,
} as const;

const OPEN = { acceptedAt: null, revokedAt: null } as const;

/** Invitations: of one company at a time, or of the platform. */
@Injectable()
export class InvitationRepository {
  async add(tx: Tx, invitation: NewInvitation): Promise<void> {
    await tx.invitation.create({ data: invitation });
  }

  /** Newest first. */
  async list(
    tx: Tx,
    tenantId: string | null,
    page: { readonly before: string | null; readonly limit: number },
  ): Promise<readonly StoredInvitation[]> {
    return tx.invitation.findMany({
      where: { tenantId, ...(page.before !== null && { id: { lt: page.before } }) },
      orderBy: { id: 'desc' },
      take: page.limit,
      select: SHOWN,
    });
  }

  async find(tx: Tx, tenantId: string | null, id: string): Promise<StoredInvitation | null> {
    return tx.invitation.findFirst({ where: { tenantId, id }, select: SHOWN });
  }

  async findByHash(
    tx: Tx,
    hash: string,
  ): Promise<(StoredInvitation & { readonly tenant: { readonly status: string } | null }) | null> {
    return tx.invitation.findUnique({
      where: { hash },
      select: { ...SHOWN, tenant: { select: { status: true } } },
    });
  }

  /** Uses it up; of many at once one succeeds. */
  async accept(tx: Tx, id: string, at: Date): Promise<boolean> {
    const { count } = await tx.invitation.updateMany({
      where: { id, ...OPEN, expiresAt: { gt: at } },
      data: { acceptedAt: at },
    });
    return count === 1;
  }

  /** Revokes those that are open; answers which. Without `tenantId`: wherever they invite to. */
  async revoke(
    tx: Tx,
    which: {
      readonly tenantId?: string | null;
      readonly id?: string;
      readonly email?: string;
      readonly invitedBy?: { readonly in: string[] };
    },
    at: Date,
  ): Promise<readonly StoredInvitation[]> {
    return tx.invitation.updateManyAndReturn({
      where: { ...which, ...OPEN },
      data: { revokedAt: at },
      select: SHOWN,
    });
  }
}
