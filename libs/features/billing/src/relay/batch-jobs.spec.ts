import { batchJobs } from './batch-jobs.js';

const row = (tenantId: string, documentId: number) => ({ tenantId, documentId: `d${documentId}` });

describe('batchJobs', () => {
  it('makes one job per tenant, each document once', () => {
    const jobs = batchJobs([row('a', 1), row('b', 2), row('a', 1), row('a', 3)]);
    expect(jobs).toEqual([
      { version: 1, tenantId: 'a', documentIds: ['d1', 'd3'] },
      { version: 1, tenantId: 'b', documentIds: ['d2'] },
    ]);
  });

  it('never puts more than 64 documents in a job and takes tenants in turn', () => {
    const busy = Array.from({ length: 130 }, (_, index) => row('busy', index));
    const jobs = batchJobs([...busy, row('small', 1000)]);
    expect(jobs.map((job) => [job.tenantId, job.documentIds.length])).toEqual([
      ['busy', 64],
      ['small', 1],
      ['busy', 64],
      ['busy', 2],
    ]);
  });

  it('makes none of nothing', () => {
    expect(batchJobs([])).toEqual([]);
  });
});
