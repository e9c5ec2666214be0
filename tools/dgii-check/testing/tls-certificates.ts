import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { issueAuthority } from '@getupnet/xmldsig';
import forge from 'node-forge';

/** GeneralName kind dNSName (RFC 5280 §4.2.1.6). */
const DNS_NAME = 2;
const DAY_MS = 86_400_000;

/** An authority and what it issues to servers. */
export class TlsAuthority {
  private readonly authority = issueAuthority('AUTORIDAD TLS DE PRUEBA', {
    notBefore: new Date(Date.now() - 1_000 * DAY_MS),
  });

  get pem(): string {
    return this.authority.certificatePem;
  }

  issue(
    host: string,
    days: { readonly from: number; readonly to: number } = { from: -1, to: 90 },
  ): { readonly key: string; readonly cert: string } {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
    certificate.serialNumber = `01${randomBytes(12).toString('hex')}`;
    certificate.validity.notBefore = new Date(Date.now() + days.from * DAY_MS);
    certificate.validity.notAfter = new Date(Date.now() + days.to * DAY_MS);
    certificate.setSubject([{ name: 'commonName', value: host }]);
    certificate.setIssuer(forge.pki.certificateFromPem(this.pem).subject.attributes);
    certificate.setExtensions([
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [{ type: DNS_NAME, value: host }] },
    ]);
    const key = forge.pki.privateKeyFromPem(this.authority.privateKeyPem);
    certificate.sign(key, forge.md.sha256.create());
    return { key: privateKey, cert: forge.pki.certificateToPem(certificate) };
  }
}
