import type { Environment } from '@getupnet/contracts';
import { validateAs, type AnecfDocument } from '@getupnet/ecf';
import { sequenceOf, type EnvironmentSettings } from '../options.js';
import type { DocumentStore, VoidedNumbers } from '../state/document-store.js';
import { merge, shared, without, type NumberRange } from '../state/ranges.js';
import { mayActFor, notDelegatedFor, type Holder } from './delegation.js';

export interface VoidVerdict {
  /** 1 voided, at least in part; 2 not voided. The documents print no list of codes. */
  readonly codigo: '1' | '2';
  readonly mensajes: readonly string[];
  readonly voided: readonly VoidedNumbers[];
}

export interface VoidHearing {
  readonly environment: Environment;
  readonly settings: EnvironmentSettings;
  readonly store: DocumentStore;
}

const MAX_DETAILS = 50;

/** DGII's words for the rules between fields, by our finding. */
const TEXTS: Readonly<Record<string, string>> = {
  'ECF-ANU-01': 'La cantidad de e-NCF anulados de la línea no coincide con sus rangos.',
  'ECF-ANU-02': 'La cantidad de e-NCF anulados del encabezado no coincide con las líneas.',
  'ECF-ANU-03': 'El tipo de e-CF de la secuencia no es válido.',
  'ECF-ANU-04': 'La secuencia desde es mayor que la secuencia hasta.',
  'ECF-ANU-07': 'NoLinea no es secuencial.',
};
const UNNAMED = 'El formato de la anulación no es válido.';

/** Which numbers a void request takes out of use (Descripción Técnica v1.6, pp. 30-32). */
export function judgeVoids(
  document: AnecfDocument,
  signer: Holder,
  hearing: VoidHearing,
): VoidVerdict {
  const rnc = document.Encabezado.RncEmisor;
  if (!mayActFor(rnc, signer, hearing.settings)) return refused([notDelegatedFor(rnc)]);
  const faults = validateAs('ANECF', document).filter((finding) => finding.dgii === 'rejects');
  if (faults.length > 0) {
    return refused([...new Set(faults.map(({ code }) => TEXTS[code] ?? UNNAMED))]);
  }
  const lines = document.DetalleAnulacion.Anulacion.map((entry) => {
    const asked = merge(entry.TablaRangoSecuenciasAnuladaseNCF.Secuencias.map(rangeOf));
    return sortOut(rnc, entry.TipoeCF, asked, hearing);
  });
  return verdictOf(
    // Two lines of one type may name the same numbers: DGII does not forbid it.
    lines.flatMap((line) => line.voided),
    lines.flatMap((line) => line.used),
    lines.flatMap((line) => line.foreign),
  );
}

const numberOf = (encf: string): number => Number(encf.slice(3));

const rangeOf = (range: {
  readonly SecuenciaeNCFDesde: string;
  readonly SecuenciaeNCFHasta: string;
}): NumberRange => ({
  first: numberOf(range.SecuenciaeNCFDesde),
  last: numberOf(range.SecuenciaeNCFHasta),
});

interface Sorted {
  readonly voided: readonly VoidedNumbers[];
  readonly used: readonly VoidedNumbers[];
  readonly foreign: readonly VoidedNumbers[];
}

/** Numbers that are free, those in use (or voided before), and those never authorised. */
function sortOut(
  rnc: string,
  tipo: string,
  asked: readonly NumberRange[],
  { environment, settings, store }: VoidHearing,
): Sorted {
  const authorised = [sequenceOf(settings, tipo)];
  const taken = store.taken(environment, rnc, tipo);
  const ours = asked.flatMap((range) => shared(range, authorised));
  const named = (range: NumberRange): VoidedNumbers => ({ tipo, ...range });
  return {
    voided: ours.flatMap((range) => without(range, taken)).map(named),
    used: ours.flatMap((range) => shared(range, taken)).map(named),
    foreign: asked.flatMap((range) => without(range, authorised)).map(named),
  };
}

function verdictOf(
  voided: readonly VoidedNumbers[],
  used: readonly VoidedNumbers[],
  foreign: readonly VoidedNumbers[],
): VoidVerdict {
  const details = [
    ...used.map((range) => `Secuencias ya utilizadas: ${textOf(range)}.`),
    ...foreign.map((range) => `No se pudieron anular estas secuencias: ${textOf(range)}.`),
  ].slice(0, MAX_DETAILS);
  if (voided.length === 0) return refused(details);
  const mensajes =
    details.length === 0
      ? ['Secuencias anuladas.']
      : ['Secuencias anuladas, con excepción de las indicadas en el detalle.', ...details];
  return { codigo: '1', mensajes, voided };
}

const refused = (mensajes: readonly string[]): VoidVerdict => ({
  codigo: '2',
  mensajes,
  voided: [],
});

function textOf({ tipo, first, last }: VoidedNumbers): string {
  const encf = (number: number): string => `E${tipo}${String(number).padStart(10, '0')}`;
  return first === last ? encf(first) : `${encf(first)} - ${encf(last)}`;
}
