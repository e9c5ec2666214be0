import { namesIn } from '../../catalogue/fields.js';
import { abs, CENT, money, moneyText, ZERO } from '../../money.js';
import { dayNumber } from '../../rules/dates.js';
import type { Rule } from '../context.js';

const ID = '/Encabezado/IdDoc';

/** E + type + ten digits (Formato e-CF V1.0, section IdDoc). */
export const checkNumber: Rule = ({ tipo, header, findings }) => {
  const { eNCF } = header.IdDoc;
  if (!eNCF.startsWith(`E${tipo}`) || !/^E\d{12}$/.test(eNCF)) {
    findings.add('ECF-ENC-01', `${ID}/eNCF`, { value: eNCF, tipo });
  }
};

/** Terms of payment (Formato e-CF V1.0, section IdDoc). */
export const checkPayment: Rule = ({ tipo, header, findings }) => {
  const { TipoPago, FechaLimitePago, TablaFormasPago, IndicadorEnvioDiferido } = header.IdDoc;
  if (TipoPago === '2' && FechaLimitePago === undefined && tipo !== '47' && tipo !== '43') {
    findings.add('ECF-ENC-02', `${ID}/FechaLimitePago`);
  }
  if (TipoPago === '3' && (tipo === '31' || tipo === '45')) {
    findings.add('ECF-ENC-09', `${ID}/TipoPago`);
  }
  if (IndicadorEnvioDiferido !== undefined) {
    findings.add('ECF-ENC-10', `${ID}/IndicadorEnvioDiferido`);
  }
  TablaFormasPago?.FormaDePago.forEach(({ FormaPago }, index) => {
    if (FormaPago === '5' && tipo !== '32') {
      findings.add('ECF-ENC-05', `${ID}/TablaFormasPago/FormaDePago/${index}/FormaPago`);
    }
  });
};

/**
 * Payments against the amount to be collected: a hint, because DGII's own documents state the total,
 * the total less what is withheld, and once an amount of no relation (Formato e-CF V1.0, p. 9).
 */
export const checkPaymentSum: Rule = ({ header, findings }) => {
  const payments = header.IdDoc.TablaFormasPago?.FormaDePago;
  if (!payments) return;
  const sum = payments.reduce((total, { MontoPago }) => total + (money(MontoPago) ?? ZERO), ZERO);
  const { MontoTotal, ValorPagar, MontoPeriodo, TotalITBISRetenido, TotalISRRetencion } =
    header.Totales;
  const withheld = (money(TotalITBISRetenido) ?? ZERO) + (money(TotalISRRetencion) ?? ZERO);
  const total = money(MontoTotal) ?? ZERO;
  const due = [total, total - withheld, money(ValorPagar), money(MontoPeriodo)];
  if (due.some((amount) => amount !== undefined && abs(amount - sum) <= CENT)) return;
  const params = { sum: moneyText(sum), total: MontoTotal };
  findings.add('ECF-ENC-11', `${ID}/TablaFormasPago`, params);
};

const before = (earlier: string | undefined, later: string | undefined): boolean => {
  const [first, second] = [dayNumber(earlier), dayNumber(later)];
  return first !== undefined && second !== undefined && first < second;
};

/** Order of dates (Formato e-CF V1.0, section IdDoc, p. 59). */
export const checkDates: Rule = ({ header, document, findings }) => {
  const { FechaLimitePago, FechaDesde, FechaHasta, FechaVencimientoSecuencia } = header.IdDoc;
  const issued = header.Emisor.FechaEmision;
  const signed = document.FechaHoraFirma.slice(0, 10);
  if (before(FechaLimitePago, issued)) {
    findings.add('ECF-ENC-03', `${ID}/FechaLimitePago`, { issued });
  }
  if (before(FechaHasta, FechaDesde)) findings.add('ECF-ENC-04', `${ID}/FechaHasta`);
  if (before(FechaVencimientoSecuencia, signed)) {
    const expires = FechaVencimientoSecuencia ?? '';
    findings.add('ECF-ENC-07', `${ID}/FechaVencimientoSecuencia`, { expires, signed });
  }
  if (FechaVencimientoSecuencia !== undefined && !/^31-12-/.test(FechaVencimientoSecuencia)) {
    const params = { expires: FechaVencimientoSecuencia };
    findings.add('ECF-ENC-13', `${ID}/FechaVencimientoSecuencia`, params);
  }
  if (before(signed, issued)) {
    findings.add('ECF-ENC-08', '/Encabezado/Emisor/FechaEmision', { issued, signed });
  }
};

/** IndicadorMontoGravado speaks of ITBIS (Formato e-CF V1.0, section IdDoc). */
export const checkTaxIndicator: Rule = ({ tipo, header, totals, findings }) => {
  const stated = header.IdDoc.IndicadorMontoGravado;
  const taxed = totals.taxed['1'] ?? totals.taxed['2'] ?? totals.taxed['3'];
  const path = `${ID}/IndicadorMontoGravado`;
  if (stated !== undefined && !taxed) findings.add('ECF-ENC-06', path);
  const charged = totals.taxed['1'] ?? totals.taxed['2'];
  if (
    stated === undefined &&
    charged &&
    namesIn(tipo, 'Encabezado/IdDoc').has('IndicadorMontoGravado')
  ) {
    findings.add('ECF-ENC-12', path);
  }
};
