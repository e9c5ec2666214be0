import {
  acecf,
  arecf,
  parse,
  serializeAcecf,
  serializeArecf,
  validate,
  type EcfDocument,
} from '@getupnet/ecf';
import type { Signer } from '@getupnet/xmldsig';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../index.js';
import { DGII_RNC } from '../sender/sample-documents.js';
import { TestClient, signed, testSigner } from '../testing/client.js';
import { BUYER, ISSUER, ecf, signedAcecf, signedEcf } from '../testing/documents.js';

const BASE = 'emisorreceptor';
const APPROVAL = `${BASE}/fe/aprobacioncomercial/api/ecf`;

let signer: Signer;
let dataDir: string;
let simulator: Simulator;
/** Another simulator: its emisor-receptor is the receiver to whom ours sends. */
let peer: Simulator;
let client: TestClient;
let receiver: string;

const start = (): Promise<Simulator> =>
  startSimulator({ trust: 'any', dataDir, validationDelayMs: 0 });

beforeAll(async () => {
  signer = testSigner();
  dataDir = mkdtempSync(join(tmpdir(), 'simulator-sender-'));
  [simulator, peer] = await Promise.all([start(), startSimulator({ trust: 'any' })]);
  client = new TestClient(simulator.url);
  receiver = new TestClient(peer.url).path(BASE);
  await client.authenticate(signer);
});
afterAll(async () => {
  await Promise.all([simulator.close(), peer.close()]);
  rmSync(dataDir, { recursive: true });
});

function ask(service: string, body: object | string): Promise<Response> {
  const isXml = typeof body === 'string';
  return fetch(client.path(`${BASE}/api/emision/${service}`), {
    method: 'POST',
    headers: {
      'content-type': isXml ? 'application/xml' : 'application/json',
      authorization: `Bearer ${client.token}`,
    },
    body: isXml ? body : JSON.stringify(body),
  });
}

const emit = (tipoEncf: string | number, extra: object = {}): Promise<Response> =>
  ask('emisioncomprobantes', {
    rnc: BUYER,
    tipoEncf,
    urlRecepcion: receiver,
    urlAutenticacion: receiver,
    ...extra,
  });

const emitted = async (answer: Promise<Response>): Promise<EcfDocument> =>
  parse(await (await answer).text());

async function receiptOf(encf: string, rnc = BUYER): Promise<unknown> {
  const query = { Rnc: rnc, Encf: encf };
  return (await client.get(`${BASE}/api/emision/consultaacuserecibo`, query)).json();
}

