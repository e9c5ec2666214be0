import type { EcfDocument } from '@getupnet/ecf';
import type { DocumentStore } from '../state/document-store.js';
import { isAccepted, type Verdict } from '../state/verdict.js';
import type { Hearing } from './judge.js';
import { REJECTIONS } from './rejections.data.js';

const SERIES_E = /^E\d{12}$/;

/**
 * Reference of a note: an e-NCF of the same issuer must have been accepted before. Series B numbers
 * and those of another taxpayer (RNCOtroContribuyente) are outside what DGII looks up here.
 */
export function referenceProblem(
  document: EcfDocument,
  hearing: Hearing,
  store: DocumentStore,
): Verdict | undefined {
  const reference = document.InformacionReferencia;
  const encf = reference?.NCFModificado;
  if (encf === undefined || !SERIES_E.test(encf)) return undefined;
  if (reference?.RNCOtroContribuyente !== undefined) return undefined;
  const rnc = document.Encabezado.Emisor.RNCEmisor;
  const found = store.visible(hearing.environment, rnc, encf, hearing.visibleAtMs);
  return found !== undefined && isAccepted(found.delivery.verdict)
    ? undefined
    : REJECTIONS.unknownReference;
}
