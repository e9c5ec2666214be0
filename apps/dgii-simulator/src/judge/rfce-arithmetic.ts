import type { RfceDocument } from '@getupnet/ecf';
import { ZERO, decimal, type Decimal } from '@getupnet/kernel';
import type { Verdict } from '../state/verdict.js';
import { conditional } from './rejections.data.js';
import { differs } from './tolerance.js';

/** A summary has no lines, so the tolerance of one line is all there is. */
const TOLERANCE = 1;

const sum = (...amounts: readonly (string | undefined)[]): Decimal =>
  amounts.reduce<Decimal>((total, amount) => total.plus(decimal(amount ?? '0')), ZERO);

/** Sums inside a summary's totals; beyond the tolerance the summary is accepted conditionally. */
export function rfceArithmetic(document: RfceDocument): Verdict | undefined {
  const { Totales: t } = document.Encabezado;
  const checks: readonly (readonly [string, string | undefined, Decimal])[] = [
    [
      'MontoGravadoTotal',
      t.MontoGravadoTotal,
      sum(t.MontoGravadoI1, t.MontoGravadoI2, t.MontoGravadoI3),
    ],
    ['TotalITBIS', t.TotalITBIS, sum(t.TotalITBIS1, t.TotalITBIS2, t.TotalITBIS3)],
    [
      'MontoTotal',
      t.MontoTotal,
      sum(t.MontoGravadoTotal, t.MontoExento, t.TotalITBIS, t.MontoImpuestoAdicional),
    ],
  ];
  const wrong = checks.filter(([, stated, computed]) =>
    differs(stated, computed.toFixed(), TOLERANCE),
  );
  if (wrong.length === 0) return undefined;
  return conditional(wrong.map(([name]) => `El campo ${name} de la sección Totales no cuadra.`));
}
