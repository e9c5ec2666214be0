import {
  canonicalize,
  isTipoEcf,
  lineTaxes,
  readCanonical,
  toQrUrl,
  type EcfDocument,
  type EcfDraft,
} from '@getupnet/ecf';
import { AppError } from '@getupnet/kernel';
import type { Representation, RiInput } from '../model.js';
import { detailsOf, notesOf } from './details.js';
import { buyerOf, headingOf, issuerOf } from './heading.js';
import { legendsOf, markOf } from './legends.js';
import { linesOf } from './lines.js';
import { declaredPagesOf, pageSubtotalsOf } from './pages.js';
import { codigoSeguridadIn } from './signature.js';
import { subtotalsOf, totalsOf } from './totals.js';
import { tipoInWords } from './words.js';

const decoder = new TextDecoder('utf-8');

/**
 * All that the printed representation of a signed e-CF says, in the words and formats it says it
 * (Informe Técnico e-CF v1.0, pp. 30-37). Throws `ecf.schema_invalid` for another kind of document
 * and `signature.structure` for one without signature or security code.
 */
export function represent(input: RiInput): Representation {
  const { xml, environment, standing, mode, branding = {} } = input;
  const canonical = canonicalize(typeof xml === 'string' ? xml : decoder.decode(xml));
  const { format, document } = readCanonical(canonical);
  if (!isTipoEcf(format) || !isPrintable(document)) throw new AppError('ecf.schema_invalid');
  const ecf: EcfDraft = document;
  const codigoSeguridad = codigoSeguridadIn(canonical, input.codigoSeguridad);
  const taxes = lineTaxes(ecf);
  const { IdDoc, Emisor, OtraMoneda } = ecf.Encabezado ?? {};
  const buyer = buyerOf(ecf);
  return {
    tipo: format,
    encf: IdDoc?.eNCF ?? '',
    rncEmisor: Emisor?.RNCEmisor ?? '',
    title: tipoInWords(format),
    heading: headingOf(ecf),
    issuer: issuerOf(ecf),
    buyer,
    details: detailsOf(ecf),
    ...linesOf(ecf, taxes, branding.columns),
    subtotals: subtotalsOf(ecf),
    totals: totalsOf(ecf),
    otherCurrency: OtraMoneda?.TipoMoneda,
    declaredPages: declaredPagesOf(ecf),
    pageSubtotals: pageSubtotalsOf(taxes),
    notes: notesOf(ecf),
    legends: legendsOf(ecf, mode, standing),
    mark: markOf(standing),
    qrUrl: toQrUrl(document, codigoSeguridad, environment),
    codigoSeguridad,
    fechaFirma: ecf.FechaHoraFirma ?? '',
    branding,
  };
}

/** The blocks without which there is nothing to print; what is in them is not judged here. */
function isPrintable(document: object): document is EcfDocument {
  const { Encabezado }: EcfDraft = document;
  return [Encabezado?.IdDoc, Encabezado?.Emisor, Encabezado?.Totales].every(Boolean);
}
