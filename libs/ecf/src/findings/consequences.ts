import type { Finding } from './finding.js';
import type { FindingCode } from './findings.data.js';

/**
 * One fault is told once. Amounts are computed from one another, so what is wrong with a price
 * shows again in the line, the totals, the pages and the other currency. This table is the one
 * place that says which findings merely follow: what is computed, and the paths it is computed from.
 * A group that both have (the line) must be the same one.
 *
 * The price: a second, independent fault in a computed amount is told once the first is mended.
 */
const FOLLOWS: readonly (readonly [computed: RegExp, from: RegExp])[] = [
  [
    /^(\/DetallesItems\/Item\/\d+)\/(?:DescuentoMonto|RecargoMonto)$/,
    /^(\/DetallesItems\/Item\/\d+)\/TablaSub(?:Descuento|Recargo)\//,
  ],
  [
    /^(\/DetallesItems\/Item\/\d+)\/(?:TablaSub\w+\/Sub\w+\/\d+\/MontoSub\w+)$/,
    /^(\/DetallesItems\/Item\/\d+)\/(?:PrecioUnitarioItem|CantidadItem)$/,
  ],
  [
    /^(\/DetallesItems\/Item\/\d+)\/(?:MontoItem|OtraMonedaDetalle\/\w+)$/,
    /^(\/DetallesItems\/Item\/\d+)\/(?:PrecioUnitarioItem|CantidadItem|DescuentoMonto|RecargoMonto|TablaSub\w+\/.*)$/,
  ],
  [/^\/DescuentosORecargos(?:\/.*\/MontoDescuentooRecargo)?$/, /^\/DetallesItems\/Item\//],
  [
    /^\/Encabezado\/Totales\/(?:Monto(?!AvancePago)\w+|Total\w+|ValorPagar|ImpuestosAdicionales(?:\/.*\/(?:Monto|Otros)\w+)?)$/,
    /^\/(?:DetallesItems\/Item|DescuentosORecargos)(?:\/|$)/,
  ],
  [
    /^\/Encabezado\/OtraMoneda\/(?:Monto|Total)\w+$|^\/Paginacion|^\/Encabezado\/IdDoc\/TablaFormasPago/,
    /^\/(?:DetallesItems\/Item|DescuentosORecargos|Encabezado\/Totales|Encabezado\/OtraMoneda\/TipoCambio)(?:\/|$)/,
  ],
];

/** What a computed amount is told for: missing, no number, out of range, not what it should be. */
const OF_AMOUNTS: ReadonlySet<FindingCode> = new Set([
  'ECF-FMT-03',
  'ECF-FMT-08',
  'ECF-FMT-09',
  'ECF-FMT-14',
  'ECF-LIN-06',
  'ECF-LIN-07',
  'ECF-TOT-01',
  'ECF-TOT-02',
  'ECF-TOT-03',
  'ECF-TOT-04',
  'ECF-TOT-05',
  'ECF-TOT-06',
  'ECF-TOT-07',
  'ECF-TOT-08',
  'ECF-TOT-09',
  'ECF-TOT-10',
  'ECF-TOT-12',
  'ECF-DRG-03',
  'ECF-DRG-05',
  'ECF-OTM-02',
  'ECF-OTM-03',
  'ECF-PAG-03',
  'ECF-PAG-05',
  'ECF-ENC-11',
]);

/** The findings that have a cause of their own. */
export function withoutConsequences(findings: readonly Finding[]): readonly Finding[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return findings;
  const faulty = FOLLOWS.map(([, from]) => {
    const groups = errors.flatMap(({ path }) => from.exec(path) ?? []);
    // Whole matches and groups together: a computed path asks for its line, or for anything.
    return new Set(groups);
  });
  return findings.filter(
    ({ code, path }) =>
      !OF_AMOUNTS.has(code) ||
      !FOLLOWS.some(([computed], index) => {
        const match = computed.exec(path);
        const causes = faulty[index];
        if (!match || !causes || causes.size === 0) return false;
        return match[1] === undefined || causes.has(match[1]);
      }),
  );
}
