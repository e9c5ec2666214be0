import { complete, normalize, type EcfDocument, type TipoEcf } from '@getupnet/ecf';
import { BUYER, ISSUER } from './documents.js';

type Values = Readonly<Record<string, unknown>>;

const LINE = { NombreItem: 'Cemento', CantidadItem: '2', PrecioUnitarioItem: '500.00' };

/** A correct document of one taxed line: 1,000.00 and 18 % of ITBIS; `line` and `more` extend it. */
export function taxedEcf(
  encf: string,
  line: Values = {},
  more: { readonly header?: Values; readonly body?: Values } = {},
): EcfDocument {
  const tipo = encf.slice(1, 3) as TipoEcf;
  const request = normalize({
    Encabezado: {
      IdDoc: { TipoeCF: tipo },
      Comprador: { RNCComprador: BUYER, RazonSocialComprador: 'COMPRADOR SRL' },
      ...more.header,
    },
    DetallesItems: { Item: [{ ...LINE, IndicadorFacturacion: '1', ...line }] },
    ...more.body,
  });
  if (!request.ok) throw new Error(JSON.stringify(request.findings));
  return complete(request.document, {
    issuer: { RNCEmisor: ISSUER, RazonSocialEmisor: 'EMISOR SRL', DireccionEmisor: 'CALLE 1' },
    now: new Date(),
    encf,
    fechaVencimientoSecuencia: '31-12-2028',
  }).document;
}

/** What a type wants of its line beside price and quantity. */
const LINES: Readonly<Record<string, Values>> = {
  '41': { Retencion: { MontoITBISRetenido: '180.00', MontoISRRetenido: '100.00' } },
  '43': { IndicadorFacturacion: '4' },
  '44': { IndicadorFacturacion: '4' },
  '46': { IndicadorFacturacion: '3' },
  '47': { IndicadorFacturacion: '4', Retencion: { MontoISRRetenido: '270.00' } },
};

/** A correct document of the type that its number names, notes apart. */
export function ofType(encf: string): EcfDocument {
  const tipo = encf.slice(1, 3);
  const isUnnamed = tipo === '43' || tipo === '47';
  return taxedEcf(encf, LINES[tipo], isUnnamed ? { header: { Comprador: undefined } } : {});
}

/** Puts a value at a `/`-separated path of a document; `undefined` removes what is there. */
export function put(document: EcfDocument, path: string, value: unknown): void {
  const names = path.split('/');
  const last = names.pop() ?? '';
  let at = document as unknown as Record<string, unknown>;
  for (const name of names) at = at[name] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
}
