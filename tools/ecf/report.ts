import { codesOf, type Finding, type Format } from '@getupnet/ecf';

const LEVELS = { error: 'ERROR', warning: 'AVISO', info: 'NOTA ' } as const;

const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

/** «2 errores, 1 aviso». */
export function summary(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    count('error') > 0 && plural(count('error'), 'error', 'errores'),
    count('warning') > 0 && plural(count('warning'), 'aviso', 'avisos'),
    count('info') > 0 && plural(count('info'), 'nota', 'notas'),
  ].filter((part) => part !== false);
  return parts.join(', ') || 'sin observaciones';
}

/** «e-CF 31 (Factura de Crédito Fiscal Electrónica)». */
export function nameOf(format: Format): string {
  const name = codesOf('TipoeCF').get(format);
  return name === undefined ? format : `e-CF ${format} (${name})`;
}

/** Findings for people: where, what, and how to mend it. */
export function findingsText(findings: readonly Finding[]): string {
  return findings
    .map(
      ({ severity, code, path, message, fix }) =>
        `  ${LEVELS[severity]}  ${code}  ${path === '' ? '(todo el documento)' : path.slice(1)}\n` +
        `         ${message}\n` +
        `         → ${fix}\n`,
    )
    .join('');
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
