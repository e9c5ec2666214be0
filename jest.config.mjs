import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aliases, root } from './tools/aliases.mjs';

const swc = JSON.parse(readFileSync(join(root, 'tools/swc.json'), 'utf8'));
// Tests may arm crash points (libs/platform/src/faults), and see the code as it was written.
swc.jsc.transform.optimizer = { globals: { vars: { CRASH_POINTS: 'true' } } };

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const moduleNameMapper = Object.fromEntries([
  ...Object.entries(aliases()).map(([alias, file]) => [`^${escape(alias)}$`, `<rootDir>/${file}`]),
  ['^(\\.{1,2}/.*)\\.js$', '$1'],
]);

export default {
  testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { swcrc: false, ...swc, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  moduleNameMapper,
  // Databases for *.int.spec.ts and e2e: PostgreSQL starts when the first test asks for one.
  globalSetup: '<rootDir>/tools/testing/jest-global-setup.mjs',
  globalTeardown: '<rootDir>/tools/testing/jest-global-teardown.mjs',
  maxWorkers: 2,
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 30_000,
};
