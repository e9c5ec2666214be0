import type { Environment } from '@getupnet/contracts';
import { validateAs, type AcecfDocument } from '@getupnet/ecf';
import { decimal, isoDateOf } from '@getupnet/kernel';
import type { CertificateFacts } from '@getupnet/xmldsig';
import type { EnvironmentSettings } from '../options.js';
import type { DocumentStore } from '../state/document-store.js';
import { isAccepted, type DocumentFacts } from '../state/verdict.js';
import { isDelegate } from './admission.js';

/** Types whose buyer approves or refuses (Descripción Técnica v1.6, pp. 44, 46). */
export const APPROVED_TYPES: ReadonlySet<string> = new Set(['31', '33', '34', '44', '45']);

export interface ApprovalHearing {
  readonly environment: Environment;
  readonly now: Date;
  readonly settings: EnvironmentSettings;
  readonly store: DocumentStore;
}

/** Why DGII refuses a commercial approval, in its order, or undefined when it takes it. */
export function approvalProblem(
  document: AcecfDocument,
  signer: CertificateFacts,
  { environment, now, settings, store }: ApprovalHearing,
): string | undefined {
  const approval = document.DetalleAprobacionComercial;
  const { RNCEmisor, RNCComprador, eNCF } = approval;
  if (!isDelegate(RNCComprador, signer, settings)) {
    return `El RNC del certificado no está delegado para ${RNCComprador}.`;
  }
  if (validateAs('ACECF', document).some((finding) => finding.dgii === 'rejects')) {
    return 'La estructura del archivo no es válida.';
  }
  if (!APPROVED_TYPES.has(eNCF.slice(1, 3))) {
    return 'La aprobación comercial no es requerida para este tipo de e-CF.';
  }
  const found = store.visible(environment, RNCEmisor, eNCF, now.getTime());
  if (found === undefined) return 'No se encontró la factura de esta aprobación comercial.';
  const valid = isAccepted(found.delivery.verdict) && found.facts !== null;
  return valid && isAbout(document, found.facts)
    ? undefined
    : 'No se encontró un e-CF válido para esta aprobación comercial.';
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
