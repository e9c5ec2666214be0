import { specificCodeOf, taxCodesOf } from '../../rules/additional-taxes.js';
import { ADDITIONAL_TAX } from '../../catalogue/codes.js';
import type { TipoEcf } from '../../catalogue/formats.js';
import { lineAmount, subAmount } from '../../rules/lines.js';
import { abs, CENT, money, ONE, ZERO, moneyText, type Money } from '../../money.js';
import type { EcfItem } from '../../model/index.js';
import { itemPath, type Rule, type RuleContext } from '../context.js';

/** IndicadorFacturacion that a type admits where it is not free (FE notes 50, 51, 54). */
const INDICATORS: Partial<Readonly<Record<TipoEcf, string>>> = {
  '43': '4',
  '44': '4',
  '46': '3',
  '47': '4',
};

/** Numbering and indicators of the lines (Formato e-CF V1.0, pp. 36-45). */
export const checkLines: Rule = ({ tipo, items, findings }) => {
  const only = INDICATORS[tipo];
  items.forEach((item, index) => {
    if (Number(item.NumeroLinea) !== index + 1) {
      findings.add('ECF-LIN-01', itemPath(index, 'NumeroLinea'), { expected: index + 1 });
    }
    if (only !== undefined && item.IndicadorFacturacion !== only) {
      const path = itemPath(index, 'IndicadorFacturacion');
      findings.add('ECF-LIN-02', path, { tipo, only, value: item.IndicadorFacturacion });
    }
    if (tipo === '47' && item.IndicadorBienoServicio !== '2') {
      findings.add('ECF-LIN-03', itemPath(index, 'IndicadorBienoServicio'));
    }
    checkWithholding(tipo, item, index, findings);
  });
};

/** What a line says is withheld (Formato e-CF V1.0, pp. 36-45). */
function checkWithholding(
  tipo: TipoEcf,
  { Retencion, IndicadorFacturacion, IndicadorBienoServicio }: EcfItem,
  index: number,
  findings: RuleContext['findings'],
): void {
  if (!Retencion) return;
  const path = itemPath(index, 'Retencion');
  const agent = Retencion.IndicadorAgenteRetencionoPercepcion;
  if (agent === '2') findings.add('ECF-LIN-16', `${path}/IndicadorAgenteRetencionoPercepcion`);
  if (tipo === '41' && IndicadorBienoServicio === '2' && Retencion.MontoISRRetenido === undefined) {
    findings.add('ECF-LIN-18', `${path}/MontoISRRetenido`);
  }
  // Nothing can be withheld of an ITBIS that is not charged.
  if (IndicadorFacturacion !== '4' || agent !== '1') return;
  if ((money(Retencion.MontoITBISRetenido) ?? ZERO) !== ZERO) {
    findings.add('ECF-LIN-10', `${path}/MontoITBISRetenido`);
  }
}

interface Sub {
  readonly kind: string;
  readonly percentage: string | undefined;
  readonly amount: string | undefined;
}

/** The two tables of a line that work alike. */
function tablesOf(item: EcfItem) {
  return [
    {
      table: 'TablaSubDescuento/SubDescuento',
      total: 'DescuentoMonto',
      percentageName: 'SubDescuentoPorcentaje',
      amountName: 'MontoSubDescuento',
      sum: item.DescuentoMonto,
      subs: item.TablaSubDescuento?.SubDescuento.map((sub) => ({
        kind: sub.TipoSubDescuento,
        percentage: sub.SubDescuentoPorcentaje,
        amount: sub.MontoSubDescuento,
      })),
    },
    {
      table: 'TablaSubRecargo/SubRecargo',
      total: 'RecargoMonto',
      percentageName: 'SubRecargoPorcentaje',
      amountName: 'MontoSubRecargo',
      sum: item.RecargoMonto,
      subs: item.TablaSubRecargo?.SubRecargo.map((sub) => ({
        kind: sub.TipoSubRecargo,
        percentage: sub.SubRecargoPorcentaje,
        amount: sub.MontoSubRecargo,
      })),
    },
  ] as const;
}

/**
 * A discount or surcharge of a line and the table that explains it (Formato e-CF V1.0, pp. 36-45;
 * DGII answers 2020 and 2030 when they do not agree).
 */
