import type { QrEnvironment, TipoEcf } from '@getupnet/ecf';
import type { Branding } from './branding/branding.js';

/** What DGII said of a document so far; it decides which mark is printed. */
export type RiStanding = 'accepted' | 'pending' | 'rejected';

/** How the document was issued; it decides the legend (modelos de RI, pp. 14-17). */
export type RiMode = 'normal' | 'deferred' | 'contingency';

export type RiLayout = 'letter' | 'ticket';

export interface RiInput {
  /** A signed e-CF, ours or received. */
  readonly xml: string | Uint8Array;
  readonly environment: QrEnvironment;
  readonly standing: RiStanding;
  /** A document that says so itself (IndicadorEnvioDiferido) is deferred whatever this says. */
  readonly mode: RiMode;
  readonly branding?: Branding;
  /** For a document without signature; a signed one carries its own. */
  readonly codigoSeguridad?: string;
}

/** A label and a value as they are printed: «RNC», «131880738». */
export interface RiField {
  readonly label: string;
  readonly value: string;
}

/** Columns of the lines, in the order of the official models (Informe Técnico e-CF v1.0, p. 32). */
export const COLUMNS = [
  'linea',
  'codigo',
  'cantidad',
  'descripcion',
  'unidad',
  'gradosAlcohol',
  'pvp',
  'precio',
  'precioOtraMoneda',
  'isce',
  'iscav',
  'itbis',
  'descuento',
  'recargo',
  'valor',
  'valorOtraMoneda',
] as const;
export type ColumnName = (typeof COLUMNS)[number];

export interface RiColumn {
  readonly name: ColumnName;
  readonly label: string;
  readonly align: 'left' | 'right';
}

export interface RiLine {
  /** Printed as an E before the description. */
  readonly exempt: boolean;
  /** Texts by column; a column without one is left empty. */
  readonly cells: Readonly<Partial<Record<ColumnName, string>>>;
  /** Further facts, each a line of its own below the name: description, codes, withholdings. */
  readonly notes: readonly string[];
}

export interface RiParty {
  /** What stands out: commercial name, else the registered one. */
  readonly name: string;
  readonly fields: readonly RiField[];
}

export interface RiTotal extends RiField {
  /** The same amount in the other currency. */
  readonly otherCurrency?: string;
  /** `part` explains the row above it; `grand` is the total of the document. */
  readonly weight: 'normal' | 'part' | 'grand';
}

/** A page the document itself declares (Paginacion), with its subtotals. */
export interface RiDeclaredPage {
  /** Position of its last line, counted from 1. */
  readonly lastLine: number;
  readonly subtotals: readonly RiField[];
}

export interface RiMark {
  readonly tone: 'rejected' | 'pending';
  readonly text: string;
  readonly explanation: string;
}

/** All that is printed, as text: what the PDFs and the HTML lay out, and nothing else. */
export interface Representation {
  readonly tipo: TipoEcf;
  readonly encf: string;
  readonly rncEmisor: string;
  /** Type in words. */
  readonly title: string;
  /** Top right: e-NCF, expiry, modified NCF with its code in words. */
  readonly heading: readonly RiField[];
  readonly issuer: RiParty;
  readonly buyer: RiParty | undefined;
  /** Payment, delivery, transport: whatever else the document says of itself. */
  readonly details: readonly RiField[];
  readonly columns: readonly RiColumn[];
  readonly lines: readonly RiLine[];
  /** Informative subtotals of the document (Subtotales). */
  readonly subtotals: readonly RiField[];
  readonly totals: readonly RiTotal[];
  /** Code of the other currency, when amounts of one are printed. */
  readonly otherCurrency: string | undefined;
  readonly declaredPages: readonly RiDeclaredPage[];
  /** Subtotals of a page that holds these lines (from, to: positions counted from 0, to excluded). */
  readonly pageSubtotals: (from: number, to: number) => readonly RiField[];
  readonly notes: readonly RiField[];
  /** Deferred and contingency legends; bottom of every page. */
  readonly legends: readonly string[];
  readonly mark: RiMark | undefined;
  readonly qrUrl: string;
  readonly codigoSeguridad: string;
  /** FechaHoraFirma, dd-MM-yyyy HH:mm:ss. */
  readonly fechaFirma: string;
  readonly branding: Branding;
}
