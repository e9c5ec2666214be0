import { createPrivateKey } from 'node:crypto';
import { Sign, type SignRequest, type SignResult } from '@getupnet/contracts';
import {
  acecf,
  anecf,
  read,
  serialize,
  serializeAcecf,
  serializeAnecf,
  serializeRfce,
  toRfce,
  type EcfDocument,
} from '@getupnet/ecf';
import { dominicanDate, dominicanDateTime } from '@getupnet/kernel';
import { createSigner, issueCertificate, signCanonical, signForeign } from '@getupnet/xmldsig';

export const ISSUER = '131880738';
export const BUYER = '131880681';

const issued = issueCertificate({
  holderId: '00100000001',
  name: 'PERSONA DE PRUEBA',
  password: 'prueba',
});
const signer = createSigner(createPrivateKey(issued.privateKeyPem), issued.certificatePem);

/** The signer as dgii-client sees it: only semillas are asked of it here. */
export class TestSign extends Sign {
  thumbprint = 'a'.repeat(64);
  signed = 0;

  override sign({ items }: SignRequest): Promise<readonly SignResult[]> {
    this.signed += items.length;
    return Promise.resolve(
      items.map(({ documentId, kind, xml }) => {
        const { xml: result, sha256, codigoSeguridad } = signForeign(Buffer.from(xml), signer);
        const certificateId = documentId;
        return { ok: true, documentId, kind, xml: result, sha256, codigoSeguridad, certificateId };
      }),
    );
  }

  override activeThumbprint(): Promise<string> {
    return Promise.resolve(this.thumbprint);
  }
}

export interface SignedFile {
  readonly encf: string;
  readonly xml: string;
  readonly codigoSeguridad: string;
}

function document(encf: string, tipo: '31' | '32'): EcfDocument {
  const now = new Date();
  return {
    Encabezado: {
      Version: '1.0',
      IdDoc: {
        TipoeCF: tipo,
        eNCF: encf,
        ...(tipo === '31' ? { FechaVencimientoSecuencia: '31-12-2028' } : {}),
        TipoIngresos: '01',
        TipoPago: '1',
      },
      Emisor: {
        RNCEmisor: ISSUER,
        RazonSocialEmisor: 'EMISOR',
        DireccionEmisor: 'CALLE 1',
        FechaEmision: dominicanDate(now),
      },
      Comprador: { RNCComprador: BUYER, RazonSocialComprador: 'COMPRADOR' },
      Totales: { MontoExento: '1000.00', MontoTotal: '1000.00' },
    },
    DetallesItems: {
      Item: [
        {
          NumeroLinea: '1',
          IndicadorFacturacion: '4',
          NombreItem: 'SERVICIO',
          IndicadorBienoServicio: '2',
          CantidadItem: '1',
          PrecioUnitarioItem: '1000.00',
          MontoItem: '1000.00',
        },
      ],
    },
    FechaHoraFirma: dominicanDateTime(now),
  };
}

const encfOf = (tipo: string, number: number): string =>
  `E${tipo}${String(number).padStart(10, '0')}`;

/** A signed e-CF of type 31. */
export async function ecf31(number: number): Promise<SignedFile> {
  const encf = encfOf('31', number);
  const { xml, codigoSeguridad } = await signCanonical(serialize(document(encf, '31')), signer);
  return { encf, xml, codigoSeguridad };
}

/** The signed summary of a small type 32; the security code is the full document's. */
export async function rfce(number: number): Promise<SignedFile> {
  const encf = encfOf('32', number);
  const full = document(encf, '32');
  const { codigoSeguridad } = await signCanonical(serialize(full), signer);
  const summary = serializeRfce(toRfce(full, codigoSeguridad));
  const { xml } = await signCanonical(summary, signer);
  return { encf, xml, codigoSeguridad };
}

/** The buyer's signed approval of the e-CF of type 31 with that number, or its refusal. */
export async function approvalOf31(number: number, reason?: string): Promise<SignedFile> {
  const encf = encfOf('31', number);
  const unsigned = serializeAcecf(acecf(document(encf, '31'), new Date(), reason));
  const { xml, codigoSeguridad } = await signCanonical(unsigned, signer);
  return { encf, xml, codigoSeguridad };
}

/** The approval of somebody else's e-CF, as its buyer signs it. */
export async function approvalOfXml(xml: string): Promise<SignedFile & { rncComprador: string }> {
  const received = read(xml).document as unknown as EcfDocument;
  const approval = acecf(received, new Date());
  const { eNCF: encf, RNCComprador: rncComprador } = approval.DetalleAprobacionComercial;
  const signed = await signCanonical(serializeAcecf(approval), signer);
  return { encf, rncComprador, xml: signed.xml, codigoSeguridad: signed.codigoSeguridad };
}

/** A signed request to void a range of type 31. */
export async function voidOf31(first: number, last: number): Promise<string> {
  const range = { tipo: '31', first: BigInt(first), last: BigInt(last) } as const;
  const { xml } = await signCanonical(serializeAnecf(anecf(ISSUER, [range], new Date())), signer);
  return xml;
}
