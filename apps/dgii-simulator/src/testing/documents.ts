import {
  acecf,
  anecf,
  serialize,
  serializeAcecf,
  serializeAnecf,
  serializeRfce,
  toRfce,
  type AcecfDocument,
  type AnecfDocument,
  type EcfDocument,
  type TipoEcf,
} from '@getupnet/ecf';
import { dominicanDate, dominicanDateTime } from '@getupnet/kernel';
import type { Signer } from '@getupnet/xmldsig';
import { signCanonical } from '@getupnet/xmldsig';
import { signed, type SignedFile } from './client.js';

export const ISSUER = '131880738';
export const BUYER = '131880681';

export interface Wanted {
  readonly encf: string;
  /** Price of the one line, before ITBIS; exempt lines have none. */
  readonly price?: string;
  readonly buyer?: string;
  readonly now?: Date;
  readonly change?: (document: EcfDocument) => void;
}

/** A small document of any type with one exempt line; `change` bends it. */
export function ecf({ encf, price = '1000.00', buyer = BUYER, now, change }: Wanted): EcfDocument {
  const at = now ?? new Date();
  const tipo = encf.slice(1, 3);
  const isNote = tipo === '34';
  const document: EcfDocument = {
    Encabezado: {
      Version: '1.0',
      IdDoc: {
        TipoeCF: tipo,
        eNCF: encf,
        ...(isNote ? { IndicadorNotaCredito: '0' } : {}),
        ...(tipo === '32' || isNote ? {} : { FechaVencimientoSecuencia: '31-12-2028' }),
        TipoIngresos: '01',
        TipoPago: '1',
      },
      Emisor: {
        RNCEmisor: ISSUER,
        RazonSocialEmisor: 'EMISOR & CIA "PRUEBA"',
        DireccionEmisor: 'CALLE 1',
        FechaEmision: dominicanDate(at),
      },
      Comprador: { RNCComprador: buyer, RazonSocialComprador: 'COMPRADOR <UNO>' },
      Totales: { MontoExento: price, MontoTotal: price },
    },
    DetallesItems: {
      Item: [
        {
          NumeroLinea: '1',
          IndicadorFacturacion: '4',
          NombreItem: 'SERVICIO',
          IndicadorBienoServicio: '2',
          CantidadItem: '1',
          PrecioUnitarioItem: price,
          MontoItem: price,
        },
      ],
    },
    FechaHoraFirma: dominicanDateTime(at),
  };
  change?.(document);
  return document;
}

export function note(encf: string, modified: string, extra: Partial<Wanted> = {}): EcfDocument {
  return ecf({
    encf,
    ...extra,
    change: (document) => {
      document.InformacionReferencia = {
        NCFModificado: modified,
        FechaNCFModificado: document.Encabezado.Emisor.FechaEmision,
        CodigoModificacion: '1',
      };
      extra.change?.(document);
    },
  });
}

export function signedEcf(document: EcfDocument, signer: Signer): Promise<SignedFile> {
  const { Emisor, IdDoc } = document.Encabezado;
  return signed(serialize(document), `${Emisor.RNCEmisor}${IdDoc.eNCF}.xml`, signer);
}

/** A type 32's summary, with the security code of the full document. */
export async function signedRfce(document: EcfDocument, signer: Signer): Promise<SignedFile> {
  const full = await signCanonical(serialize(document), signer);
  const rfce = toRfce(document, full.codigoSeguridad);
  const { Emisor, IdDoc } = rfce.Encabezado;
  return signed(serializeRfce(rfce), `${Emisor.RNCEmisor}${IdDoc.eNCF}.xml`, signer);
}

/** A void request for `[tipo, first, last]`, one line per type. */
export function signedAnecf(
  ranges: readonly (readonly [TipoEcf, number, number])[],
  signer: Signer,
  change?: (document: AnecfDocument) => void,
): Promise<SignedFile> {
  const wanted = ranges.map(([tipo, first, last]) => ({
    tipo,
    first: BigInt(first),
    last: BigInt(last),
  }));
  const document = anecf(ISSUER, wanted, new Date());
  change?.(document);
  return signed(serializeAnecf(document), `${ISSUER}-anulacion.xml`, signer);
}

/** The buyer's approval of a document, or its refusal when a reason is given. */
export function signedAcecf(
  document: EcfDocument,
  signer: Signer,
  how: {
    readonly reason?: string;
    readonly change?: (approval: AcecfDocument['DetalleAprobacionComercial']) => void;
  } = {},
): Promise<SignedFile> {
  const approval = acecf(document, new Date(), how.reason);
  const detail = approval.DetalleAprobacionComercial;
  how.change?.(detail);
  return signed(serializeAcecf(approval), `${detail.RNCComprador}${detail.eNCF}.xml`, signer);
}
