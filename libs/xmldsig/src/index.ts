export { XML_DECLARATION, codigoSeguridadOf } from './algorithms.js';
export type { XmlFault, XmlLimits } from './canonical.js';
export {
  certificateFacts,
  certificateSignatureHash,
  isValidAt,
  type CertificateFacts,
  type CertificateHolder,
} from './certificate.js';
export {
  checkChain,
  readCertificates,
  trustAuthorities,
  type ChainFault,
  type ChainOptions,
  type ChainVerdict,
} from './chain.js';
export {
  issueAuthority,
  issueCertificate,
  type AuthorityOptions,
  type IssueOptions,
  type IssuedCertificate,
  type TestAuthority,
} from './issue-certificate.js';
export { readP12, type P12Contents } from './p12.js';
export { digestOf, rebuildSigned, signCanonical, type SignedDocument } from './sign-canonical.js';
export { signForeign, signSemilla } from './sign-foreign.js';
export { createSigner, type Signer } from './signer.js';
export {
  anyCertificate,
  verify,
  type Refused,
  type TrustCheck,
  type Verified,
  type VerifyOptions,
} from './verify.js';
