import type { AuditCheckpoints, AuditReader, CursorCodec } from '@getupnet/persistence';
import { FakeClock } from '@getupnet/testkit';
import type { CheckpointFiles } from '../checkpoints/checkpoint-files.js';
import { Seals } from './seals.js';
import { VerifyChain } from './verify-chain.use-case.js';

const TENANT = '0190a0b0-0000-7000-8000-000000000001';
const NOW = new Date('2036-11-21T00:00:00Z');
const ROOT = '0'.repeat(128);

test('a chain that became shorter than it was when its verification began does not hold', async () => {
  const reader = { head: async () => 3, walk: async () => [], rawPage: async () => null };
  const chain = new VerifyChain(
    reader as unknown as AuditReader,
    { newest: async () => 0 } as unknown as Seals,
    new FakeClock(),
    {} as CursorCodec,
  );
  expect(await chain.run(TENANT, { from: 1, to: 3, limit: 10 })).toMatchObject({
    ...{ ok: false, complete: true, nextCursor: null },
    firstBad: { seq: 1, eventId: null, reason: 'missing' },
  });
});

/** A store whose checkpoints were made on these days, each after one more entry. */
function sealsOf(oldest: string, ...days: readonly string[]): Seals {
  const read = async (number: number) => {
    const day = days[number - 1];
    if (day === undefined) return null;
    const at = new Date(day);
    const heads = { [TENANT]: { seq: number, hash: ROOT } };
    const rest = { count: 1, root: ROOT, previous: ROOT, full: true, version: 1 };
    return { at, full: true, body: JSON.stringify({ ...rest, number, at, heads }) };
  };
  const files = { read, highest: async () => days.length };
  return new Seals(
    { oldestMonth: async () => oldest } as unknown as AuditReader,
    { latest: async () => null } as unknown as AuditCheckpoints,
    files as unknown as CheckpointFiles,
  );
}

test('what may have been archived is what a checkpoint of that age states', async () => {
  const old = '2026-11-01';
  const days = ['2026-01-01', '2026-10-31', '2026-11-15', '2026-12-02', '2030-01-01'];
  expect(await sealsOf(old, ...days).archive(TENANT, NOW)).toEqual({ before: old, upTo: 3 });
  expect(await sealsOf(old, ...days.slice(3)).archive(TENANT, NOW)).toBeNull();
  // Younger months are never archived: what is not here was taken away.
  expect(await sealsOf('2026-12-01', ...days).archive(TENANT, NOW)).toBeNull();
});
