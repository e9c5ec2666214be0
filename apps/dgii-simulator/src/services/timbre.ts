import { decimal } from '@getupnet/kernel';
import { escapeMarkup, htmlAnswer, type Answer } from '../http/answer.js';
import type { DocumentStore } from '../state/document-store.js';
import type { DocumentFacts, Verdict } from '../state/verdict.js';
import type { Call, Handler } from './call.js';

const TITLE = 'Consulta de timbre electrónico';
const NOT_FOUND = 'No fue encontrada la factura (e-CF).';

/** Where the QR of an e-CF leads. */
export function consultaTimbre(store: DocumentStore): Handler {
  return (call) => timbre(store, call, 'ecf');
}

/** Where the QR of a type 32 below 250,000 leads; it shows less (Descripción Técnica, p. 39). */
export function consultaTimbreFc(store: DocumentStore): Handler {
  return (call) => timbre(store, call, 'rfce');
}

function timbre(store: DocumentStore, call: Call, route: DocumentFacts['route']): Answer {
  const rnc = call.query['rncemisor'] ?? '';
  const encf = (call.query['encf'] ?? '').toUpperCase();
  const found = store.visible(call.environment, rnc, encf, call.now.getTime());
  if (found === undefined || found.facts === null || found.facts.route !== route) {
    return htmlAnswer(200, TITLE, `<p>${NOT_FOUND}</p>`);
  }
  const { facts, delivery } = found;
  if (!isThatStamp(facts, call)) return htmlAnswer(200, TITLE, `<p>${NOT_FOUND}</p>`);
  const rows = [
    ['RNC Emisor', rnc],
    ['Razón social emisor', facts.razonSocialEmisor],
    ...(route === 'ecf' ? buyerRows(facts) : []),
    ['e-NCF', encf],
    ...(route === 'ecf' ? amountRows(facts) : []),
    ['Estado', stampState(delivery.verdict)],
  ];
  return htmlAnswer(
    200,
    TITLE,
    `<table>${rows.map(([k, v]) => row(k ?? '', v ?? '')).join('')}</table>`,
  );
}

/** DGII shows a conditional acceptance as plain acceptance here. */
const stampState = (verdict: Verdict): string =>
  verdict.codigo === '2' ? 'Rechazado' : 'Aceptado';

const row = (name: string, value: string): string =>
  `<tr><th>${escapeMarkup(name)}</th><td>${escapeMarkup(value)}</td></tr>`;

function buyerRows(facts: DocumentFacts): string[][] {
  return [
    ...(facts.rncComprador === null ? [] : [['RNC Comprador', facts.rncComprador]]),
    ...(facts.razonSocialComprador === null
      ? []
      : [['Razón social comprador', facts.razonSocialComprador]]),
  ];
}

function amountRows(facts: DocumentFacts): string[][] {
  return [
    ['Fecha de emisión', facts.fechaEmision],
    ['Total de ITBIS', facts.totalItbis],
    ['Monto total', facts.montoTotal],
  ];
}

/** The stamp is the document's only if everything the address states is true of it. */
function isThatStamp(facts: DocumentFacts, call: Call): boolean {
  const stated = (key: string, actual: string | null): boolean => {
    const value = call.query[key] ?? '';
    return value === '' || value === actual;
  };
  return (
    call.query['codigoseguridad'] === facts.codigoSeguridad &&
    sameAmount(call.query['montototal'] ?? '', facts.montoTotal) &&
    stated('rnccomprador', facts.rncComprador) &&
    stated('fechaemision', facts.fechaEmision) &&
    stated('fechafirma', facts.fechaFirma)
  );
}

function sameAmount(stated: string, actual: string): boolean {
  return /^\d{1,18}(\.\d{1,4})?$/.test(stated) && decimal(stated).equals(decimal(actual));
}