export const checkSubTables: Rule = ({ items, findings }) => {
  items.forEach((item, index) => {
    if (!hasSubTables(item)) return;
    for (const { table, total, sum, subs, percentageName, amountName } of tablesOf(item)) {
      const stated = money(sum);
      if (!subs) {
        if (stated !== undefined && stated !== ZERO) {
          const path = itemPath(index, total);
          findings.add('ECF-LIN-04', path, { total, table: table.split('/')[0] ?? '' });
        }
        continue;
      }
      let added: Money = ZERO;
      subs.forEach((sub: Sub, at: number) => {
        const path = itemPath(index, `${table}/${at}`);
        added += money(sub.amount) ?? ZERO;
        if (sub.kind === '%' && sub.percentage === undefined) {
          findings.add('ECF-LIN-05', `${path}/${percentageName}`, { field: percentageName });
        } else if (sub.amount === undefined) {
          findings.add('ECF-LIN-05', `${path}/${amountName}`, { field: amountName });
        }
        if (sub.kind === '$' && sub.percentage !== undefined) {
          findings.add('ECF-LIN-15', `${path}/${percentageName}`, { field: percentageName });
        }
        const computed = subAmount(item, sub.kind, sub.percentage);
        const given = money(sub.amount);
        if (computed !== undefined && given !== undefined && abs(given - computed) > ONE) {
          const texts = { stated: sub.amount ?? '', computed: moneyText(computed) };
          findings.add('ECF-LIN-07', `${path}/${amountName}`, texts);
        }
      });
      if (stated === undefined || abs(stated - added) > CENT) {
        const texts = { field: total, stated: sum ?? '', computed: moneyText(added) };
        findings.add('ECF-LIN-06', itemPath(index, total), texts);
      }
    }
  });
};

const hasSubTables = (item: EcfItem): boolean =>
  (item.DescuentoMonto ?? item.RecargoMonto ?? item.TablaSubDescuento ?? item.TablaSubRecargo) !==
  undefined;

/** MontoItem against price × quantity, with DGII's peso of tolerance. */
export const checkLineAmounts: Rule = ({ items, findings }) => {
  items.forEach((item, index) => {
    const stated = money(item.MontoItem);
    const computed = lineAmount(item);
    if (stated === undefined || computed === undefined || stated === computed) return;
    if (abs(stated - computed) > ONE) {
      const texts = { stated: item.MontoItem, computed: moneyText(computed), line: index + 1 };
      findings.add('ECF-TOT-01', itemPath(index, 'MontoItem'), texts);
    }
  });
};

const PRESENTATION = ['CantidadReferencia', 'UnidadReferencia', 'TablaSubcantidad'] as const;
const RETAIL = [...PRESENTATION, 'PrecioUnitarioReferencia'] as const;

const COMPANIONS = {
  other: [],
  alcoholSpecific: [...PRESENTATION, 'GradosAlcohol'],
  alcoholAdValorem: RETAIL,
  cigaretteSpecific: PRESENTATION,
  cigaretteAdValorem: RETAIL,
} as const satisfies Readonly<Record<string, readonly (keyof EcfItem)[]>>;

const BULK_UNIT = '18';

/** What selective taxes need to know of a line (Formato e-CF V1.0, notes 22, 56-60). */
export const checkTaxLines: Rule = ({ tipo, items, findings }) => {
  items.forEach((item, index) => {
    if (!item.TablaImpuestoAdicional) return;
    const codes = taxCodesOf(item);
    const path = itemPath(index, 'TablaImpuestoAdicional');
    const told = new Set<string>();
    for (const code of new Set(codes)) {
      if (codes.indexOf(code) !== codes.lastIndexOf(code)) {
        findings.add('ECF-LIN-17', path, { code });
      }
      const kind = ADDITIONAL_TAX.get(code)?.kind ?? 'other';
      if (kind === 'other') continue;
      if (tipo === '44') findings.add('ECF-LIN-13', path, { code });
      const needed: readonly (keyof EcfItem)[] = COMPANIONS[kind];
      for (const name of item.UnidadMedida === BULK_UNIT ? [] : needed) {
        if (item[name] === undefined && !told.has(name)) {
          told.add(name);
          findings.add('ECF-LIN-11', itemPath(index, name), { field: name, code });
        }
      }
      const adValorem = kind.endsWith('AdValorem');
      const pair = adValorem ? specificCodeOf(code) : String(Number(code) + 17).padStart(3, '0');
      if (!codes.includes(pair)) findings.add('ECF-LIN-12', path, { code, pair });
    }
  });
};
