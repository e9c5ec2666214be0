import { isTipoEcf } from '../catalogue/formats.js';
import { namesIn } from '../catalogue/fields.js';
import type { EcfDocument } from '../model/index.js';

export interface AssignedNumber {
  readonly encf: string;
  /** `dd-MM-yyyy`; ignored for the types that carry none (32, 34). */
  readonly fechaVencimientoSecuencia?: string;
  /** `dd-MM-yyyy HH:mm:ss`; the one the document has otherwise. */
  readonly fechaHoraFirma?: string;
}

/** The document with its number in place of the placeholder it was checked with. */
export function assignNumber(document: EcfDocument, number: AssignedNumber): EcfDocument {
  const { IdDoc } = document.Encabezado;
  const expires = number.fechaVencimientoSecuencia;
  const tipo = IdDoc.TipoeCF;
  const carriesExpiry =
    isTipoEcf(tipo) && namesIn(tipo, 'Encabezado/IdDoc').has('FechaVencimientoSecuencia');
  return {
    ...document,
    Encabezado: {
      ...document.Encabezado,
      IdDoc: {
        ...IdDoc,
        eNCF: number.encf,
        ...(carriesExpiry && expires !== undefined && { FechaVencimientoSecuencia: expires }),
      },
    },
    FechaHoraFirma: number.fechaHoraFirma ?? document.FechaHoraFirma,
  };
}
