import type { Clock } from '@getupnet/kernel';
import type { Signer } from '@getupnet/xmldsig';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, testSigner, type SignedFile } from '../testing/client.js';
import { BUYER, ISSUER, ecf, signedAnecf, signedEcf, signedRfce } from '../testing/documents.js';

const HOUR_MS = 3_600_000;

class ShiftedClock implements Clock {
  offsetMs = 0;
  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }
}

const clock = new ShiftedClock();
let signer: Signer;
let simulator: Simulator;
let client: TestClient;
let production: TestClient;
let last = 0;

beforeAll(async () => {
  signer = testSigner();
  simulator = await startSimulator({ trust: 'any', validationDelayMs: 0, clock });
  client = new TestClient(simulator.url);
  production = new TestClient(simulator.url, 'ecf');
  await Promise.all([client.authenticate(signer), production.authenticate(signer)]);
});
afterAll(() => simulator.close());

const next = (tipo: string): string => `E${tipo}${String((last += 1)).padStart(10, '0')}`;
type Body = Record<string, unknown>;
const bodyOf = async (answer: Promise<Response>): Promise<Body> =>
  (await (await answer).json()) as Body;

const STATUS = 'consultaestado/api/consultas/estado';
const TRACKS = 'consultatrackids/api/trackids/consulta';
const SUMMARY = 'consultarfce/api/consultas/consulta';
const codeOf = (file: SignedFile): string =>
  (/<SignatureValue>([^<]*)/.exec(file.xml)?.[1] ?? '').slice(0, 6);

/** Sends a document and says its number and code. */
async function sent(
  tipo: string,
  how: { readonly price?: string; readonly buyer?: string } = {},
): Promise<{ encf: string; code: string }> {
  const encf = next(tipo);
  const file = await signedEcf(ecf({ encf, ...how }), signer);
  expect((await client.sendEcf(file)).status).toBe(200);
  return { encf, code: codeOf(file) };
}

const statusOf = (encf: string, more: Record<string, string> = {}): Promise<Body> =>
  bodyOf(client.get(STATUS, { rncemisor: ISSUER, ncfelectronico: encf, ...more }));

describe('status by e-NCF', () => {
  it('tells everything of a document, with its security code and without', async () => {
    const { encf, code } = await sent('31', { price: '1500.50' });
    const bare = await statusOf(encf);
    expect(bare).toEqual({
      codigo: 1,
      estado: 'Aceptado',
      rncEmisor: ISSUER,
      ncfElectronico: encf,
      montoTotal: 1500.5,
      totalITBIS: 0,
      fechaEmision: expect.stringMatching(/^\d\d-\d\d-\d{4}$/),
      fechaFirma: expect.stringMatching(/^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d$/),
      rncComprador: BUYER,
      codigoSeguridad: code,
      idExtranjero: null,
    });
    expect(await statusOf(encf, { codigoseguridad: code, rnccomprador: BUYER })).toEqual(bare);
    expect(await statusOf(encf, { codigoseguridad: code.toLowerCase() + 'x' })).toMatchObject({
      codigo: 0,
      estado: 'No encontrado',
      codigoSeguridad: null,
    });
  });

  it.each<readonly [string, () => Promise<string>, number, string]>([
    ['rejected', async () => (await sent('31', { buyer: '999000012' })).encf, 2, 'Rechazado'],
    [
      'conditional: not told of an e-CF',
      async () => (await sent('31', { buyer: '999000039' })).encf,
      1,
      'Aceptado',
    ],
    [
      'conditional: nor of a large type 32',
      async () => (await sent('32', { price: '300000.00', buyer: '999000039' })).encf,
      1,
      'Aceptado',
    ],
    [
      'conditional: told of a small type 32',
      async () => {
        const encf = next('32');
        const document = ecf({ encf, price: '222004.44' });
        await client.sendRfce(await signedRfce(document, signer));
        return encf;
      },
      1,
      'Aceptado condicional',
    ],
    ['in process', async () => (await sent('31', { buyer: '999000047' })).encf, 0, 'No encontrado'],
    ['never sent', () => Promise.resolve(next('31')), 0, 'No encontrado'],
    [
      'voided',
      async () => {
        const encf = next('31');
        const number = Number(encf.slice(3));
        await client.voidRanges(await signedAnecf([['31', number, number]], signer));
        return encf;
      },
      0,
      'No encontrado',
    ],
  ])('%s', async (_name, make, codigo, estado) => {
    expect(await statusOf(await make())).toMatchObject({ codigo, estado });
  });

  it('of a voided number that was sent afterwards is a rejection', async () => {
    const encf = next('31');
    const number = Number(encf.slice(3));
    await client.voidRanges(await signedAnecf([['31', number, number]], signer));
    await client.sendEcf(await signedEcf(ecf({ encf }), signer));
    expect(await statusOf(encf)).toMatchObject({ codigo: 2, estado: 'Rechazado' });
  });
});

