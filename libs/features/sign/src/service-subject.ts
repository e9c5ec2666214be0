import type { Permission } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { ServiceCall } from '@getupnet/rbac';

/** The tenant a call from another service is about, as its signed context says. */
export function tenantOf(call: ServiceCall): string {
  if (call.tenantId === null) throw new AppError('tenant.required');
  return call.tenantId;
}

/** Who asked in the first place, with the service that passed it on. */
export function actorOf(call: ServiceCall): string {
  return call.actor ?? `service:${call.caller}`;
}

/** SVC-2: the original subject is authorised, not the service that calls. */
export function requirePermission(call: ServiceCall, allowed: readonly Permission[]): void {
  if (allowed.some((permission) => permission === call.permission)) return;
  throw new AppError('auth.forbidden', { permission: allowed[0] ?? '' });
}
