import type { Signer } from '@getupnet/xmldsig';
import { mkdtempSync, readFileSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { startSimulator, type Fault, type Simulator } from '../index.js';
import { TestClient, testSigner, type SignedFile } from '../testing/client.js';
import { ISSUER, ecf, note, signedEcf, signedRfce } from '../testing/documents.js';
import { TestClock } from '../testing/test-clock.js';

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
  simulator = await startSimulator({ trust: 'any', clock, seed: 7, validationDelayMs: 500 });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterEach(() => simulator.close());

const next = (tipo = '31'): string => `E${tipo}${String((last += 1)).padStart(10, '0')}`;

const invoice = (encf: string): Promise<SignedFile> =>
  signedEcf(ecf({ encf, now: clock.now() }), signer);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function send(file: SignedFile): Promise<string> {
  return ((await (await client.sendEcf(file)).json()) as { trackId: string }).trackId;
}

async function codigo(trackId: string): Promise<unknown> {
  return ((await (await client.result(trackId)).json()) as { codigo: unknown }).codigo;
}

describe('time', () => {
  it('answers En Proceso until the validation delay is over', async () => {
    const encf = next();
    const trackId = await send(await invoice(encf));
    expect(await codigo(trackId)).toBe('3');
    const query = { rncemisor: ISSUER, encf };
    const tracks = await client.get('consultatrackids/api/trackids/consulta', query);
    expect(await tracks.json()).toMatchObject([{ trackId, estado: 'En proceso' }]);
    clock.forward(500);
    expect(await codigo(trackId)).toBe('1');
  });

  it('lets a note follow its invoice at once: both are judged in order', async () => {
    const encf = next();
    await send(await invoice(encf));
    const file = await signedEcf(note(next('34'), encf, { now: clock.now() }), signer);
    const trackId = await send(file);
    clock.forward(500);
    expect(await codigo(trackId)).toBe('1');
  });

  it('lets tokens and semillas end', async () => {
    const trackId = await send(await invoice(next()));
    clock.forward(3_600_000);
    expect((await client.result(trackId)).status).toBe(401);
  });
});

describe('faults', () => {
  it('answers a status without processing, so many times', async () => {
    const encf = next();
    const file = await invoice(encf);
    simulator.control.addFault({ kind: 'status', status: 503, operation: 'recepcion', times: 2 });
    const answers = [await client.sendEcf(file), await client.sendEcf(file)];
    expect(answers.map((answer) => answer.status)).toEqual([503, 503]);
    expect(await answers[0]?.text()).toContain('<html');
    expect((await client.sendEcf(file)).status).toBe(200);
    const lines = await simulator.control.ledger({ encf });
    expect(lines.map(({ processed, fault, httpStatus }) => [processed, fault, httpStatus])).toEqual(
      [
        [false, 'status', 503],
        [false, 'status', 503],
        [true, null, 200],
      ],
    );
    expect(new Set(lines.map((line) => line.sha256))).toEqual(new Set([sha256(file.xml)]));
  });

  it('closes the connection before processing', async () => {
    const encf = next();
    simulator.control.addFault({ kind: 'reset', encf, times: 1 });
    await expect(client.sendEcf(await invoice(encf))).rejects.toThrow('fetch failed');
    expect(await simulator.control.ledger({ encf })).toMatchObject([
      { processed: false, answer: 'withheld', codigo: null, httpStatus: null },
    ]);
    expect(simulator.control.state().numbers).toBe(0);
  });

  it('processes and loses the answer', async () => {
    const encf = next();
    const file = await invoice(encf);
    simulator.control.addFault({ kind: 'answer-lost', operation: 'recepcion', times: 1 });
    await expect(client.sendEcf(file)).rejects.toThrow('fetch failed');
    const [line] = await simulator.control.ledger({ encf });
    expect(line).toMatchObject({ processed: true, answer: 'withheld', codigo: '1' });
    const query = { rncemisor: ISSUER, encf };
    const tracks = await client.get('consultatrackids/api/trackids/consulta', query);
    expect(await tracks.json()).toMatchObject([{ trackId: line?.trackId }]);
    await send(file);
    const repeated = await simulator.control.ledger({ encf, service: 'recepcion' });
    expect(repeated[1]).toMatchObject({ codigo: '2', mensajes: [{ codigo: '1209' }] });
  });

  it('loses the verdict of a summary too', async () => {
    const file = await signedRfce(ecf({ encf: next('32'), now: clock.now() }), signer);
    simulator.control.addFault({ kind: 'answer-lost', operation: 'recepcionfc', times: 1 });
    await expect(client.sendRfce(file)).rejects.toThrow('fetch failed');
    expect(await (await client.sendRfce(file)).json()).toMatchObject({
      mensajes: [{ codigo: '1209' }],
    });
  });

  it('answers HTML, answers late, and stays En Proceso', async () => {
    simulator.control.addFault({ kind: 'html', operation: 'semilla', times: 1 });
    expect(await client.semilla()).toContain('<!DOCTYPE html>');
    simulator.control.addFault({ kind: 'delay', ms: 30, operation: 'semilla', times: 1 });
    const before = performance.now();
    expect(await client.semilla()).toContain('SemillaModel');
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);
    simulator.control.addFault({ kind: 'en-proceso', polls: 2, ms: 1_000, times: 1 });
    const trackId = await send(await invoice(next()));
    clock.forward(1_500);
    expect([await codigo(trackId), await codigo(trackId), await codigo(trackId)]).toEqual([
      '3',
      '3',
      '1',
    ]);
  });

  it('is down until it is up again, and the status host says so', async () => {
    const id = simulator.control.addFault({ kind: 'down', environment: 'testecf' });
    expect((await client.sendEcf(await invoice(next()))).status).toBe(503);
    const status = async (ambiente: number): Promise<unknown> =>
      (
        await fetch(
          `${simulator.url}/statusecf/api/estatusservicios/verificarestado?ambiente=${ambiente}`,
          { headers: { authorization: 'Apikey x' } },
        )
      ).json();
    expect(await status(1)).toEqual({ estado: 'No Disponible' });
    expect(await status(3)).toEqual({ estado: 'Disponible' });
    expect(simulator.control.removeFault(id)).toBe(true);
    expect((await client.sendEcf(await invoice(next()))).status).toBe(200);
  });

  it('draws the same calls from the same seed', async () => {
    const hits = async (seed: number): Promise<string> => {
      const other = await startSimulator({ trust: 'any', seed });
      other.control.addFault({ kind: 'status', status: 500, probability: 0.5 });
      const visitor = new TestClient(other.url);
      let pattern = '';
      for (let call = 0; call < 40; call += 1) {
        pattern += (await visitor.semilla()).includes('Semilla') ? '.' : 'x';
      }
      await other.close();
      return pattern;
    };
    const first = await hits(1);
    expect(first).toMatch(/x.*\..*x/);
    expect(await hits(1)).toBe(first);
    expect(await hits(2)).not.toBe(first);
  });

  it('refuses a malformed fault', () => {
    const malformed = { kind: 'status', status: 200 } as Fault;
    expect(() => simulator.control.addFault(malformed)).toThrow();
  });
});

