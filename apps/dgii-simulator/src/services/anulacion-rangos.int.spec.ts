import type { AnecfDocument } from '@getupnet/ecf';
import type { Signer } from '@getupnet/xmldsig';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, testSigner, type SignedFile } from '../testing/client.js';
import { ISSUER, ecf, signedAnecf, signedEcf, signedRfce } from '../testing/documents.js';

type AnecfAnulacion = AnecfDocument['DetalleAnulacion']['Anulacion'][number];

interface Voided {
  readonly rnc: string | null;
  readonly codigo: string;
  readonly nombre: string | null;
  readonly mensajes: readonly string[];
}

let signer: Signer;
let simulator: Simulator;
let client: TestClient;
let dataDir: string;

const delegates = { '130862346': ['00200000002'] };
const start = (): Promise<Simulator> =>
  startSimulator({
    trust: 'any',
    validationDelayMs: 0,
    dataDir,
    environments: { testecf: { delegates, sequences: { '44': { first: 1, last: 100 } } } },
  });

beforeAll(async () => {
  signer = testSigner();
  dataDir = mkdtempSync(join(tmpdir(), 'simulator-voids-'));
  simulator = await start();
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterAll(async () => {
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

const voided = async (file: SignedFile): Promise<Voided> =>
  (await (await client.voidRanges(file)).json()) as Voided;

async function resultOf(encf: string, to = client): Promise<unknown> {
  const sent = await to.sendEcf(await signedEcf(ecf({ encf }), signer));
  const { trackId } = (await sent.json()) as { trackId: string };
  return (await to.result(trackId)).json();
}

const VOIDED_NUMBER = {
  codigo: '2',
  secuenciaUtilizada: true,
  mensajes: [{ codigo: 0, valor: 'El e-NCF fue anulado.' }],
};

describe('void ranges', () => {
  it('takes numbers out of use, both ends and no more', async () => {
    const answer = await voided(await signedAnecf([['31', 10, 20]], signer));
    expect(answer).toEqual({
      rnc: ISSUER,
      codigo: '1',
      nombre: null,
      mensajes: ['Secuencias anuladas.'],
    });
    expect(await resultOf('E310000000009')).toMatchObject({ codigo: '1' });
    expect(await resultOf('E310000000010')).toMatchObject(VOIDED_NUMBER);
    expect(await resultOf('E310000000020')).toMatchObject(VOIDED_NUMBER);
    expect(await resultOf('E310000000021')).toMatchObject({ codigo: '1' });
  });

  it('voids around what was used, says which, and the used document stays', async () => {
    expect(await resultOf('E310000000205')).toMatchObject({ codigo: '1' });
    const answer = await voided(await signedAnecf([['31', 200, 210]], signer));
    expect(answer).toMatchObject({ codigo: '1', nombre: 'EMISOR & CIA "PRUEBA"' });
    expect(answer.mensajes).toEqual([
      expect.stringContaining('con excepción'),
      'Secuencias ya utilizadas: E310000000205.',
    ]);
    const line = (await simulator.control.ledger({ service: 'anulacionrangos' })).at(-1);
    expect(line).toMatchObject({
      rnc: ISSUER,
      voided: [
        { tipo: '31', first: 200, last: 204 },
        { tipo: '31', first: 206, last: 210 },
      ],
    });
  });

  it('voids nothing twice, and nothing that went as a summary', async () => {
    await voided(await signedAnecf([['31', 300, 301]], signer));
    const again = await voided(await signedAnecf([['31', 300, 301]], signer));
    expect(again.codigo).toBe('2');
    await client.sendRfce(await signedRfce(ecf({ encf: 'E320000000001' }), signer));
    const summary = await voided(await signedAnecf([['32', 1, 1]], signer));
    expect(summary).toMatchObject({
      codigo: '2',
      mensajes: ['Secuencias ya utilizadas: E320000000001.'],
    });
  });

  it('voids a number that a rejection freed', async () => {
    const file = await signedEcf(ecf({ encf: 'E310000000400' }), signer);
    const bad = file.xml.replace('<TipoPago>1<', '<TipoPago>9<');
    await client.sendEcf({ ...file, xml: bad });
    expect(await voided(await signedAnecf([['31', 400, 400]], signer))).toMatchObject({
      codigo: '1',
    });
    expect(await resultOf('E310000000400')).toMatchObject(VOIDED_NUMBER);
  });

  it('leaves numbers alone that were never authorised', async () => {
    const answer = await voided(await signedAnecf([['44', 95, 110]], signer));
    expect(answer.codigo).toBe('1');
    expect(answer.mensajes[1]).toContain('E440000000101 - E440000000110');
    expect(await voided(await signedAnecf([['44', 101, 101]], signer))).toMatchObject({
      codigo: '2',
    });
  });

  it('refuses what is not in order, and voids nothing then', async () => {
    const backwards = await signedAnecf([['31', 501, 502]], signer, (document) => {
      const [range] = document.DetalleAnulacion.Anulacion[0]?.TablaRangoSecuenciasAnuladaseNCF
        .Secuencias ?? [undefined];
      if (range !== undefined) range.SecuenciaeNCFHasta = 'E310000000500';
    });
    expect((await voided(backwards)).mensajes).toContain(
      'La secuencia desde es mayor que la secuencia hasta.',
    );
    const misnumbered = await signedAnecf([['31', 501, 502]], signer, (document) => {
      for (const entry of document.DetalleAnulacion.Anulacion) entry.NoLinea = '2';
    });
    expect((await voided(misnumbered)).mensajes).toEqual(['NoLinea no es secuencial.']);
    const foreign = await signedAnecf([['31', 501, 502]], signer, (document) => {
      document.Encabezado.RncEmisor = '130862346';
    });
    expect((await voided(foreign)).mensajes).toEqual([
      'El RNC del certificado no está delegado para 130862346.',
    ]);
    const good = await signedAnecf([['31', 501, 502]], signer);
    const altered = { ...good, xml: good.xml.replaceAll('0000000502', '0000000599') };
    expect(await voided(altered)).toMatchObject({ codigo: '2', rnc: null });
    const shapeless = { ...good, xml: good.xml.replace('<NoLinea>1</NoLinea>', '') };
    expect((await voided(shapeless)).mensajes[0]).toContain('estructura');
    expect((await client.voidRanges({ ...good, xml: 'nothing' })).status).toBe(400);
    expect((await client.voidRanges({ ...good, xml: `\uFEFF${good.xml}` })).status).toBe(400);
    expect(await resultOf('E310000000501')).toMatchObject({ codigo: '1' });
  });

  it.each<readonly [string, (entry: AnecfAnulacion) => void, string]>([
    ['another type in the numbers', (entry) => (entry.TipoeCF = '33'), 'El tipo de e-CF'],
    [
      'desde above hasta',
      (entry) => {
        for (const range of entry.TablaRangoSecuenciasAnuladaseNCF.Secuencias) {
          range.SecuenciaeNCFDesde = 'E310000000799';
        }
      },
      'desde es mayor que la secuencia hasta',
    ],
    ['lines out of order', (entry) => (entry.NoLinea = '3'), 'NoLinea no es secuencial'],
    ['a count of its own', (entry) => (entry.CantidadeNCFAnulados = '99'), 'no coincide'],
  ])('refuses %s in the request’s own shape', async (_name, change, text) => {
    const file = await signedAnecf([['31', 701, 702]], signer, (document) => {
      for (const entry of document.DetalleAnulacion.Anulacion) change(entry);
    });
    const answer = await voided(file);
    expect(answer).toMatchObject({ rnc: ISSUER, codigo: '2' });
    expect(answer.mensajes).toContainEqual(expect.stringContaining(text));
    const line = (await simulator.control.ledger({ service: 'anulacionrangos' })).at(-1);
    expect(line).toMatchObject({ codigo: '2', httpStatus: 200 });
    expect(line).not.toHaveProperty('voided');
  });

  it.each<readonly [string, string, () => Promise<SignedFile>, number]>([
    ['nothing', 'no es un XML', async () => ({ name: 'x.xml', xml: 'nothing' }), 400],
    ['an e-CF', 'no es un XML', () => signedEcf(ecf({ encf: 'E310000000801' }), signer), 400],
    [
      'a signature that does not hold',
      'firma',
      async () => {
        const file = await signedAnecf([['31', 801, 802]], signer);
        return { ...file, xml: file.xml.replaceAll('0000000802', '0000000803') };
      },
      200,
    ],
  ])('answers %s with its message', async (_name, text, file, status) => {
    const answer = await client.voidRanges(await file());
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      rnc: null,
      codigo: '2',
      nombre: null,
      mensajes: [expect.stringContaining(text)],
    });
  });

  it('knows a type 32 by both its routes, and what is still in process', async () => {
    const large = ecf({ encf: 'E320000000051', price: '250000.00' });
    await client.sendEcf(await signedEcf(large, signer));
    await client.sendRfce(await signedRfce(ecf({ encf: 'E320000000053' }), signer));
    const slow = ecf({ encf: 'E320000000055', price: '250000.00', buyer: '999000047' });
    await client.sendEcf(await signedEcf(slow, signer));
    const answer = await voided(await signedAnecf([['32', 50, 56]], signer));
    expect(answer.mensajes.slice(1)).toEqual(
      [51, 53, 55].map((used) => `Secuencias ya utilizadas: E3200000000${used}.`),
    );
    const refused = await client.sendRfce(await signedRfce(ecf({ encf: 'E320000000054' }), signer));
    expect(await refused.json()).toMatchObject({
      codigo: 2,
      secuenciaUtilizada: true,
      mensajes: [{ valor: 'El e-NCF fue anulado.' }],
    });
  });

  it('remembers across a restart', async () => {
    await voided(await signedAnecf([['31', 600, 600]], signer));
    await simulator.close();
    simulator = await start();
    client = new TestClient(simulator.url);
    await client.authenticate(signer);
    expect(await resultOf('E310000000600')).toMatchObject(VOIDED_NUMBER);
    await simulator.control.reset();
    expect(await resultOf('E310000000600')).toMatchObject({ codigo: '1' });
  });

  it('does not exist in certification', async () => {
    const certification = new TestClient(simulator.url, 'certecf');
    await certification.authenticate(signer);
    const answer = await certification.voidRanges(await signedAnecf([['31', 1, 1]], signer));
    expect(answer.status).toBe(404);
  });
});
