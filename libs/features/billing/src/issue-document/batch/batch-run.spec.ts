import { PROBLEMS, isProblemCode, type BatchResult } from '@getupnet/contracts';
import { AppError, isAppError } from '@getupnet/kernel';
import { BodyLines, RequestContext, type Config, type RateLimits } from '@getupnet/platform';
import type { TenantContext } from '@getupnet/tenant-context';
import type { DocumentView } from '../../documents/document-view.js';
import type { IssueCommand, Issued } from '../issue-document.use-case.js';
import { Registry } from 'prom-client';
import { BatchEnd } from './batch-end.js';
import { BatchMetrics } from './batch-metrics.js';
import { BatchRun } from './batch-run.js';
import { BatchTurns } from './batch-turns.js';

const CONTEXT = new RequestContext({ traceId: 'a'.repeat(32) });
const registry = new Registry();
const metrics = new BatchMetrics(registry);
const BUSY = { tenantId: 'busy' } as TenantContext;

/** Lines under way, as the use case sees them; each ends when the test says so. */
class Issuing {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, (end: () => Issued) => void>();

  run = (_tenant: TenantContext, { idempotencyKey }: IssueCommand): Promise<Issued> => {
    this.begun.push(idempotencyKey);
    return new Promise((resolve, reject) => {
      this.#ends.set(idempotencyKey, (end) => {
        this.#ends.delete(idempotencyKey);
        try {
          resolve(end());
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  };

  get underWay(): readonly string[] {
    return [...this.#ends.keys()];
  }

  accept(key: string, replayed = false): void {
    const document = { id: key, state: 'QUEUED', dgiiMensajes: [], findings: [] };
    const dated = { ...document, createdAt: new Date(0), updatedAt: new Date(0) };
    const view = { ...dated, codigoSeguridad: null } as unknown as DocumentView;
    this.#end(key, () => ({ document: view, replayed, driven: null }));
  }

  refuse(key: string, error: Error): void {
    this.#end(key, () => {
      throw error;
    });
  }

  #end(key: string, end: () => Issued): void {
    const settle = this.#ends.get(key);
    if (settle === undefined) throw new Error(`${key} is not under way`);
    settle(end);
  }
}

const problems = {
  tell: (error: unknown) => {
    const code = isAppError(error) && isProblemCode(error.code) ? error.code : 'internal';
    const { status, title, detail } = PROBLEMS[code];
    const problem = { type: '', title, status, detail, code, traceId: '' };
    return { problem, retryAfterS: undefined };
  },
};

function turnsOf(total: number, perTenant: number, limits = { paceCaller: () => 0 }): BatchTurns {
  const sizes = { BILLING_BATCH_LINES: total, BILLING_BATCH_LINES_PER_TENANT: perTenant };
  return new BatchTurns({ get: () => sizes } as unknown as Config, limits as unknown as RateLimits);
}

const bodyOf = (...lines: readonly (string | object)[]): BodyLines =>
  new BodyLines(
    Buffer.from(
      lines.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n'),
    ),
    (bytes) => {
      try {
        return JSON.parse(bytes.toString()) as unknown;
      } catch {
        throw new AppError('request.malformed_json', { reason: 'x' });
      }
    },
  );
const line = (idempotencyKey: string): object => ({ idempotencyKey, ECF: {} });

interface Reader {
  readonly results: BatchResult[];
  readonly whole: Promise<void>;
  readonly gone: AbortController;
  readonly draining: AbortController;
}

function read(
  issue: Issuing,
  turns: BatchTurns,
  body: BodyLines,
  { tenant = BUSY, leftMs = 60_000 } = {},
): Reader {
  const [gone, draining] = [new AbortController(), new AbortController()];
  const signals = { gone: gone.signal, draining: draining.signal };
  const end = new BatchEnd(performance.now() + leftMs, signals);
  const run = new BatchRun({ tenant, context: CONTEXT, end, issue, turns, problems, metrics });
  const results: BatchResult[] = [];
  const whole = (async () => {
    for await (const text of run.answers(body)) results.push(JSON.parse(text) as BatchResult);
  })();
  return { results, whole, gone, draining };
}

/** As many turns of the event loop as any of this takes. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((next) => setImmediate(next));
};

const keysOf = ({ results }: Reader): unknown[] => results.map((one) => one.idempotencyKey);
const codesOf = ({ results }: Reader): unknown[] =>
  results.map(({ status, problem }) => problem?.code ?? status);

test('answers in the order of the lines, each as soon as those above it are', async () => {
  const issue = new Issuing();
  const reader = read(issue, turnsOf(8, 8), bodyOf(line('a'), line('b'), line('c')));
  await settle();
  expect(issue.begun).toEqual(['a', 'b', 'c']);
  issue.accept('b');
  await settle();
  expect(reader.results).toEqual([]);
  issue.accept('a', true);
  await settle();
  expect(keysOf(reader)).toEqual(['a', 'b']);
  expect(reader.results[0]).toMatchObject({ line: 1, status: 202, replayed: true });
  expect(reader.results[1]).not.toHaveProperty('replayed');
  issue.accept('c');
  await reader.whole;
  expect(reader.results.map(({ document }) => document?.id)).toEqual(['a', 'b', 'c']);
});

test('a broken line, an unknown member and a refused document concern no other', async () => {
  const issue = new Issuing();
  const odd = { ...line('d'), tenantId: 'another' };
  const body = bodyOf('{"idempotencyKey":', '', line('b'), odd, { ECF: {} }, line('e'));
  const reader = read(issue, turnsOf(8, 8), body);
  await settle();
  issue.refuse('b', new AppError('sequence.exhausted', {}));
  issue.accept('e');
  await reader.whole;
  expect(reader.results.map((one) => one.line)).toEqual([1, 3, 4, 5, 6]);
  expect(codesOf(reader)).toEqual([
    'request.malformed_json',
    'sequence.exhausted',
    'validation.failed',
    'validation.failed',
    202,
  ]);
  expect(keysOf(reader)).toEqual([null, 'b', null, null, 'e']);
});

test('begins no more than its window ahead of what was read, nor than the share of its tenant', async () => {
  const issue = new Issuing();
  const turns = turnsOf(64, 3);
  const many = (name: string) => bodyOf(...[1, 2, 3, 4, 5].map((at) => line(`${name}${at}`)));
  const [first, second] = [read(issue, turns, many('a')), read(issue, turns, many('b'))];
  const other = read(issue, turns, many('o'), { tenant: { tenantId: 'o' } as TenantContext });
  await settle();
  expect(issue.underWay.filter((key) => !key.startsWith('o'))).toHaveLength(3);
  expect(issue.underWay.filter((key) => key.startsWith('o'))).toEqual(['o1', 'o2', 'o3']);
  while (issue.underWay.length > 0) {
    expect(issue.underWay.length).toBeLessThanOrEqual(6);
    for (const key of issue.underWay) issue.accept(key);
    await settle();
  }
  await Promise.all([first, second, other].map(({ whole }) => whole));
  expect(issue.begun).toHaveLength(15);
  expect(new Set(issue.begun).size).toBe(15);
});

test('whoever reads nothing issues no more than the window', async () => {
  const issue = new Issuing();
  const end = new BatchEnd(performance.now() + 60_000, {
    gone: new AbortController().signal,
    draining: new AbortController().signal,
  });
  const turns = turnsOf(4, 4);
  const parts = { tenant: BUSY, context: CONTEXT, end, issue, turns, problems, metrics };
  const lines = Array.from({ length: 20 }, (_, at) => line(`k${at}`));
  const answers = new BatchRun(parts).answers(bodyOf(...lines));
  const first = answers.next();
  await settle();
  for (const key of issue.underWay) issue.accept(key);
  await first;
  await settle();
  expect(issue.begun).toHaveLength(4);
  await answers.return();
  expect(issue.begun).toHaveLength(4);
});

test('the same key twice is one after the other', async () => {
  const issue = new Issuing();
  const reader = read(issue, turnsOf(8, 8), bodyOf(line('a'), line('a'), line('b')));
  await settle();
  expect(issue.begun).toEqual(['a', 'b']);
  issue.accept('b');
  issue.refuse('a', new AppError('sequence.exhausted', {}));
  await settle();
  expect(issue.begun).toEqual(['a', 'b', 'a']);
  issue.accept('a');
  await reader.whole;
  expect(codesOf(reader)).toEqual(['sequence.exhausted', 202, 202]);
});

describe('a note whose invoice is a line above it', () => {
  const missing = new AppError('reference.not_found', {});
  const ended = new AppError(
    'ecf.rule_failed',
    {},
    {
      errors: [{ pointer: '', code: 'BIL-REF-01', message: '' }],
    },
  );

  test.each([
    ['that is not committed yet', missing],
    ['that corrects the rejected one', ended],
  ])('%s is tried again after it', async (_, refusal) => {
    const issue = new Issuing();
    const body = bodyOf(line('invoice'), line('note'), line('z'));
    const reader = read(issue, turnsOf(8, 8), body);
    await settle();
    issue.refuse('note', refusal);
    issue.accept('z');
    await settle();
    expect(issue.begun).toEqual(['invoice', 'note', 'z']);
    issue.accept('invoice');
    await settle();
    expect(issue.underWay).toEqual(['note']);
    issue.accept('note');
    await reader.whole;
    expect(codesOf(reader)).toEqual([202, 202, 202]);
  });

  test('is refused when those above it were of no help, or there are none', async () => {
    const issue = new Issuing();
    const reader = read(issue, turnsOf(8, 8), bodyOf(line('first'), line('note')));
    await settle();
    issue.refuse('first', missing);
    issue.refuse('note', missing);
    await settle();
    expect(issue.begun).toEqual(['first', 'note', 'note']);
    issue.refuse('note', missing);
    await reader.whole;
    expect(codesOf(reader)).toEqual(['reference.not_found', 'reference.not_found']);
  });
});

describe('takes no further line, and says so,', () => {
  const codes = [202, 'batch.line_not_reached', 'batch.line_not_reached'];
  const body = () => bodyOf(line('a'), line('b'), line('c'));

  test.each(['gone', 'draining'] as const)('when it ends: %s', async (why) => {
    const issue = new Issuing();
    const reader = read(issue, turnsOf(1, 1), body());
    await settle();
    reader[why].abort();
    issue.accept('a');
    await reader.whole;
    expect(codesOf(reader)).toEqual(codes);
    expect(issue.begun).toEqual(['a']);
    expect(keysOf(reader)).toEqual(['a', 'b', 'c']);
  });

  test('when its time is over, wherever the lines wait', async () => {
    const issue = new Issuing();
    const limits = { paceCaller: () => 1 };
    const paced = read(issue, turnsOf(8, 8, limits), body(), { leftMs: 1 });
    await settle();
    for (const key of issue.underWay) issue.accept(key);
    await paced.whole;
    expect(codesOf(paced).slice(1)).toEqual(codes.slice(1));

    const turns = turnsOf(1, 1);
    const holder = read(issue, turns, bodyOf(line('holder')));
    await settle();
    const waiting = read(issue, turns, body(), { leftMs: 5 });
    await waiting.whole;
    expect(new Set(codesOf(waiting))).toEqual(new Set(['batch.line_not_reached']));
    issue.accept('holder');
    await holder.whole;
    expect(codesOf(holder)).toEqual([202]);
  });
});

test('each line after the first is counted; one that is paced comes later, not never', async () => {
  const issue = new Issuing();
  let asked = 0;
  const limits = {
    paceCaller: () => {
      asked += 1;
      return asked === 1 ? 0.001 : 0;
    },
  };
  const reader = read(issue, turnsOf(8, 8, limits), bodyOf(line('a'), line('b')));
  await settle();
  issue.accept('a');
  while (!issue.underWay.includes('b')) await settle();
  issue.accept('b');
  await reader.whole;
  expect([asked, codesOf(reader)]).toEqual([2, [202, 202]]);
});

test('what became of the lines is counted', async () => {
  registry.resetMetrics();
  const issue = new Issuing();
  const reader = read(issue, turnsOf(1, 1), bodyOf('x', line('a'), line('b'), line('c')));
  await settle();
  issue.accept('a', true);
  await settle();
  issue.accept('b');
  reader.gone.abort();
  await reader.whole;
  const counted = await registry.getSingleMetric('batch_lines_total')?.get();
  const counts = counted?.values.map(({ labels, value }) => [labels['outcome'], value]);
  expect(Object.fromEntries(counts ?? [])).toEqual({
    refused: 1,
    replayed: 1,
    accepted: 1,
    not_reached: 1,
  });
});

test('a tenant has so many batches open, and others have theirs', () => {
  const turns = turnsOf(8, 8);
  const ends = Array.from({ length: 16 }, () => turns.begin('busy'));
  expect(() => turns.begin('busy')).toThrow('rate.limited');
  expect(() => turns.begin('other')()).not.toThrow();
  ends[0]?.();
  expect(() => turns.begin('busy')).not.toThrow();
});
