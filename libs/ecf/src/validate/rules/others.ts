import type { Format } from '../../catalogue/formats.js';
import type { Findings } from '../../findings/finding.js';
import type {
  AcecfDocument,
  AnecfAnulacion,
  AnecfDocument,
  ArecfDocument,
  RfceDocument,
} from '../../model/index.js';
import { abs, money, moneyText, ONE, ZERO, type Money } from '../../money.js';
import { reachesRfceLimit, RFCE_LIMIT } from '../../rules/rfce.js';

/** Rules between fields of the documents beside the e-CF; their format holds already. */
export function checkOther(format: Format, document: unknown, findings: Findings): void {
  if (format === 'RFCE') checkRfce(document as RfceDocument, findings);
  else if (format === 'ANECF') checkAnecf(document as AnecfDocument, findings);
  else if (format === 'ARECF') checkArecf(document as ArecfDocument, findings);
  else if (format === 'ACECF') checkAcecf(document as AcecfDocument, findings);
}

/** The summary of a consumption invoice (Formato RFCE, Jan 2020). */
function checkRfce({ Encabezado }: RfceDocument, findings: Findings): void {
  const { IdDoc, Comprador, Totales: totals } = Encabezado;
  if (!/^E32\d{10}$/.test(IdDoc.eNCF)) {
    findings.add('ECF-RES-04', '/Encabezado/IdDoc/eNCF', { value: IdDoc.eNCF });
  }
  if (Comprador.RNCComprador !== undefined && Comprador.IdentificadorExtranjero !== undefined) {
    findings.add('ECF-RES-03', '/Encabezado/Comprador/IdentificadorExtranjero');
  }
  if (reachesRfceLimit(totals.MontoTotal)) {
    const params = { total: totals.MontoTotal, limit: RFCE_LIMIT };
    findings.add('ECF-RES-01', '/Encabezado/Totales/MontoTotal', params);
  }
  const sums = {
    MontoGravadoTotal: [totals.MontoGravadoI1, totals.MontoGravadoI2, totals.MontoGravadoI3],
    TotalITBIS: [totals.TotalITBIS1, totals.TotalITBIS2, totals.TotalITBIS3],
    MontoTotal: [
      totals.MontoGravadoTotal,
      totals.MontoExento,
      totals.TotalITBIS,
      totals.MontoImpuestoAdicional,
    ],
  } as const;
  for (const field of ['MontoGravadoTotal', 'TotalITBIS', 'MontoTotal'] as const) {
    const stated = money(totals[field]) ?? ZERO;
    const computed = sumOf(sums[field]);
    // A summary has no lines, so the tolerance of one line is all there is.
    if (abs(stated - computed) <= ONE) continue;
    findings.add('ECF-RES-02', `/Encabezado/Totales/${field}`, {
      field,
      stated: totals[field] ?? 'sin indicar',
      computed: moneyText(computed),
    });
  }
}

const sumOf = (amounts: readonly (string | undefined)[]): Money =>
  amounts.reduce<Money>((sum, amount) => sum + (money(amount) ?? ZERO), ZERO);

interface Range {
  readonly first: bigint;
  readonly last: bigint;
  readonly path: string;
  readonly text: string;
}

/** Voided ranges: order, type, counts (Formato Anulación, May 2022). */
function checkAnecf(document: AnecfDocument, findings: Findings): void {
  const seen = new Set<string>();
  let total = 0n;
  document.DetalleAnulacion.Anulacion.forEach((entry, index) => {
    const path = `/DetalleAnulacion/Anulacion/${index}`;
    if (Number(entry.NoLinea) !== index + 1) {
      findings.add('ECF-ANU-07', `${path}/NoLinea`, { expected: index + 1 });
    }
    const tipo = entry.TipoeCF;
    if (seen.has(tipo)) findings.add('ECF-ANU-06', `${path}/TipoeCF`, { tipo });
    seen.add(tipo);
    const ranges = rangesOf(entry, path, findings);
    checkOverlaps(ranges, findings);
    const computed = ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
    total += BigInt(entry.CantidadeNCFAnulados);
    if (computed !== BigInt(entry.CantidadeNCFAnulados)) {
      const params = { stated: entry.CantidadeNCFAnulados, computed: String(computed) };
      findings.add('ECF-ANU-01', `${path}/CantidadeNCFAnulados`, params);
    }
  });
  const stated = document.Encabezado.CantidadeNCFAnulados;
  if (BigInt(stated) !== total) {
    const params = { stated, computed: String(total) };
    findings.add('ECF-ANU-02', '/Encabezado/CantidadeNCFAnulados', params);
  }
}

/** The ranges that are in order; the others are told and counted as empty. */
function rangesOf(entry: AnecfAnulacion, path: string, findings: Findings): readonly Range[] {
  const tipo = entry.TipoeCF;
  const numberOf = (value: string, at: string): bigint | undefined => {
    const digits = value.startsWith(`E${tipo}`) ? /^\d{10}$/.exec(value.slice(3))?.[0] : undefined;
    if (digits !== undefined && BigInt(digits) > 0n) return BigInt(digits);
    findings.add('ECF-ANU-03', at, { value, tipo });
    return undefined;
  };
  return entry.TablaRangoSecuenciasAnuladaseNCF.Secuencias.flatMap((range, at) => {
    const own = `${path}/TablaRangoSecuenciasAnuladaseNCF/Secuencias/${at}`;
    const { SecuenciaeNCFDesde: from, SecuenciaeNCFHasta: to } = range;
    const first = numberOf(from, `${own}/SecuenciaeNCFDesde`);
    const last = numberOf(to, `${own}/SecuenciaeNCFHasta`);
    if (first === undefined || last === undefined) return [];
    if (last < first) {
      findings.add('ECF-ANU-04', `${own}/SecuenciaeNCFHasta`, { first: from, last: to });
      return [];
    }
    return [{ first, last, path: `${own}/SecuenciaeNCFDesde`, text: from }];
  });
}

function checkOverlaps(ranges: readonly Range[], findings: Findings): void {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  let reached = 0n;
  for (const { first, last, path, text } of sorted) {
    if (first <= reached) findings.add('ECF-ANU-05', path, { first: text });
    if (last > reached) reached = last;
  }
}

/** A receipt says why it refuses, and only then. */
function checkArecf({ DetalleAcusedeRecibo: receipt }: ArecfDocument, findings: Findings): void {
  const refused = Number(receipt.Estado) === 1;
  const reason = receipt.CodigoMotivoNoRecibido !== undefined;
  const path = '/DetalleAcusedeRecibo/CodigoMotivoNoRecibido';
  if (refused && !reason) findings.add('ECF-ACU-01', path);
  if (!refused && reason) findings.add('ECF-ACU-02', path);
}

/** An approval says why it refuses, and only then. */
function checkAcecf(document: AcecfDocument, findings: Findings): void {
  const { Estado, DetalleMotivoRechazo } = document.DetalleAprobacionComercial;
  const refused = Number(Estado) === 2;
  const reason = (DetalleMotivoRechazo ?? '') !== '';
  const path = '/DetalleAprobacionComercial/DetalleMotivoRechazo';
  if (refused && !reason) findings.add('ECF-APR-01', path);
  if (!refused && reason) findings.add('ECF-APR-02', path);
}
