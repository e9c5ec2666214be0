import { createTestTenant } from './test-tenant.js';
import { useTestDatabase } from './test-database.js';

describe('test database', () => {
  const database = useTestDatabase();

  test('is migrated, and its tenants can emit', async () => {
    const tenant = await createTestTenant(database(), { name: 'Otra SRL' });
    const ranges = await database().tenantDb.run(tenant, (tx) => tx.encfRange.findMany());
    expect(ranges.map((range) => range.id).sort()).toEqual(Object.values(tenant.ranges).sort());
    const { rows } = await database().pools.query('identity', 'SELECT name FROM tenant');
    expect(rows).toEqual([{ name: 'Otra SRL' }]);
  });
});
