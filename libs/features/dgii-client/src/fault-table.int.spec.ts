import {
  FAULT_KINDS,
  faultSuits,
  startSimulator,
  type Fault,
  type LedgerEntry,
  type ScriptedFault,
  type Simulator,
} from '@getupnet/dgii-simulator';
import { dominicanDate, newId } from '@getupnet/kernel';
import type { Config } from '@getupnet/platform';
import { Logger } from '@nestjs/common';
import { DGII_OPERATIONS, type DgiiOperation } from './calls/dgii-operations.js';
import { MaintenanceWatch } from './calls/maintenance-watch.js';
import { ClientUnderTest } from './testing/client-under-test.js';
import { EXPECTATIONS, type Expected } from './testing/fault-expectations.data.js';
import {
  OPERATIONS_UNDER_TEST,
  partyIn,
  type Exercised,
  type OperationUnderTest,
} from './testing/operations-under-test.js';
import { BUYER } from './testing/signed-documents.js';

const DAY_MS = 86_400_000;
/** Of these answers another name in them is told as an incident. */
const NAMING: ReadonlySet<string> = new Set([
  'recepcionfc',
  'anulacionrangos',
  'consultaresultado',
  'consultaestado',
  'consultarfce',
]);

/** What the client calls an operation that goes by another name at DGII. */
const OWN_NAMES: Readonly<Record<string, DgiiOperation>> = {
  directorioporrnc: 'consultadirectorio',
  directoriolistado: 'consultadirectorio',
  obtenerestatus: 'estatusservicios',
  obtenerventanasmantenimiento: 'estatusservicios',
  verificarestado: 'estatusservicios',
};

const OPTIONS = {
  trust: 'any',
  validationDelayMs: 0,
  environments: {
    ecf: {
      directory: [
        { nombre: 'B', rnc: BUYER, urlRecepcion: 'https://b', urlAceptacion: 'https://b' },
      ],
    },
  },
} as const;

interface Cell {
  readonly name: string;
  readonly under: OperationUnderTest;
  readonly kind: keyof typeof EXPECTATIONS;
  readonly fault: Fault;
  readonly expected: Expected;
}

/** Every kind of fault that hits single calls × every operation that it can hit. */
const CELLS: readonly Cell[] = Object.entries(EXPECTATIONS).flatMap(([name, row]) => {
  const kind = name as keyof typeof EXPECTATIONS;
  const suited = OPERATIONS_UNDER_TEST.filter(({ operation }) => faultSuits(kind, operation));
  return row.variants.flatMap((fields) =>
    suited.flatMap((under) => {
      const { operation } = under;
      const cell = (when: string, extent: object, expected: Expected): Cell => ({
        name: [kind, ...Object.values(fields), when].join(' '),
        under,
        kind,
        fault: { kind, ...fields, operation, ...extent } as Fault,
        expected,
      });
      return [
        cell('once', { times: 1 }, row.once),
        ...(row.always === null ? [] : [cell('always', {}, row.always)]),
      ];
    }),
  );
});

describe('the table of faults', () => {
  it('the table has a row for every kind of fault, and no other', () => {
    const wholeDgii = ['maintenance', 'wrong-tls', 'chaos'];
    expect([...Object.keys(EXPECTATIONS), ...wholeDgii].sort()).toEqual([...FAULT_KINDS].sort());
  });

  it('every operation of the client has a column', () => {
    const covered = OPERATIONS_UNDER_TEST.map(({ operation }) => OWN_NAMES[operation] ?? operation);
    expect([...new Set(covered)].sort()).toEqual([...DGII_OPERATIONS].sort());
  });
});

