import { findBannedText } from './banned-text.js';
import { readFiles } from './repository.js';

// The list of banned text and its tests spell out what they ban.
const OWN = /^tools\/(tidy|lint-fixture)\//;

test('the repository holds no banned text', () => {
  const files = readFiles(/^/).filter(({ path }) => !OWN.test(path));
  expect(files.length).toBeGreaterThan(300);
  expect(findBannedText(files)).toEqual([]);
});

const planted: readonly [string, string][] = [
  ['libs/ecf/src/a.ts', '// TODO later'],
  ['docs/a.md', 'FIXME'],
  ['libs/ecf/src/a.ts', '// eslint-disable-next-line'],
  ['libs/ecf/src/a.ts', '// @ts-ignore'],
  ['apps/all/src/a.ts', 'const id = Math.random();'],
  ['libs/features/sign/src/a.ts', 'const now = Date.now();'],
  ['libs/ecf/src/a.ts', 'const now = new Date();'],
  ['libs/queues/src/a.ts', "process.env['REDIS_URL']"],
  ['libs/queues/src/a.spec.ts', 'await new Promise((resolve) => setTimeout(resolve, 50));'],
  ['libs/queues/src/a.spec.ts', "import { setTimeout as delay } from 'node:timers/promises';"],
  ['libs/queues/src/a.spec.ts', "test.only('x', () => {"],
  ['libs/persistence/src/a.ts', "query('SET LOCAL app.tenant_id = 1')"],
  ['prisma/migrations/1/migration.sql', 'ALTER ROLE x BYPASSRLS;'],
  ['libs/ecf/src/a.ts', 'parseFloat(amount)'],
  ['docs/a.md', 'see /home/ana/ecf'],
  ['libs/xmldsig/src/a.spec.ts', '-----BEGIN PRIVATE KEY-----'],
];

test.each(planted)('finds what was planted in %s: %s', (path, line) => {
  expect(findBannedText([{ path, text: `good\n${line}\n` }])).toEqual([
    expect.stringMatching(new RegExp(`^${path}:2 «.*»; instead: `)),
  ]);
});

const allowed: readonly [string, string][] = [
  ['libs/ecf/src/a.ts', 'const at = new Date(text);'],
  ['libs/platform/src/config/load-config.ts', 'source = process.env'],
  ['libs/queues/src/a.ts', "import { setTimeout as delay } from 'node:timers/promises';"],
  ['prisma/migrations/1/migration.sql', 'CREATE ROLE x NOBYPASSRLS;'],
  ['docs/a.md', 'GET https://example.test/home/x and /tenant/invoices'],
  ['libs/persistence/src/a.ts', "set_config('app.tenant_id', $1, true)"],
];

test.each(allowed)('leaves alone what is right in %s: %s', (path, line) => {
  expect(findBannedText([{ path, text: line }])).toEqual([]);
});
