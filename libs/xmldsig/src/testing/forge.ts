import { createHash, createPrivateKey, sign } from 'node:crypto';
import type { Hash } from '../algorithms.js';
import { issueAuthority, issueCertificate } from '../issue-certificate.js';
import { signCanonical } from '../sign-canonical.js';
import { createSigner } from '../signer.js';
import { anyCertificate, verify, type Refused, type Verified } from '../verify.js';

export const DS = 'http://www.w3.org/2000/09/xmldsig#';
export const ENVELOPED = `${DS}enveloped-signature`;
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
export const XSD = 'http://www.w3.org/2001/XMLSchema';
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

export const authority = issueAuthority();
const issued = issueCertificate({
  holderId: '00112345678',
  name: 'EMISOR',
  password: 'x',
  authority,
});
export const key = createPrivateKey(issued.privateKeyPem);
export const signer = createSigner(key, issued.certificatePem);

export const document =
  '<ECF><Encabezado><eNCF>E310000000001</eNCF><Nombre>CAFÉ</Nombre><Nota>  </Nota>' +
  '<MontoTotal>1180.00</MontoTotal></Encabezado><FechaHoraFirma>01-02-2026 10:00:00</FechaHoraFirma></ECF>';
export const { xml: genuine } = await signCanonical(document, signer);

export const judge = (xml: string | Uint8Array, at?: Date): Verified | Refused =>
  verify(typeof xml === 'string' ? Buffer.from(xml) : xml, {
    trust: anyCertificate,
    ...(at === undefined ? {} : { at }),
  });

export function signatureOf(xml: string): string {
  return /<Signature[\s\S]*<\/Signature>/.exec(xml)?.[0] ?? '';
}

/** What is unusual about a signature; the rest is DGII's profile. */
export interface Forgery {
  readonly body?: string;
  readonly p?: string;
  readonly c14n?: string;
  /** Text of SignatureMethod behind its name, without the closing angle bracket. */
  readonly method?: string;
  /** Text inside SignatureMethod. */
  readonly methodContent?: string;
  readonly transforms?: readonly string[];
  readonly reference?: string;
  readonly digestMethod?: string;
  readonly hash?: Hash;
  readonly keyInfo?: string;
  readonly extra?: string;
  /** Signed white space in SignedInfo. */
  readonly indent?: string;
  /** Namespaces SignedInfo is canonicalised with. */
  readonly scope?: string;
  readonly rootScope?: string;
  /** Bytes of SignatureValue; RSA over SignedInfo otherwise. */
  readonly value?: (signedInfo: string) => Buffer;
}

/** A correctly computed signature of any shape: what a hostile issuer with a real key can send. */
export function forge(options: Forgery): string {
  const { body = document, p = '', c14n = INCLUSIVE, extra = '', rootScope = '' } = options;
  const { hash = 'sha256', transforms = [ENVELOPED], indent = '' } = options;
  const own = p === '' ? `xmlns="${DS}"` : `xmlns:${p.slice(0, -1)}="${DS}"`;
  const el = (name: string, attributes: string, content = ''): string =>
    `<${p}${name} ${attributes}>${content}</${p}${name}>`;
  const signed = rootScope === '' ? body : body.replace('<ECF>', `<ECF ${rootScope}>`);
  const digest = createHash(hash).update(signed).digest('base64');
  const method = options.method ?? 'Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"';
  const digestMethod = options.digestMethod ?? 'http://www.w3.org/2001/04/xmlenc#sha256';
  const transform = (algorithm: string): string =>
    algorithm.startsWith('<') ? algorithm : el('Transform', `Algorithm="${algorithm}"`);
  const info = (scope: string): string =>
    `<${p}SignedInfo${scope}>${indent}${el('CanonicalizationMethod', `Algorithm="${c14n}"`)}` +
    el('SignatureMethod', method, options.methodContent) +
    `<${p}Reference ${options.reference ?? 'URI=""'}><${p}Transforms>` +
    transforms.map(transform).join('') +
    `</${p}Transforms>${el('DigestMethod', `Algorithm="${digestMethod}"`)}` +
    `<${p}DigestValue>${digest}</${p}DigestValue></${p}Reference></${p}SignedInfo>`;
  const signedInfo = info(` ${options.scope ?? own}`);
  const value = options.value?.(signedInfo) ?? sign(hash, Buffer.from(signedInfo), key);
  const der = signer.certificate.der.toString('base64');
  const keyInfo =
    options.keyInfo ??
    `<${p}X509Data><${p}X509Certificate>${der}</${p}X509Certificate></${p}X509Data>`;
  const signature =
    `<${p}Signature ${own}>${info('')}<${p}SignatureValue>${value.toString('base64')}` +
    `</${p}SignatureValue><${p}KeyInfo>${keyInfo}</${p}KeyInfo>${extra}</${p}Signature>`;
  return signed.replace('</ECF>', `${signature}</ECF>`);
}