describe('each fault × each operation', () => {
  let simulator: Simulator;
  let client: ClientUnderTest;
  let number = 0;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    simulator = await startSimulator(OPTIONS);
  });
  afterEach(async () => {
    simulator.control.clearFaults();
    await client.transport.close();
  });
  afterAll(() => simulator.close());

  const figure = async (name: string): Promise<number> => {
    const lines = (await client.registry.metrics()).split('\n');
    const own = lines.filter((line) => line.startsWith(`${name}{`));
    return own.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };

  /** Calls of the operation that came to DGII since. */
  const arrivals = async (
    { operation }: OperationUnderTest,
    since: number,
  ): Promise<LedgerEntry[]> => {
    const lines = await simulator.control.ledger({ service: operation });
    return lines.filter(({ seq }) => seq > since);
  };

  describe.each(OPERATIONS_UNDER_TEST.map((under) => [under.operation, under] as const))(
    '%s',
    (operation, under) => {
      const cells = CELLS.filter((cell) => cell.under === under);

      it.each(cells.map((cell) => [cell.name, cell] as const))('%s', async (_name, cell) => {
        const row = EXPECTATIONS[cell.kind];
        client = new ClientUnderTest(simulator.url);
        const exercise = await under.prepare(client, (number += 1));
        const since = simulator.control.state().ledgerLines;
        simulator.control.addFault(cell.fault);
        client.transport.patienceMs = row.patienceMs;
        const repeatedBefore = await figure('getupnet_dgii_call_repeats_total');

        const outcome = await exercise();
        const stated =
          row.exceptions?.[`${operation}: ${cell.name}`] ??
          cell.expected[operation] ??
          cell.expected[under.asked];
        expect(outcome.word).toBe(stated === 'good' ? under.good : stated);

        const repeated = (await figure('getupnet_dgii_call_repeats_total')) - repeatedBefore;
        if (under.asked === 'upload') {
          expect(repeated).toBe(0);
          await expectOneUpload(cell, since);
          await expectFindable(cell, outcome);
        } else if (!row.repeats) expect(repeated).toBe(0);
        const incidents = await figure('getupnet_dgii_foreign_answers_total');
        const isIncident = cell.kind === 'foreign' && NAMING.has(operation);
        // A void request is answered with nothing but an RNC: any other one is somebody else's.
        if (operation === 'anulacionrangos' && incidents > 0) expect(outcome.word).toBe('unknown');
        else expect(incidents).toBe(isIncident ? 1 : 0);
      });
    },
  );

  /** DGI-2: whatever comes back, an upload is made once; a token refused at the door is no upload. */
  const expectOneUpload = async ({ kind, under }: Cell, since: number): Promise<void> => {
    const uploads = await arrivals(under, since);
    const made = uploads.filter(({ httpStatus }) => httpStatus !== 401);
    const turnedAway = uploads.length - made.length;
    expect(turnedAway <= (kind === 'early-401' ? 2 : 0)).toBe(true);
    if (turnedAway < 2) {
      expect(made.map(({ processed }) => processed)).toEqual([EXPECTATIONS[kind].processed]);
    }
  };

  /** What became of it can be asked afterwards, and is what DGII made of it. */
  const expectFindable = async (
    { kind, under: { operation } }: Cell,
    { encf, word }: Exercised,
  ): Promise<void> => {
    if (word !== 'unknown' || encf === undefined || kind === 'late') return;
    simulator.control.clearFaults();
    const route = operation === 'recepcion' ? 'ecf' : 'rfce';
    const item = { documentId: newId(), route, encf, codigoSeguridad: '', buyerRnc: null } as const;
    const [found] = await client.finder.find(partyIn('testecf'), [item]);
    const there = route === 'ecf' ? 'tracked' : 'verdict';
    expect(found?.kind).toBe(EXPECTATIONS[kind].processed ? there : 'none');
  };

  describe.each(OPERATIONS_UNDER_TEST.map((under) => [under.operation, under] as const))(
    'a mix of faults: %s',
    (operation, under) => {
      it('is what the fault that was drawn is', async () => {
        client = new ClientUnderTest(simulator.url);
        const exercise = await under.prepare(client, (number += 1));
        simulator.control.addFault({
          kind: 'chaos',
          seed: 1,
          operations: [operation],
          mix: { html: 1 },
        });
        const { word } = await exercise();
        expect(word).toBe(under.asked === 'upload' ? 'unknown' : 'unavailable');
      });
    },
  );

  describe.each(
    OPERATIONS_UNDER_TEST.filter(({ environment }) => environment !== null).map(
      (under) => [under.operation, under] as const,
    ),
  )('maintenance: %s', (_operation, under) => {
    it('nothing is sent while an announced window lasts; it goes on by itself after it', async () => {
      client = new ClientUnderTest(simulator.url);
      const exercise = await under.prepare(client, (number += 1));
      const now = Date.now();
      const days = [now, now + DAY_MS].map((ms) => dominicanDate(new Date(ms)));
      const window: ScriptedFault = {
        kind: 'maintenance',
        environment: under.environment ?? 'ecf',
        days,
        from: '00:00',
        to: '00:00',
      };
      simulator.control.addFault(window);
      const { status, calls, maintenance } = client;
      const watch = new MaintenanceWatch({} as Config, status, calls, maintenance);
      await watch.refresh('key');
      const since = simulator.control.state().ledgerLines;

      expect(await exercise()).toMatchObject({ word: 'unavailable' });
      expect(simulator.control.state().ledgerLines).toBe(since);

      simulator.control.clearFaults();
      await watch.refresh('key');
      // A refusal to hand out a token is remembered for a moment.
      client.clock.shiftMs += 10_000;
      expect(await exercise()).toMatchObject({ word: under.good });
    });
  });
});

describe('wrong TLS × each operation', () => {
  let simulator: Simulator;
  let client: ClientUnderTest;
  let number = 0;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    simulator = await startSimulator({ ...OPTIONS, tls: true });
  });
  afterEach(async () => {
    simulator.control.clearFaults();
    await client.transport.close();
  });
  afterAll(() => simulator.close());

  const cells = OPERATIONS_UNDER_TEST.flatMap((under) =>
    (['name', 'expired', 'none'] as const).map(
      (certificate) => [under.operation, certificate, under] as const,
    ),
  );

  it.each(cells)(
    '%s, certificate %s: certainly not sent',
    async (operation, certificate, under) => {
      client = new ClientUnderTest(simulator.url, { ca: simulator.rootPem });
      const exercise = await under.prepare(client, (number += 1));
      // The next call connects anew.
      await client.transport.close();
      simulator.control.addFault({ kind: 'wrong-tls', certificate });
      expect(await exercise()).toMatchObject({ word: 'unavailable' });
      const lines = await simulator.control.ledger({ service: operation });
      expect(lines.filter(({ fault }) => fault === 'wrong-tls')).toEqual([]);

      simulator.control.clearFaults();
      client.clock.shiftMs += 10_000;
      expect(await exercise()).toMatchObject({ word: under.good });
    },
  );
});
