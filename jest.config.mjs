export default {
  testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/dist-faults', '<rootDir>/.data'],
  testRunner: '<rootDir>/tools/testing/native-framework.mjs',
  transform: {},
  // Databases for *.int.spec.ts and e2e: PostgreSQL starts when the first test asks for one.
  globalSetup: '<rootDir>/tools/testing/jest-global-setup.mjs',
  globalTeardown: '<rootDir>/tools/testing/jest-global-teardown.mjs',
  // One more than the cores CI has: some suites wait for time-outs and processes, not for a core.
  maxWorkers: 3,
  workerIdleMemoryLimit: '1500MB',
  // Ends what hangs, and nothing else: a busy machine may be five times as slow.
  testTimeout: 120_000,
};
