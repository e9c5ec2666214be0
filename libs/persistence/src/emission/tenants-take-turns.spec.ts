import { AppError } from '@getupnet/kernel';
import type { BatchDb } from '../db/batch-db.js';
import { AcceptWriter } from './accept-writer.js';
import { DocumentReader } from './document-reader.js';
import { EmissionReader } from './emission-reader.js';
import { acceptRow } from './testing/accept-row.js';
import { TransitionWriter } from './transition-writer.js';
import type { TransitionRow } from './transition.types.js';

// LIM-2: who has one document waits for no thousand of somebody else's, in whichever group.

/** Notes whose items come in each group; there is no database behind it. */
function noting() {
  const groups: (readonly string[])[] = [];
  const note = (tenantIds: readonly string[]): Promise<never> => {
    groups.push(tenantIds);
    return Promise.reject(new AppError('dependency.unavailable', { dependency: 'none' }));
  };
  return { groups, db: { one: note, run: note } as unknown as BatchDb };
}

const step = (tenantId: string): TransitionRow => ({
  ...{ tenantId, documentId: 'd', artefactMonth: '2026-01-01', from: 'QUEUED', to: 'SIGNED' },
  ...{ epoch: 0, leaseMs: null, nextAttemptInMs: 1_000, attempts: 0, faults: 0, starts: 0 },
  ...{ parked: false, patch: {}, actor: 'test', enqueue: true, artefacts: [], events: [] },
});

test.each<[string, (db: BatchDb) => (tenantId: string) => Promise<unknown>]>([
  [
    'accepting',
    (db) => {
      const writer = new AcceptWriter(db);
      return (tenantId) => writer.submit(acceptRow({ tenantId, rnc: '131880681' }));
    },
  ],
  [
    'steps',
    (db) => {
      const writer = new TransitionWriter(db);
      return (tenantId) => writer.submit(step(tenantId));
    },
  ],
  [
    'reading for the stages',
    (db) => {
      const reader = new EmissionReader(db);
      return (tenantId) => reader.load({ tenantId, documentId: 'd' });
    },
  ],
  [
    'reading for answers',
    (db) => {
      const reader = new DocumentReader(db);
      return (tenantId) => reader.load({ tenantId, documentId: 'd' });
    },
  ],
])('%s', async (_, make) => {
  const { groups, db } = noting();
  const submit = make(db);
  const all = Array.from({ length: 200 }, () => submit('busy'));
  await Promise.allSettled([...all, submit('other')]);
  expect(groups[0]).toHaveLength(64);
  expect(groups[0]).toContain('other');
});
