import type { Environment } from '@getupnet/contracts';
import { signForeign, type Signer } from '@getupnet/xmldsig';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, testSigner } from '../testing/client.js';
import {
  BUYER,
  ISSUER,
  ecf,
  signedAcecf,
  signedAnecf,
  signedEcf,
  signedRfce,
} from '../testing/documents.js';

const PEOPLE = { issuer: '00100000001', buyer: '00200000002', third: '00300000003' } as const;
type Person = keyof typeof PEOPLE;
const ENCF = 'E310000000001';
const SUMMARY = 'E320000000001';

let simulator: Simulator;
let code = '';
const signers = {} as Record<Person, Signer>;
const clients = {} as Record<'testecf' | 'ecf', Record<Person, TestClient>>;
const document = ecf({ encf: ENCF });

const delegates = {
  [ISSUER]: [PEOPLE.issuer],
  [BUYER]: [PEOPLE.buyer],
  '130862346': [PEOPLE.third],
};

beforeAll(async () => {
  const strict = { strictDelegation: true, delegates };
  simulator = await startSimulator({
    trust: 'any',
    validationDelayMs: 0,
    environments: { testecf: strict, ecf: strict },
  });
  for (const person of Object.keys(PEOPLE) as Person[]) {
    signers[person] = testSigner({ holderId: PEOPLE[person] });
  }
  clients.testecf = await clientsOf('testecf');
  clients.ecf = await clientsOf('ecf');
  await clients.testecf.issuer.sendEcf(await signedEcf(document, signers.issuer));
  const file = await signedRfce(ecf({ encf: SUMMARY }), signers.issuer);
  code = /<CodigoSeguridadeCF>(.{6})</.exec(file.xml)?.[1] ?? '';
  await clients.ecf.issuer.sendRfce(file);
});
afterAll(() => simulator.close());

