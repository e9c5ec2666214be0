import type { Permission } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { PLATFORM_TENANT_ID, type AuditEntry } from '@getupnet/persistence';
import { actorText, type TenantContext, type UserContext } from '@getupnet/tenant-context';

/** Who changes people, roles or keys: always a person, so that the audit names one. */
export interface ActingPerson {
  readonly userId: string;
  readonly sessionId: string;
  /** None: for the platform. */
  readonly tenantId: string | null;
  /** `user:…` or `operator:…`, as the audit names them. */
  readonly actor: string;
  /** Why an operator acts as the tenant. */
  readonly reason: string | null;
}

/** In a company: its own people, or an operator who acts as it. */
export function actingIn(tenant: TenantContext, user: UserContext): TenantPerson {
  return {
    userId: user.userId,
    sessionId: user.sessionId,
    tenantId: tenant.tenantId,
    actor: actorText(tenant.actor),
    reason: user.impersonationReason,
  };
}

/** Somebody who acts in a company. */
export type TenantPerson = ActingPerson & { readonly tenantId: string };

export function actingForPlatform({ userId, sessionId }: UserContext): ActingPerson {
  return { userId, sessionId, tenantId: null, actor: `operator:${userId}`, reason: null };
}

/** Of a person, what the audit tells. */
export type Teller = Pick<ActingPerson, 'tenantId' | 'actor' | 'reason'>;

/** What was changed: how it was, and how it is now. */
export interface Change {
  readonly type: string;
  readonly subjectId: string;
  readonly before?: object | null;
  readonly after?: object | null;
}

/** The audit entry of a change, for the person's company unless another is told. */
export function changeBy(
  person: Teller,
  { type, subjectId, before = null, after = null }: Change,
  tenantId: string | null = person.tenantId,
): AuditEntry {
  return {
    tenantId: tenantId ?? PLATFORM_TENANT_ID,
    type,
    subjectId,
    actor: person.actor,
    payload: { before, after, ...(person.reason !== null && { reason: person.reason }) },
  };
}

/** Nobody gives, or decides about, what they do not have themselves. */
export function assertHolds(held: ReadonlySet<Permission>, wanted: readonly Permission[]): void {
  const missing = wanted.find((permission) => !held.has(permission));
  if (missing !== undefined) throw new AppError('auth.forbidden', { permission: missing });
}
