import type { EcfDocument, RfceDocument, RfceTotales } from '@getupnet/ecf';
import type { DocumentFacts } from '../state/verdict.js';

/**
 * A copy that shares no memory with the document: a piece of a text keeps the whole text alive, and
 * what is remembered of a document must not hold its XML.
 */
export function detached<T extends object>(texts: T): T {
  return JSON.parse(JSON.stringify(texts)) as T;
}

/** What is remembered of a full e-CF. */
export function ecfFacts(document: EcfDocument, codigoSeguridad: string): DocumentFacts {
  const { IdDoc, Emisor, Comprador, Totales } = document.Encabezado;
  return detached<DocumentFacts>({
    tipo: IdDoc.TipoeCF,
    route: 'ecf',
    montoTotal: Totales.MontoTotal,
    totalItbis: Totales.TotalITBIS ?? '0.00',
    fechaEmision: Emisor.FechaEmision,
    fechaFirma: document.FechaHoraFirma,
    rncComprador: Comprador?.RNCComprador ?? null,
    idExtranjero: Comprador?.IdentificadorExtranjero ?? null,
    codigoSeguridad,
    razonSocialEmisor: Emisor.RazonSocialEmisor,
    razonSocialComprador: Comprador?.RazonSocialComprador ?? null,
    ...modifiedBy(document),
  });
}

function modifiedBy(document: EcfDocument): Pick<DocumentFacts, 'modifica'> {
  const reference = document.InformacionReferencia;
  const encf = reference?.NCFModificado;
  if (encf === undefined) return {};
  const rnc = reference?.RNCOtroContribuyente ?? document.Encabezado.Emisor.RNCEmisor;
  return { modifica: { rnc, encf, codigo: reference?.CodigoModificacion ?? '' } };
}

/** What is remembered of a summary; the code in it is that of the full document. */
export function rfceFacts(document: RfceDocument): DocumentFacts {
  const { IdDoc, Emisor, Comprador, Totales, CodigoSeguridadeCF } = document.Encabezado;
  return detached<DocumentFacts>({
    tipo: IdDoc.TipoeCF,
    route: 'rfce',
    montoTotal: Totales.MontoTotal,
    totalItbis: Totales.TotalITBIS ?? '0.00',
    fechaEmision: Emisor.FechaEmision,
    fechaFirma: null,
    rncComprador: Comprador.RNCComprador ?? null,
    idExtranjero: Comprador.IdentificadorExtranjero ?? null,
    codigoSeguridad: CodigoSeguridadeCF,
    razonSocialEmisor: Emisor.RazonSocialEmisor,
    razonSocialComprador: Comprador.RazonSocialComprador ?? null,
    resumen: summaryAmounts(Totales),
  });
}

/** Amounts of a summary by their name; those of an additional tax by its code as well. */
export function summaryAmounts(totales: RfceTotales): Record<string, string> {
  const { ImpuestosAdicionales, ...own } = totales;
  const amounts = new Map<string, string>();
  const add = (fields: object, place: string): void => {
    for (const [name, text] of Object.entries(fields)) {
      if (typeof text === 'string' && name !== 'TipoImpuesto') amounts.set(name + place, text);
    }
  };
  add(own, '');
  for (const tax of ImpuestosAdicionales?.ImpuestoAdicional ?? []) {
    add(tax, ` (${tax.TipoImpuesto ?? ''})`);
  }
  return Object.fromEntries(amounts);
}
