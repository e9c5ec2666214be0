import type { Environment } from '@getupnet/contracts';
import { validateAs, type AcecfDocument } from '@getupnet/ecf';
import { decimal, isoDateOf } from '@getupnet/kernel';
import type { EnvironmentSettings } from '../options.js';
import type { DocumentStore } from '../state/document-store.js';
import { isAccepted, type DocumentFacts } from '../state/verdict.js';
import { mayActFor, notDelegatedFor, type Holder } from './delegation.js';

/** Types whose buyer approves or refuses (Descripción Técnica v1.6, pp. 44, 46). */
export const APPROVED_TYPES: ReadonlySet<string> = new Set(['31', '33', '34', '44', '45']);

export interface ApprovalHearing {
  readonly environment: Environment;
  readonly now: Date;
  readonly settings: EnvironmentSettings;
  readonly store: DocumentStore;
}

/** DGII's words (Descripción Técnica v1.6, pp. 28-29). */
export const APPROVAL_TEXTS = {
  file: 'Archivo no válido.',
  notXml: 'El archivo no es un XML de aprobación comercial.',
  structure: 'La estructura del archivo no es válida.',
  notFound: 'No se encontró la factura de esta aprobación comercial.',
  notForType: 'La aprobación comercial no es requerida para este tipo de e-CF.',
  notForDocument: 'La aprobación comercial no es requerida para el e-CF referido.',
  notValid: 'No se encontró un e-CF válido para esta aprobación comercial.',
  retry: 'No se pudo procesar la aprobación comercial, intente nuevamente.',
} as const;

/**
 * Why DGII refuses a commercial approval, in its order, or undefined when it takes it. A second
 * word on the same e-CF is not required any more; one on an e-CF in process is to be repeated.
 */
export function approvalProblem(
  document: AcecfDocument,
  signer: Holder,
  { environment, now, settings, store }: ApprovalHearing,
): string | undefined {
  const { RNCEmisor, RNCComprador, eNCF } = document.DetalleAprobacionComercial;
  if (!mayActFor(RNCComprador, signer, settings)) return notDelegatedFor(RNCComprador);
  if (validateAs('ACECF', document).some((finding) => finding.dgii === 'rejects')) {
    return APPROVAL_TEXTS.structure;
  }
  if (!APPROVED_TYPES.has(eNCF.slice(1, 3))) return APPROVAL_TEXTS.notForType;
  if (store.isPending(environment, RNCEmisor, eNCF, now.getTime())) return APPROVAL_TEXTS.retry;
  const found = store.visible(environment, RNCEmisor, eNCF, now.getTime());
  if (found === undefined) return APPROVAL_TEXTS.notFound;
  const { delivery, facts } = found;
  if (!isAccepted(delivery.verdict) || facts === null) return APPROVAL_TEXTS.notValid;
  if (facts.rncComprador === null) return APPROVAL_TEXTS.notForDocument;
  if (!isAbout(document, facts)) return APPROVAL_TEXTS.notValid;
  return store.isApproved(environment, RNCEmisor, eNCF) ? APPROVAL_TEXTS.notForDocument : undefined;
}

/** What an approval repeats of its e-CF is the same there (Formato Aprobación Comercial, p. 4). */
export function isAbout(document: AcecfDocument, facts: DocumentFacts): boolean {
  const { FechaEmision, MontoTotal, RNCComprador } = document.DetalleAprobacionComercial;
  return (
    RNCComprador === facts.rncComprador &&
    isoDateOf(FechaEmision) === isoDateOf(facts.fechaEmision) &&
    decimal(MontoTotal).equals(decimal(facts.montoTotal))
  );
}
