import type { AuditVerification } from '@getupnet/contracts';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { AuditUnderTest } from '../testing/audit-under-test.js';

const HIDDEN = `INSERT INTO audit_event (tenant_id, month, id, type, actor, txid)
  VALUES (TENANT, date_trunc('month', now())::date, gen_random_uuid(), 'x', 'y', '3')`;
const SWAP = `DELETE FROM audit_link WHERE tenant_id = TENANT AND seq = 3;
  UPDATE audit_link SET event_id = (SELECT id FROM audit_event
    WHERE tenant_id = TENANT AND type = 'a.three') WHERE tenant_id = TENANT AND seq = 2`;
const CASES: readonly (readonly [string, string, object])[] = [
  [
    'an edit',
    `UPDATE audit_event SET payload = '{}' WHERE tenant_id = TENANT AND type = 'a.two'`,
    { seq: 2, reason: 'changed' },
  ],
  [
    'a deleted event',
    `DELETE FROM audit_event WHERE tenant_id = TENANT AND type = 'a.two'`,
    { seq: 2, reason: 'event_missing' },
  ],
  [
    'a deleted beginning that pretends to be archived',
    `UPDATE audit_link SET event_month = '2000-01-01' WHERE tenant_id = TENANT AND seq = 1;
    DELETE FROM audit_event WHERE tenant_id = TENANT AND type = 'a.one';
    CREATE TABLE IF NOT EXISTS audit_event_2001_01 PARTITION OF audit_event
      FOR VALUES FROM ('2001-01-01') TO ('2001-02-01')`,
    { seq: 1, reason: 'event_missing' },
  ],
  [
    'a deleted link',
    `DELETE FROM audit_link WHERE tenant_id = TENANT AND seq = 2`,
    { seq: 2, reason: 'missing' },
  ],
  ['another order', SWAP, { seq: 2, reason: 'changed' }],
  ['an event past the chain', HIDDEN, { seq: null, reason: 'unchained' }],
  [
    'a cut end',
    `DELETE FROM audit_event WHERE tenant_id = TENANT AND type = 'a.three';
    DELETE FROM audit_link WHERE tenant_id = TENANT AND seq = 3`,
    { seq: 3, reason: 'checkpoint' },
  ],
];

describe('what was done to a sealed chain', () => {
  let service: AuditUnderTest;
  // Before the database goes, hence declared first.
  afterAll(() => service.close());
  const database = useTestDatabase();
  const tenants: TestTenant[] = [];

  // A checkpoint made after a chain was cut tells the loss in that chain, which makes it longer.
  beforeAll(async () => {
    service = await AuditUnderTest.start(database());
    for (const _ of CASES) {
      const tenant = await createTestTenant(database());
      await service.write(tenant.id, 'a.one', 'a.two', 'a.three');
      tenants.push(tenant);
    }
    for (const tenant of tenants) await service.sealed(tenant, 3);
    await service.stopSealing();
  });

  test.each(CASES)('verify finds %s', async (name, sql, firstBad) => {
    const tenant = tenants[CASES.findIndex((one) => one[0] === name)];
    if (tenant === undefined) throw new RangeError(name);
    await service.tamper(sql.replaceAll('TENANT', `'${tenant.id}'`));
    const found = await service.json<AuditVerification>(tenant.apiKey, '/audit/verify');
    expect(found).toMatchObject({ ok: false, complete: true, firstBad });
  });
});
