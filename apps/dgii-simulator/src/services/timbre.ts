import { decimal } from '@getupnet/kernel';
import type { Answer } from '../http/answer.js';
import { stampPage } from '../pages/stamp-page.js';
import type { DocumentStore } from '../state/document-store.js';
import type { DocumentFacts, Verdict } from '../state/verdict.js';
import type { Call, Handler } from './call.js';

type Route = DocumentFacts['route'];

const TITLES: Readonly<Record<Route, string>> = {
  ecf: 'Consulta de timbre electrónico',
  rfce: 'Consulta de timbre electrónico de factura de consumo',
};
const NOT_FOUND = 'No fue encontrada la factura (e-CF).';

/** Where the QR of an e-CF leads. */
export function consultaTimbre(store: DocumentStore): Handler {
  return (call) => timbre(store, call, 'ecf');
}

/** Where the QR of a type 32 below 250,000 leads; it shows less (Descripción Técnica, p. 39). */
export function consultaTimbreFc(store: DocumentStore): Handler {
  return (call) => timbre(store, call, 'rfce');
}

function timbre(store: DocumentStore, call: Call, route: Route): Answer {
  const malformed = malformedParameters(call, route);
  if (malformed.length > 0) return notFound(call, route, malformed);
  const rnc = call.query['rncemisor'] ?? '';
  const encf = (call.query['encf'] ?? '').toUpperCase();
  const found = store.visible(call.environment, rnc, encf, call.now.getTime());
  if (found === undefined || found.facts === null) return notFound(call, route, []);
  const { facts, delivery } = found;
  if (facts.route !== route) return notFound(call, route, [ELSEWHERE[facts.route]]);
  const different = differentParameters(facts, call);
  if (different.length > 0) return notFound(call, route, different);
  return stampPage({
    ...pageOf(call, route),
    rows: [
      ['RNC emisor', rnc],
      ['Razón social emisor', facts.razonSocialEmisor],
      ...(route === 'ecf' ? buyerRows(facts) : []),
      ['e-NCF', encf],
      ...(route === 'ecf' ? amountRows(facts) : []),
      ['Estado', stampState(delivery.verdict)],
    ],
    hints: [],
  });
}

const pageOf = (call: Call, route: Route): { title: string; environment: string } => ({
  title: TITLES[route],
  environment: call.environment,
});

const notFound = (call: Call, route: Route, hints: readonly string[]): Answer =>
  stampPage({ ...pageOf(call, route), rows: [], message: NOT_FOUND, hints });

/** Where a document of the other kind is found. */
const ELSEWHERE: Readonly<Record<Route, string>> = {
  ecf: 'Este e-NCF se consulta en ConsultaTimbre.',
  rfce: 'Este e-NCF se consulta en ConsultaTimbreFC.',
};

/** DGII shows a conditional acceptance as plain acceptance here (p. 38). */
const stampState = (verdict: Verdict): string =>
  verdict.codigo === '2' ? 'Rechazado' : 'Aceptado';

function buyerRows(facts: DocumentFacts): (readonly [string, string])[] {
  const { rncComprador, razonSocialComprador } = facts;
  return [
    ...(rncComprador === null ? [] : [['RNC comprador', rncComprador] as const]),
    ...(razonSocialComprador === null
      ? []
      : [['Razón social comprador', razonSocialComprador] as const]),
  ];
}

function amountRows(facts: DocumentFacts): (readonly [string, string])[] {
  return [
    ['Fecha de emisión', facts.fechaEmision],
    ['Total de ITBIS', facts.totalItbis],
    ['Monto total', facts.montoTotal],
  ];
}

interface Parameter {
  readonly name: string;
  readonly form: RegExp;
  readonly required: boolean;
}

const REQUIRED: readonly Parameter[] = [
  { name: 'RncEmisor', form: /^(\d{9}|\d{11})$/, required: true },
  { name: 'ENCF', form: /^E\d{12}$/i, required: true },
  { name: 'MontoTotal', form: /^\d{1,18}(\.\d{1,4})?$/, required: true },
  { name: 'CodigoSeguridad', form: /^[A-Za-z0-9+/]{6}$/, required: true },
];
/** Parameters of the two pages (Descripción Técnica v1.6, pp. 37-40). */
const PARAMETERS: Readonly<Record<Route, readonly Parameter[]>> = {
  ecf: [
    ...REQUIRED,
    { name: 'RncComprador', form: /^(\d{9}|\d{11})$/, required: false },
    { name: 'FechaEmision', form: /^\d{2}-\d{2}-\d{4}$/, required: false },
    { name: 'FechaFirma', form: /^\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2}$/, required: false },
  ],
  rfce: REQUIRED,
};

function malformedParameters(call: Call, route: Route): string[] {
  return PARAMETERS[route].flatMap(({ name, form, required }) => {
    const value = call.query[name.toLowerCase()] ?? '';
    if (value === '') return required ? [`Falta ${name}.`] : [];
    return form.test(value) ? [] : [`${name} no tiene la forma debida: ${value}`];
  });
}

/** The stamp is the document's only if everything the address states is true of it. */
function differentParameters(facts: DocumentFacts, call: Call): string[] {
  const stated = (name: string): string => call.query[name.toLowerCase()] ?? '';
  const differs = (name: string, actual: string | null): boolean =>
    stated(name) !== '' && stated(name) !== actual;
  const names = [
    ...(decimal(stated('MontoTotal')).equals(decimal(facts.montoTotal)) ? [] : ['MontoTotal']),
    ...(differs('CodigoSeguridad', facts.codigoSeguridad) ? ['CodigoSeguridad'] : []),
    ...(facts.route === 'ecf' ? differentInFull(facts, differs) : []),
  ];
  return names.map((name) => `${name} no es el del documento.`);
}

function differentInFull(
  facts: DocumentFacts,
  differs: (name: string, actual: string | null) => boolean,
): string[] {
  return [
    ...(differs('RncComprador', facts.rncComprador) ? ['RncComprador'] : []),
    ...(differs('FechaEmision', facts.fechaEmision) ? ['FechaEmision'] : []),
    ...(differs('FechaFirma', facts.fechaFirma) ? ['FechaFirma'] : []),
  ];
}
