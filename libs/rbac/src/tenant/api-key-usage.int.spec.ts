import { Pools } from '@getupnet/persistence';
import { SecurityEvents } from '@getupnet/platform';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { MovableClock } from '../test-support.js';
import { ApiKeyUsage } from './api-key-usage.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const database = useTestDatabase();
const clock = new MovableClock(NOW);
const events = new SecurityEvents({
  logger: pino({ enabled: false }),
  registry: new Registry(),
});

async function lastUse({ id, apiKeyId }: TestTenant): Promise<string | undefined> {
  const { rows } = await database().pools.query<{ at: Date | null }>(
    'identity',
    'SELECT last_used_at AS at FROM api_key WHERE tenant_id = $1 AND id = $2',
    [id, apiKeyId],
  );
  return rows[0]?.at?.toISOString();
}

const noted = ({ id, apiKeyId }: TestTenant) => ({ tenantId: id, apiKeyId });

test('a use is written once a minute and key, whatever the traffic', async () => {
  const [one, other] = [await createTestTenant(database()), await createTestTenant(database())];
  const usage = new ApiKeyUsage(database().pools, clock, events);
  for (let at = 0; at < 1_000; at += 1) usage.note(noted(one));
  usage.note(noted(other));
  await usage.write();
  expect([await lastUse(one), await lastUse(other)]).toEqual(
    Array(2).fill(new Date(NOW).toISOString()),
  );

  clock.ms = NOW + 59_999;
  usage.note(noted(one));
  await usage.write();
  expect(await lastUse(one)).toBe(new Date(NOW).toISOString());

  clock.ms = NOW + 60_000;
  usage.note(noted(one));
  // Another process that is behind does not set it back.
  const behind = new ApiKeyUsage(database().pools, new MovableClock(NOW + 30_000), events);
  behind.note(noted(one));
  await usage.onApplicationShutdown();
  await behind.write();
  expect(await lastUse(one)).toBe(new Date(NOW + 60_000).toISOString());
});

test('a database that is away costs the note, not the request', async () => {
  const away = new Pools({ urls: { DATABASE_URL: 'postgresql://x:y@127.0.0.1:1/none' } });
  const usage = new ApiKeyUsage(away, clock, events);
  usage.note({ tenantId: 't', apiKeyId: 'k' });
  await expect(usage.write()).resolves.toBeUndefined();
  await away.close();
});
