import { complete, normalize, type EcfDocument, type TipoEcf } from '@getupnet/ecf';

export const ISSUER = {
  RNCEmisor: '131880738',
  RazonSocialEmisor: 'Comercial Cibao, SRL',
  NombreComercial: 'Comercial Cibao',
  DireccionEmisor: 'Av. 27 de Febrero 210, Santiago de los Caballeros',
  Municipio: '250101',
  Provincia: '250000',
  CorreoEmisor: 'facturacion@cibao.example.com',
};

const BUYER = { RNCComprador: '131880681', RazonSocialComprador: 'Distribuidora Quisqueya, SRL' };

const REFERENCE = {
  NCFModificado: 'E310000000009',
  FechaNCFModificado: '01-06-2026',
  CodigoModificacion: '3',
};

/** The tree an ERP posts: an invoice (or a debit note, type 33) with so many lines. */
export function invoiceTree(lines: number, tipo: Extract<TipoEcf, '31' | '33'> = '31'): object {
  return {
    Encabezado: { IdDoc: { TipoeCF: tipo, TipoPago: 1 }, Comprador: BUYER },
    ...(tipo === '33' && { InformacionReferencia: REFERENCE }),
    DetallesItems: {
      Item: Array.from({ length: lines }, (_, index) => ({
        NombreItem: `Artículo número ${index + 1}`,
        IndicadorBienoServicio: 1,
        CantidadItem: (index % 9) + 1,
        UnidadMedida: '43',
        PrecioUnitarioItem: `${100 + (index % 700)}.25`,
        IndicadorFacturacion: (index % 3) + 1,
      })),
    },
  };
}

/** The same, completed: what the serialiser takes. */
export function invoice(lines: number): EcfDocument {
  const draft = normalize(invoiceTree(lines));
  if (!draft.ok) throw new Error('the sample is not a document');
  return complete(draft.document, {
    issuer: ISSUER,
    now: new Date('2026-06-15T14:30:45Z'),
    encf: 'E310000000001',
    fechaVencimientoSecuencia: '31-12-2028',
  }).document;
}
