import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const runbook = readFileSync(join(here, '../../docs/runbooks/dgii-connection.md'), 'utf8');

/** First argument of every finding that asks for something. */
const ASKING = /\b(?:failed|warning)\(\s*'([a-z0-9_]+(?:\.[a-z0-9_]+)?)'/g;

const codes = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
  .flatMap((path) => [...readFileSync(join(here, path), 'utf8').matchAll(ASKING)])
  .map(([, code = '']) => code);

test('the findings were found', () => {
  expect(codes.length).toBeGreaterThan(40);
  expect(codes).toEqual(expect.arrayContaining(['tls.name', 'clock.ahead', 'p12.password']));
});

test.each([...new Set(codes)])('the runbook says what to do about %s', (code) => {
  expect(runbook).toContain(`\`${code}\``);
});
