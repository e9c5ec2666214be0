import {
  PLATFORM_ROLES,
  TENANT_ROLES,
  isPlatformRole,
  isTenantRole,
  TENANT_PERMISSIONS,
  type Environment,
  type Permission,
} from '@getupnet/contracts';
import { Pools } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { SessionDirectory, type SessionRecord, type SessionTenant } from './session-directory.js';

const FIND = `
  SELECT s.id AS "sessionId", s.user_id AS "userId", u.name AS "userName",
         s.expires_at AS "expiresAt", s.revoked_at IS NOT NULL AS revoked,
         u.status AS "userStatus", s.impersonation_reason AS "impersonationReason",
         s.tenant_id AS "tenantId", m.status AS "memberStatus", m.role AS "tenantRole",
         r.permissions AS "ownPermissions", p.role AS "platformRole",
         t.rnc, t.name AS "tenantName", t.environment, t.production_enabled AS "productionEnabled",
         t.status AS "tenantStatus", t.profile
    FROM user_session s
    JOIN user_account u ON u.id = s.user_id
    LEFT JOIN tenant t ON t.id = s.tenant_id
    LEFT JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id
    LEFT JOIN tenant_role r ON r.tenant_id = m.tenant_id AND r.id = m.role_id
    LEFT JOIN platform_member p ON p.user_id = s.user_id
   WHERE s.id = $1`;

interface Row {
  readonly sessionId: string;
  readonly userId: string;
  readonly userName: string;
  readonly expiresAt: Date;
  readonly revoked: boolean;
  readonly userStatus: string;
  readonly impersonationReason: string | null;
  readonly tenantId: string | null;
  readonly memberStatus: string | null;
  readonly tenantRole: string | null;
  readonly ownPermissions: readonly string[] | null;
  readonly platformRole: string | null;
  readonly rnc: string;
  readonly tenantName: string;
  readonly environment: Environment;
  readonly productionEnabled: boolean;
  readonly tenantStatus: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

/** Sessions in PostgreSQL, with what role and membership give at this moment. */
@Injectable()
export class DatabaseSessionDirectory extends SessionDirectory {
  constructor(private readonly pools: Pools) {
    super();
  }

  override async find(sessionId: string): Promise<SessionRecord | undefined> {
    const { rows } = await this.pools.query<Row>('identity', FIND, [sessionId]);
    const [row] = rows;
    if (row === undefined) return undefined;
    const { userId, userName, expiresAt, impersonationReason } = row;
    return {
      sessionId: row.sessionId,
      userId,
      userName,
      expiresAt,
      ended: row.revoked || row.userStatus !== 'ACTIVE' || !isEntitled(row),
      tenant: tenantOf(row),
      permissions: permissionsOf(row),
      impersonationReason,
    };
  }
}

/** Whether the user still is what the session was opened for. */
function isEntitled(row: Row): boolean {
  if (row.tenantId === null) return row.platformRole !== null;
  if (row.impersonationReason !== null) {
    return platformPermissions(row).includes('PLATFORM_TENANT_MANAGE');
  }
  return row.memberStatus === 'ACTIVE';
}

/** An operator who acts as a tenant may what its administrator may; the audit names both. */
function permissionsOf(row: Row): readonly Permission[] {
  if (!isEntitled(row)) return [];
  if (row.tenantId === null) return platformPermissions(row);
  if (row.impersonationReason !== null) return TENANT_ROLES.tenant_admin;
  if (row.tenantRole !== null) {
    return isTenantRole(row.tenantRole) ? TENANT_ROLES[row.tenantRole] : [];
  }
  const own = new Set(row.ownPermissions ?? []);
  return TENANT_PERMISSIONS.filter((permission) => own.has(permission));
}

function platformPermissions({ platformRole }: Row): readonly Permission[] {
  return platformRole !== null && isPlatformRole(platformRole) ? PLATFORM_ROLES[platformRole] : [];
}

function tenantOf(row: Row): SessionTenant | null {
  if (row.tenantId === null) return null;
  return {
    id: row.tenantId,
    rnc: row.rnc,
    name: row.tenantName,
    environment: row.environment,
    productionEnabled: row.productionEnabled,
    status: row.tenantStatus,
    profile: row.profile,
  };
}
