import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

export interface StoredTenantRole {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
}

const SHOWN = { id: true, name: true, permissions: true } as const;

/** Roles a company made for itself. */
@Injectable()
export class TenantRoleRepository {
  async list(tx: Tx, tenantId: string, most: number): Promise<readonly StoredTenantRole[]> {
    return tx.tenantRole.findMany({
      where: { tenantId },
      orderBy: { name: 'asc' },
      take: most,
      select: SHOWN,
    });
  }

  async count(tx: Tx, tenantId: string): Promise<number> {
    return tx.tenantRole.count({ where: { tenantId } });
  }

  async find(tx: Tx, tenantId: string, id: string): Promise<StoredTenantRole | null> {
    return tx.tenantRole.findFirst({ where: { tenantId, id }, select: SHOWN });
  }

  async add(tx: Tx, tenantId: string, role: StoredTenantRole): Promise<void> {
    const { id, name, permissions } = role;
    await tx.tenantRole.create({ data: { tenantId, id, name, permissions: [...permissions] } });
  }

  async change(tx: Tx, tenantId: string, role: StoredTenantRole, at: Date): Promise<void> {
    const { id, name, permissions } = role;
    await tx.tenantRole.updateMany({
      where: { tenantId, id },
      data: { name, permissions: [...permissions], updatedAt: at },
    });
  }

  /** Whom it was given. */
  async holders(tx: Tx, tenantId: string, id: string): Promise<readonly string[]> {
    const rows = await tx.membership.findMany({
      where: { tenantId, roleId: id },
      select: { userId: true },
    });
    return rows.map(({ userId }) => userId);
  }

  async isOffered(tx: Tx, tenantId: string, id: string, at: Date): Promise<boolean> {
    const open = await tx.invitation.count({
      where: { tenantId, roleId: id, acceptedAt: null, revokedAt: null, expiresAt: { gt: at } },
    });
    return open > 0;
  }

  /** With the invitations that offered it and are over; the audit still tells of them. */
  async remove(tx: Tx, tenantId: string, id: string): Promise<void> {
    await tx.invitation.deleteMany({ where: { tenantId, roleId: id } });
    await tx.tenantRole.deleteMany({ where: { tenantId, id } });
  }
}