describe('forced verdicts', () => {
  it('decide a number once, and a freed number can be used again', async () => {
    const encf = next();
    const mensajes = [{ codigo: '2020', valor: 'TablaSubDescuento' }];
    simulator.control.forceVerdict({ encf, codigo: '2', secuenciaUtilizada: false, mensajes });
    const trackId = await send(await invoice(encf));
    clock.forward(500);
    expect(await (await client.result(trackId)).json()).toMatchObject({
      codigo: '2',
      secuenciaUtilizada: false,
      mensajes: [{ codigo: 2020, valor: 'TablaSubDescuento' }],
    });
    const again = await send(await invoice(encf));
    clock.forward(500);
    expect(await codigo(again)).toBe('1');
  });
});

describe('control API', () => {
  const call = (path: string, method = 'GET', body?: unknown): Promise<Response> =>
    fetch(`${simulator.url}/_control/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });

  it('does over HTTP what the object does', async () => {
    const encf = next();
    expect((await call('faults', 'POST', { kind: 'html', operation: 'semilla' })).status).toBe(201);
    expect((await call('verdicts', 'POST', { encf, codigo: '4' })).status).toBe(204);
    expect(await (await call('state')).json()).toMatchObject({
      seed: '7',
      faults: [{ id: 'f1', fault: { kind: 'html' }, hits: 0 }],
      forcedVerdicts: [{ encf, codigo: '4' }],
    });
    expect((await call('faults/f1', 'DELETE')).status).toBe(204);
    expect((await call('faults/f1', 'DELETE')).status).toBe(404);
    await send(await invoice(encf));
    const text = await (await call(`ledger?encf=${encf}`)).text();
    expect(JSON.parse(text)).toMatchObject({ encf, codigo: '4', answer: 'delivered' });
    expect((await call('reset', 'POST', {})).status).toBe(204);
    expect(await (await call('state')).json()).toMatchObject({ numbers: 0, tracks: 0 });
    const bad = await call('faults', 'POST', { kind: 'explode' });
    expect(bad.status).toBe(400);
  });
});

describe('restart', () => {
  it('remembers documents, tokens and resets; a torn last line never happened', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'dgii-simulator-test-'));
    const options = { trust: 'any', dataDir, clock, validationDelayMs: 500, fsync: true } as const;
    const [old, kept] = [next(), next()];
    const first = await startSimulator(options);
    client = new TestClient(first.url);
    await client.authenticate(signer);
    await send(await invoice(old));
    await first.control.reset();
    const trackId = await send(await invoice(kept));
    const { token } = client;
    await first.close();
    appendFileSync(join(dataDir, 'ledger.jsonl'), '{"seq":99,"encf":"E31');

    const second = await startSimulator(options);
    client = new TestClient(second.url);
    client.token = token;
    expect(await codigo(trackId)).toBe('3');
    clock.forward(500);
    expect(await codigo(trackId)).toBe('1');
    await send(await invoice(kept));
    await send(await invoice(old));
    const lines = await second.control.ledger({ service: 'recepcion' });
    expect(lines.map((line) => [line.encf, line.codigo])).toEqual([
      [old, '1'],
      [kept, '1'],
      [kept, '2'],
      [old, '1'],
    ]);
    await second.close();
    const seqs = readFileSync(join(dataDir, 'ledger.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    rmSync(dataDir, { recursive: true });
  });
});
