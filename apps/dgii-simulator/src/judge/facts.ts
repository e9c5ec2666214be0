import type { EcfDocument, RfceDocument } from '@getupnet/ecf';
import type { DocumentFacts } from '../state/verdict.js';

/** What is remembered of a full e-CF. */
export function ecfFacts(document: EcfDocument, codigoSeguridad: string): DocumentFacts {
  const { IdDoc, Emisor, Comprador, Totales } = document.Encabezado;
  return {
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
  };
}

/** What is remembered of a summary; the code in it is that of the full document. */
export function rfceFacts(document: RfceDocument): DocumentFacts {
  const { IdDoc, Emisor, Comprador, Totales, CodigoSeguridadeCF } = document.Encabezado;
  return {
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
  };
}
