import { jest } from '@jest/globals';
import { AppError, SystemClock } from '@getupnet/kernel';
import type { EmissionReader, TransitionRow, TransitionWriter } from '@getupnet/persistence';
import type { Config } from '@getupnet/platform';
import { Logger } from '@nestjs/common';
import { DocumentSteps } from './document-steps.js';
import { DriveDocuments, type Stages } from './drive-documents.use-case.js';
import type { EmissionDocument } from './emission-document.js';
import { Stints } from './stint.js';
import { emissionDocument } from './testing/emission-document.js';
import { MOST_FAULTS, MOST_STARTS } from './trouble.js';

const TENANT = '018f0000-0000-7000-8000-000000000001';

/** The documents as the database would have them. */
class Tables {
  readonly documents = new Map<string, EmissionDocument>();
  readonly rows: TransitionRow[] = [];

  constructor(...documents: readonly EmissionDocument[]) {
    for (const document of documents) this.documents.set(document.id, document);
  }

  readonly reader = {
    load: ({ documentId }: { documentId: string }) => {
      if (documentId === 'unreadable') return Promise.reject(new Error('unknown state FUTURE'));
      return Promise.resolve(this.documents.get(documentId) ?? null);
    },
  } as unknown as EmissionReader;

  readonly writer = {
    submit: (row: TransitionRow) => {
      const now = this.documents.get(row.documentId);
      if (now?.state !== row.from || now.epoch !== row.epoch) return Promise.resolve(false);
      this.rows.push(row);
      const { to: state, parked, attempts, faults, starts } = row;
      const epoch = now.epoch + (row.leaseMs !== null || row.to !== row.from ? 1 : 0);
      const moved = { state, parked, attempts, faults, starts, epoch, handOvers: 0 };
      this.documents.set(row.documentId, { ...now, ...moved });
      return Promise.resolve(true);
    },
  } as unknown as TransitionWriter;

  waitsOf(id: string): (number | null)[] {
    return this.rows.flatMap((row) => (row.documentId === id ? [row.nextAttemptInMs] : []));
  }
}

