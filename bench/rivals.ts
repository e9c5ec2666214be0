import { createRequire } from 'node:module';
import { join } from 'node:path';
import xmlCrypto from 'xml-crypto';
import type { IssuedCertificate } from '@getupnet/xmldsig';

const { SignedXml } = xmlCrypto;
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

/** Checks a signed document as npm `xml-crypto` is used for it; throws unless the signature holds. */
export function xmlCryptoVerifies(xml: string, certificatePem: string): void {
  const checker = new SignedXml({ publicCert: certificatePem });
  checker.loadSignature(/<Signature[\s\S]*<\/Signature>/.exec(xml)?.[0] ?? '');
  if (!checker.checkSignature(xml)) throw new Error('xml-crypto refuses the sample');
}

/** Signs a text of DGII's profile with npm `xml-crypto`. */
export function xmlCryptoSigns(xml: string, issued: IssuedCertificate): string {
  const signer = new SignedXml({
    privateKey: issued.privateKeyPem,
    publicCert: issued.certificatePem,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: C14N,
  });
  signer.addReference({
    xpath: '/*',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature'],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    uri: '',
    isEmptyUri: true,
  });
  signer.computeSignature(xml);
  return signer.getSignedXml();
}

/** What is used of npm `dgii-ecf`: object → XML → signed XML. */
interface DgiiEcf {
  readonly Transformer: new () => {
    json2xml(document: object): string;
    xml2Json(xml: string): object;
  };
  readonly Signature: new (
    privateKeyPem: string,
    certificatePem: string,
  ) => { signXml(xml: string, root: string): string };
}

/**
 * Not a dependency: it brings sixty packages, one of them withdrawn. Whoever wants the comparison
 * installs it elsewhere and names the folder.
 */
export function loadDgiiEcf(folder: string): DgiiEcf {
  return createRequire(join(folder, 'package.json'))('dgii-ecf') as DgiiEcf;
}
