import { Clock } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

/** A person's account as login needs it. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly status: string;
  readonly totpSealed: string | null;
  readonly totpEnrolledAt: Date | null;
}

/** Where a person may go: a company, or with no tenant the platform. */
export interface Entrance {
  readonly tenantId: string | null;
  readonly rnc: string;
  readonly name: string;
  /** AUT-5: not without a second factor. */
  readonly demandsFactor: boolean;
}

interface EntranceRow {
  readonly tenantId: string;
  readonly rnc: string;
  readonly name: string;
  readonly role: string | null;
  readonly ownPermissions: readonly string[] | null;
}

const FIELDS = {
  id: true,
  email: true,
  passwordHash: true,
  status: true,
  totpSealed: true,
  totpEnrolledAt: true,
} as const;

/** More companies than one accountant has. */
const MOST_ENTRANCES = 500;

@Injectable()
export class Accounts {
  constructor(private readonly clock: Clock) {}

  async byEmail(tx: Tx, email: string): Promise<Account | null> {
    return tx.userAccount.findUnique({ where: { email }, select: FIELDS });
  }

  async byId(tx: Tx, id: string): Promise<Account | null> {
    return tx.userAccount.findUnique({ where: { id }, select: FIELDS });
  }

  /** The account as it is now; nobody else changes it before the transaction ends. */
  async lock(tx: Tx, id: string): Promise<Account | null> {
    await tx.$queryRaw`SELECT id FROM user_account WHERE id = ${id}::uuid FOR UPDATE`;
    return this.byId(tx, id);
  }

  async setPassword(tx: Tx, id: string, passwordHash: string): Promise<void> {
    const updatedAt = this.clock.now();
    await tx.userAccount.update({
      where: { id },
      data: { passwordHash, passwordChangedAt: updatedAt, updatedAt },
    });
  }

  /** The same password at today's cost, unless it was changed meanwhile. */
  async rehash(tx: Tx, { id, passwordHash }: Account, better: string): Promise<void> {
    await tx.userAccount.updateMany({
      where: { id, passwordHash },
      data: { passwordHash: better },
    });
  }

  async entrances(tx: Tx, userId: string): Promise<readonly Entrance[]> {
    const platform = await tx.platformMember.count({ where: { userId } });
    const rows = await tx.$queryRaw<EntranceRow[]>`
      SELECT m.tenant_id AS "tenantId", t.rnc, t.name, m.role, r.permissions AS "ownPermissions"
        FROM membership m
        JOIN tenant t ON t.id = m.tenant_id
        LEFT JOIN tenant_role r ON r.tenant_id = m.tenant_id AND r.id = m.role_id
       WHERE m.user_id = ${userId}::uuid AND m.status = 'ACTIVE'
       ORDER BY t.name, t.id LIMIT ${MOST_ENTRANCES}`;
    const tenants = rows.map(({ tenantId, rnc, name, role, ownPermissions }) => ({
      tenantId,
      rnc,
      name,
      demandsFactor: platform > 0 || isAdministrative(role, ownPermissions),
    }));
    if (platform === 0) return tenants;
    return [...tenants, { tenantId: null, rnc: '', name: '', demandsFactor: true }];
  }

  /** In whose audit entries about the account itself go: its only company's, or nobody's. */
  async homeOf(tx: Tx, userId: string): Promise<string | null> {
    const homes = await tx.membership.findMany({
      where: { userId },
      select: { tenantId: true },
      take: 2,
    });
    return homes.length === 1 ? (homes[0]?.tenantId ?? null) : null;
  }
}

/** A role of a company's own that manages its people is an administrator's, whatever its name. */
function isAdministrative(role: string | null, own: readonly string[] | null): boolean {
  return role === 'tenant_admin' || own?.includes('TENANT_USER_MANAGE') === true;
}