describe('emisor-receptor as a sender', () => {
  it.each(['31', '33', '34', '44'])('delivers a type %s that is in order', async (tipo) => {
    const document = await emitted(emit(tipo));
    expect(validate(document).filter((finding) => finding.severity === 'error')).toEqual([]);
    const encf = document.Encabezado.IdDoc.eNCF;
    expect(await receiptOf(encf)).toEqual({ rnc: BUYER, encf, estado: 'Aceptado', mensajes: [] });
    expect(await receiptOf(encf, ISSUER)).toMatchObject({ estado: 'No encontrado' });
    const [theirs] = await peer.control.ledger({ encf });
    const [ours] = await simulator.control.ledger({ encf });
    expect(theirs).toMatchObject({ service: 'receptorrecepcion', codigo: '0' });
    expect(ours).toMatchObject({ service: 'emisoremision', sha256: theirs?.sha256 });
  });

  it('takes XML too, and refuses other types and bad requests', async () => {
    const model =
      `<EmisionComprobanteModel><rnc>${BUYER}</rnc><tipoEncf>31</tipoEncf>` +
      `<urlRecepcion>${receiver}/fe/recepcion/api/ecf</urlRecepcion>` +
      `<urlAutenticacion>${receiver}/</urlAutenticacion></EmisionComprobanteModel>`;
    const encf = (await emitted(ask('emisioncomprobantes', model))).Encabezado.IdDoc.eNCF;
    expect(await receiptOf(encf)).toMatchObject({ estado: 'Aceptado' });
    const refused = await Promise.all([
      ...['32', '41', '43', '45', '46', '47'].map((tipo) => emit(tipo)),
      emit('31', { rnc: '1' }),
      emit('31', { urlRecepcion: 'file:///etc/passwd' }),
    ]);
    expect(new Set(refused.map((answer) => answer.status))).toEqual(new Set([400]));
  });

  it('tells when the receiver does not acknowledge', async () => {
    const closed = await emitted(emit('31', { urlAutenticacion: '' }));
    expect(await receiptOf(closed.Encabezado.IdDoc.eNCF)).toMatchObject({
      estado: 'Rechazado',
      mensajes: ['La recepción responde 401.'],
    });
    const gone = await emitted(emit('31', { urlAutenticacion: 'http://127.0.0.1:1/' }));
    expect(await receiptOf(gone.Encabezado.IdDoc.eNCF)).toMatchObject({
      mensajes: [expect.stringContaining('No hay respuesta')],
    });
    expect(await receiptOf('E310000000999')).toMatchObject({ estado: 'No encontrado' });
  });

  it('believes no acknowledgement of another document, and no page', async () => {
    const receipt = arecf({
      rncEmisor: DGII_RNC,
      rncComprador: BUYER,
      encf: 'E310000000001',
      now: new Date(),
    });
    const { xml } = await signed(serializeArecf(receipt), 'x.xml', signer);
    const careless = createServer((request, response) => {
      request.resume().on('end', () => response.end(xml));
    });
    await new Promise<void>((resolve) => careless.listen(0, '127.0.0.1', resolve));
    const { port } = careless.address() as AddressInfo;
    const urls = { urlRecepcion: `http://127.0.0.1:${port}`, urlAutenticacion: null };
    const wrong = await emitted(emit('31', urls));
    careless.close();
    expect(await receiptOf(wrong.Encabezado.IdDoc.eNCF)).toMatchObject({
      estado: 'Rechazado',
      mensajes: ['El acuse de recibo es de otro documento.'],
    });
    peer.control.addFault({ kind: 'html', operation: 'receptorrecepcion', times: 1 });
    const page = await emitted(emit('31'));
    expect(await receiptOf(page.Encabezado.IdDoc.eNCF)).toMatchObject({
      mensajes: ['La respuesta no es un acuse de recibo.'],
    });
  });

  it('takes the approval of what it sent, of nothing else, also after a restart', async () => {
    const document = await emitted(emit(44));
    const file = await signedAcecf(document, signer);
    expect((await client.post(APPROVAL, file)).status).toBe(200);
    const other = await signedAcecf(document, signer, {
      change: (detail) => Object.assign(detail, { MontoTotal: '1.00' }),
    });
    expect((await client.post(APPROVAL, other)).status).toBe(400);
    const altered = { ...file, xml: file.xml.replace('<Estado>1<', '<Estado>2<') };
    expect((await client.post(APPROVAL, altered)).status).toBe(400);
    const unknown = serializeAcecf(acecf(ecf({ encf: 'E310000000777' }), new Date()));
    const file2 = await signed(unknown, `${BUYER}E310000000777.xml`, signer);
    expect((await client.post(APPROVAL, file2)).status).toBe(400);
    await simulator.close();
    simulator = await start();
    client = new TestClient(simulator.url);
    await client.authenticate(signer);
    expect((await client.post(APPROVAL, file)).status).toBe(200);
    expect(await receiptOf(document.Encabezado.IdDoc.eNCF)).toMatchObject({ estado: 'Aceptado' });
  });

  it('sends the approval of what it received', async () => {
    // The issuer here is the peer: it sends to us, we approve there.
    const there = new TestClient(peer.url);
    await there.authenticate(signer);
    const sent = await fetch(there.path(`${BASE}/api/emision/emisioncomprobantes`), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${there.token}` },
      body: JSON.stringify({
        rnc: BUYER,
        tipoEncf: '31',
        urlRecepcion: client.path(BASE),
        urlAutenticacion: client.path(BASE),
      }),
    });
    const { IdDoc, Emisor } = parse(await sent.text()).Encabezado;
    const approval = {
      rnc: Emisor.RNCEmisor,
      encf: IdDoc.eNCF,
      urlAprobacionComercial: receiver,
      urlAutenticacion: receiver,
      estadoAprobacion: 2,
    };
    const answer = await ask('envioaprobacioncomercial', approval);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<Estado>2</Estado>');
    const lines = await peer.control.ledger({ encf: IdDoc.eNCF, service: 'receptoraprobacion' });
    expect(lines).toMatchObject([{ codigo: '1', approval: { rncComprador: BUYER, estado: '2' } }]);
    const never = await ask('envioaprobacioncomercial', { ...approval, encf: 'E310000000888' });
    expect(never.status).toBe(400);
  });

  it('tells when the issuer refuses the approval', async () => {
    const file = await signedEcf(ecf({ encf: 'E310000000005' }), signer);
    await client.post(`${BASE}/fe/recepcion/api/ecf`, file);
    const answer = await ask('envioaprobacioncomercial', {
      rnc: ISSUER,
      encf: 'E310000000005',
      urlAprobacionComercial: receiver,
      urlAutenticacion: receiver,
      estadoAprobacion: '1',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toBe('La aprobación comercial responde 400.');
  });
});
