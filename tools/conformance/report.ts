import { isClean, type FormatReport, type Phase } from '../../libs/ecf/src/conformance/run.js';
import { STRICTNESSES } from '../../libs/ecf/src/conformance/strictnesses.data.js';
import { table } from '../launcher/table.js';

/** Differences of one format that are shown; --json has more. */
const SHOWN = 3;
const SHOWN_XML = 600;

const HEADING = [
  'formato',
  'muestras',
  'generados',
  'campo × texto',
  'rechaz.',
  'alteraciones',
  'rechaz.',
  'campos',
  'listas',
  'documentadas',
  'SIN EXPLICAR',
] as const;

/** The result for people: a line per format, the documented differences, the unexplained ones. */
export function reportText(reports: readonly FormatReport[], seconds: number): string {
  const clean = reports.every(isClean);
  return [
    table(HEADING, [...reports.map(rowOf), totalOf(reports)]),
    '',
    'Diferencias documentadas y cuántos documentos las mostraron:',
    '',
    ...strictnessLines(reports),
    ...reports.flatMap(faultLines),
    clean
      ? `Sin diferencias por explicar (${seconds.toFixed(0)} s).`
      : `Hay diferencias por explicar o campos sin probar (${seconds.toFixed(0)} s).`,
    '',
  ].join('\n');
}

const grouped = (value: number): string => value.toLocaleString('en-US');

function rowOf({ format, phases, coverage, strictnesses, unexplained }: FormatReport): string[] {
  const documented = Object.values(strictnesses).reduce((sum, count) => sum + count, 0);
  return [
    format,
    grouped(phases.samples.documents),
    grouped(phases.generated.documents),
    grouped(phases.sweep.documents),
    grouped(phases.sweep.refused),
    grouped(phases.mutations.documents),
    grouped(phases.mutations.refused),
    `${coverage.reached}/${coverage.fields}`,
    `${coverage.several}/${coverage.lists}`,
    grouped(documented),
    grouped(unexplained),
  ];
}

function totalOf(reports: readonly FormatReport[]): string[] {
  const sum = (value: (report: FormatReport) => number): number =>
    reports.reduce((total, report) => total + value(report), 0);
  const documents = (phase: Phase) => grouped(sum(({ phases }) => phases[phase].documents));
  const refused = (phase: Phase) => grouped(sum(({ phases }) => phases[phase].refused));
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(0)} %`;
  return [
    'total',
    documents('samples'),
    documents('generated'),
    documents('sweep'),
    refused('sweep'),
    documents('mutations'),
    refused('mutations'),
    share(
      sum(({ coverage }) => coverage.reached),
      sum(({ coverage }) => coverage.fields),
    ),
    share(
      sum(({ coverage }) => coverage.several),
      Math.max(
        1,
        sum(({ coverage }) => coverage.lists),
      ),
    ),
    grouped(
      sum(({ strictnesses }) =>
        Object.values(strictnesses).reduce((total, count) => total + count, 0),
      ),
    ),
    grouped(sum(({ unexplained }) => unexplained)),
  ];
}

function strictnessLines(reports: readonly FormatReport[]): string[] {
  return STRICTNESSES.flatMap(({ id, what, why, source }) => {
    const met = reports.reduce((sum, { strictnesses }) => sum + (strictnesses[id] ?? 0), 0);
    return [
      `  ${id}  ×${grouped(met)}`,
      `    ${what}`,
      `    Por qué: ${why}`,
      `    Fuente: ${source}`,
      '',
    ];
  });
}

const said = (objection: string | undefined | null): string =>
  objection === null ? 'no se preguntó' : objection === undefined ? 'acepta' : objection;

function faultLines({ format, differences, coverage, unexplained }: FormatReport): string[] {
  const missing = coverage.missing.map((path) => `  ${format}: sin probar ${path}`);
  const faults = differences
    .slice(0, SHOWN)
    .flatMap(({ what, objections, xml }) => [
      `  ${format}: ${what}`,
      `    XSD oficial:  ${said(objections.official)}`,
      `    XSD nuestro:  ${said(objections.schema)}`,
      `    validador:    ${said(objections.validator)}`,
      `    documento:    ${xml.slice(0, SHOWN_XML)}`,
      '',
    ]);
  const rest = unexplained - Math.min(SHOWN, differences.length);
  return [...missing, ...faults, ...(rest > 0 ? [`  ${format}: y ${grouped(rest)} más`, ''] : [])];
}