describe('DriveDocuments', () => {
  const polled: string[][] = [];
  const asked: string[] = [];
  const sent: string[] = [];
  /** What DGII does not know, so that the same bytes may go again. */
  const unknownToDgii = new Set<string>();
  let logged: Record<'warn' | 'error', jest.SpiedFunction<Logger['error']>>;
  let poll: (documents: readonly EmissionDocument[]) => Promise<void>;
  const submitted = (id: string, overrides: Partial<EmissionDocument> = {}) =>
    emissionDocument({ id, state: 'SUBMITTED', ...overrides });

  const driverOf = (tables: Tables) => {
    const env = { BILLING_LEASE_MS: 45_000, BILLING_HAND_OVER_MS: 30_000 };
    const config = { get: () => env } as unknown as Config;
    const steps = new DocumentSteps(tables.writer, config);
    const stages = {
      poll: {
        run: (documents: readonly EmissionDocument[]) => {
          polled.push(documents.map(({ id }) => id));
          return poll(documents);
        },
      },
      ask: {
        run: (documents: readonly EmissionDocument[]) => {
          asked.push(...documents.map(({ id }) => id));
          return Promise.resolve(documents.filter(({ id }) => unknownToDgii.has(id)));
        },
      },
      send: {
        intend: (documents: readonly EmissionDocument[]) => Promise.resolve(documents),
        run: (documents: readonly EmissionDocument[]) => {
          sent.push(...documents.map(({ id }) => id));
          return Promise.resolve();
        },
      },
    } as unknown as Stages;
    const stints = new Stints(new SystemClock(), config);
    const driver = new DriveDocuments(tables.reader, stages, steps, stints, config);
    return { steps, stages, run: (...ids: string[]) => driver.run(TENANT, ids, 'test') };
  };
  const failOn = (id: string, error: Error) => (documents: readonly EmissionDocument[]) =>
    documents.some((document) => document.id === id) ? Promise.reject(error) : Promise.resolve();

  beforeEach(() => {
    for (const list of [polled, asked, sent]) list.length = 0;
    unknownToDgii.clear();
    poll = () => Promise.resolve();
    logged = {
      warn: jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined),
      error: jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined),
    };
  });
  afterEach(() => void jest.restoreAllMocks());

  it('leaves alone what is final, parked, or somebody else’s', async () => {
    const tables = new Tables(
      submitted('final', { state: 'ACCEPTED' }),
      submitted('parked', { parked: true }),
      submitted('leased', { leased: true }),
    );
    await driverOf(tables).run('final', 'parked', 'leased');
    expect({ polled, rows: tables.rows }).toEqual({ polled: [], rows: [] });
  });

  it('DGI-2: asks about a send without an answer, and sends only what DGII does not know', async () => {
    const tables = new Tables(
      submitted('taken', { state: 'UNKNOWN' }),
      submitted('lost', { state: 'UNKNOWN' }),
      submitted('abandoned', { state: 'SENDING', leased: false }),
    );
    unknownToDgii.add('lost');
    await driverOf(tables).run('taken', 'lost', 'abandoned');
    expect(asked).toEqual(['taken', 'lost', 'abandoned']);
    expect(sent).toEqual(['lost']);
    expect(tables.documents.get('abandoned')?.state).toBe('UNKNOWN');
  });

  it('EMI-4: what DGII said before the worker was stopped is not acted on', async () => {
    const now = jest.spyOn(performance, 'now');
    const tables = new Tables(submitted('lost', { state: 'UNKNOWN' }));
    unknownToDgii.add('lost');
    const { run, stages } = driverOf(tables);
    const ask = stages.ask.run.bind(stages.ask);
    stages.ask.run = async (documents, stint) => {
      now.mockReturnValue(performance.now() + 45_001);
      return ask(documents, stint);
    };
    await run('lost');
    expect({ asked, sent }).toEqual({ asked: ['lost'], sent: [] });
  });

  it('EMI-5: one that cannot be read does not stop the others of its job', async () => {
    await driverOf(new Tables(submitted('good'))).run('unreadable', 'good');
    expect(polled).toEqual([['good']]);
  });

  it('EMI-5: a document whose handling always fails becomes a dead letter; the others go on', async () => {
    const tables = new Tables(submitted('poison'), submitted('good'));
    poll = failOn('poison', new Error('like no other'));
    const { run } = driverOf(tables);
    await run('poison', 'good');
    expect(polled).toEqual([['poison', 'good'], ['poison'], ['good']]);
    for (let time = 1; time < MOST_FAULTS; time += 1) await run('poison');
    expect(tables.documents.get('poison')).toMatchObject({ state: 'SUBMITTED', parked: true });
    expect(tables.documents.get('good')).toMatchObject({ parked: false, faults: 0 });
    expect(tables.waitsOf('poison')).toEqual(
      [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1_000),
    );
    const told = tables.rows.flatMap((row) => row.events);
    expect(told).toMatchObject([
      {
        type: 'document.dead_letter',
        payload: { state: 'SUBMITTED', reason: 'internal' },
        alert: { type: 'document.dead_letter', details: { documentId: 'poison' } },
      },
    ]);
    await run('poison');
    expect(tables.rows).toHaveLength(MOST_FAULTS);
  });

  it('progress makes earlier faults forgotten, an intent to send does not', async () => {
    const tables = new Tables(submitted('one', { state: 'UNKNOWN', faults: 5 }));
    const { steps } = driverOf(tables);
    const now = (): EmissionDocument => tables.documents.get('one') ?? submitted('none');
    await steps.apply(now(), { by: 'send', through: ['SENDING'], leaseMs: 1 }, 'test');
    await steps.apply(now(), { by: 'ask', through: ['UNKNOWN'] }, 'test');
    expect(now().faults).toBe(5);
    await steps.apply(now(), { by: 'ask', through: ['SUBMITTED'] }, 'test');
    expect(now().faults).toBe(0);
  });

  it('a service that is down makes documents wait, however long, and is nobody’s fault', async () => {
    const tables = new Tables(submitted('one'), submitted('two'));
    poll = failOn('one', new AppError('dependency.unavailable', { dependency: 'sign' }));
    const { run } = driverOf(tables);
    for (let time = 0; time < 2 * MOST_FAULTS; time += 1) await run('one', 'two');
    expect(tables.documents.get('one')).toMatchObject({ parked: false, faults: 0 });
    expect(new Set(tables.waitsOf('two'))).toEqual(new Set([2_000]));
  });

  it.each([
    ['a service that is away', new AppError('dependency.timeout', { dependency: 'x' }), 'warn'],
    ['a full disk', new AppError('storage.full'), 'error'],
    ['a bug', new TypeError('not a function'), 'error'],
  ] as const)('%s is logged as what it is', async (_name, error, level) => {
    poll = failOn('one', error);
    await driverOf(new Tables(submitted('one'))).run('one');
    const line = { err: error, documents: 1, msg: 'documents wait' };
    expect(logged[level].mock.calls).toEqual([[line]]);
    expect(logged[level === 'warn' ? 'error' : 'warn']).not.toHaveBeenCalled();
  });

  it('counts a failure after a step of its own, on the document as it is by then', async () => {
    const tables = new Tables(submitted('one'));
    const { run, steps } = driverOf(tables);
    poll = async ([document]) => {
      if (document) await steps.apply(document, { by: 'poll', through: ['UNKNOWN'] }, 'test');
      throw new Error('and then');
    };
    await run('one');
    expect(tables.documents.get('one')).toMatchObject({ state: 'UNKNOWN', faults: 1 });
  });

  describe('a document its workers die of', () => {
    /** Handed over so often without a trace that it is handled alone. */
    const suspect = (id: string) => submitted(id, { handOvers: 3 });

    it('is begun in writing and alone, and becomes a dead letter; its neighbours do not', async () => {
      const tables = new Tables(suspect('killer'), suspect('neighbour'));
      poll = (documents) =>
        // A process that died: nothing is ever heard of it.
        documents.some(({ id }) => id === 'killer')
          ? new Promise(() => undefined)
          : Promise.resolve();
      const deaths = () => polled.filter(([id]) => id === 'killer').length;
      const died = async (): Promise<void> => {
        const before = deaths();
        void driverOf(tables).run('killer', 'neighbour');
        for (let turn = 0; turn < 100 && deaths() === before; turn += 1) await Promise.resolve();
      };
      for (let death = 0; death < MOST_STARTS - 1; death += 1) await died();
      expect(tables.documents.get('killer')).toMatchObject({ starts: MOST_STARTS - 1 });
      await driverOf(tables).run('killer', 'neighbour');
      expect(tables.documents.get('killer')).toMatchObject({ parked: true });
      expect(tables.documents.get('neighbour')).toMatchObject({ parked: false });
      expect(polled.every((ids) => ids.length === 1)).toBe(true);
      expect(deaths()).toBe(MOST_STARTS - 1);
      const [letter] = tables.rows.flatMap((row) => row.events);
      expect(letter).toMatchObject({ payload: { reason: 'worker.lost' } });
    });

    it('is none that merely waited long in the queue', async () => {
      const tables = new Tables(suspect('slow'));
      const { run } = driverOf(tables);
      for (let time = 0; time < 2 * MOST_STARTS; time += 1) {
        await run('slow');
        const now = tables.documents.get('slow');
        if (now) tables.documents.set('slow', { ...now, handOvers: 3 });
      }
      expect(tables.documents.get('slow')).toMatchObject({ parked: false, starts: 0 });
    });

    it('one handed over once or twice costs no extra write', async () => {
      const tables = new Tables(submitted('one', { handOvers: 2 }));
      await driverOf(tables).run('one');
      expect({ polled, rows: tables.rows }).toEqual({ polled: [['one']], rows: [] });
    });
  });
});
