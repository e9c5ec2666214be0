import { signForeign, type Signer } from '@getupnet/xmldsig';
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

const ENCF = 'E310000000001';
let signer: Signer;
let simulator: Simulator;
let client: TestClient;
let trackId = '';

beforeAll(async () => {
  signer = testSigner();
  simulator = await startSimulator({ trust: 'any', validationDelayMs: 0 });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
  const sent = await client.sendEcf(await signedEcf(ecf({ encf: ENCF }), signer));
  ({ trackId } = (await sent.json()) as { trackId: string });
});
afterAll(() => simulator.close());

type Ask = (accept: string) => Promise<Response>;

const get =
  (path: string, query: () => Record<string, string> = () => ({})): Ask =>
  (accept) =>
    fetch(`${client.path(path)}?${new URLSearchParams(query()).toString()}`, {
      headers: { accept, authorization: `Bearer ${client.token}` },
    });
const post =
  (path: string, file: () => ReturnType<typeof signedEcf>, host = 'ecf'): Ask =>
  async (accept) =>
    client.post(path, await file(), { accept, host });

const semilla = async (): Promise<{ name: string; xml: string }> => ({
  name: 's.xml',
  xml: signForeign(Buffer.from(await client.semilla()), signer).xml,
});
const numbers = { rncemisor: ISSUER, ncfelectronico: ENCF, encf: ENCF };
let number = 100;
const next = (): number => (number += 1);

/** Root of each answer in XML, and the elements below it in order (Descripción Técnica, pp. 10-46). */
const ANSWERS: readonly (readonly [root: string, ask: Ask, elements: readonly string[]])[] = [
  [
    'RespuestaAutenticacion',
    post('autenticacion/api/autenticacion/validarsemilla', semilla),
    ['token', 'expira', 'expedido'],
  ],
  [
    'RespuestaAutenticacion',
    post('emisorreceptor/fe/autenticacion/api/validacioncertificado', semilla),
    ['token', 'expira', 'expedido'],
  ],
  [
    'RespuestaRecepcion',
    post('recepcion/api/facturaselectronicas', () =>
      signedEcf(ecf({ encf: `E31${String(next()).padStart(10, '0')}` }), signer),
    ),
    ['trackId'],
  ],
  [
    'Respuesta',
    post(
      'recepcionfc/api/recepcion/ecf',
      () => signedRfce(ecf({ encf: `E32${String(next()).padStart(10, '0')}` }), signer),
      'fc',
    ),
    ['codigo', 'estado', 'mensajes', 'encf', 'secuenciaUtilizada'],
  ],
  [
    'RespuestaConsultaTrackId',
    get('consultaresultado/api/consultas/estado', () => ({ trackid: trackId })),
    [
      'trackId',
      'codigo',
      'estado',
      'rnc',
      'encf',
      'secuenciaUtilizada',
      'fechaRecepcion',
      'mensajes',
    ],
  ],
  [
    'RespuestaConsultaEstado',
    get('consultaestado/api/consultas/estado', () => numbers),
    [
      'codigo',
      'estado',
      'rncEmisor',
      'ncfElectronico',
      'montoTotal',
      'totalITBIS',
      'fechaEmision',
      'fechaFirma',
      'rncComprador',
      'codigoSeguridad',
    ],
  ],
  [
    'TrackingDetalle',
    get('consultatrackids/api/trackids/consulta', () => numbers),
    ['trackId', 'estado', 'fechaRecepcion'],
  ],
  [
    'RespuestaAprobacionComercial',
    post('aprobacioncomercial/api/aprobacioncomercial', () =>
      signedAcecf(ecf({ encf: ENCF }), signer),
    ),
    ['estado', 'codigo'],
  ],
  [
    'RespuestaAprobacionComercial',
    post('aprobacioncomercial/api/aprobacioncomercial', () =>
      signedAcecf(ecf({ encf: 'E310000000999' }), signer),
    ),
    ['mensaje', 'estado', 'codigo'],
  ],
  [
    'RespuestaAnulacionRango',
    post('anulacionrangos/api/operaciones/anularrango', () => {
      const first = next();
      return signedAnecf([['31', first, first]], signer);
    }),
    ['rnc', 'codigo', 'nombre', 'mensajes'],
  ],
  [
    'RespuestaConsultaAcuseRecibo',
    get('emisorreceptor/api/emision/consultaacuserecibo', () => ({ Rnc: ISSUER, Encf: ENCF })),
    ['rnc', 'encf', 'estado'],
  ],
];

describe('XML for who accepts XML', () => {
  it.each(ANSWERS)('%s', async (root, ask, elements) => {
    const answer = await ask('application/xml');
    expect(answer.headers.get('content-type')).toContain('application/xml');
    const xml = await answer.text();
    const content = new RegExp(`^<\\?xml[^>]*\\?><${root}>(.*)</${root}>$`).exec(xml)?.[1] ?? '';
    const names = [...content.matchAll(/<(\w+)>.*?<\/\1>/g)].map(([, name]) => name);
    expect(names).toEqual(elements);
  });

  it.each(ANSWERS)('%s is JSON for others', async (_root, ask) => {
    for (const accept of ['application/json', '*/*', 'application/json, application/xml']) {
      const answer = await ask(accept);
      expect(answer.headers.get('content-type')).toContain('application/json');
      expect(typeof (await answer.json())).toBe('object');
    }
  });

  it('messages of a document hold value and code, those of a void request are texts', async () => {
    const result = await get('consultaresultado/api/consultas/estado', () => ({
      trackid: trackId,
    }))('text/xml');
    expect(await result.text()).toContain('<mensajes><valor></valor><codigo>0</codigo></mensajes>');
    const first = next();
    const file = await signedAnecf([['31', first, first]], signer);
    const answer = await client.post('anulacionrangos/api/operaciones/anularrango', file, {
      accept: 'application/xml',
    });
    expect(await answer.text()).toContain('<mensajes>Secuencias anuladas.</mensajes>');
  });

  it('several trackIds are one document', async () => {
    await client.sendEcf(await signedEcf(ecf({ encf: ENCF }), signer));
    const answer = await get('consultatrackids/api/trackids/consulta', () => numbers)('text/xml');
    expect(await answer.text()).toMatch(
      /<ArrayOfTrackingDetalle>(<TrackingDetalle><trackId>.*?<\/TrackingDetalle>){2}<\/Array/,
    );
  });

  it.each([
    ['semilla', 'autenticacion/api/autenticacion/semilla'],
    ['receiver’s semilla', 'emisorreceptor/fe/autenticacion/api/semilla'],
  ])('%s is XML whatever is accepted', async (_name, path) => {
    const answer = await get(path)('application/json');
    expect(await answer.text()).toMatch(/^<\?xml[^>]*\?><SemillaModel .*<\/SemillaModel>$/);
  });

  it.each([
    ['list', 'consultadirectorio/api/consultas/listado'],
    ['one', 'consultadirectorio/api/consultas/obtenerdirectorioporrnc'],
  ])('the directory (%s) is JSON whatever is accepted', async (_name, path) => {
    const answer = await get(path, () => ({ RNC: ISSUER }))('application/xml');
    expect(await answer.json()).toBeDefined();
  });
});
