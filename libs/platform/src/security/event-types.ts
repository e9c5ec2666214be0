import type { ProblemCode } from '@getupnet/contracts';

/** How bad a security event is; `critical` also goes to the alert channel. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** Every security event there is, with its severity. Types are documented and never reused. */
export const SECURITY_EVENTS = {
  'address.refused': 'medium',
  'audit.chain_broken': 'critical',
  'audit.lagging': 'high',
  'audit.worm_refused': 'critical',
  'auth.failed': 'low',
  'auth.locked': 'medium',
  'auth.mfa_replayed': 'high',
  'auth.refresh_reused': 'critical',
  'contingency.closed': 'medium',
  'contingency.deadline': 'critical',
  'contingency.opened': 'high',
  'cors.origin_denied': 'low',
  'csrf.failed': 'medium',
  'document.dead_letter': 'high',
  'job.dead_letter': 'medium',
  'peer.identity_mismatch': 'high',
  'peer.invalid_response': 'medium',
  'permission.denied': 'low',
  'rate.limited': 'low',
  'rate.store_lost': 'medium',
  'request.suspicious': 'low',
  'sequence.expiring': 'medium',
  'sequence.low': 'medium',
  'sequence.used_up': 'high',
  'sequence.void_unsettled': 'medium',
  'sign.digest_conflict': 'critical',
  'ssrf.blocked': 'high',
  'tenant.mismatch': 'high',
} as const satisfies Record<string, Severity>;

export type SecurityEventType = keyof typeof SECURITY_EVENTS;

/** Answers that are security events by themselves: whoever throws them need not emit. */
const PROBLEM_EVENTS: Readonly<Record<string, SecurityEventType>> = {
  'auth.token_missing': 'auth.failed',
  'auth.token_invalid': 'auth.failed',
  'auth.token_expired': 'auth.failed',
  'auth.invalid_credentials': 'auth.failed',
  'auth.mfa_invalid': 'auth.failed',
  'auth.mfa_challenge_expired': 'auth.failed',
  'auth.mfa_replayed': 'auth.mfa_replayed',
  'auth.refresh_reused': 'auth.refresh_reused',
  'auth.locked': 'auth.locked',
  'auth.forbidden': 'permission.denied',
  'cors.origin_denied': 'cors.origin_denied',
  'csrf.failed': 'csrf.failed',
  'rate.limited': 'rate.limited',
  'tenant.mismatch': 'tenant.mismatch',
  'url.forbidden': 'ssrf.blocked',
};

/** The event an answer with this problem is, if any. */
export function eventOfProblem(code: ProblemCode): SecurityEventType | undefined {
  return PROBLEM_EVENTS[code];
}
