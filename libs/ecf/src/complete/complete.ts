import { isTipoEcf, type TipoEcf } from '../catalogue/formats.js';
import { Findings, type Finding } from '../findings/finding.js';
import { arrange } from '../model/arrange.js';
import type { Draft, EcfDocument, EcfDraft, EcfItem } from '../model/index.js';
import { completeAdjustments } from '../rules/global-adjustments.js';
import { completeLine } from '../rules/lines.js';
import {
  completeLineCurrency,
  completeLinePrice,
  completeOtherCurrency,
  exchangeRate,
} from '../rules/other-currency.js';
import { completePages } from '../rules/pages.js';
import { computeTotals } from '../rules/totals.js';
import {
  completeBuyer,
  completeIdDoc,
  completeIssuer,
  completeLineDefaults,
  signingTime,
} from './header.js';
import type { CompleteOptions } from './options.js';
import { completeTotals } from './totals.js';

export interface Completed {
  /** In schema order; what could not be derived is missing, and `validate` says so. */
  readonly document: EcfDocument;
  readonly findings: readonly Finding[];
}

/**
 * Fills in everything that follows from what is stated: issuer, dates, defaults, line amounts,
 * taxes, totals, other currency, pages. Nothing stated is changed, not even its spelling. The draft
 * itself stays as it is.
 */
export function complete(draft: EcfDraft, options: CompleteOptions): Completed {
  const findings = new Findings();
  const tipo = draft.Encabezado?.IdDoc?.TipoeCF;
  if (!isTipoEcf(tipo)) throw new RangeError(`TipoeCF: ${String(tipo)}`);
  const document = structure(draft);
  const { Encabezado: header } = document;

  completeIssuer(header.Emisor, tipo, options, findings);
  completeIdDoc(document, header.IdDoc, tipo, options, findings);
  completeAmounts(document, tipo, findings);
  completeBuyer(document, tipo, findings);
  header.Version ??= '1.0';
  document.FechaHoraFirma ??= signingTime(options.now);

  // What is missing was reported above or will be by `validate`; the shape is the catalogue's.
  const arranged = arrange(tipo, document) as unknown as EcfDocument;
  return { document: arranged, findings: findings.list };
}

type Structured = Draft<EcfDocument> & {
  Encabezado: Draft<EcfDocument['Encabezado']> & {
    IdDoc: Draft<EcfDocument['Encabezado']['IdDoc']>;
    Emisor: Draft<EcfDocument['Encabezado']['Emisor']>;
    Totales: Draft<EcfDocument['Encabezado']['Totales']>;
  };
};

/** A deep copy with the containers that every document has. */
function structure(draft: EcfDraft): Structured {
  const copy: EcfDraft = copyOf(draft);
  const header = (copy.Encabezado ??= {});
  const { IdDoc = {}, Emisor = {}, Totales = {} } = header;
  return { ...copy, Encabezado: { ...header, IdDoc, Emisor, Totales } };
}

function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const name in value) copy[name] = copyOf(value[name]);
  return copy as T;
}

/** Lines, adjustments and totals, in the order in which they depend on each other. */
function completeAmounts(document: Structured, tipo: TipoEcf, findings: Findings): void {
  const { IdDoc, Totales, OtraMoneda } = document.Encabezado;
  const items: readonly Draft<EcfItem>[] = document.DetallesItems?.Item ?? [];
  const rate = exchangeRate(OtraMoneda);
  completeLineDefaults(items, tipo, findings);
  for (const item of items) {
    if (rate !== undefined) completeLinePrice(item, rate);
    completeLine(item);
  }
  let totals = computeTotals(document);
  const rows = document.DescuentosORecargos?.DescuentoORecargo;
  if (rows) {
    completeAdjustments(rows, totals.netLines);
    totals = computeTotals(document);
  }
  completeTotals(Totales, totals, tipo, findings);
  if (OtraMoneda && rate !== undefined) {
    completeOtherCurrency(OtraMoneda, Totales);
    const stated = items.some((item) => item.OtraMonedaDetalle?.MontoItemOtraMoneda !== undefined);
    if (!stated) for (const item of items) completeLineCurrency(item, rate);
  }
  const payments = IdDoc.TablaFormasPago?.FormaDePago;
  const [payment] = payments ?? [];
  if (payment && payments?.length === 1 && Totales.MontoTotal !== undefined) {
    payment.MontoPago ??= Totales.MontoTotal;
  }
  if (document.Paginacion?.Pagina) completePages(document, tipo);
}
