import type { Signer } from '@getupnet/xmldsig';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, testSigner } from '../testing/client.js';
import {
  ISSUER,
  ecf,
  signedAcecf,
  signedAnecf,
  signedEcf,
  signedRfce,
} from '../testing/documents.js';
import { TestClock } from '../testing/test-clock.js';

const ENCF = 'E310000000001';

let dataDir: string;
let signer: Signer;
let clock: TestClock;
let simulator: Simulator;
let client: TestClient;

beforeAll(() => {
  signer = testSigner({
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2028-01-01T00:00:00Z'),
  });
});
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'simulator-restart-'));
  clock = new TestClock();
  await start();
  await client.authenticate(signer);
});
afterEach(async () => {
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

async function start(seed = 1): Promise<void> {
  simulator = await startSimulator({
    trust: 'any',
    dataDir,
    clock,
    seed,
    validationDelayMs: 0,
    fsync: true,
  });
  const { token } = client ?? {};
  client = new TestClient(simulator.url);
  client.token = token ?? '';
}

/** As after a crash: the last line is torn. */
async function restart(seed = 1): Promise<void> {
  await simulator.close();
  appendFileSync(join(dataDir, 'ledger.jsonl'), '{"seq":9999,"time":"20');
  await start(seed);
}

const json = async (answer: Promise<Response>): Promise<unknown> => (await answer).json();

it('documents, approvals, voids and what the receiver took are as before', async () => {
  const document = ecf({ encf: ENCF, now: clock.now() });
  const file = await signedEcf(document, signer);
  const { trackId } = (await json(client.sendEcf(file))) as { trackId: string };
  const summary = ecf({ encf: 'E320000000001', now: clock.now() });
  await client.sendRfce(await signedRfce(summary, signer));
  const approval = await signedAcecf(document, signer);
  expect(await json(client.approve(approval))).toMatchObject({ codigo: '1' });
  const voids = await signedAnecf([['44', 10, 20]], signer);
  expect(await json(client.voidRanges(voids))).toMatchObject({ codigo: '1' });
  await client.post('emisorreceptor/fe/recepcion/api/ecf', file);
  const counts = simulator.control.state();
  const query = { rncemisor: ISSUER, ncfelectronico: ENCF };
  const estado = (): Promise<unknown> =>
    json(client.get('consultaestado/api/consultas/estado', query));
  const before = [await json(client.result(trackId)), await estado()];

  await restart();
  expect(simulator.control.state()).toMatchObject({
    numbers: counts.numbers,
    tracks: counts.tracks,
    ledgerLines: counts.ledgerLines + 1,
  });
  expect([await json(client.result(trackId)), await estado()]).toEqual(before);
  expect(await json(client.approve(approval))).toMatchObject({ codigo: '2' });
  expect(await json(client.voidRanges(voids))).toMatchObject({ codigo: '2' });
  const again = await client.post('emisorreceptor/fe/recepcion/api/ecf', file);
  expect(await again.text()).toContain('<CodigoMotivoNoRecibido>3<');
  await client.sendEcf(file);
  const lines = await simulator.control.ledger({ encf: ENCF, service: 'recepcion' });
  expect(lines.at(-1)?.mensajes).toMatchObject([{ codigo: '1209' }]);
});

it('faults are in force, used up as far as they were, and removed ones stay removed', async () => {
  const { control } = simulator;
  control.addFault({ kind: 'status', status: 500, operation: 'directoriolistado', times: 2 });
  const gone = control.addFault({ kind: 'reset' });
  control.removeFault(gone);
  control.addFault({ kind: 'chaos', seed: 3, mix: { html: 0.5 }, operations: ['semilla'] });
  control.addFault({
    kind: 'maintenance',
    environment: 'ecf',
    days: ['15-06-2026'],
    from: '09:00',
    to: '23:00',
  });
  control.forceVerdict({ encf: ENCF, codigo: '4', times: 2 });
  const listed = async (): Promise<number> =>
    (await client.get('consultadirectorio/api/consultas/listado', {})).status;
  expect(await listed()).toBe(500);
  await client.sendEcf(await signedEcf(ecf({ encf: ENCF, now: clock.now() }), signer));
  const before = control.state();

  await restart(2);
  const after = simulator.control.state();
  expect(after.faults).toEqual(before.faults);
  expect(after.faults.map(({ fault, hits }) => [fault.kind, hits])).toEqual([
    ['status', 1],
    ['chaos', 0],
    ['maintenance', 0],
  ]);
  expect(after.forcedVerdicts).toEqual(before.forcedVerdicts);
  expect((await fetch(new TestClient(simulator.url, 'ecf').path('consultatimbre'))).status).toBe(
    503,
  );
  expect([await listed(), await listed()]).toEqual([500, 200]);
  expect(simulator.control.addFault({ kind: 'reset' })).toBe('f5');
  simulator.control.clearFaults();
  simulator.control.clearForcedVerdicts();

  await restart();
  expect(simulator.control.state()).toMatchObject({ faults: [], forcedVerdicts: [] });
});

it('draws go on with the salt of before, whatever the seed is now', async () => {
  const pattern = async (): Promise<string> => {
    let hits = '';
    for (let call = 0; call < 20; call += 1) {
      hits += (await client.semilla()).includes('Semilla') ? '.' : 'x';
    }
    return hits;
  };
  simulator.control.addFault({ kind: 'html', operation: 'semilla', probability: 0.5 });
  const before = await pattern();
  await restart(99);
  expect(await pattern()).toBe(before);
});

it('a document that shows late does so after a restart, and an ended token stays ended', async () => {
  simulator.control.addFault({ kind: 'late', ms: 10_000, times: 1 });
  const file = await signedEcf(ecf({ encf: ENCF, now: clock.now() }), signer);
  const { trackId } = (await json(client.sendEcf(file))) as { trackId: string };
  await restart();
  expect(await json(client.result(trackId))).toMatchObject({ codigo: '0' });
  clock.forward(10_000);
  expect(await json(client.result(trackId))).toMatchObject({ codigo: '1' });
  simulator.control.addFault({ kind: 'early-401', revoke: true, times: 1 });
  expect((await client.result(trackId)).status).toBe(401);
  await restart();
  expect((await client.result(trackId)).status).toBe(401);
  await client.authenticate(signer);
  expect((await client.result(trackId)).status).toBe(200);
});

it('lines are in order of time, also of calls that had to wait', async () => {
  // Longer than a busy machine takes for the quick one.
  simulator.control.addFault({ kind: 'delay', ms: 6_000, encf: ENCF, times: 1 });
  const slow = await signedEcf(ecf({ encf: ENCF, now: clock.now() }), signer);
  const quick = await signedEcf(ecf({ encf: 'E310000000002', now: clock.now() }), signer);
  const arrival = clock.now().toISOString();
  const first = client.sendEcf(slow);
  while (simulator.control.state().faults.length > 0) await client.result('x');
  await client.sendEcf(quick);
  clock.forward(1_000);
  await first;
  const lines = await simulator.control.ledger({ service: 'recepcion' });
  expect(lines.map(({ encf, time }) => [encf, time])).toEqual([
    ['E310000000002', arrival],
    [ENCF, clock.now().toISOString()],
  ]);
  expect(lines[1]).toMatchObject({ arrivedAt: arrival, fault: 'delay', answer: 'delivered' });
  expect(lines[0]?.arrivedAt).toBeUndefined();
});
