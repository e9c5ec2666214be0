import { jest } from '@jest/globals';
import type { DocumentJob } from '@getupnet/contracts';
import type { Config } from '@getupnet/platform';
import { Outstanding } from './outstanding.js';

const job = (tenantId: string, ...documentIds: string[]): DocumentJob => ({
  version: 1,
  tenantId,
  documentIds,
});

describe('Outstanding', () => {
  const outstanding = (concurrency: number): Outstanding => {
    const env = { BILLING_CONCURRENCY: concurrency, BILLING_HAND_OVER_MS: 30_000 };
    return new Outstanding({ get: () => env } as unknown as Config);
  };

  it('gives one tenant a third of the places, and at least one', () => {
    const two = outstanding(6);
    two.add([job('a', '1')]);
    expect([two.isFull('a'), two.rooms()]).toEqual([false, [{ tenantId: 'a', rows: 64 }]]);
    two.add([job('a', '2', '3')]);
    expect([two.isFull('a'), two.rooms()]).toEqual([true, [{ tenantId: 'a', rows: 0 }]]);
    expect(two.isFull('b')).toBe(false);
    const one = outstanding(1);
    one.add([job('a', '1')]);
    expect(one.isFull('a')).toBe(true);
  });

  it('says when a full tenant has room again', () => {
    const jobs = outstanding(6);
    let freed = 0;
    jobs.onRoom(() => (freed += 1));
    jobs.add([job('a', '1'), job('a', '2')]);
    jobs.ended(job('a', '9'));
    jobs.ended(job('b', '1'));
    expect(freed).toBe(0);
    jobs.ended(job('a', '2'));
    jobs.ended(job('a', '1'));
    expect([freed, jobs.rooms()]).toEqual([1, []]);
  });

  it('learns from the documents that a job ended elsewhere', () => {
    const jobs = outstanding(6);
    jobs.add([job('a', '1', '2'), job('a', '3')]);
    const asked = jobs.inFullTenants();
    expect(asked.map(({ documentId }) => documentId)).toEqual(['1', '2', '3']);
    jobs.settle(asked, [{ documentId: '1' }, { documentId: '3' }]);
    expect(jobs.isFull('a')).toBe(true);
    jobs.settle(asked, [{ documentId: '3' }]);
    expect(jobs.isFull('a')).toBe(false);
    expect(jobs.inFullTenants()).toEqual([]);
  });

  it('forgets what the queue may have lost', () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    const jobs = outstanding(3);
    jobs.add([job('a', '1')]);
    now.mockReturnValue(30_999);
    expect(jobs.rooms()).toEqual([{ tenantId: 'a', rows: 0 }]);
    now.mockReturnValue(31_001);
    expect(jobs.rooms()).toEqual([]);
    now.mockRestore();
  });
});
