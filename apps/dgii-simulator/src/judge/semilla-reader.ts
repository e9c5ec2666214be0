import type { Environment } from '@getupnet/contracts';
import { verify, type Refused, type TrustCheck } from '@getupnet/xmldsig';

export interface SignedSemilla {
  readonly valor: string;
  readonly fecha: string;
  /** Cédula, RNC or passport of the certificate's holder. */
  readonly holder: string;
}

/** Canonical text of a semilla without its signature. */
const SEMILLA =
  /^<SemillaModel[^<>]*>\s*<valor>([^<]+)<\/valor>\s*<fecha>([^<]+)<\/fecha>\s*<\/SemillaModel>$/;

export class SemillaReader {
  constructor(
    private readonly trust: Readonly<Record<Environment, TrustCheck>>,
    private readonly onRefused: (refused: Refused) => void,
  ) {}

  /** What the signer vouched for, or DGII's Spanish words why it counts for nothing. */
  read(
    bytes: Buffer,
    at: { readonly environment: Environment; readonly now: Date },
  ): SignedSemilla | string {
    const signed = verify(bytes, { trust: this.trust[at.environment], at: at.now });
    if (!signed.ok) {
      this.onRefused(signed);
      return signed.fault.startsWith('xml.')
        ? 'El archivo no es un XML válido.'
        : 'Firma del certificado inválida.';
    }
    // The verified bytes only: anything outside them was not signed.
    const match = SEMILLA.exec(signed.signedXml);
    const { holder } = signed.certificate;
    if (match === null || holder === null) return 'El archivo no es una semilla.';
    return { valor: match[1] ?? '', fecha: match[2] ?? '', holder: holder.id };
  }
}
