export { EcfBuilder, ecf31, ecf32, ecf34, type TestLine } from './ecf-builder.js';
export { FakeClock } from './fake-clock.js';
export { TestDatabase, createTestDatabase, useTestDatabase } from './test-database.js';
export {
  TEST_PROFILE,
  TIPOS,
  createTestTenant,
  testRnc,
  type TestTenant,
  type TestTenantOverrides,
} from './test-tenant.js';
export { waitFor, type WaitOptions } from './wait-for.js';
