import { faultSchema } from './fault.js';
import { FaultBook } from './fault-book.js';

const TARGET = { operation: 'recepcion', environment: 'testecf', rnc: '1', encf: 'E1' } as const;

describe('FaultBook', () => {
  it('hits only what matches every field, in the order the faults were set', () => {
    const book = new FaultBook('s');
    book.add({ kind: 'status', status: 500, encf: 'E2' });
    book.add({ kind: 'status', status: 501, operation: 'recepcion', rnc: '1', times: 1 });
    book.add({ kind: 'status', status: 502 });
    expect(book.take(TARGET, ['reset'])).toBeUndefined();
    expect(book.take(TARGET, ['reset', 'status'])?.kind).toBe('status');
    expect(book.take(TARGET, ['status'])).toMatchObject({ status: 502 });
    expect(book.take({ ...TARGET, encf: 'E2' }, ['status'])).toMatchObject({ status: 500 });
    expect(book.list().map(({ id, hits }) => [id, hits])).toEqual([
      ['f1', 1],
      ['f3', 1],
    ]);
  });

  it('draws about the stated share', () => {
    const book = new FaultBook('share');
    book.add({ kind: 'reset', probability: 0.3 });
    let hits = 0;
    for (let call = 0; call < 1_000; call += 1) {
      if (book.take(TARGET, ['reset']) !== undefined) hits += 1;
    }
    expect(hits).toBeGreaterThan(250);
    expect(hits).toBeLessThan(350);
  });
});

it.each([
  { kind: 'delay' },
  { kind: 'delay', ms: 0 },
  { kind: 'status', status: 302 },
  { kind: 'reset', operation: 'unknown' },
  { kind: 'reset', probability: 2 },
  { kind: 'reset', surprise: true },
])('is no fault: %j', (fault) => {
  expect(faultSchema.safeParse(fault).success).toBe(false);
});
