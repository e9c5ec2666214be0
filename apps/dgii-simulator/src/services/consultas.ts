import { JsonNumber, dataAnswer, textAnswer, type Answer, type Value } from '../http/answer.js';
import { usDateTime } from '../http/dates.js';
import { mayActFor, notDelegatedFor } from '../judge/delegation.js';
import type { Settings } from '../options.js';
import { codigoAt, type DocumentStore } from '../state/document-store.js';
import type { LedgerDraft } from '../state/ledger.js';
import { ESTADOS, type DocumentFacts } from '../state/verdict.js';
import type { Call, Handler } from './call.js';

const RNC = /^(\d{9}|\d{11})$/;
const ENCF = /^E\d{12}$/;

interface Asked {
  readonly rnc: string;
  readonly encf: string;
}

interface QueryParts {
  readonly store: DocumentStore;
  readonly settings: Settings;
}

/** The pair every query is about, or the text with which DGII refuses it. */
function asked(call: Call, rncKey: string, encfKey: string): Asked | string {
  const rnc = call.query[rncKey] ?? '';
  const encf = (call.query[encfKey] ?? '').toUpperCase();
  if (rnc === '') return 'El RNC del emisor es requerido.';
  if (encf === '') return 'El e-NCF es requerido.';
  if (!RNC.test(rnc)) return 'El RNC del emisor no es válido.';
  if (!ENCF.test(encf)) return 'El e-NCF no es válido.';
  return { rnc, encf };
}

const lineOf = (question: Asked): LedgerDraft => ({ rnc: question.rnc, encf: question.encf });

/** Whether the token's person may act for one of the parties; a document may have no buyer. */
function stranger(
  { settings }: QueryParts,
  call: Call,
  issuer: string,
  buyer: string | null = null,
): Answer | undefined {
  const environment = settings.environments[call.environment];
  if (mayActFor(issuer, call.holder, environment)) return undefined;
  if (buyer !== null && mayActFor(buyer, call.holder, environment)) return undefined;
  return textAnswer(400, notDelegatedFor(issuer), { rnc: issuer });
}

/** Under DGII's eyes a given code or buyer that differs is another document. */
function isThatDocument(facts: DocumentFacts | null, call: Call): boolean {
  const code = call.query['codigoseguridad'] ?? '';
  const buyer = call.query['rnccomprador'] ?? '';
  if (code !== '' && code !== facts?.codigoSeguridad) return false;
  return buyer === '' || buyer === facts?.rncComprador;
}

/**
 * State of an e-NCF, for its issuer and its buyer; the code is a number here, and conditional only
 * shows for small type 32.
 */
export function consultaEstado(parts: QueryParts): Handler {
  const { store } = parts;
  return (call): Answer => {
    const question = asked(call, 'rncemisor', 'ncfelectronico');
    if (typeof question === 'string') return textAnswer(400, question);
    const { rnc, encf } = question;
    const found = store.visible(call.environment, rnc, encf, call.now.getTime());
    const facts = found?.facts ?? null;
    const buyer = (call.query['rnccomprador'] ?? '') || (facts?.rncComprador ?? null);
    const refusal = stranger(parts, call, rnc, buyer);
    if (refusal !== undefined) return refusal;
    const form = { root: 'RespuestaConsultaEstado', wantsXml: call.wantsXml };
    if (found === undefined || !isThatDocument(facts, call)) {
      return dataAnswer(estadoOf(0, ESTADOS['0'], question, null), form, lineOf(question));
    }
    const { codigo } = found.delivery.verdict;
    const estado =
      codigo === '4'
        ? facts?.route === 'rfce'
          ? 'Aceptado condicional'
          : 'Aceptado'
        : ESTADOS[codigo];
    const value = estadoOf(codigo === '2' ? 2 : 1, estado, question, facts);
    return dataAnswer(value, form, lineOf(question));
  };
}

function estadoOf(
  codigo: number,
  estado: string,
  { rnc, encf }: Asked,
  facts: DocumentFacts | null,
): Record<string, string | number | JsonNumber | null> {
  return {
    codigo,
    estado,
    rncEmisor: rnc,
    ncfElectronico: encf,
    montoTotal: new JsonNumber(facts?.montoTotal ?? '0'),
    totalITBIS: new JsonNumber(facts?.totalItbis ?? '0'),
    fechaEmision: facts?.fechaEmision ?? null,
    fechaFirma: facts?.fechaFirma ?? null,
    rncComprador: facts?.rncComprador ?? null,
    codigoSeguridad: facts?.codigoSeguridad ?? null,
    idExtranjero: facts?.idExtranjero ?? null,
  };
}

/** Every trackId an e-NCF ever got; a list, where the printed sample shows one object. */
export function consultaTrackIds(parts: QueryParts): Handler {
  const { store } = parts;
  return (call): Answer => {
    const question = asked(call, 'rncemisor', 'encf');
    if (typeof question === 'string') return textAnswer(400, question);
    const { rnc, encf } = question;
    const refusal = stranger(parts, call, rnc);
    if (refusal !== undefined) return refusal;
    const nowMs = call.now.getTime();
    const tracked = store
      .deliveries(call.environment, rnc, encf)
      .flatMap((delivery) =>
        delivery.trackId === null ? [] : [{ delivery, id: delivery.trackId }],
      );
    const rows = tracked.map(({ delivery, id }) => {
      const codigo = codigoAt(delivery, nowMs);
      return {
        trackId: id,
        estado: codigo === '3' ? 'En proceso' : ESTADOS[codigo],
        fechaRecepcion: usDateTime(new Date(delivery.receivedAtMs)),
      };
    });
    const none = { trackId: null, estado: ESTADOS['0'], fechaRecepcion: null };
    return trackAnswer(rows.length > 0 ? rows : [none], call, lineOf(question));
  };
}

/** One XML document has one root: of several rows it is .NET's name for a list. */
function trackAnswer(rows: readonly Value[], call: Call, record: LedgerDraft): Answer {
  const { wantsXml } = call;
  const [first = null, ...others] = rows;
  if (!wantsXml) return dataAnswer(rows, { wantsXml }, record);
  return others.length === 0
    ? dataAnswer(first, { root: 'TrackingDetalle', wantsXml }, record)
    : dataAnswer({ TrackingDetalle: rows }, { root: 'ArrayOfTrackingDetalle', wantsXml }, record);
}

/** An RFCE by e-NCF and security code; DGII offers it in production only, in JSON only. */
export function consultaRfce(parts: QueryParts): Handler {
  const { store } = parts;
  return (call): Answer => {
    const question = asked(call, 'rnc_emisor', 'encf');
    if (typeof question === 'string') return textAnswer(400, question);
    const { rnc, encf } = question;
    const refusal = stranger(parts, call, rnc);
    if (refusal !== undefined) return refusal;
    const code = call.query['cod_seguridad_ecf'] ?? '';
    const found = store.visible(call.environment, rnc, encf, call.now.getTime());
    const known = found?.facts?.route === 'rfce' && found.facts.codigoSeguridad === code;
    const codigo = known ? found.delivery.verdict.codigo : '0';
    const mensajes = known ? found.delivery.verdict.mensajes : [];
    return dataAnswer(
      {
        rnc,
        encf,
        secuenciaUtilizada: known && found.delivery.verdict.secuenciaUtilizada,
        codigo,
        estado: codigo === '4' ? 'Aceptado condicional' : ESTADOS[codigo],
        mensajes: mensajes.map((mensaje) => ({
          valor: mensaje.valor,
          codigo: Number(mensaje.codigo),
        })),
      },
      { wantsXml: false },
      lineOf(question),
    );
  };
}
