import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, basename, join } from 'node:path';
import { root } from '../aliases.mjs';
import { migrationFaults, withNew, type Checksums } from './migrations.js';
import { readFiles, readText } from './repository.js';

const RECORD = 'prisma/migrations/checksums.json';

function presentChecksums(): Checksums {
  return Object.fromEntries(
    readFiles(/^prisma\/migrations\/[^/]+\/migration\.sql$/).map(({ path, text }) => [
      basename(dirname(path)),
      createHash('sha256').update(text).digest('hex'),
    ]),
  );
}

test('merged migrations are as they were merged', () => {
  const file = join(root, RECORD);
  const recorded = existsSync(file) ? (JSON.parse(readText(RECORD)) as Checksums) : {};
  const present = presentChecksums();
  expect(Object.keys(present)).not.toEqual([]);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(file, `${JSON.stringify(withNew(recorded, present), null, 2)}\n`);
  } else {
    expect(migrationFaults(recorded, present)).toEqual([]);
  }
});

test('edited, lost and unrecorded migrations are found', () => {
  expect(migrationFaults({ one: 'a', two: 'b', three: 'c' }, { one: 'a', two: 'x', four: 'd' }))
    .toMatchInlineSnapshot(`
    [
      "two was edited after its merge: write a new migration instead",
      "three is gone: merged migrations stay",
      "four is not in checksums.json: run this test with UPDATE_GOLDEN=1",
    ]
  `);
});

test('recording never changes what is recorded', () => {
  expect(withNew({ two: 'b' }, { one: 'a', two: 'edited' })).toEqual({ one: 'a', two: 'b' });
});
