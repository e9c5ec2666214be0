import {
  createSigner,
  readP12,
  signForeign,
  type CertificateFacts,
  type Signer,
} from '@getupnet/xmldsig';
import type { Finding } from './step.js';
import { judgeP12, unusableP12 } from './steps/certificate.js';

/** Whoever can sign a semilla: a P12 file at hand, or an installation's signer. */
export interface SemillaSigner {
  /** Spanish: what the step that opens it is called. */
  readonly title: string;
  /** Whether `open` sees the certificate; otherwise it is judged once it has signed. */
  readonly judgesCertificate: boolean;
  /** Opens the certificate and judges it by that instant. */
  open(now: Date): Promise<Finding>;
  /** The signed semilla. Only after `open` found nothing wrong. */
  sign(semilla: string): Promise<string>;
}

export interface P12File {
  readonly bytes: Uint8Array;
  readonly password: string;
  /** Certifiers its chain must lead to; empty leaves the chain unchecked. */
  readonly authorities: readonly CertificateFacts[];
}

/** Signs with a P12 file; the key stays in this process. */
export class P12Signer implements SemillaSigner {
  readonly title = 'Certificado P12';
  readonly judgesCertificate = true;
  private signer: Signer | null = null;

  constructor(private readonly file: P12File) {}

  async open(now: Date): Promise<Finding> {
    const { bytes, password, authorities } = this.file;
    try {
      const contents = readP12(bytes, password);
      this.signer = createSigner(contents.privateKey, contents.certificateDer);
      return judgeP12(contents, authorities, now);
    } catch (error) {
      const finding = unusableP12(error);
      if (finding === null) throw error;
      return finding;
    }
  }

  async sign(semilla: string): Promise<string> {
    if (this.signer === null) throw new Error('the P12 was not opened');
    return signForeign(Buffer.from(semilla, 'utf8'), this.signer).xml;
  }
}