async function clientsOf(environment: Environment): Promise<Record<Person, TestClient>> {
  const entries = Object.entries(signers).map(async ([person, signer]) => {
    const client = new TestClient(simulator.url, environment);
    await client.authenticate(signer);
    return [person, client] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<Person, TestClient>;
}

type Asking = (client: TestClient) => Promise<Response>;
const status =
  (more: Record<string, string> = {}): Asking =>
  (client) =>
    client.get('consultaestado/api/consultas/estado', {
      rncemisor: ISSUER,
      ncfelectronico: ENCF,
      ...more,
    });
const trackIds: Asking = (client) =>
  client.get('consultatrackids/api/trackids/consulta', { rncemisor: ISSUER, encf: ENCF });
const summary: Asking = (client) =>
  client.get(
    'consultarfce/api/consultas/consulta',
    { rnc_emisor: ISSUER, encf: SUMMARY, cod_seguridad_ecf: code },
    'fc',
  );
const emission: Asking = (client) => postJson(client, 'emisioncomprobantes', { tipoEncf: '31' });
const sentApproval: Asking = (client) =>
  postJson(client, 'envioaprobacioncomercial', { encf: ENCF, estadoAprobacion: '1' });
const receipt: Asking = (client) =>
  client.get('emisorreceptor/api/emision/consultaacuserecibo', { Rnc: ISSUER, Encf: ENCF });

/** `rnc` is the issuer; nobody listens where the address leads. */
function postJson(client: TestClient, resource: string, body: object): Promise<Response> {
  const url = 'http://127.0.0.1:9/';
  return fetch(client.path(`emisorreceptor/api/emision/${resource}`), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${client.token}` },
    body: JSON.stringify({ rnc: ISSUER, urlRecepcion: url, urlAprobacionComercial: url, ...body }),
  });
}

const NOBODY = `El RNC del certificado no está delegado para ${ISSUER}.`;

describe('queries', () => {
  it.each<readonly [string, Asking, Environment, readonly Person[]]>([
    ['status of an e-NCF', status(), 'testecf', ['issuer', 'buyer']],
    ['status with its buyer', status({ rnccomprador: BUYER }), 'testecf', ['issuer', 'buyer']],
    [
      'status with a buyer of one’s own',
      status({ rnccomprador: '130862346' }),
      'testecf',
      ['issuer', 'third'],
    ],
    ['trackIds', trackIds, 'testecf', ['issuer']],
    ['summary', summary, 'ecf', ['issuer']],
    ['acknowledgement', receipt, 'testecf', ['issuer']],
    ['emission', emission, 'testecf', ['issuer']],
    ['sending of an approval', sentApproval, 'testecf', ['issuer']],
  ])('%s', async (_name, ask, environment, allowed) => {
    for (const person of Object.keys(PEOPLE) as Person[]) {
      const answer = await ask(clients[environment as 'testecf'][person]);
      const text = await answer.text();
      expect([person, text.includes(NOBODY)]).toEqual([person, !allowed.includes(person)]);
      if (!allowed.includes(person)) {
        expect(answer.status).toBe(400);
        expect(answer.headers.get('content-type')).toContain('text/plain');
        expect(JSON.parse(text)).toBe(NOBODY);
      }
    }
  });

  it('a status is not found for who names a buyer that is not the document’s', async () => {
    const answer = await status({ rnccomprador: '130862346' })(clients.testecf.third);
    expect(await answer.json()).toMatchObject({ codigo: 0, montoTotal: 0, rncComprador: null });
  });
});

describe('documents', () => {
  it.each<readonly [Person, string]>([
    ['issuer', '1'],
    ['buyer', '2'],
    ['third', '2'],
  ])('an e-CF signed by the %s’s delegate: %s', async (person, codigo) => {
    const encf = `E31000000010${Object.keys(PEOPLE).indexOf(person)}`;
    // Who signed counts, not who holds the token.
    const sent = await clients.testecf.third.sendEcf(
      await signedEcf(ecf({ encf }), signers[person]),
    );
    const { trackId } = (await sent.json()) as { trackId: string };
    expect(await (await clients.testecf.third.result(trackId)).json()).toMatchObject({ codigo });
  });

  it.each<readonly [Person, string]>([
    ['third', '2'],
    ['issuer', '1'],
  ])('a summary signed by the %s’s delegate: %s', async (person, codigo) => {
    const file = await signedRfce(ecf({ encf: 'E320000000002' }), signers[person]);
    const answer = await clients.testecf.issuer.sendRfce(file);
    expect(await answer.json()).toMatchObject({ codigo: Number(codigo) });
  });

  it.each<readonly [Person, string]>([
    ['issuer', '2'],
    ['third', '2'],
    ['buyer', '1'],
  ])('an approval signed by the %s’s delegate: %s', async (person, codigo) => {
    const answer = await clients.testecf.buyer.approve(
      await signedAcecf(document, signers[person]),
    );
    expect(await answer.json()).toMatchObject({ codigo });
  });

  it.each<readonly [Person, string]>([
    ['buyer', '2'],
    ['issuer', '1'],
  ])('a void request signed by the %s’s delegate: %s', async (person, codigo) => {
    const answer = await clients.testecf.issuer.voidRanges(
      await signedAnecf([['31', 900, 900]], signers[person]),
    );
    expect(await answer.json()).toMatchObject({ codigo });
  });

  it.each<readonly [string, string, Person, number]>([
    ['an e-CF', 'recepcion/api/ecf', 'buyer', 400],
    ['an e-CF', 'recepcion/api/ecf', 'issuer', 200],
  ])('%s to the emisor-receptor at %s by the %s: %d', async (_name, path, person, expected) => {
    const file = await signedEcf(ecf({ encf: 'E310000000777' }), signers.issuer);
    const answer = await clients.testecf[person].post(`emisorreceptor/fe/${path}`, file);
    expect(answer.status).toBe(expected);
  });

  it('an approval to the emisor-receptor is sent by its buyer', async () => {
    const file = await signedAcecf(document, signers.buyer);
    const path = 'emisorreceptor/fe/aprobacioncomercial/api/ecf';
    const foreign = await clients.testecf.issuer.post(path, file);
    expect(await foreign.json()).toContain(`delegado para ${BUYER}`);
    const own = await clients.testecf.buyer.post(path, file);
    expect(await own.json()).toContain('No se encontró el e-CF');
  });
});

it('gives no token to who is delegated by nobody', async () => {
  const client = new TestClient(simulator.url);
  const validate = async (signer: Signer, where = client): Promise<Response> =>
    where.validate(signForeign(Buffer.from(await where.semilla()), signer).xml);
  const unknown = testSigner({ holderId: '00400000004' });
  const answer = await validate(unknown);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toBe(
    'El RNC 00400000004 no está delegado para realizar transacciones.',
  );
  const taxpayer = await validate(testSigner({ holderId: ISSUER }));
  expect(taxpayer.status).toBe(200);
  const generous = new TestClient(simulator.url, 'certecf');
  expect((await validate(unknown, generous)).status).toBe(200);
});
