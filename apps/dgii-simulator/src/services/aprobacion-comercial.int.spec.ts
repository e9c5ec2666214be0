import type { EcfDocument } from '@getupnet/ecf';
import type { Signer } from '@getupnet/xmldsig';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, testSigner, type SignedFile } from '../testing/client.js';
import { BUYER, ISSUER, ecf, signedAcecf, signedEcf } from '../testing/documents.js';

let signer: Signer;
let stranger: Signer;
let simulator: Simulator;
let client: TestClient;
let last = 0;

const CLOSED = '130862346';
const REJECTING_BUYER = '999000012';
const SLOW_BUYER = '999000047';

beforeAll(async () => {
  signer = testSigner();
  stranger = testSigner({ serialNumber: '' });
  simulator = await startSimulator({
    trust: 'any',
    validationDelayMs: 0,
    environments: { testecf: { delegates: { [CLOSED]: ['00200000002'] } } },
  });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterAll(() => simulator.close());

const fresh = (buyer = BUYER): EcfDocument =>
  ecf({ encf: `E31${String((last += 1)).padStart(10, '0')}`, price: '1500.50', buyer });

/** A document that DGII has taken. */
async function taken(buyer = BUYER): Promise<EcfDocument> {
  const document = fresh(buyer);
  await client.sendEcf(await signedEcf(document, signer));
  return document;
}

const bent = async (from: string, to: string): Promise<SignedFile> => {
  const file = await signedAcecf(await taken(), signer);
  return { ...file, xml: file.xml.replace(from, to) };
};

const saying = async (other: object): Promise<SignedFile> =>
  signedAcecf(await taken(), signer, { change: (detail) => Object.assign(detail, other) });

const xmlOf = async (xml: string): Promise<SignedFile> => ({ ...(await bent('', '')), xml });

const REFUSALS: readonly (readonly [
  name: string,
  file: () => Promise<SignedFile>,
  text: string,
  codigo: string,
  status: number,
])[] = [
  ['a byte order mark', () => bent('', '\uFEFF'), 'Archivo no válido', '02', 400],
  ['what is not XML', () => xmlOf('nothing'), 'no es un XML', '02', 400],
  ['another document', () => xmlOf('<ECF/>'), 'no es un XML', '02', 400],
  ['a broken structure', () => bent('<Estado>1<', '<Estado>7<'), 'estructura', '02', 200],
  ['an altered word', () => bent('<Estado>1<', '<Estado>2<'), 'firma', '02', 200],
  [
    'a certificate without a person',
    async () => signedAcecf(await taken(), stranger),
    'certificado',
    '02',
    200,
  ],
  [
    'a signer the buyer did not delegate',
    () => saying({ RNCComprador: CLOSED }),
    `no está delegado para ${CLOSED}`,
    '2',
    200,
  ],
  ['type 32', () => saying({ eNCF: 'E320000000001' }), 'requerida para este tipo', '2', 200],
  ['type 41', () => saying({ eNCF: 'E410000000001' }), 'requerida para este tipo', '2', 200],
  ['type 43', () => saying({ eNCF: 'E430000000001' }), 'requerida para este tipo', '2', 200],
  ['type 46', () => saying({ eNCF: 'E460000000001' }), 'requerida para este tipo', '2', 200],
  ['type 47', () => saying({ eNCF: 'E470000000001' }), 'requerida para este tipo', '2', 200],
  [
    'an e-CF nobody sent',
    async () => signedAcecf(fresh(), signer),
    'No se encontró la factura',
    '2',
    200,
  ],
  [
    'an e-CF in process',
    async () => signedAcecf(await taken(SLOW_BUYER), signer),
    'intente nuevamente',
    '2',
    200,
  ],
  [
    'a rejected e-CF',
    async () => signedAcecf(await taken(REJECTING_BUYER), signer),
    'No se encontró un e-CF válido',
    '2',
    200,
  ],
  ['another amount', () => saying({ MontoTotal: '1500.51' }), 'un e-CF válido', '2', 200],
  ['another date', () => saying({ FechaEmision: '01-01-2020' }), 'un e-CF válido', '2', 200],
  ['another buyer', () => saying({ RNCComprador: ISSUER }), 'un e-CF válido', '2', 200],
];

describe('commercial approval', () => {
  it.each(REFUSALS)('refuses %s', async (_name, file, text, codigo, status) => {
    const answer = await client.approve(await file());
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      codigo,
      estado: 'Aprobacion Comercial Rechazada.',
      mensaje: [expect.stringContaining(text)],
    });
    const line = (await simulator.control.ledger({ service: 'aprobacioncomercial' })).at(-1);
    expect(line).toMatchObject({
      codigo: '2',
      mensajes: [{ valor: expect.stringContaining(text) }],
    });
  });

  it('takes one word for each e-CF, and the ledger tells which', async () => {
    const [approved, refused] = [await taken(), await taken()];
    const yes = await client.approve(await signedAcecf(approved, signer));
    const no = await client.approve(
      await signedAcecf(refused, signer, { reason: 'No es nuestra' }),
    );
    const estado = 'Aprobación Comercial Aprobada.';
    expect(await yes.json()).toEqual({ mensaje: [], estado, codigo: '1' });
    expect(await no.json()).toEqual({ mensaje: [], estado, codigo: '01' });
    for (const document of [approved, refused]) {
      const again = await client.approve(await signedAcecf(document, signer));
      expect(await again.json()).toMatchObject({
        codigo: '2',
        mensaje: ['La aprobación comercial no es requerida para el e-CF referido.'],
      });
    }
    const lines = await simulator.control.ledger({ service: 'aprobacioncomercial' });
    expect(lines.filter(({ codigo }) => codigo === '1')).toMatchObject([
      { rnc: ISSUER, approval: { rncComprador: BUYER, estado: '1' } },
      { rnc: ISSUER, approval: { rncComprador: BUYER, estado: '2' } },
    ]);
  });

  it('is not required by an e-CF that names no buyer', async () => {
    const foreign = ecf({
      encf: 'E440000000001',
      change: (e) => {
        e.Encabezado.Comprador = { IdentificadorExtranjero: 'P123', RazonSocialComprador: 'X' };
      },
    });
    await client.sendEcf(await signedEcf(foreign, signer));
    const file = await signedAcecf(foreign, signer, {
      change: (detail) => Object.assign(detail, { RNCComprador: BUYER }),
    });
    expect(await (await client.approve(file)).json()).toMatchObject({
      mensaje: [expect.stringContaining('para el e-CF referido')],
    });
  });

  it('answers XML to who wants XML', async () => {
    const file = await signedAcecf(await taken(), signer);
    const answer = await client.post('aprobacioncomercial/api/aprobacioncomercial', file, {
      accept: 'application/xml',
    });
    expect(await answer.text()).toContain(
      '<RespuestaAprobacionComercial><estado>Aprobación Comercial Aprobada.</estado>' +
        '<codigo>1</codigo>',
    );
  });

  it('exists in certification too', async () => {
    const certification = new TestClient(simulator.url, 'certecf');
    await certification.authenticate(signer);
    const answer = await certification.approve(await signedAcecf(await taken(), signer));
    expect(await answer.json()).toMatchObject({
      mensaje: [expect.stringContaining('No se encontró la factura')],
    });
  });
});
