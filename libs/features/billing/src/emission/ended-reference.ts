import type { FindingResource } from '@getupnet/contracts';
import type { EmissionDocument } from './emission-document.js';

/**
 * What whoever issued a note is told when the invoice it waited for was rejected or voided: DGII
 * refuses a note on what it did not accept (614), so the note was not sent, and its number is unused.
 */
export function endedReference(
  note: Pick<EmissionDocument, 'id' | 'encf' | 'heldByEncf' | 'heldByState'>,
): FindingResource {
  const ended = note.heldByState === 'REJECTED' ? 'fue rechazado por la DGII' : 'quedó anulado';
  return {
    code: 'BIL-REF-03',
    path: '/InformacionReferencia/NCFModificado',
    severity: 'error',
    message: `El comprobante ${note.heldByEncf ?? ''} que esta nota modifica ${ended}; la nota no se envió.`,
    fix:
      'Emita de nuevo el comprobante y haga la nota sobre el que la DGII acepte. El número ' +
      `${note.encf} no se usó: tómelo otra nota con «corrects»: "${note.id}", o anúlelo en ` +
      '/tenant/sequences/voids.',
  };
}
