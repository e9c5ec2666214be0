import type { Signer } from '@getupnet/xmldsig';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, testSigner } from '../testing/client.js';
import { ecf, note, signedAcecf, signedEcf } from '../testing/documents.js';

let dataDir: string;
let signer: Signer;
let simulator: Simulator;
let client: TestClient;

const start = (): Promise<Simulator> => startSimulator({ validationDelayMs: 0, dataDir });

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'simulator-restart-'));
  signer = testSigner();
  simulator = await start();
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterAll(async () => {
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

type Document = ReturnType<typeof ecf>;
type Said = { readonly codigo: string; readonly mensaje?: readonly string[] };

async function resultOf(document: Document): Promise<Said> {
  const sent = await client.sendEcf(await signedEcf(document, signer));
  const { trackId } = (await sent.json()) as { trackId: string };
  return (await (await client.result(trackId)).json()) as Said;
}

const approve = async (document: Document): Promise<Said> =>
  (await (await client.approve(await signedAcecf(document, signer))).json()) as Said;

const credit = (encf: string, modified: string, price: string): Document =>
  note(encf, modified, {
    price,
    change: (e) => Object.assign(e.InformacionReferencia ?? {}, { CodigoModificacion: '3' }),
  });

it('after a restart it still knows notes, approvals and freed numbers', async () => {
  const [invoice, other] = [ecf({ encf: 'E310000000001' }), ecf({ encf: 'E310000000002' })];
  expect(await resultOf(invoice)).toMatchObject({ codigo: '1' });
  expect(await resultOf(other)).toMatchObject({ codigo: '1' });
  expect(await resultOf(credit('E340000000001', 'E310000000001', '700.00'))).toMatchObject({
    codigo: '1',
  });
  expect((await approve(invoice)).codigo).toBe('1');
  const freed = ecf({ encf: 'E310000000003', buyer: '999000022' });
  expect(await resultOf(freed)).toMatchObject({ codigo: '2', secuenciaUtilizada: false });

  await simulator.close();
  simulator = await start();
  client = new TestClient(simulator.url);
  await client.authenticate(signer);

  expect(await resultOf(credit('E340000000002', 'E310000000001', '300.02'))).toMatchObject({
    codigo: '2',
    mensajes: [{ valor: 'El campo MontoTotal de la sección Totales no es válido.' }],
  });
  expect(await resultOf(credit('E340000000003', 'E310000000001', '300.00'))).toMatchObject({
    codigo: '1',
  });
  expect((await approve(invoice)).mensaje?.[0]).toContain('no es requerida para el e-CF referido');
  expect((await approve(other)).codigo).toBe('1');
  expect(await resultOf(ecf({ encf: 'E310000000003' }))).toMatchObject({ codigo: '1' });

  await simulator.control.reset();
  expect((await approve(other)).mensaje?.[0]).toContain('No se encontró la factura');
});
