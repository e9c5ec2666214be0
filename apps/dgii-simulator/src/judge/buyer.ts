import type { EcfDocument } from '@getupnet/ecf';
import type { Verdict } from '../state/verdict.js';
import { REJECTIONS } from './rejections.data.js';

/**
 * A full type 32 (250,000.00 and more) names its buyer: RNC or cédula, or a foreigner's identifier
 * (Formato e-CF V1.0, p. 13). The schema cannot say so.
 */
export function buyerProblem(document: EcfDocument): Verdict | undefined {
  const { IdDoc, Comprador } = document.Encabezado;
  if (IdDoc.TipoeCF !== '32') return undefined;
  const identified =
    Comprador?.RNCComprador !== undefined || Comprador?.IdentificadorExtranjero !== undefined;
  const named = Comprador?.RazonSocialComprador !== undefined;
  return identified && named ? undefined : REJECTIONS.buyerRequired;
}
