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

/**
 * Address that the QR code of the printed representation carries (Descripción Técnica v1.6,
 * pp. 37-39, 58): the summary page for consumption invoices below 250,000.00, the full one for the
 * rest. Without a buyer RNC the parameter is left out.
 */
export function toQrUrl(
  document: EcfDocument,
  codigoSeguridad: string,
  environment: QrEnvironment,
  hosts: TimbreHosts = DGII_HOSTS,
): string {
  const { IdDoc, Emisor, Comprador, Totales } = document.Encabezado;
  const summary = isRfceRoute(document);
  const parameters: readonly (readonly [string, string | undefined])[] = [
    ['RncEmisor', Emisor.RNCEmisor],
    ['RncComprador', summary ? undefined : Comprador?.RNCComprador],
    ['ENCF', IdDoc.eNCF],
    ['FechaEmision', summary ? undefined : Emisor.FechaEmision],
    ['MontoTotal', amountText(Totales.MontoTotal)],
    ['FechaFirma', summary ? undefined : document.FechaHoraFirma],
    ['CodigoSeguridad', codigoSeguridad],
  ];
  const query = parameters
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`)
    .join('&');
  return summary
    ? `${hosts.fc}/${environment}/ConsultaTimbreFC?${query}`
    : `${hosts.ecf}/${environment}/ConsultaTimbre?${query}`;
}
