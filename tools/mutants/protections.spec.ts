import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../aliases.mjs';
import { PROTECTIONS } from './protections.data.js';

test.each(PROTECTIONS.map((protection) => [protection.id, protection] as const))(
  '%s is taken away from where it stands, and its tests exist',
  (_id, { without, tests }) => {
    expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(tests).not.toEqual([]);
    if ('sql' in without) return;
    const source = readFileSync(join(root, without.file), 'utf8');
    expect(source.split(without.from)).toHaveLength(2);
  },
);

test('names are given once', () => {
  const ids = PROTECTIONS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