describe('parameters', () => {
  it.each<readonly [string, Record<string, string>, string]>([
    [STATUS, {}, 'RNC del emisor es requerido'],
    [STATUS, { rncemisor: ISSUER }, 'e-NCF es requerido'],
    [STATUS, { rncemisor: '12', ncfelectronico: 'E310000000001' }, 'RNC del emisor no es válido'],
    [STATUS, { rncemisor: ISSUER, ncfelectronico: 'B0100000001' }, 'e-NCF no es válido'],
    [TRACKS, { encf: 'E310000000001' }, 'RNC del emisor es requerido'],
    [TRACKS, { rncemisor: ISSUER, encf: 'E31' }, 'e-NCF no es válido'],
  ])('%s %j: %s', async (path, query, text) => {
    const answer = await client.get(path, query);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toContain(text);
  });
});

describe('trackIds of an e-NCF', () => {
  it('are all that the number ever got, oldest first', async () => {
    const encf = next('31');
    const file = await signedEcf(ecf({ encf }), signer);
    const bad = { ...file, xml: file.xml.replace('CALLE 1', 'CALLE 2') };
    const tracks: unknown[] = [];
    for (const one of [bad, file, file]) {
      tracks.push((await bodyOf(client.sendEcf(one)))['trackId']);
    }
    const answer = await client.get(TRACKS, { rncemisor: ISSUER, encf });
    const rows = (await answer.json()) as readonly Body[];
    expect(rows.map(({ trackId }) => trackId)).toEqual(tracks);
    expect(rows.map(({ estado }) => estado)).toEqual(['Rechazado', 'Aceptado', 'Rechazado']);
    const date = /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d [AP]M$/;
    for (const { fechaRecepcion } of rows) expect(fechaRecepcion).toMatch(date);
  });

  it.each([
    ['999000039', 'Aceptado Condicional'],
    ['999000047', 'En proceso'],
  ])('of buyer %s: %s', async (buyer, estado) => {
    const { encf } = await sent('31', { buyer });
    const answer = await client.get(TRACKS, { rncemisor: ISSUER, encf });
    expect(await answer.json()).toMatchObject([{ estado }]);
  });

  it('are none of a summary', async () => {
    const encf = next('32');
    await client.sendRfce(await signedRfce(ecf({ encf }), signer));
    const answer = await client.get(TRACKS, { rncemisor: ISSUER, encf });
    expect(await answer.json()).toMatchObject([{ trackId: null, estado: 'No encontrado' }]);
  });
});

