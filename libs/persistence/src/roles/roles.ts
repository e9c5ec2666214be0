/**
 * Run-time database roles, by trust: `app` one tenant · `batch` the tenants its transaction lists ·
 * `identity` look-ups before the tenant is known · `relay` outbox and due documents · `signer`
 * certificates and signing journal · `audit_append` the audit chain · `platform_read` the operator's
 * views · `queue` the queues' schema. The owner only migrates.
 */
export const DATABASE_ROLES = [
  'app',
  'batch',
  'identity',
  'relay',
  'signer',
  'audit_append',
  'platform_read',
  'queue',
] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

/** Name of the role in the cluster, also in migrations. */
export function roleName(role: DatabaseRole): `getupnet_${DatabaseRole}` {
  return `getupnet_${role}`;
}
