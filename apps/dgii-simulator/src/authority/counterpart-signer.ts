import { createSigner, issueCertificate, type Signer, type TestAuthority } from '@getupnet/xmldsig';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { DGII_RNC } from '../sender/sample-documents.js';
import { serialNumberOf } from './certificate-request.js';

/**
 * The taxpayer that DGII plays; its certificate is made when first needed. DGII offers its root for
 * checking what it signs (Proceso de Certificación, steps 8-10), and so do we.
 */
export function counterpartSigner(authority: TestAuthority, given?: Signer): () => Signer {
  let signer = given;
  return () => (signer ??= makeSigner(authority));
}

function makeSigner(authority: TestAuthority): Signer {
  const issued = issueCertificate({
    holderId: DGII_RNC,
    name: 'DGII EMISOR RECEPTOR',
    password: randomBytes(16).toString('hex'),
    authority,
    serialNumber: serialNumberOf(DGII_RNC) ?? '',
  });
  return createSigner(createPrivateKey(issued.privateKeyPem), issued.certificatePem);
}
