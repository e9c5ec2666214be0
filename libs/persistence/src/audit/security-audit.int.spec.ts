import { newId } from '@getupnet/kernel';
import { RequestContext, SecurityEvents } from '@getupnet/platform';
import { useTestDatabase } from '@getupnet/testkit';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { PLATFORM_TENANT_ID } from '../audit-log.js';
import type { Pools } from '../db/pools.js';
import type { DatabaseRole } from '../roles/roles.js';
import { SecurityAudit } from './security-audit.js';

// AUD-3, OBS-3: security events are in the audit.

test('the bus is written to the chains of whom it concerns, a flood with its count', async () => {
  const events = new SecurityEvents({
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
  });
  const audit = new SecurityAudit(database().pools, events);
  const tenantId = newId();
  const context = new RequestContext({ traceId: 'trace-1234', tenantId, service: 'billing' });
  events.emit('tenant.mismatch', { stated: 'x\u0000y' }, context);
  for (let at = 0; at < 25; at += 1) events.emit('auth.failed');
  await audit.onApplicationShutdown();
  const { rows } = await database().pools.query<{ tenant_id: string; type: string; n: number }>(
    'audit_append',
    `SELECT tenant_id, type, count(*)::int AS n, max(payload ->> 'withheld') AS withheld
     FROM audit_event GROUP BY 1, 2 ORDER BY 2`,
  );
  expect(rows).toEqual([
    { tenant_id: PLATFORM_TENANT_ID, type: 'security.auth.failed', n: 21, withheld: '5' },
    { tenant_id: tenantId, type: 'security.tenant.mismatch', n: 1, withheld: null },
  ]);
});

/** An audit of what is emitted, and the events it wrote for a tenant. */
function auditOf(pools: Pools) {
  const logger = pino({ level: 'silent' });
  const events = new SecurityEvents({ logger, registry: new Registry() });
  const audit = new SecurityAudit(pools, events);
  const written = async (tenantId: string) => {
    const { rows } = await database().pools.query<{ n: number }>(
      'audit_append',
      'SELECT count(*)::int AS n FROM audit_event WHERE tenant_id = $1',
      [tenantId],
    );
    return rows[0]?.n;
  };
  return { audit, events, written };
}

const about = (tenantId: string) =>
  new RequestContext({ traceId: 'trace-1234', tenantId, service: 'billing' });

test('a batch whose commit was not answered is written again as what it is', async () => {
  let answered = 0;
  const { pools } = database();
  // The server commits, and the connection goes before it says so.
  const deaf = {
    available: pools.available,
    get: (role: DatabaseRole) => ({
      connect: async () => {
        const client = await pools.get(role).connect();
        const query = async (text: string, values?: unknown[]) => {
          const result = await client.query(text, values);
          if (text === 'COMMIT' && (answered += 1) === 1) {
            throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
          }
          return result;
        };
        return { query, release: () => client.release() };
      },
    }),
  };
  const { audit, events, written } = auditOf(deaf as unknown as Pools);
  const tenantId = newId();
  events.emit('auth.failed', {}, about(tenantId));
  await audit.onApplicationShutdown();
  expect(await written(tenantId)).toBe(1);
  events.emit('tenant.mismatch', {}, about(tenantId));
  await audit.onApplicationShutdown();
  expect([answered, await written(tenantId)]).toEqual([2, 2]);
});

test('a row the database refuses does not hold up the others', async () => {
  const { audit, events, written } = auditOf(database().pools);
  const tenantId = newId();
  events.emit('auth.failed', {}, about('not-a-uuid'));
  events.emit('tenant.mismatch', {}, about(tenantId));
  await audit.onApplicationShutdown();
  expect(await written(tenantId)).toBe(1);
});

const database = useTestDatabase();
