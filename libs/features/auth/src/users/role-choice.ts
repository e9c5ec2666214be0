import {
  TENANT_PERMISSIONS,
  TENANT_ROLES,
  isTenantRole,
  type TenantPermission,
  type TenantRole,
} from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';

/** A role as a request names it: one that every company has, or one of the company's own. */
export interface RoleChoice {
  readonly role?: TenantRole | undefined;
  readonly roleId?: string | undefined;
}

/** A role as stored; exactly one of both is set. */
export interface StoredRole {
  readonly role: string | null;
  readonly roleId: string | null;
}

export interface ChosenRole extends StoredRole {
  readonly permissions: readonly TenantPermission[];
}

/** Rejects with `resource.not_found` for a role that is not the company's. */
export async function chosenRole(
  tx: Tx,
  tenantId: string,
  { role, roleId }: RoleChoice,
): Promise<ChosenRole> {
  if (role !== undefined) return { role, roleId: null, permissions: TENANT_ROLES[role] };
  const own = await tx.tenantRole.findFirst({
    where: { tenantId, id: roleId ?? '' },
    select: { id: true, permissions: true },
  });
  if (own === null) throw new AppError('resource.not_found');
  return { role: null, roleId: own.id, permissions: permissionsOfRole(null, own.permissions) };
}

/** What a stored role allows; names and permissions we do not know allow nothing. */
export function permissionsOfRole(
  role: string | null,
  own: readonly string[] | null,
): readonly TenantPermission[] {
  if (role !== null) return isTenantRole(role) ? TENANT_ROLES[role] : [];
  const stored = new Set(own ?? []);
  return TENANT_PERMISSIONS.filter((permission) => stored.has(permission));
}
