// What a taxpayer does with dgii-ecf, one step after the other; each says what it saw, or throws.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { BUYER, ISSUER, acecf, anecf, ecf, encf } from './documents.mjs';

/** Numbers of a run: a simulator that keeps its data has used others before. */
const LAST = 9_999_000;
const POLLS = 40;
const PAUSE_MS = 250;

/** The steps, in their order; `run` is what they share. */
export function stepsOf(client, certificate) {
  const { ECF, ENVIRONMENT, Signature, Transformer } = client;
  const number = randomInt(1, LAST);
  const at = new Date();
  const signature = new Signature(certificate.key, certificate.cert);
  const signXml = (xml) => signature.signXml(xml);
  const sign = (document) => signXml(new Transformer().json2xml(document));
  const testing = new ECF(certificate, ENVIRONMENT.DEV);
  const production = new ECF(certificate, ENVIRONMENT.PROD);
  const invoice = ecf('31', number, at);
  const ticket = ecf('32', number, at);
  const run = { client, testing, production, sign, signXml, at, number, invoice, ticket };
  run.file = (document) => {
    const { Emisor, IdDoc } = document.ECF.Encabezado;
    return `${Emisor.RNCEmisor}${IdDoc.eNCF}.xml`;
  };
  return [...session, ...invoices, ...summaries, ...between].map(([name, work]) => ({
    name,
    work: () => work(run),
  }));
}

const session = [
  [
    'autenticación (semilla)',
    async ({ testing }) => {
      const { token, expira, expedido } = await testing.authenticate();
      assert.equal(token.split('.').length, 3);
      assert.equal(Date.parse(expira) - Date.parse(expedido), 60 * 60 * 1000);
      return `token hasta ${expira}`;
    },
  ],
];

const invoices = [
  [
    'envío de un e-CF 31',
    async (run) => {
      const xml = run.sign(run.invoice);
      run.codigoSeguridad = run.client.getCodeSixDigitfromSignature(xml);
      const answer = await run.testing.sendElectronicDocument(xml, run.file(run.invoice));
      assert.match(answer.trackId, /^[0-9a-f-]{36}$/);
      run.trackId = answer.trackId;
      return `trackId ${answer.trackId}`;
    },
  ],
  [
    'resultado por trackId',
    async (run) => {
      const result = await verdictOf(run.testing, run.trackId);
      assert.equal(result.estado, 'Aceptado', JSON.stringify(result));
      assert.equal(Number(result.codigo), 1);
      assert.equal(result.encf, encf('31', run.number));
      assert.equal(result.rnc, ISSUER);
      assert.equal(result.secuenciaUtilizada, true);
      return `${result.estado} ${result.encf}`;
    },
  ],
  [
    'el mismo e-NCF otra vez',
    async (run) => {
      const xml = run.sign(run.invoice);
      const answer = await run.testing.sendElectronicDocument(xml, run.file(run.invoice));
      const result = await verdictOf(run.testing, answer.trackId);
      assert.equal(result.estado, 'Rechazado', JSON.stringify(result));
      assert.equal(Number(result.mensajes[0].codigo), 1209);
      return `${result.estado} (1209)`;
    },
  ],
  [
    'estado por e-NCF',
    async ({ testing, number, codigoSeguridad }) => {
      const state = await testing.inquiryStatus(ISSUER, encf('31', number), BUYER, codigoSeguridad);
      assert.equal(state.estado, 'Aceptado', JSON.stringify(state));
      assert.equal(state.montoTotal, 1180);
      assert.equal(state.codigoSeguridad, codigoSeguridad);
      return `${state.estado}, ${state.montoTotal}`;
    },
  ],
  [
    'trackIds de un e-NCF',
    async ({ testing, number, trackId }) => {
      const list = await testing.trackStatuses(ISSUER, encf('31', number));
      assert.ok(Array.isArray(list), JSON.stringify(list));
      assert.ok(list.some((one) => one.trackId === trackId && one.estado === 'Aceptado'));
      return `${list.length} trackId`;
    },
  ],
  [
    'aprobación comercial (ACECF)',
    async ({ testing, sign, invoice, number, at }) => {
      const xml = sign(acecf(invoice, at));
      const name = `${BUYER}${encf('31', number)}.xml`;
      const answer = await testing.sendCommercialApproval(xml, name);
      assert.equal(Number(answer.codigo), 1, JSON.stringify(answer));
      assert.equal(answer.estado, 'Aprobación Comercial Aprobada.');
      return answer.estado;
    },
  ],
  [
    'anulación de rangos (ANECF)',
    async ({ testing, sign, number, at }) => {
      const xml = sign(anecf(number + 1, number + 5, at));
      const answer = await testing.voidENCF(xml, `${ISSUER}-anulacion.xml`);
      assert.equal(Number(answer.codigo), 1, JSON.stringify(answer));
      assert.equal(answer.rnc, ISSUER);
      return `${answer.mensajes}`;
    },
  ],
];

