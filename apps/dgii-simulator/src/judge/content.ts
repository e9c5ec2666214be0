import { validate, type EcfDocument, type Finding } from '@getupnet/ecf';
import type { Mensaje, Verdict } from '../state/verdict.js';

/** DGII does not say how many remarks it makes; nobody reads more. */
const MAX_MESSAGES = 20;
const NO_CODE = '0';

/** Codes seen in the field for inconsistent sub-tables of a line. */
const TABLE_CODES: readonly (readonly [RegExp, string])[] = [
  [/\/(TablaSubDescuento|DescuentoMonto)(\/|$)/, '2020'],
  [/\/(TablaSubRecargo|RecargoMonto)(\/|$)/, '2030'],
];

/**
 * What DGII says of the content: arithmetic with its tolerance (one peso per line and per line of
 * the document, Informe Técnico v1.0, p. 20) ends in conditional acceptance, everything else it
 * checks in rejection. Remarks on which the sources are silent do not count.
 */
export function contentVerdict(document: EcfDocument): Verdict | undefined {
  const findings = validate(document);
  if (findings.length === 0) return undefined;
  const fatal = findings.filter((finding) => finding.dgii === 'rejects');
  if (fatal.length > 0) {
    const secuenciaUtilizada = fatal.some((finding) => finding.reusesNumber !== true);
    return { codigo: '2', mensajes: messagesOf(fatal), secuenciaUtilizada };
  }
  const defects = findings.filter((finding) => finding.dgii === 'conditional');
  if (defects.length === 0) return undefined;
  return { codigo: '4', mensajes: messagesOf(defects), secuenciaUtilizada: true };
}

const messagesOf = (findings: readonly Finding[]): Mensaje[] =>
  findings.slice(0, MAX_MESSAGES).map(messageOf);

/** In DGII's words the field is named by its section and line, the reason is not given. */
function messageOf(finding: Finding): Mensaje {
  const names = finding.path.split('/').slice(1);
  const line = /^\/DetallesItems\/Item\/(\d+)/.exec(finding.path)?.[1];
  const field = names.findLast((name) => !/^\d+$/.test(name)) ?? 'ECF';
  const section = (names[0] === 'Encabezado' ? names[1] : names[0]) ?? 'ECF';
  const place = line === undefined ? '' : ` de la línea ${Number(line) + 1}`;
  const codigo = TABLE_CODES.find(([pattern]) => pattern.test(finding.path))?.[1] ?? NO_CODE;
  return { codigo, valor: `El campo ${field} de la sección ${section}${place} no es válido.` };
}
