import { faultSchema, type FaultTarget, type ScriptedFault } from './fault.js';
import { FaultBook } from './fault-book.js';

const TARGET: FaultTarget = {
  operation: 'recepcion',
  environment: 'testecf',
  rnc: '1',
  encf: 'E1',
  at: new Date('2026-06-15T14:00:00Z'),
};
const numbered = (number: number): FaultTarget => ({ ...TARGET, encf: `E${number}` });

function bookOf(seed: string, ...faults: ScriptedFault[]): FaultBook {
  const book = new FaultBook({ seed });
  for (const fault of faults) book.add(faultSchema.parse(fault));
  return book;
}

/** Kinds that one call after the other meets, of those that keep it from its service. */
function met(book: FaultBook, targets: readonly FaultTarget[]): string {
  return targets
    .map((target) => book.of(target).take(['reset', 'html', 'down'])?.fault.kind[0] ?? '.')
    .join('');
}
const calls = (count: number, target = TARGET): FaultTarget[] =>
  Array.from({ length: count }, () => target);

describe('FaultBook', () => {
  it('hits only what matches every field, in the order the faults were set', () => {
    const book = bookOf(
      's',
      { kind: 'status', status: 500, encf: 'E2' },
      { kind: 'status', status: 501, operation: 'recepcion', rnc: '1', times: 1 },
      { kind: 'status', status: 502 },
    );
    expect(book.of(TARGET).take(['reset'])).toBeUndefined();
    expect(book.of(TARGET).take(['reset', 'status'])?.fault.kind).toBe('status');
    expect(book.of(TARGET).take(['status'])).toMatchObject({ id: 'f3', fault: { status: 502 } });
    expect(book.of(numbered(2)).take(['status'])?.fault.status).toBe(500);
    expect(book.list().map(({ id, hits }) => [id, hits])).toEqual([
      ['f1', 1],
      ['f3', 1],
    ]);
  });

  it('uses up no fault that the call does not let happen', () => {
    const book = bookOf('s', { kind: 'reset', times: 1 });
    expect(book.of(TARGET).take(['reset'], () => false)).toBeUndefined();
    expect(book.of(TARGET).take(['reset'])?.id).toBe('f1');
    expect(book.list()).toEqual([]);
  });

  it('leaves the first calls about a document alone, and hits each document so often', () => {
    const book = bookOf('s', { kind: 'reset', after: 2, perDocument: 1 });
    const targets = [...calls(4), ...calls(3, numbered(2))];
    expect(met(book, targets)).toBe('..r...r');
  });

  it('draws about the stated share', () => {
    const hits = met(bookOf('share', { kind: 'reset', probability: 0.3 }), calls(1_000));
    const share = hits.replaceAll('.', '').length;
    expect(share).toBeGreaterThan(250);
    expect(share).toBeLessThan(350);
  });

  it('draws the same for a document whatever overtakes it, and something else by another seed', () => {
    const one = calls(30, numbered(1));
    const two = calls(30, numbered(2));
    const fault = { kind: 'reset', probability: 0.5 } as const;
    const apart = bookOf('a', fault);
    const [first, second] = [met(apart, one), met(apart, two)];
    const mixed = bookOf('a', fault);
    const alternating = one.flatMap((target, index) => [two[index] ?? target, target]);
    const hits = [...met(mixed, alternating)];
    expect(hits.filter((_, index) => index % 2 === 1).join('')).toBe(first);
    expect(hits.filter((_, index) => index % 2 === 0).join('')).toBe(second);
    expect(first).not.toBe(second);
    expect(met(bookOf('b', fault), one)).not.toBe(first);
  });

  it('never touches the status host unless it is named', () => {
    const status = { ...TARGET, operation: 'obtenerestatus', environment: null } as const;
    expect(bookOf('s', { kind: 'reset' }).of(status).take(['reset'])).toBeUndefined();
    const named = bookOf('s', { kind: 'reset', operation: 'obtenerestatus' });
    expect(named.of(status).take(['reset'])).toBeDefined();
  });
});

describe('chaos', () => {
  const mix = { reset: 0.2, html: { share: 0.1 }, down: 0.3 };

  it('hits each call with at most one of its mix, in the stated shares', () => {
    const hits = met(bookOf('any', { kind: 'chaos', seed: 1, mix }), calls(2_000));
    const share = (kind: string): number => hits.split(kind).length - 1;
    expect(share('r') / 2_000).toBeCloseTo(0.2, 1);
    expect(share('h') / 2_000).toBeCloseTo(0.1, 1);
    expect(share('d') / 2_000).toBeCloseTo(0.3, 1);
  });

  it('depends on its own seed only', () => {
    const run = (book: string, seed: number): string =>
      met(bookOf(book, { kind: 'chaos', seed, mix }), calls(50));
    expect(run('x', 1)).toBe(run('y', 1));
    expect(run('x', 1)).not.toBe(run('x', 2));
  });

  it('stays within its operations, environment, issuer and number of hits', () => {
    const all = { kind: 'chaos', seed: 1, mix: { reset: 1 } } as const;
    expect(met(bookOf('s', { ...all, operations: ['semilla'] }), [TARGET])).toBe('.');
    expect(met(bookOf('s', { ...all, environment: 'ecf' }), [TARGET])).toBe('.');
    expect(met(bookOf('s', { ...all, rnc: '2' }), [TARGET])).toBe('.');
    expect(met(bookOf('s', { ...all, perDocument: 2 }), calls(4))).toBe('rr..');
  });

  it('has a mix of its own when none is given', () => {
    const hits = met(bookOf('s', { kind: 'chaos', seed: 1 }), calls(300));
    expect(hits).toMatch(/r/);
    expect(hits.split('.').length).toBeGreaterThan(200);
  });
});

it.each<[object, string]>([
  [{ kind: 'delay' }, 'ms'],
  [{ kind: 'delay', ms: 0 }, 'ms'],
  [{ kind: 'status', status: 302 }, 'status'],
  [{ kind: 'reset', operation: 'unknown' }, 'operation'],
  [{ kind: 'reset', probability: 2 }, 'probability'],
  [{ kind: 'reset', surprise: true }, 'surprise'],
  [{ kind: 'en-proceso', operation: 'semilla' }, 'en-proceso cannot hit semilla, only: recepcion'],
  [
    { kind: 'maintenance', environment: 'ecf', days: ['2026-06-15'], from: '9:00', to: 'x' },
    'days',
  ],
  [{ kind: 'chaos', seed: 1, mix: { reset: 0.6, html: 0.6 } }, 'more than 1'],
  [
    { kind: 'chaos', seed: 1, mix: { status: { share: 0.1, status: 200 } } },
    'not a fault of a mix',
  ],
  [{ kind: 'chaos', seed: 1, mix: { reset: { share: 0.1, rnc: '1' } } }, 'not a fault of a mix'],
  [{ kind: 'chaos', seed: 1, mix: { explode: 0.1 } }, 'mix'],
  [{ kind: 'explode' }, 'kind'],
])('is no fault: %j', (fault, reason) => {
  const { error } = faultSchema.safeParse(fault);
  expect(JSON.stringify(error?.issues)).toContain(reason);
});

it('knows wrong TLS only where TLS is spoken', () => {
  const fault = { kind: 'wrong-tls', certificate: 'name' } as const;
  expect(() => bookOf('s', fault)).toThrow('started with TLS');
  const book = new FaultBook({ seed: 's', tls: true });
  book.add({ ...fault, times: 1 });
  expect(book.connection()?.fault.certificate).toBe('name');
  expect(book.connection()).toBeUndefined();
});
