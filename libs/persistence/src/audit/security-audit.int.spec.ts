import { newId } from '@getupnet/kernel';
import { RequestContext, SecurityEvents } from '@getupnet/platform';
import { useTestDatabase } from '@getupnet/testkit';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { PLATFORM_TENANT_ID } from '../audit-log.js';
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

const database = useTestDatabase();
