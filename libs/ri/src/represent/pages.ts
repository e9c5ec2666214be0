import { moneyText, type EcfDraft, type LineTaxes } from '@getupnet/ecf';
import type { Representation, RiDeclaredPage, RiField } from '../model.js';
import { amount, Fields } from './fields.js';

const LABELS = {
  taxed: 'Subtotal Gravado Página:',
  exempt: 'Subtotal Exento Página:',
  itbis: 'Subtotal ITBIS Página:',
  additional: 'Subtotal Impuesto Adicional Página:',
  selective: 'Subtotal ISC Página:',
  others: 'Subtotal Otros Impuestos Página:',
  notBillable: 'Subtotal No Facturable Página:',
  total: 'Monto Total Página:',
} as const;

/** Pages the document declares, with the subtotals it states (Formato e-CF V1.0, Paginación). */
export function declaredPagesOf({ Paginacion }: EcfDraft): readonly RiDeclaredPage[] {
  const pages = Paginacion?.Pagina ?? [];
  return pages.map((page): RiDeclaredPage => {
    const additional = page.SubtotalImpuestoAdicional ?? {};
    return {
      lastLine: Number(page.NoLineaHasta ?? 0),
      subtotals: new Fields()
        .add(LABELS.taxed, page.SubtotalMontoGravadoPagina, amount)
        .add(LABELS.exempt, page.SubtotalExentoPagina, amount)
        .add(LABELS.itbis, page.SubtotalItbisPagina, amount)
        .add(LABELS.additional, page.SubtotalImpuestoAdicionalPagina, amount)
        .add(LABELS.selective, additional.SubtotalImpuestoSelectivoConsumoEspecificoPagina, amount)
        .add(LABELS.others, additional.SubtotalOtrosImpuesto, amount)
        .add(LABELS.notBillable, page.SubtotalMontoNoFacturablePagina, amount)
        .add(LABELS.total, page.MontoSubtotalPagina, amount).list,
    };
  });
}

interface Sums {
  taxed: bigint;
  exempt: bigint;
  itbis: bigint;
  selective: bigint;
  others: bigint;
  notBillable: bigint;
}

/** Subtotals of the lines on a page, for documents that declare none. */
export function pageSubtotalsOf(taxes: readonly LineTaxes[]): Representation['pageSubtotals'] {
  return (from, to): readonly RiField[] => {
    const sums: Sums = {
      taxed: 0n,
      exempt: 0n,
      itbis: 0n,
      selective: 0n,
      others: 0n,
      notBillable: 0n,
    };
    for (const line of taxes.slice(from, to)) {
      if (line.indicator === '4') sums.exempt += line.net;
      else if (line.indicator === '0') sums.notBillable += line.net;
      else sums.taxed += line.net;
      sums.itbis += line.itbis;
      sums.selective += line.specificTax + line.adValoremTax;
      sums.others += line.otherTaxes;
    }
    const { taxed, exempt, itbis, selective, others, notBillable } = sums;
    const fields = new Fields();
    const add = (label: string, value: bigint) => {
      if (value !== 0n) fields.add(label, moneyText(value), amount);
    };
    add(LABELS.taxed, taxed);
    add(LABELS.exempt, exempt);
    add(LABELS.itbis, itbis);
    add(LABELS.selective, selective);
    add(LABELS.others, others);
    add(LABELS.notBillable, notBillable);
    return fields.add(LABELS.total, moneyText(taxed + exempt + itbis + selective + others), amount)
      .list;
  };
}
