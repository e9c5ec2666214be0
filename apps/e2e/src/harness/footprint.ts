import { deliveries } from './ledger.js';
import type { Platform } from './platform.js';
import type { E2eTenant } from './tenants.js';

/** Everything an emission leaves behind, counted. */
export interface Footprint {
  readonly nextNumbers: Readonly<Record<string, string | null>>;
  readonly documents: number;
  readonly events: number;
  readonly outbox: number;
  readonly deliveries: number;
}

/** What there is of a tenant's documents, in every place one would show. */
export async function footprint(platform: Platform, tenant: E2eTenant): Promise<Footprint> {
  const [nextNumbers, documents, events, outbox, seen] = await Promise.all([
    tenant.api.nextNumbers(),
    tenant.api.listAll(),
    platform.database.tenantDb.run(tenant, (tx) =>
      tx.auditEvent.count({ where: { type: { startsWith: 'document.' } } }),
    ),
    outboxRows(platform, tenant),
    deliveries(platform, tenant),
  ]);
  return { nextNumbers, documents: documents.length, events, outbox, deliveries: seen.length };
}

/** Only the relay may read the outbox. */
async function outboxRows(platform: Platform, { id }: E2eTenant): Promise<number> {
  const { rows } = await platform.database.pools.query<{ count: string }>(
    'relay',
    'SELECT count(*) FROM outbox WHERE tenant_id = $1',
    [id],
  );
  return Number(rows[0]?.count);
}
