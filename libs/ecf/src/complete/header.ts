import { dominicanDate, dominicanDateTime } from '@getupnet/kernel';
import { codesOf } from '../catalogue/codes.js';
import { fieldsOf, namesIn } from '../catalogue/fields.js';
import type { TipoEcf } from '../catalogue/formats.js';
import type { Findings } from '../findings/finding.js';
import type { Draft, EcfDocument, EcfEmisor, EcfIdDoc, EcfItem } from '../model/index.js';
import { creditNoteIndicator } from '../rules/notes.js';
import type { CompleteOptions, IssuerProfile } from './options.js';

type Document = Draft<EcfDocument>;

/** Mandatory fields that have one usual value; whoever means another states it. */
const ID_DEFAULTS = [
  ['TipoIngresos', '01'],
  ['TipoPago', '1'],
] as const satisfies readonly (readonly [keyof EcfIdDoc, string])[];

/** The only IndicadorFacturacion these types admit (Formato e-CF V1.0, notes 50, 51, 54). */
const ONLY_INDICATOR: Partial<Readonly<Record<TipoEcf, string>>> = {
  '43': '4',
  '44': '4',
  '46': '3',
  '47': '4',
};

/** What a consumption invoice says of a buyer nobody asked for: its schema wants the element. */
export const ANONYMOUS_BUYER = 'CONSUMIDOR FINAL';

/** IdDoc in place: number, defaults and the indicators that follow from other fields. */
export function completeIdDoc(
  document: Document,
  id: Draft<EcfIdDoc>,
  tipo: TipoEcf,
  options: CompleteOptions,
  findings: Findings,
): void {
  const names = namesIn(tipo, 'Encabezado/IdDoc');
  const has = (name: keyof EcfIdDoc): boolean => names.has(name);
  if (options.encf !== undefined) id.eNCF ??= options.encf;
  if (options.fechaVencimientoSecuencia !== undefined && has('FechaVencimientoSecuencia')) {
    id.FechaVencimientoSecuencia ??= options.fechaVencimientoSecuencia;
  }
  for (const [name, value] of ID_DEFAULTS) {
    if (id[name] !== undefined || !isMandatory(tipo, name)) continue;
    id[name] = value;
    assumed(findings, `/Encabezado/IdDoc/${name}`, name, value);
  }
  if (has('IndicadorMontoGravado') && hasTaxedLine(document)) id.IndicadorMontoGravado ??= '0';
  if (has('IndicadorNotaCredito') && id.IndicadorNotaCredito === undefined) {
    const indicator = creditNoteIndicator(
      document.Encabezado?.Emisor?.FechaEmision,
      document.InformacionReferencia?.FechaNCFModificado,
    );
    if (indicator !== undefined) id.IndicadorNotaCredito = indicator;
  }
  const pages = document.Paginacion?.Pagina;
  if (pages && pages.length > 1) id.TotalPaginas ??= String(pages.length);
}

const isMandatory = (tipo: TipoEcf, name: string): boolean =>
  fieldsOf(tipo).get(`Encabezado/IdDoc/${name}`)?.status === '1';

/** IndicadorMontoGravado speaks of ITBIS, so a line must carry some (Formato e-CF V1.0, section IdDoc). */
function hasTaxedLine(document: Document): boolean {
  return (document.DetallesItems?.Item ?? []).some(
    ({ IndicadorFacturacion }) => IndicadorFacturacion === '1' || IndicadorFacturacion === '2',
  );
}

const ADDRESS = ['DireccionEmisor', 'Municipio', 'Provincia'] as const;

/**
 * The issuer block in place: what is stated stays, the rest comes from the profile. An address is
 * one thing: a branch that states its street is not given the head office's municipality.
 */
export function completeIssuer(
  issuer: Draft<EcfEmisor>,
  tipo: TipoEcf,
  options: CompleteOptions,
  findings: Findings,
): void {
  const names = namesIn(tipo, 'Encabezado/Emisor');
  const profile: Partial<IssuerProfile> = options.issuer;
  const ownAddress = ADDRESS.some((name) => issuer[name] !== undefined);
  if (issuer.RNCEmisor !== undefined && issuer.RNCEmisor !== profile.RNCEmisor) {
    findings.add('ECF-EMI-01', '/Encabezado/Emisor/RNCEmisor', {
      stated: issuer.RNCEmisor,
      own: profile.RNCEmisor ?? '',
    });
  }
  const target: Record<string, unknown> = issuer;
  const source: Readonly<Record<string, unknown>> = profile;
  for (const name in source) {
    const value = source[name];
    if (value === undefined || target[name] !== undefined) continue;
    if (ownAddress && ADDRESS.some((part) => part === name)) continue;
    if (names.has(name)) target[name] = value;
  }
  issuer.FechaEmision ??= dominicanDate(options.now);
}

/** Comprador where the type's schema wants one and nobody is named. */
export function completeBuyer(document: Document, tipo: TipoEcf, findings: Findings): void {
  const header = document.Encabezado;
  if (tipo !== '32' || !header) return;
  const buyer = header.Comprador;
  if (buyer && Object.keys(buyer).length > 0) return;
  header.Comprador = { RazonSocialComprador: ANONYMOUS_BUYER };
  findings.add('ECF-DEF-02', '/Encabezado/Comprador', { name: ANONYMOUS_BUYER });
}

/** Number and indicators of the lines, in place. */
export function completeLineDefaults(
  items: readonly Draft<EcfItem>[],
  tipo: TipoEcf,
  findings: Findings,
): void {
  const only = ONLY_INDICATOR[tipo];
  const kind = tipo === '47' ? '2' : '1';
  let told = false;
  items.forEach((item, index) => {
    item.NumeroLinea ??= String(index + 1);
    if (only !== undefined) item.IndicadorFacturacion ??= only;
    if (item.IndicadorBienoServicio === undefined) {
      item.IndicadorBienoServicio = kind;
      const path = `/DetallesItems/Item/${index}/IndicadorBienoServicio`;
      if (!told && tipo !== '47') assumed(findings, path, 'IndicadorBienoServicio', kind);
      told = true;
    }
    if (item.Retencion) item.Retencion.IndicadorAgenteRetencionoPercepcion ??= '1';
  });
}

function assumed(findings: Findings, path: string, field: string, value: string): void {
  const meaning = codesOf(field).get(value) ?? '';
  findings.add('ECF-DEF-01', path, { field, value, meaning });
}

/** FechaHoraFirma, Dominican time. */
export const signingTime = (now: Date): string => dominicanDateTime(now);
