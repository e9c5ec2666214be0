import { PLATFORM_ROLES, TENANT_ROLES, isPlatformRole, type Permission } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import type { ActingPerson } from './acting-person.js';
import { permissionsOfRole } from './role-choice.js';

interface Row {
  readonly memberStatus: string | null;
  readonly role: string | null;
  readonly ownPermissions: readonly string[] | null;
  readonly platformRole: string | null;
}

/**
 * What a person may do at this moment. Elsewhere permissions may be ten seconds old; who hands them
 * on must have them now, or a role just taken away would live on in somebody else's.
 */
@Injectable()
export class Standing {
  /** Held until the transaction ends. */
  async lock(tx: Tx, { tenantId }: ActingPerson): Promise<void> {
    const name = `people:${tenantId ?? 'platform'}`;
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
  }

  /** Rejects with `auth.forbidden` without `needed`. */
  async of(tx: Tx, person: ActingPerson, needed: Permission): Promise<ReadonlySet<Permission>> {
    const { userId, sessionId, tenantId } = person;
    const [row] = await tx.$queryRaw<Row[]>`
      SELECT m.status AS "memberStatus", m.role, r.permissions AS "ownPermissions",
             p.role AS "platformRole"
        FROM user_session s
        JOIN user_account u ON u.id = s.user_id AND u.status = 'ACTIVE'
        LEFT JOIN membership m ON m.user_id = u.id AND m.tenant_id = ${tenantId}::uuid
        LEFT JOIN tenant_role r ON r.tenant_id = m.tenant_id AND r.id = m.role_id
        LEFT JOIN platform_member p ON p.user_id = u.id
       WHERE s.id = ${sessionId}::uuid AND s.user_id = ${userId}::uuid AND s.revoked_at IS NULL`;
    const held = new Set(row === undefined ? [] : permissionsOf(row, person));
    if (!held.has(needed)) throw new AppError('auth.forbidden', { permission: needed });
    return held;
  }
}

function permissionsOf(row: Row, { tenantId, reason }: ActingPerson): readonly Permission[] {
  const { platformRole } = row;
  const platform =
    platformRole !== null && isPlatformRole(platformRole) ? PLATFORM_ROLES[platformRole] : [];
  if (tenantId === null) return platform;
  if (reason !== null) {
    const mayAct = platform.some((permission) => permission === 'PLATFORM_TENANT_MANAGE');
    return mayAct ? TENANT_ROLES.tenant_admin : [];
  }
  return row.memberStatus === 'ACTIVE' ? permissionsOfRole(row.role, row.ownPermissions) : [];
}
