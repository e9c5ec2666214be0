import type { Environment, Permission } from '@getupnet/contracts';

/** The tenant a session acts for, as stored. */
export interface SessionTenant {
  readonly id: string;
  readonly rnc: string;
  readonly name: string;
  readonly environment: Environment;
  readonly productionEnabled: boolean;
  readonly status: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

/** A session as it is now: its user, what the user may do, and for whom. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly userId: string;
  readonly userName: string;
  readonly expiresAt: Date;
  /** Logged out, revoked, or its user or membership suspended or gone. */
  readonly ended: boolean;
  /** None: the session is of the operator's people, for the platform. */
  readonly tenant: SessionTenant | null;
  readonly permissions: readonly Permission[];
  /** Why an operator acts as this tenant; null for a member's own session. */
  readonly impersonationReason: string | null;
}

/** Where sessions are looked up. */
export abstract class SessionDirectory {
  /** Ended and expired ones included; undefined when there never was such a session. */
  abstract find(sessionId: string): Promise<SessionRecord | undefined>;
}