const summaries = [
  [
    'resumen de un e-CF 32 (RFCE)',
    async (run) => {
      const summary = await sendSummary(run, run.testing);
      const state = await run.testing.inquiryStatus(ISSUER, summary.encf, BUYER, summary.code);
      assert.equal(state.estado, 'Aceptado', JSON.stringify(state));
      return `${summary.estado} ${summary.encf}`;
    },
  ],
  [
    'consulta de RFCE (producción)',
    async (run) => {
      await run.production.authenticate();
      const { encf: sent, code } = await sendSummary(run, run.production);
      const state = await run.production.getSummaryInvoiceInquiry(ISSUER, sent, code);
      assert.equal(state.estado, 'Aceptado', JSON.stringify(state));
      assert.equal(state.encf, sent);
      await run.testing.authenticate();
      return `${state.estado} ${state.encf}`;
    },
  ],
];

const between = [
  [
    'directorio',
    async (run) => {
      const entries = await run.testing.getCustomerDirectory(BUYER);
      assert.ok(Array.isArray(entries) && entries.length > 0, JSON.stringify(entries));
      [run.receiver] = entries;
      assert.match(run.receiver.urlRecepcion, /^https?:\/\//);
      return `${run.receiver.nombre} ${run.receiver.urlRecepcion}`;
    },
  ],
  [
    'entrega al receptor (ARECF)',
    async (run) => {
      const { urlOpcional, urlRecepcion } = run.receiver;
      await run.testing.authenticate(urlOpcional);
      const xml = run.sign(run.invoice);
      const name = run.file(run.invoice);
      const receipt = await run.testing.sendElectronicDocument(xml, name, urlRecepcion);
      assert.match(receipt, /<ARECF/);
      assert.match(receipt, /<Estado>0<\/Estado>/);
      await run.testing.authenticate();
      return 'e-CF Recibido';
    },
  ],
  [
    'token que no vale: 401',
    async ({ client, testing, trackId }) => {
      client.setAuthToken('no.es.uno');
      await assert.rejects(testing.statusTrackId(trackId), { status: 401 });
      return '401';
    },
  ],
];

/** Signs a ticket, sends its summary, and tells the answer with the security code. */
async function sendSummary({ client, sign, signXml, ticket, file }, ecfClient) {
  const { xml, securityCode } = client.convertECF32ToRFCE(sign(ticket));
  const answer = await ecfClient.sendSummary(signXml(xml), file(ticket));
  assert.equal(answer.estado, 'Aceptado', JSON.stringify(answer));
  assert.equal(answer.secuenciaUtilizada, true);
  return { ...answer, code: securityCode };
}

/** Asks until there is a verdict, as the package's users do. */
async function verdictOf(ecfClient, trackId) {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const result = await ecfClient.statusTrackId(trackId);
    if (result.estado !== 'En Proceso') return result;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`${trackId} stays En Proceso`);
}
