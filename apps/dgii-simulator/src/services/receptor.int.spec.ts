import { read, validateAs, type ArecfDocument } from '@getupnet/ecf';
import { anyCertificate, signForeign, verify, type Signer } from '@getupnet/xmldsig';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, testSigner, type SignedFile } from '../testing/client.js';
import { BUYER, ISSUER, ecf, note, signedAcecf, signedEcf } from '../testing/documents.js';
import { ofType } from '../testing/requests.js';

const RECEPTION = 'emisorreceptor/fe/recepcion/api/ecf';

let signer: Signer;
let simulator: Simulator;
let client: TestClient;

const THEIRS = {
  nombre: 'OTRO',
  rnc: BUYER,
  urlRecepcion: 'https://otro.example/a',
  urlAceptacion: 'https://otro.example/b',
};

beforeAll(async () => {
  signer = testSigner();
  simulator = await startSimulator({
    trust: 'any',
    environments: { ecf: { directory: [THEIRS] } },
  });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterAll(() => simulator.close());

type Receipt = ArecfDocument['DetalleAcusedeRecibo'];

async function receiptOf(file: SignedFile): Promise<Receipt> {
  const answer = await client.post(RECEPTION, file);
  expect(answer.status).toBe(200);
  const xml = await answer.text();
  expect(verify(Buffer.from(xml), { trust: anyCertificate, at: new Date() }).ok).toBe(true);
  const { document } = read(xml);
  expect(validateAs('ARECF', document)).toEqual([]);
  return (document as unknown as ArecfDocument).DetalleAcusedeRecibo;
}

describe('directory', () => {
  const list = 'consultadirectorio/api/consultas/listado';
  const one = 'consultadirectorio/api/consultas/obtenerdirectorioporrnc';

  it('names the emisor-receptor for everybody in testecf', async () => {
    const base = client.path('emisorreceptor');
    const entry = { nombre: 'DGII', rnc: BUYER, urlRecepcion: base, urlAceptacion: base };
    const expected = { ...entry, urlOpcional: base };
    expect(await (await client.get(list, { RNC: BUYER })).json()).toEqual([expected]);
    expect(await (await client.get(one, { rnc: BUYER })).json()).toEqual(expected);
  });

  it('names who registered in production, and nobody else', async () => {
    const production = new TestClient(simulator.url, 'ecf');
    await production.authenticate(signer);
    const theirs = { ...THEIRS, urlOpcional: null };
    expect(await (await production.get(list, {})).json()).toEqual([theirs]);
    expect(await (await production.get(one, { RNC: BUYER })).json()).toEqual(theirs);
    expect(await (await production.get(one, { RNC: ISSUER })).json()).toEqual([]);
    expect((await production.get(one, {})).status).toBe(400);
    expect((await production.get(one, { RNC: '12' })).status).toBe(400);
  });

  it('is not there in certification, nor is the emisor-receptor outside testecf', async () => {
    const [certification, production] = [
      new TestClient(simulator.url, 'certecf'),
      new TestClient(simulator.url, 'ecf'),
    ];
    await Promise.all([certification.authenticate(signer), production.authenticate(signer)]);
    const file = await signedEcf(ecf({ encf: 'E310000000001' }), signer);
    const answers = await Promise.all([
      certification.get(list, {}),
      certification.post(RECEPTION, file),
      production.post(RECEPTION, file),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404]);
  });
});

describe('emisor-receptor', () => {
  it('authenticates at the addresses of a receiver', async () => {
    const visitor = new TestClient(simulator.url);
    const semilla = await visitor.semilla('emisorreceptor/fe/autenticacion/api/semilla');
    const xml = signForeign(Buffer.from(semilla), signer).xml;
    const validate = 'emisorreceptor/fe/autenticacion/api/validacioncertificado';
    const file = await signedEcf(ecf({ encf: 'E310000000001' }), signer);
    expect((await visitor.post(RECEPTION, file)).status).toBe(401);
    const answer = await visitor.post(validate, { name: 's.xml', xml });
    visitor.token = ((await answer.json()) as { token: string }).token;
    expect((await visitor.post(RECEPTION, file)).status).toBe(200);
    expect((await visitor.post(validate, { name: 's.xml', xml })).status).toBe(400);
  });

  it('acknowledges a document once, and a repetition is a duplicate', async () => {
    const file = await signedEcf(ecf({ encf: 'E310000000002' }), signer);
    expect(await receiptOf(file)).toMatchObject({
      RNCEmisor: ISSUER,
      RNCComprador: BUYER,
      eNCF: 'E310000000002',
      Estado: '0',
    });
    expect(await receiptOf(file)).toMatchObject({ Estado: '1', CodigoMotivoNoRecibido: '3' });
    const lines = await simulator.control.ledger({ encf: 'E310000000002' });
    expect(lines).toMatchObject([
      { service: 'receptorrecepcion', rnc: ISSUER, codigo: '0' },
      { codigo: '1', mensajes: [{ codigo: '3', valor: 'duplicate' }] },
    ]);
  });

  it('says why it does not receive, and takes the corrected document', async () => {
    const file = await signedEcf(ecf({ encf: 'E310000000003' }), signer);
    const bad = { ...file, xml: file.xml.replace('<TipoPago>1<', '<TipoPago>9<') };
    const altered = { ...file, xml: file.xml.replaceAll('1000.00', '1001.00') };
    const refused = (reason: string): object => ({ Estado: '1', CodigoMotivoNoRecibido: reason });
    expect(await receiptOf(bad)).toMatchObject({ ...refused('1'), RNCComprador: BUYER });
    expect(await receiptOf(altered)).toMatchObject(refused('2'));
    expect(await receiptOf(file)).toMatchObject({ Estado: '0' });
    const consumer = await signedEcf(ecf({ encf: 'E320000000003', price: '300000.00' }), signer);
    expect(await receiptOf(consumer)).toMatchObject(refused('1'));
    expect(
      await receiptOf(await signedEcf(note('E340000000003', 'E310000000003'), signer)),
    ).toMatchObject({ Estado: '0' });
  });

  it.each(['32', '41', '43', '45', '46', '47'])('does not receive type %s', async (tipo) => {
    const file = await signedEcf(ofType(`E${tipo}0000000900`), signer);
    expect(await receiptOf(file)).toMatchObject({
      eNCF: `E${tipo}0000000900`,
      Estado: '1',
      CodigoMotivoNoRecibido: '1',
    });
  });

  it.each([
    ['32', 'no es requerida para este tipo'],
    ['41', 'no es requerida para este tipo'],
    ['43', 'no es requerida para este tipo'],
    ['45', 'No se encontró'],
    ['46', 'no es requerida para este tipo'],
    ['47', 'no es requerida para este tipo'],
  ])('takes no approval of type %s: %s', async (tipo, text) => {
    const document = ecf({ encf: `E${tipo}0000000900` });
    const received = await client.post(
      'emisorreceptor/fe/aprobacioncomercial/api/ecf',
      await signedAcecf(document, signer),
    );
    expect([received.status, await received.json()]).toEqual([400, expect.stringContaining(text)]);
    const asked = await fetch(client.path('emisorreceptor/api/emision/envioaprobacioncomercial'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${client.token}` },
      body: JSON.stringify({
        rnc: ISSUER,
        encf: `E${tipo}0000000900`,
        estadoAprobacion: '1',
        urlAprobacionComercial: 'http://127.0.0.1:9/',
      }),
    });
    expect(asked.status).toBe(400);
    const reason = tipo === '45' ? 'no fue recibido' : text;
    expect(await asked.json()).toContain(reason);
  });

  it('cannot acknowledge what is no e-CF', async () => {
    const name = 'x.xml';
    expect((await client.post(RECEPTION, { name, xml: 'nothing' })).status).toBe(400);
    expect((await client.post(RECEPTION, { name, xml: '<ECF></ECF>' })).status).toBe(400);
  });
});
