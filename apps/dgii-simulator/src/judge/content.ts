import type { EcfDocument, Finding } from '@getupnet/ecf';
import type { Mensaje, Verdict } from '../state/verdict.js';

/** DGII does not say how many remarks it makes; nobody reads more. */
const MAX_MESSAGES = 20;
const NO_CODE = '0';

/** Codes seen in the field for inconsistent sub-tables of a line, and the field they name. */
const TABLES: readonly (readonly [path: RegExp, field: string, codigo: string])[] = [
  [/\/TablaSubDescuento(\/|$)/, 'TablaSubDescuento', '2020'],
  [/\/DescuentoMonto$/, 'DescuentoMonto', '2020'],
  [/\/TablaSubRecargo(\/|$)/, 'TablaSubRecargo', '2030'],
  [/\/RecargoMonto$/, 'RecargoMonto', '2030'],
  [/\/TablaSubcantidad(\/|$)/, 'TablaSubcantidad', '2150'],
];

/** Rules that are printed without saying what follows: a defect that merits no rejection. */
const DEFECTS: ReadonlySet<string> = new Set(['ECF-NOT-06']);

/**
 * What DGII says of the content: arithmetic with its tolerance (one peso per line and per line of
 * the document, Informe Técnico v1.0, p. 20) ends in conditional acceptance, everything else it
 * checks in rejection. Remarks on which the sources are silent do not count.
 */
export function verdictOn(
  findings: readonly Finding[],
  document?: EcfDocument,
): Verdict | undefined {
  if (findings.length === 0) return undefined;
  const told = (some: readonly Finding[]): Mensaje[] =>
    some.slice(0, MAX_MESSAGES).map((finding) => messageOf(finding, document));
  const fatal = findings.filter((finding) => finding.dgii === 'rejects');
  if (fatal.length > 0) {
    const secuenciaUtilizada = fatal.some((finding) => finding.reusesNumber !== true);
    return { codigo: '2', mensajes: told(fatal), secuenciaUtilizada };
  }
  const defects = findings.filter(({ dgii, code }) => dgii === 'conditional' || DEFECTS.has(code));
  if (defects.length === 0) return undefined;
  return { codigo: '4', mensajes: told(defects), secuenciaUtilizada: true };
}

/** In DGII's words the field is named by its section and line, the reason is not given. */
function messageOf(finding: Finding, document: EcfDocument | undefined): Mensaje {
  const names = finding.path.split('/').slice(1);
  const line = /^\/DetallesItems\/Item\/(\d+)/.exec(finding.path)?.[1];
  const table = TABLES.find(([path]) => path.test(finding.path));
  const field = table?.[1] ?? names.findLast((name) => !/^\d+$/.test(name)) ?? 'ECF';
  const section = (names[0] === 'Encabezado' ? names[1] : names[0]) ?? 'ECF';
  const place = line === undefined ? '' : ` de la línea ${Number(line) + 1}`;
  const valor =
    taxMessage(finding, field, document) ??
    `El campo ${field} de la sección ${section}${place} no es válido.`;
  return { codigo: table?.[2] ?? NO_CODE, valor };
}

/** An additional tax that the lines do not add up to is named by its code. */
function taxMessage(
  finding: Finding,
  field: string,
  document: EcfDocument | undefined,
): string | undefined {
  if (finding.code !== 'ECF-TOT-12') return undefined;
  const at = /\/ImpuestoAdicional\/(\d+)\//.exec(finding.path)?.[1];
  const taxes = document?.Encabezado.Totales.ImpuestosAdicionales?.ImpuestoAdicional;
  const tipo = at === undefined ? undefined : taxes?.[Number(at)]?.TipoImpuesto;
  if (tipo === undefined) return undefined;
  return `${field} para el Tipo de Impuesto ${tipo} de la sección Totales no coincide con el detalle de la factura.`;
}
