import type { Signer } from '@getupnet/xmldsig';
import { startSimulator, type ScriptedFault, type Simulator } from '../index.js';
import { TestClient, testSigner, type SignedFile } from '../testing/client.js';
import { ISSUER, ecf, signedEcf, signedRfce } from '../testing/documents.js';
import { TestClock } from '../testing/test-clock.js';

const HOUR_MS = 3_600_000;

let signer: Signer;
let clock: TestClock;
let simulator: Simulator;
let client: TestClient;
let last = 0;

beforeAll(() => {
  signer = testSigner({
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2028-01-01T00:00:00Z'),
  });
});
beforeEach(async () => {
  clock = new TestClock();
  simulator = await startSimulator({ trust: 'any', clock, seed: 7, validationDelayMs: 0 });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterEach(() => simulator.close());

const next = (): string => `E31${String((last += 1)).padStart(10, '0')}`;
const invoice = (encf: string): Promise<SignedFile> =>
  signedEcf(ecf({ encf, now: clock.now() }), signer);

async function send(encf: string): Promise<string> {
  const answer = await client.sendEcf(await invoice(encf));
  return ((await answer.json()) as { trackId: string }).trackId;
}

interface Result {
  readonly codigo: string;
  readonly estado: string;
  readonly encf: string;
  readonly secuenciaUtilizada: boolean;
}
const result = async (trackId: string): Promise<Result> =>
  (await (await client.result(trackId)).json()) as Result;

async function tracks(encf: string): Promise<{ trackId: string | null; estado: string }[]> {
  const query = { rncemisor: ISSUER, encf };
  const answer = await client.get('consultatrackids/api/trackids/consulta', query);
  return (await answer.json()) as { trackId: string | null; estado: string }[];
}

describe('a document that shows late', () => {
  it('is received and not found by any query, so often, and then it is', async () => {
    const encf = next();
    simulator.control.addFault({ kind: 'late', queries: 3, times: 1 });
    const trackId = await send(encf);
    expect(await result(trackId)).toMatchObject({ codigo: '0', estado: 'No encontrado' });
    expect(await tracks(encf)).toMatchObject([{ trackId: null, estado: 'No encontrado' }]);
    const query = { rncemisor: ISSUER, ncfelectronico: encf };
    const estado = await client.get('consultaestado/api/consultas/estado', query);
    expect(await estado.json()).toMatchObject({ codigo: 0 });
    expect(await result(trackId)).toMatchObject({ codigo: '1', encf });
    expect(await tracks(encf)).toMatchObject([{ trackId, estado: 'Aceptado' }]);
    const lines = await simulator.control.ledger({ encf });
    expect(lines.map(({ service, fault }) => [service, fault])).toEqual([
      ['recepcion', 'late'],
      ['consultaresultado', 'late'],
      ['consultatrackids', 'late'],
      ['consultaestado', 'late'],
      ['consultatrackids', null],
    ]);
  });

  it('is not found for so long, and its number is used all the same', async () => {
    const encf = next();
    simulator.control.addFault({ kind: 'late', ms: 5_000, times: 1 });
    const trackId = await send(encf);
    clock.forward(4_999);
    expect((await result(trackId)).codigo).toBe('0');
    await send(encf);
    const [, again] = await simulator.control.ledger({ encf, service: 'recepcion' });
    expect(again?.mensajes).toMatchObject([{ codigo: '1209' }]);
    clock.forward(1);
    expect((await result(trackId)).codigo).toBe('1');
  });

  it('is a summary, too: taken, and unknown to its query for a while', async () => {
    const production = new TestClient(simulator.url, 'ecf');
    await production.authenticate(signer);
    const encf = 'E320000000001';
    const summary = await signedRfce(ecf({ encf, now: clock.now() }), signer);
    simulator.control.addFault({ kind: 'late', queries: 2, operation: 'recepcionfc', times: 1 });
    expect(await (await production.sendRfce(summary)).json()).toMatchObject({ codigo: 1 });
    const [line] = await simulator.control.ledger({ encf });
    const query = {
      RNC_Emisor: ISSUER,
      ENCF: encf.toLowerCase(),
      Cod_Seguridad_eCF: line?.facts?.codigoSeguridad ?? '',
    };
    const codes: unknown[] = [];
    for (let asked = 0; asked < 3; asked += 1) {
      const answer = await production.get('consultarfce/api/Consultas/Consulta', query, 'fc');
      codes.push(((await answer.json()) as { codigo: string }).codigo);
    }
    expect(codes).toEqual(['0', '0', '1']);
  });

  it('shows when faults are cleared', async () => {
    simulator.control.addFault({ kind: 'late', queries: 99, times: 1 });
    const trackId = await send(next());
    expect((await result(trackId)).codigo).toBe('0');
    simulator.control.clearFaults();
    expect((await result(trackId)).codigo).toBe('1');
  });
});

describe('answers that lie', () => {
  it('change a final state after it was told', async () => {
    const trackId = await send(next());
    simulator.control.addFault({ kind: 'status-flip', after: 1, times: 1 });
    const told = [await result(trackId), await result(trackId), await result(trackId)];
    expect(told.map(({ codigo, secuenciaUtilizada }) => [codigo, secuenciaUtilizada])).toEqual([
      ['1', true],
      ['2', false],
      ['1', true],
    ]);
  });

  it('give a document the trackId of the one before, which is about the other', async () => {
    const [first, second] = [next(), next()];
    const trackId = await send(first);
    simulator.control.addFault({ kind: 'repeated-trackid', operation: 'recepcion', times: 1 });
    expect(await send(second)).toBe(trackId);
    expect((await result(trackId)).encf).toBe(first);
    const [own] = await tracks(second);
    expect(own?.trackId).not.toBe(trackId);
    expect((await result(own?.trackId ?? '')).encf).toBe(second);
  });

  it('are about somebody else', async () => {
    const encf = next();
    const trackId = await send(encf);
    simulator.control.addFault({ kind: 'foreign', field: 'encf', encf, times: 1 });
    expect((await result(trackId)).encf).not.toBe(encf);
    expect((await result(trackId)).encf).toBe(encf);
  });
});

describe('a token that ends early', () => {
  it('is refused once, and good again', async () => {
    simulator.control.addFault({ kind: 'early-401', times: 1 });
    expect((await client.result('x')).status).toBe(401);
    expect((await client.result('x')).status).toBe(200);
  });

  it('ends with every other of its environment, and only a new one opens', async () => {
    const production = new TestClient(simulator.url, 'ecf');
    await production.authenticate(signer);
    simulator.control.addFault({ kind: 'early-401', revoke: true, times: 1 });
    expect((await client.result('x')).status).toBe(401);
    expect((await client.result('x')).status).toBe(401);
    expect((await production.result('x')).status).toBe(200);
    await client.authenticate(signer);
    expect((await client.result('x')).status).toBe(200);
  });
});

describe('a call that is processed although its answer is not DGII’s', () => {
  it.each([
    [{ kind: 'status', status: 504, processed: true }, 504],
    [{ kind: 'html', processed: true }, 200],
    [{ kind: 'empty', processed: true }, 200],
  ] as const)('%j', async (fault, status) => {
    const encf = next();
    simulator.control.addFault({ ...fault, operation: 'recepcion', times: 1 });
    expect((await client.sendEcf(await invoice(encf))).status).toBe(status);
    expect(await simulator.control.ledger({ encf })).toMatchObject([
      { processed: true, answer: 'withheld', codigo: '1', httpStatus: status, fault: fault.kind },
    ]);
    expect(await tracks(encf)).toMatchObject([{ estado: 'Aceptado' }]);
  });
});

describe('maintenance', () => {
  const status = async (resource: string): Promise<unknown> => {
    const url = `${simulator.url}/statusecf/api/estatusservicios/${resource}`;
    return (await fetch(url, { headers: { authorization: 'Apikey x' } })).json();
  };
  /** 10:00 in Santo Domingo is when the clock starts. */
  const fault: ScriptedFault & { kind: 'maintenance' } = {
    kind: 'maintenance',
    environment: 'testecf',
    days: ['15-06-2026', '16-06-2026'],
    from: '11:00',
    to: '13:00',
  };
  const announced = {
    ventanaMantenimientos: [
      {
        ambiente: 'PreCertificacion',
        horaInicio: '11:00 AM',
        horaFin: '1:00 PM',
        dias: ['15-06-2026', '16-06-2026'],
      },
    ],
  };

  it('is announced, comes, and goes, in its environment only', async () => {
    simulator.control.addFault(fault);
    const windows = 'obtenerventanasmantenimiento';
    expect(await status(windows)).toEqual(announced);
    expect((await client.result('x')).status).toBe(200);
    clock.forward(HOUR_MS);
    const closed = await client.sendEcf(await invoice(next()));
    expect(closed.status).toBe(503);
    expect(await closed.text()).toContain('mantenimiento');
    expect(await status('verificarestado?ambiente=1')).toEqual({ estado: 'No Disponible' });
    expect(await status('verificarestado?ambiente=2')).toEqual({ estado: 'Disponible' });
    const services = (await status('obtenerestatus')) as { ambiente: string; estatus: string }[];
    for (const { ambiente, estatus } of services) {
      const isOut = ambiente === 'PreCertificacion';
      expect(estatus).toBe(isOut ? 'No Disponible' : 'Disponible');
    }
    expect((await new TestClient(simulator.url, 'ecf').semilla()).length).toBeGreaterThan(0);
    clock.forward(2 * HOUR_MS);
    await client.authenticate(signer);
    expect((await client.result('x')).status).toBe(200);
    expect(await status(windows)).toEqual(announced);
    clock.forward(24 * HOUR_MS);
    expect(await status(windows)).toEqual({ ventanaMantenimientos: [] });
    const [line] = await simulator.control.ledger({ service: 'recepcion' });
    expect(line).toMatchObject({ fault: 'maintenance', processed: false, answer: 'delivered' });
  });

  it('can refuse connections instead of answering', async () => {
    simulator.control.addFault({ ...fault, from: '09:00', answer: 'reset' });
    await expect(client.result('x')).rejects.toThrow('fetch failed');
  });
});

it('lets nobody wait when it ends', async () => {
  simulator.control.addFault({ kind: 'delay', ms: 60_000, operation: 'semilla', times: 1 });
  simulator.control.addFault({ kind: 'silent', operation: 'directoriolistado', times: 1 });
  simulator.control.addFault({ kind: 'slow-body', operation: 'consultatimbre', times: 1 });
  const waiting = [
    client.semilla(),
    client.get('consultadirectorio/api/consultas/listado', {}),
    client.get('consultatimbre', {}).then((answer) => answer.text()),
  ].map((call) => expect(call).rejects.toThrow());
  while (simulator.control.state().faults.length > 0) await client.result('x');
  await simulator.close();
  await Promise.all(waiting);
});

describe('chaos', () => {
  /** What each document's deliveries met, whatever overtook them. */
  async function run(seed: number, encfs: readonly string[]): Promise<unknown> {
    const chaos = { seed, mix: { 'answer-lost': 0.3, html: 0.2, status: 0.2, truncated: 0.1 } };
    const stormy = await startSimulator({ trust: 'any', clock, chaos, validationDelayMs: 0 });
    const visitor = new TestClient(stormy.url);
    stormy.control.clearFaults();
    await visitor.authenticate(signer);
    stormy.control.addFault({ kind: 'chaos', ...chaos, operations: ['recepcion'] });
    await Promise.all(
      encfs.map(async (encf) => {
        const file = await invoice(encf);
        for (let attempt = 0; attempt < 5; attempt += 1) {
          // Whatever comes of it: the ledger knows.
          await Promise.allSettled([visitor.sendEcf(file).then((answer) => answer.text())]);
        }
      }),
    );
    const lines = await stormy.control.ledger({ service: 'recepcion' });
    await stormy.close();
    const faultsOf = (encf: string): (string | null)[] =>
      lines.filter((line) => line.encf === encf).map(({ fault }) => fault);
    return Object.fromEntries(encfs.map((encf) => [encf, faultsOf(encf)]));
  }

  it('is the same again for the same seed, also at once and in another order', async () => {
    const encfs = Array.from({ length: 12 }, next);
    const first = await run(5, encfs);
    expect(await run(5, encfs.toReversed())).toEqual(first);
    expect(await run(6, encfs)).not.toEqual(first);
    expect(JSON.stringify(first)).toMatch(/answer-lost.*html|html.*answer-lost/);
  });
});
