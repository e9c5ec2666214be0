import { validateNote, type EcfDocument, type Finding } from '@getupnet/ecf';
import type { DocumentStore } from '../state/document-store.js';
import { isAccepted, type DocumentFacts, type Verdict } from '../state/verdict.js';
import { verdictOn } from './content.js';
import type { Hearing } from './judge.js';
import { REJECTIONS } from './rejections.data.js';

const SERIES_E = /^E\d{12}$/;
const NOTES: ReadonlySet<string> = new Set(['33', '34']);

/**
 * Reference of a document, above all of a note: the e-NCF it names must have been accepted before,
 * and a note must agree with it and with the notes that came earlier. Series B numbers are outside
 * what DGII looks up here; those of a merged taxpayer (RNCOtroContribuyente) count where known.
 */
export function referenceProblem(
  document: EcfDocument,
  hearing: Hearing,
  store: DocumentStore,
): Verdict | undefined {
  const reference = document.InformacionReferencia;
  const encf = reference?.NCFModificado;
  if (encf === undefined || !SERIES_E.test(encf)) return undefined;
  const other = reference?.RNCOtroContribuyente;
  const rnc = other ?? document.Encabezado.Emisor.RNCEmisor;
  const { environment } = hearing;
  const found = store.visible(environment, rnc, encf, hearing.visibleAtMs);
  if (found === undefined && other !== undefined) return undefined;
  if (found === undefined || found.facts === null || !isAccepted(found.delivery.verdict)) {
    return REJECTIONS.unknownReference;
  }
  if (!NOTES.has(document.Encabezado.IdDoc.TipoeCF)) return undefined;
  const earlier = store
    .notesOn(environment, rnc, encf)
    .filter(({ facts }) => NOTES.has(facts.tipo));
  const findings: readonly Finding[] = validateNote(document, {
    original: recalled(rnc, encf, found.facts),
    earlier: earlier.map((note) => recalled(note.rnc, note.encf, note.facts)),
  });
  const verdict = verdictOn(findings);
  return verdict !== undefined && !isAccepted(verdict) ? verdict : undefined;
}

/** As much of a document as its facts hold: what the rules between a note and it look at. */
function recalled(rnc: string, encf: string, facts: DocumentFacts): EcfDocument {
  const { rncComprador, idExtranjero, modifica } = facts;
  return {
    Encabezado: {
      Version: '1.0',
      IdDoc: { TipoeCF: facts.tipo, eNCF: encf },
      Emisor: {
        RNCEmisor: rnc,
        RazonSocialEmisor: facts.razonSocialEmisor,
        DireccionEmisor: '',
        FechaEmision: facts.fechaEmision,
      },
      Comprador: {
        ...(rncComprador === null ? {} : { RNCComprador: rncComprador }),
        ...(idExtranjero === null ? {} : { IdentificadorExtranjero: idExtranjero }),
      },
      Totales: { MontoTotal: facts.montoTotal },
    },
    DetallesItems: { Item: [] },
    ...(modifica === undefined ? {} : { InformacionReferencia: referenceOf(modifica) }),
    FechaHoraFirma: facts.fechaFirma ?? '',
  };
}

const referenceOf = ({ encf, codigo }: NonNullable<DocumentFacts['modifica']>) => ({
  NCFModificado: encf,
  CodigoModificacion: codigo,
});
