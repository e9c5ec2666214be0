import type { DgiiParty, Environment } from '@getupnet/contracts';
import type { DgiiAnswer, DgiiApi, DirectoryEntry } from '@getupnet/dgii-api';
import { AppError, newId } from '@getupnet/kernel';
import { ShiftedClock } from '../testing/client-under-test.js';
import type { AuthorisedCalls, CallContext } from '../calls/authorised-calls.js';
import type { ForeignAnswer, Incidents } from '../calls/incidents.js';
import type { ProductionGate } from '../gateway/production-gate.js';
import { ListDirectory } from './list-directory.use-case.js';
import { LookUpDirectory } from './look-up-directory.use-case.js';

const RNC = '131880681';
const party = (environment: Environment): DgiiParty => ({
  tenantId: newId(),
  environment,
  rnc: '131880738',
});
const entry = (rnc: string): DirectoryEntry => ({
  nombre: rnc,
  rnc,
  urlRecepcion: 'acme.do/fe/recepcion/api/ecf',
  urlAceptacion: 'sin dirección',
  urlOpcional: null,
});
const ok = (...rncs: string[]): DgiiAnswer<readonly DirectoryEntry[]> => ({
  kind: 'ok',
  value: rncs.map(entry),
  raw: '[]',
});

let answer: DgiiAnswer<readonly DirectoryEntry[]>;
let allowed: boolean;
const incidents: ForeignAnswer[] = [];
let asked: number;
/** A tenant whom DGII does not answer. */
let unlucky: string;
const lost = { kind: 'lost', reason: 'timeout' } as const;
const calls = {
  run: ({ party: { tenantId } }: CallContext) => {
    asked += 1;
    return Promise.resolve(tenantId === unlucky ? lost : answer);
  },
} as unknown as AuthorisedCalls;
const watcher = { foreign: (one: ForeignAnswer) => incidents.push(one) } as unknown as Incidents;
const gate = {
  check: ({ environment }: DgiiParty) =>
    allowed ? Promise.resolve() : Promise.reject(new AppError('env.forbidden', { environment })),
} as unknown as ProductionGate;

beforeEach(() => {
  incidents.length = 0;
  asked = 0;
  unlucky = '';
  allowed = true;
});

describe('LookUpDirectory', () => {
  const directory = new LookUpDirectory({} as DgiiApi, calls, watcher);

  it('tells addresses as registered and the bases they come to', async () => {
    answer = ok(RNC);
    expect(await directory.lookUp(party('ecf'), RNC)).toEqual({
      kind: 'found',
      receivers: [
        {
          ...entry(RNC),
          bases: { recepcion: 'https://acme.do', aceptacion: null, autenticacion: null },
        },
      ],
    });
    answer = ok();
    expect(await directory.lookUp(party('ecf'), RNC)).toEqual({ kind: 'found', receivers: [] });
  });

  it('DGI-3: in production somebody else’s line is an incident, and never an address', async () => {
    answer = ok('101010101');
    expect(await directory.lookUp(party('ecf'), RNC)).toMatchObject({
      kind: 'unavailable',
      reason: 'answer.foreign',
    });
    answer = ok('101010101', RNC);
    expect(await directory.lookUp(party('ecf'), RNC)).toMatchObject({
      kind: 'found',
      receivers: [{ rnc: RNC }],
    });
    expect(incidents).toMatchObject([
      { asked: { rnc: RNC }, answered: { rnc: '101010101' } },
      { asked: { rnc: RNC } },
    ]);
  });

  it('in testing DGII’s own receiver stands for anybody not listed', async () => {
    answer = ok('401506254', RNC);
    expect(await directory.lookUp(party('testecf'), RNC)).toMatchObject({
      receivers: [{ rnc: RNC }],
    });
    answer = ok('401506254');
    expect(await directory.lookUp(party('testecf'), RNC)).toMatchObject({
      receivers: [{ rnc: '401506254' }],
    });
    expect(incidents).toEqual([]);
  });

  it('never takes a missing answer for "nobody"', async () => {
    answer = { kind: 'lost', reason: 'timeout' };
    expect(await directory.lookUp(party('ecf'), RNC)).toMatchObject({ kind: 'unavailable' });
    expect(await directory.lookUp(party('certecf'), RNC)).toEqual({ kind: 'unsupported' });
  });
});

describe('ListDirectory', () => {
  let clock: ShiftedClock;
  let directory: ListDirectory;
  beforeEach(() => {
    clock = new ShiftedClock();
    directory = new ListDirectory(gate, {} as DgiiApi, calls, clock);
  });

  it('asks DGII once for the pages of a minute, of all readers', async () => {
    answer = ok('100000000', '200000000');
    const one = party('ecf');
    await Promise.all([1, 2, 3].map((limit) => directory.list(one, { limit })));
    expect(await directory.list(party('ecf'), { limit: 1, cursor: '100000000' })).toMatchObject({
      data: [{ rnc: '200000000' }],
    });
    expect(asked).toBe(1);
    await directory.list(party('testecf'), { limit: 1 });
    expect(asked).toBe(2);
    clock.shiftMs += 60_000;
    answer = ok('300000000');
    expect(await directory.list(one, { limit: 1 })).toMatchObject({ data: [{ rnc: '300000000' }] });
  });

  it('keeps no failure, and one tenant’s is not another’s', async () => {
    const one = party('ecf');
    unlucky = one.tenantId;
    answer = ok('100000000');
    const failing = directory.list(one, { limit: 1 });
    const other = directory.list(party('ecf'), { limit: 1 });
    await expect(failing).rejects.toMatchObject({ code: 'dependency.unavailable' });
    expect(await other).toMatchObject({ data: [{ rnc: '100000000' }] });
  });

  it('pages in the order of RNCs, each told once, and ends', async () => {
    answer = ok('300000000', '100000000', '200000000', '100000000', '00100000001');
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await directory.list(party('ecf'), { limit: 3, cursor });
      seen.push(...page.data.map(({ rnc }) => rnc));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['00100000001', '100000000', '200000000', '300000000']);
  });

  it('is refused without leave for production, and does not answer for DGII', async () => {
    allowed = false;
    await expect(directory.list(party('ecf'), { limit: 1 })).rejects.toMatchObject({
      code: 'env.forbidden',
    });
    allowed = true;
    answer = { kind: 'lost', reason: 'timeout' };
    await expect(directory.list(party('ecf'), { limit: 1 })).rejects.toMatchObject({
      code: 'dependency.unavailable',
    });
  });
});
