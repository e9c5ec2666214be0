import type { UserContext } from '@getupnet/tenant-context';
import type { LiveSession } from './session-access.js';

/** The person of a session, for the request's context. */
export function userOf(session: LiveSession): UserContext {
  return {
    userId: session.userId,
    name: session.userName,
    sessionId: session.sessionId,
    tenantId: session.tenant?.id ?? null,
    permissions: session.permissions,
    impersonationReason: session.impersonationReason,
  };
}
