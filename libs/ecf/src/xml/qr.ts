import { isRfceRoute } from '../rules/rfce.js';
import type { EcfDocument } from '../model/index.js';
import { amountText } from '../money.js';

/** DGII's environments, spelled as their path segments (Descripción Técnica v1.6, pp. 6-7). */
export type QrEnvironment = 'testecf' | 'certecf' | 'ecf';

export interface TimbreHosts {
  readonly ecf: string;
  readonly fc: string;
}

const DGII_HOSTS: TimbreHosts = {
  ecf: 'https://ecf.dgii.gov.do',
  fc: 'https://fc.dgii.gov.do',
};

/** What the QR's page is asked about; texts as in the signed document. */
export interface TimbreFacts {
  readonly environment: QrEnvironment;
  /** `rfce`: the page for consumption invoices that DGII knows by their summary. */
  readonly route: 'ecf' | 'rfce';
  readonly rncEmisor: string;
  readonly rncComprador: string | null;
  readonly encf: string;
  readonly fechaEmision: string;
  readonly montoTotal: string;
  readonly fechaFirma: string;
  readonly codigoSeguridad: string;
}

/**
 * Address that the QR code of the printed representation carries (Descripción Técnica v1.6,
 * pp. 37-39, 58): the summary page for consumption invoices below 250,000.00, the full one for the
 * rest. Without a buyer RNC the parameter is left out.
 */
export function qrUrl(facts: TimbreFacts, hosts: TimbreHosts = DGII_HOSTS): string {
  const summary = facts.route === 'rfce';
  const parameters: readonly (readonly [string, string | null])[] = [
    ['RncEmisor', facts.rncEmisor],
    ['RncComprador', summary ? null : facts.rncComprador],
    ['ENCF', facts.encf],
    ['FechaEmision', summary ? null : facts.fechaEmision],
    ['MontoTotal', amountText(facts.montoTotal)],
    ['FechaFirma', summary ? null : facts.fechaFirma],
    ['CodigoSeguridad', facts.codigoSeguridad],
  ];
  const query = parameters
    .flatMap(([name, value]) => (value === null ? [] : `${name}=${encodeURIComponent(value)}`))
    .join('&');
  return summary
    ? `${hosts.fc}/${facts.environment}/ConsultaTimbreFC?${query}`
    : `${hosts.ecf}/${facts.environment}/ConsultaTimbre?${query}`;
}

/** {@link qrUrl} of a signed document. */
export function toQrUrl(
  document: EcfDocument,
  codigoSeguridad: string,
  environment: QrEnvironment,
  hosts: TimbreHosts = DGII_HOSTS,
): string {
  const { IdDoc, Emisor, Comprador, Totales } = document.Encabezado;
  return qrUrl(
    {
      environment,
      route: isRfceRoute(document) ? 'rfce' : 'ecf',
      rncEmisor: Emisor.RNCEmisor,
      rncComprador: Comprador?.RNCComprador ?? null,
      encf: IdDoc.eNCF,
      fechaEmision: Emisor.FechaEmision,
      montoTotal: Totales.MontoTotal,
      fechaFirma: document.FechaHoraFirma,
      codigoSeguridad,
    },
    hosts,
  );
}
