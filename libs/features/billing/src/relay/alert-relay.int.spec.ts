import { newId } from '@getupnet/kernel';
import { Inbox, Outbox, RelayStore, TenantDb } from '@getupnet/persistence';
import type { SecurityEvents } from '@getupnet/platform';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { Logger } from '@nestjs/common';
import { AlertRelay } from './alert-relay.worker.js';

Logger.overrideLogger(false);

describe('AlertRelay', () => {
  const database = useTestDatabase();
  const told: { type: string; details: unknown; tenantId: unknown }[] = [];
  const events = {
    emit: (type: string, details: unknown, context: { tenantId?: string }) =>
      told.push({ type, details, tenantId: context.tenantId }),
  } as unknown as SecurityEvents;

  const relay = () => {
    const { pools } = database();
    return new AlertRelay(new RelayStore(pools), new TenantDb(pools), new Inbox(), events);
  };
  const announce = (tenant: TestTenant, key: string, alert: object) =>
    database().tenantDb.run(tenant, (tx) =>
      new Outbox().add(tx, { topic: 'alerts', key, payload: { ...alert } }),
    );
  const alert = { type: 'document.dead_letter', details: { documentId: 'd', reason: 'internal' } };

  beforeEach(() => {
    told.length = 0;
  });

  it('tells what the outbox says, as the tenant’s', async () => {
    const tenant = await createTestTenant(database());
    await announce(tenant, newId(), alert);
    await relay().pass();
    expect(told).toEqual([{ ...alert, tenantId: tenant.tenantId }]);
    await relay().pass();
    expect(told).toHaveLength(1);
  });

  it('EMI-5: an event that comes twice is told once', async () => {
    const tenant = await createTestTenant(database());
    const key = newId();
    // As after a crash between telling and marking the row as handed on.
    await announce(tenant, key, alert);
    await announce(tenant, key, alert);
    await relay().pass();
    await announce(tenant, key, alert);
    await relay().pass();
    expect(told).toHaveLength(1);
  });

  it('what is no alert does not keep the others back', async () => {
    const tenant = await createTestTenant(database());
    await announce(tenant, newId(), { type: 'no.such_event', details: {} });
    await announce(tenant, newId(), alert);
    await relay().pass();
    expect(told).toHaveLength(1);
    await relay().pass();
    expect(told).toHaveLength(1);
  });
});
