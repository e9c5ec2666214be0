/** DGII's codes of a result (Descripción Técnica v1.6, p. 20). */
export const ESTADOS = {
  '0': 'No encontrado',
  '1': 'Aceptado',
  '2': 'Rechazado',
  '3': 'En Proceso',
  '4': 'Aceptado Condicional',
} as const;
export type Codigo = keyof typeof ESTADOS;
/** Codes that end a document. */
export type FinalCodigo = '1' | '2' | '4';

export interface Mensaje {
  readonly codigo: string;
  readonly valor: string;
}

export interface Verdict {
  readonly codigo: FinalCodigo;
  readonly mensajes: readonly Mensaje[];
  /** False only for a rejection after which the e-NCF may be used again. */
  readonly secuenciaUtilizada: boolean;
}

/** What queries and stamp pages tell about a document; the XML itself is not kept. */
export interface DocumentFacts {
  readonly tipo: string;
  readonly route: 'ecf' | 'rfce';
  readonly montoTotal: string;
  readonly totalItbis: string;
  readonly fechaEmision: string;
  /** Null for an RFCE, which does not carry it. */
  readonly fechaFirma: string | null;
  readonly rncComprador: string | null;
  readonly idExtranjero: string | null;
  readonly codigoSeguridad: string;
  readonly razonSocialEmisor: string;
  readonly razonSocialComprador: string | null;
  /** Only of an RFCE: its amounts, which the full invoice must repeat. */
  readonly resumen?: Readonly<Record<string, string>>;
  /** Only of a document that refers to another: whose, which, and what it does to it. */
  readonly modifica?: ModifiedNumber;
}

export interface ModifiedNumber {
  readonly rnc: string;
  readonly encf: string;
  readonly codigo: string;
}

export function isAccepted(verdict: Verdict): boolean {
  return verdict.codigo !== '2';
}
