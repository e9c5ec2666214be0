import type { EcfDraft } from '@getupnet/ecf';
import { fullHeader, line, NOTED, NOTED_LATE, shortHeader, type DraftItem } from './draft.js';
import type { Ingredients, Made, Recipe } from './recipes.js';

/** Notes on documents of the same set: a charge, a return, and a late correction of a text. */
export const NOTE_RECIPES: readonly Recipe[] = [
  { key: 'debit', tipo: '33', payments: ['1'], draft: debit },
  { key: 'return', tipo: '34', draft: goodsReturned },
  { key: 'text', tipo: '34', draft: textCorrected },
];

function debit(ingredients: Ingredients): EcfDraft {
  const { random, buyer } = ingredients;
  const header = fullHeader('33', random, buyer);
  return {
    Encabezado: { ...header, Emisor: { ...header.Emisor, FechaEmision: NOTED } },
    DetallesItems: { Item: [line(random, { billing: '4', quantity: '10.00' })] },
    InformacionReferencia: reference(modified(ingredients, 'consumer-large'), '3'),
  };
}

/** The first line of an invoice comes back, at its price. */
function goodsReturned(ingredients: Ingredients): EcfDraft {
  const invoice = modified(ingredients, 'paged');
  const { buyer } = ingredients;
  return {
    Encabezado: { ...shortHeader('34', buyer), Emisor: { FechaEmision: NOTED } },
    DetallesItems: { Item: [oneOf(invoice.document.DetallesItems?.Item?.[0] ?? {})] },
    InformacionReferencia: {
      ...reference(invoice, '3'),
      RazonModificacion: 'Mercancía devuelta',
    },
  };
}

/** One piece of a line. */
function oneOf(sold: DraftItem): DraftItem {
  const { IndicadorFacturacion, NombreItem, IndicadorBienoServicio, PrecioUnitarioItem } = sold;
  return {
    ...(IndicadorFacturacion === undefined ? {} : { IndicadorFacturacion }),
    ...(NombreItem === undefined ? {} : { NombreItem }),
    ...(IndicadorBienoServicio === undefined ? {} : { IndicadorBienoServicio }),
    CantidadItem: '1.00',
    ...(PrecioUnitarioItem === undefined ? {} : { PrecioUnitarioItem }),
  };
}

function textCorrected(ingredients: Ingredients): EcfDraft {
  const { random, buyer } = ingredients;
  const wish = { billing: '0', service: true, quantity: '1.00', price: '1.00' } as const;
  return {
    Encabezado: { ...shortHeader('34', buyer), Emisor: { FechaEmision: NOTED_LATE } },
    DetallesItems: { Item: [{ ...line(random, wish), NombreItem: 'CORRIGE DESCRIPCIÓN' }] },
    InformacionReferencia: {
      ...reference(modified(ingredients, 'export-local'), '2'),
      RazonModificacion: 'Error en datos',
    },
  };
}

function modified({ made }: Ingredients, key: string): Made {
  const found = made.get(key);
  if (found === undefined) throw new Error(`no document ${key} before its note`);
  return found;
}

function reference(
  { encf, document }: Made,
  code: string,
): NonNullable<EcfDraft['InformacionReferencia']> {
  return {
    NCFModificado: encf,
    FechaNCFModificado: document.Encabezado?.Emisor?.FechaEmision ?? '',
    CodigoModificacion: code,
  };
}
