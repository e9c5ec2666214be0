import {
  complete,
  isRfceRoute,
  toRfce,
  validate,
  type EcfDocument,
  type EcfDraft,
  type TipoEcf,
} from '@getupnet/ecf';
import { decimal, moneyText } from '@getupnet/kernel';
import type { Cell } from '../sheets/columns.js';
import { flatten } from '../sheets/flatten.js';
import type { TestSetRows } from '../sheets/workbook.js';
import type { Buyer } from './draft.js';
import { Random } from './random.js';
import { RECIPES, type Made, type Recipe } from './recipes.js';

/** DGII's entity for tests: buyer of the cases, and issuer of what is approved in the next step. */
export const TEST_ENTITY: Buyer = { rnc: '131880681', name: 'DOCUMENTOS ELECTRONICOS DE PRUEBA' };
/** A taxpayer that rehearses under that very RNC is not its own buyer. */
const OTHER_ENTITY: Buyer = { rnc: '101010632', name: 'COMPRADOR DE PRUEBA' };

export interface TestSetWish {
  readonly seed: string;
  readonly rnc: string;
  readonly now: Date;
  readonly fechaVencimientoSecuencia: string;
  /** A number of the type that was never used. */
  readonly nextEncf: (tipo: TipoEcf) => string;
}

/** Rows of a fresh data test: 25 valid documents of every type, and the summaries of four. */
export function testSet(wish: TestSetWish): TestSetRows {
  const made = new Map<string, Made>();
  const documents = RECIPES.map((recipe) => {
    const encf = wish.nextEncf(recipe.tipo);
    const document = make(recipe, encf, wish, made);
    made.set(recipe.key, { encf, document });
    return document;
  });
  // As in DGII's own sets, notes come before what they modify: the file's order is no sending order.
  const rows = [...documents.slice(-3), ...documents.slice(0, -3)];
  return {
    ecf: rows.map((document) => flatten(document, typeOf(document))),
    rfce: documents.filter(isRfceRoute).map(summaryRow),
  };
}

function make(
  recipe: Recipe,
  encf: string,
  wish: TestSetWish,
  made: ReadonlyMap<string, Made>,
): EcfDocument {
  const random = new Random(`${wish.seed}|${recipe.key}`);
  const buyer = wish.rnc === TEST_ENTITY.rnc ? OTHER_ENTITY : TEST_ENTITY;
  const draft = recipe.draft({ random, buyer, made });
  const unpaid = completed(draft, encf, wish);
  const document =
    recipe.payments === undefined
      ? unpaid
      : completed(paid(draft, recipe.payments, unpaid), encf, wish);
  const faults = validate(document).filter(
    ({ dgii }) => dgii === 'rejects' || dgii === 'conditional',
  );
  if (faults.length === 0) return document;
  throw new Error(`test set: ${recipe.key} is not valid: ${JSON.stringify(faults)}`);
}

function completed(draft: EcfDraft, encf: string, wish: TestSetWish): EcfDocument {
  const { fechaVencimientoSecuencia, now } = wish;
  const issuer = {
    RNCEmisor: wish.rnc,
    RazonSocialEmisor: 'EMISOR DE PRUEBAS SRL',
    DireccionEmisor: 'AV. ISABEL AGUIAR NO. 269, HERRERA',
    Municipio: '010100',
    Provincia: '010000',
  };
  return complete(draft, { issuer, now, encf, fechaVencimientoSecuencia }).document;
}

/** The total divided among the ways of paying: equal parts, the first takes what is left. */
function paid(draft: EcfDraft, ways: readonly string[], document: EcfDocument): EcfDraft {
  const total = decimal(document.Encabezado.Totales.MontoTotal);
  const part = decimal(moneyText(total.dividedBy(ways.length)));
  const first = total.minus(part.times(ways.length - 1));
  const FormaDePago = ways.map((FormaPago, at) => ({
    FormaPago,
    MontoPago: moneyText(at === 0 ? first : part),
  }));
  const header = draft.Encabezado ?? {};
  const IdDoc = { ...header.IdDoc, TablaFormasPago: { FormaDePago } };
  return { ...draft, Encabezado: { ...header, IdDoc } };
}

/** Without the security code, which the signature of the full document brings. */
const summaryRow = (document: EcfDocument): Cell[] => flatten(toRfce(document, ''), 'RFCE');

// `complete` refuses any other.
const typeOf = (document: EcfDocument): TipoEcf => document.Encabezado.IdDoc.TipoeCF as TipoEcf;