describe('result of a trackId', () => {
  const trackOf = async (buyer: string): Promise<string> => {
    const file = await signedEcf(ecf({ encf: next('31'), buyer }), signer);
    return String((await bodyOf(client.sendEcf(file)))['trackId']);
  };

  it.each([
    [BUYER, '1', 'Aceptado', true],
    ['999000012', '2', 'Rechazado', true],
    ['999000022', '2', 'Rechazado', false],
    ['999000047', '3', 'En Proceso', false],
    ['999000039', '4', 'Aceptado Condicional', true],
  ])('of buyer %s: %s %s', async (buyer, codigo, estado, secuenciaUtilizada) => {
    const body = await bodyOf(client.result(await trackOf(buyer)));
    expect(body).toMatchObject({ codigo, estado, secuenciaUtilizada, rnc: ISSUER });
    expect(Object.keys(body)).toContain('encf');
    for (const { codigo: code } of body['mensajes'] as readonly Body[]) {
      expect(typeof code).toBe('number');
    }
  });

  it.each<readonly [string, () => Promise<string>, () => TestClient]>([
    ['nobody’s', () => Promise.resolve('d2b6e27c-0000-4000-8000-000000000000'), () => client],
    ['another environment’s', () => trackOf(BUYER), () => production],
  ])('%s is not found', async (_name, track, who) => {
    const trackId = await track();
    expect(await bodyOf(who().result(trackId))).toEqual({
      trackId,
      codigo: '0',
      estado: 'No encontrado',
      rnc: null,
      encf: null,
      secuenciaUtilizada: false,
      fechaRecepcion: null,
      mensajes: [],
    });
  });

  it('wants a trackId', async () => {
    const answer = await client.get('consultaresultado/api/consultas/estado', {});
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: { trackId: [expect.any(String)] } });
  });
});

describe('summary by e-NCF', () => {
  it.each([
    ['1000.00', '1', 'Aceptado', true],
    ['222002.21', '2', 'Rechazado', true],
    ['222002.22', '2', 'Rechazado', false],
    ['222004.44', '4', 'Aceptado condicional', true],
  ])('of %s: %s %s', async (price, codigo, estado, secuenciaUtilizada) => {
    const encf = next('32');
    const file = await signedRfce(ecf({ encf, price }), signer);
    await production.sendRfce(file);
    const Cod_Seguridad_eCF = /<CodigoSeguridadeCF>(.{6})</.exec(file.xml)?.[1] ?? '';
    const query = { RNC_Emisor: ISSUER, ENCF: encf, Cod_Seguridad_eCF };
    expect(await bodyOf(production.get(SUMMARY, query, 'fc'))).toMatchObject({
      rnc: ISSUER,
      encf,
      codigo,
      estado,
      secuenciaUtilizada,
    });
    const wrong = { ...query, Cod_Seguridad_eCF: 'AAAAAA' };
    expect(await bodyOf(production.get(SUMMARY, wrong, 'fc'))).toMatchObject({ codigo: '0' });
  });

  it('does not find a full e-CF', async () => {
    const encf = next('32');
    const file = await signedEcf(ecf({ encf, price: '300000.00' }), signer);
    await production.sendEcf(file);
    const query = { RNC_Emisor: ISSUER, ENCF: encf, Cod_Seguridad_eCF: codeOf(file) };
    expect(await bodyOf(production.get(SUMMARY, query, 'fc'))).toMatchObject({ codigo: '0' });
  });
});

describe('token', () => {
  const ask = (path: string, token: string | undefined): Promise<Response> =>
    fetch(`${simulator.url}${path}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  const PATHS = {
    testecf: `/ecf/testecf/${STATUS}`,
    ecf: `/ecf/ecf/${STATUS}`,
    certecf: '/ecf/certecf/consultaresultado/api/consultas/estado?trackid=x',
    fc: `/fc/ecf/${SUMMARY}`,
  };

  it.each<readonly [string, keyof typeof PATHS, boolean]>([
    ['its environment', 'testecf', true],
    ['production', 'ecf', false],
    ['certification', 'certecf', false],
    ['the other host of another environment', 'fc', false],
  ])('of testecf at %s', async (_name, where, isGood) => {
    const { status } = await ask(PATHS[where], client.token);
    expect(status === 401).toBe(!isGood);
  });

  it('of an environment is good on both hosts', async () => {
    expect((await ask(PATHS.fc, production.token)).status).toBe(400);
  });

  it('is good for an hour', async () => {
    const codes: number[] = [];
    for (const offsetMs of [HOUR_MS - 60_000, HOUR_MS + 1000, 0]) {
      clock.offsetMs = offsetMs;
      codes.push((await ask(PATHS.testecf, client.token)).status);
    }
    expect(codes).toEqual([400, 401, 400]);
  });

  it.each([undefined, '', 'x', 'x.y.z'])('%p opens nothing', async (token) => {
    expect((await ask(PATHS.testecf, token)).status).toBe(401);
  });
});
