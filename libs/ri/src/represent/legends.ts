import type { EcfDraft } from '@getupnet/ecf';
import type { RiMark, RiMode, RiStanding } from '../model.js';

/** Wording of the official models (modelos de RI, pp. 14-17). */
const DEFERRED =
  'e-CF emitido en modalidad Envío Diferido, podrá ser consultado para su validez fiscal, ' +
  'a partir de las veinticuatro (24) horas.';
const CONTINGENCY =
  'e-CF emitido en modalidad de Contingencia, el cual podrá ser consultado para su validez ' +
  'fiscal, a partir de las setenta y dos (72) horas.';

/** What the reader must know before asking DGII for the document; of a rejected one nothing is promised. */
export function legendsOf(
  document: EcfDraft,
  mode: RiMode,
  standing: RiStanding,
): readonly string[] {
  if (standing === 'rejected') return [];
  const deferred =
    mode === 'deferred' || document.Encabezado?.IdDoc?.IndicadorEnvioDiferido === '1';
  return [...(deferred ? [DEFERRED] : []), ...(mode === 'contingency' ? [CONTINGENCY] : [])];
}

const MARKS: Readonly<Record<RiStanding, RiMark | undefined>> = {
  accepted: undefined,
  pending: {
    tone: 'pending',
    text: 'PENDIENTE DE VALIDACIÓN POR DGII',
    explanation: 'DGII aún no ha respondido por este comprobante.',
  },
  rejected: {
    tone: 'rejected',
    text: 'RECHAZADO POR DGII',
    explanation: 'Este comprobante no sustenta crédito fiscal ni gasto.',
  },
};

export const markOf = (standing: RiStanding): RiMark | undefined => MARKS[standing];
