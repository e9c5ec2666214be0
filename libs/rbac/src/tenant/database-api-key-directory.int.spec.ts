import { createTestTenant, TEST_PROFILE, useTestDatabase } from '@getupnet/testkit';
import { hashApiKey, newApiKey } from './api-key.js';
import { DatabaseApiKeyDirectory } from './database-api-key-directory.js';

const database = useTestDatabase();

test('finds a key by its hash, with its tenant and profile', async () => {
  const tenant = await createTestTenant(database(), { permissions: ['TENANT_INVOICE_READ'] });
  await createTestTenant(database());
  const directory = new DatabaseApiKeyDirectory(database().pools);
  expect(await directory.find(hashApiKey(tenant.apiKey))).toEqual({
    apiKeyId: tenant.apiKeyId,
    name: 'prueba',
    permissions: ['TENANT_INVOICE_READ'],
    expiresAt: null,
    revokedAt: null,
    allowedCidrs: [],
    tenantId: tenant.id,
    rnc: tenant.rnc,
    tenantName: tenant.name,
    environment: 'testecf',
    productionEnabled: false,
    status: 'ACTIVE',
    profile: TEST_PROFILE,
  });
  expect(await directory.find(newApiKey().hash)).toBeUndefined();
});
