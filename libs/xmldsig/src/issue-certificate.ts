import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

/** A certificate authority of our own making: simulator, demo and tests; nobody else trusts it. */
export interface TestAuthority {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface IssueOptions {
  /** Cédula (11 digits) or RNC (9 digits) of the person; goes into serialNumber as `IDCDO-…`. */
  readonly holderId: string;
  readonly name: string;
  /** X.520 `SN` and `GN`, which providers write beside the whole name. */
  readonly surname?: string;
  readonly givenName?: string;
  /** Password of the P12. */
  readonly password: string;
  /** Self-signed without one. */
  readonly authority?: TestAuthority;
  /** Default: yesterday. */
  readonly notBefore?: Date;
  /** Default: three years after `notBefore`. */
  readonly notAfter?: Date;
  /** Default 2048; fewer only to test refusals. */
  readonly bits?: number;
  /** RSA key (PKCS#1 PEM) to certify once more; a new one is made otherwise. */
  readonly privateKeyPem?: string;
  readonly digest?: 'sha256' | 'sha1';
  /** Replaces the whole subject serialNumber; empty leaves it out. */
  readonly serialNumber?: string;
  /** Encryption inside the P12; `3des` is what older providers write. */
  readonly encryption?: 'aes256' | '3des';
  /** Rounds of the P12's key derivation; default 2048. */
  readonly iterations?: number;
  /** Names and addresses of a TLS server; people's certificates have none. */
  readonly hostNames?: readonly string[];
}

/** A person's certificate and key, also as the P12 a tenant would upload. */
export interface IssuedCertificate {
  readonly p12: Buffer;
  readonly password: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_MS = 365 * DAY_MS;

/** What is unusual about an authority. */
export interface AuthorityOptions {
  /** Who issues it; self-signed without one. */
  readonly parent?: TestAuthority;
  /** How many intermediates may follow below it. */
  readonly pathLength?: number;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** RSA key (PKCS#1 PEM) to use; a new one is made otherwise. */
  readonly privateKeyPem?: string;
}

/** Makes an authority whose certificates only our own simulator and tests accept. */
export function issueAuthority(
  commonName = 'AUTORIDAD DE PRUEBA GETUPNET',
  options: AuthorityOptions = {},
): TestAuthority {
  const keys = keysOf(options);
  const certificate = blank(keys.publicKeyPem);
  const notBefore = options.notBefore ?? new Date(Date.now() - DAY_MS);
  setValidity(certificate, notBefore, options.notAfter ?? new Date(Date.now() + 10 * YEAR_MS));
  const name = [
    attribute('2.5.4.6', 'DO'),
    attribute('2.5.4.10', 'GETUPNET PRUEBAS'),
    attribute('2.5.4.3', commonName),
  ];
  certificate.setSubject(name);
  const parent = options.parent && forge.pki.certificateFromPem(options.parent.certificatePem);
  certificate.setIssuer(parent?.subject.attributes ?? name);
  const { pathLength } = options;
  certificate.setExtensions([
    {
      name: 'basicConstraints',
      cA: true,
      critical: true,
      ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
    },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  const signingKey = options.parent?.privateKeyPem ?? keys.privateKeyPem;
  certificate.sign(forge.pki.privateKeyFromPem(signingKey), forge.md.sha256.create());
  return {
    certificatePem: forge.pki.certificateToPem(certificate),
    privateKeyPem: keys.privateKeyPem,
  };
}

/** Issues a person's certificate in the shape of the ones DGII takes, with its P12. */
export function issueCertificate(options: IssueOptions): IssuedCertificate {
  const keys = keysOf(options);
  const certificate = blank(keys.publicKeyPem);
  const notBefore = options.notBefore ?? new Date(Date.now() - DAY_MS);
  const notAfter = options.notAfter ?? new Date(notBefore.getTime() + 3 * YEAR_MS);
  setValidity(certificate, notBefore, notAfter);
  const subject = subjectOf(options);
  certificate.setSubject(subject);
  const issuer =
    options.authority && forge.pki.certificateFromPem(options.authority.certificatePem);
  certificate.setIssuer(issuer === undefined ? subject : issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
    ...serverNames(options.hostNames ?? []),
    ...keyIdentifiers(issuer ?? certificate),
  ]);
  const signingKey = forge.pki.privateKeyFromPem(
    options.authority?.privateKeyPem ?? keys.privateKeyPem,
  );
  const digest = options.digest === 'sha1' ? forge.md.sha1 : forge.md.sha256;
  certificate.sign(signingKey, digest.create());
  const ownKey = forge.pki.privateKeyFromPem(keys.privateKeyPem);
  const chain = issuer === undefined ? [certificate] : [certificate, issuer];
  const pfx = forge.pkcs12.toPkcs12Asn1(ownKey, chain, options.password, {
    algorithm: options.encryption ?? 'aes256',
    count: options.iterations ?? 2048,
  });
  return {
    p12: Buffer.from(forge.asn1.toDer(pfx).getBytes(), 'latin1'),
    password: options.password,
    certificatePem: forge.pki.certificateToPem(certificate),
    privateKeyPem: keys.privateKeyPem,
  };
}

/** GeneralName kinds (RFC 5280, §4.2.1.6). */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

function serverNames(hostNames: readonly string[]): object[] {
  if (hostNames.length === 0) return [];
  const altNames = hostNames.map((name) =>
    isIP(name) === 0 ? { type: DNS_NAME, value: name } : { type: IP_ADDRESS, ip: name },
  );
  return [{ name: 'subjectAltName', altNames }];
}

/** Which key this is and which one signed it, as every provider writes it (RFC 5280, §4.2.1.1-2). */
function keyIdentifiers(issuer: forge.pki.Certificate): object[] {
  const keyIdentifier = issuer.generateSubjectKeyIdentifier().getBytes();
  return [{ name: 'subjectKeyIdentifier' }, { name: 'authorityKeyIdentifier', keyIdentifier }];
}

function subjectOf(options: IssueOptions): forge.pki.CertificateField[] {
  const serialNumber = options.serialNumber ?? `IDCDO-${options.holderId}`;
  return [
    attribute('2.5.4.6', 'DO'),
    ...(serialNumber === '' ? [] : [attribute('2.5.4.5', serialNumber)]),
    ...(options.surname === undefined ? [] : [attribute('2.5.4.4', options.surname)]),
    ...(options.givenName === undefined ? [] : [attribute('2.5.4.42', options.givenName)]),
    attribute('2.5.4.3', options.name),
  ];
}

/** Country and serialNumber are PrintableString by their definition (X.520), the rest UTF-8. */
function attribute(type: string, value: string): forge.pki.CertificateField {
  const { PRINTABLESTRING, UTF8 } = forge.asn1.Type;
  const printable = type === '2.5.4.6' || type === '2.5.4.5';
  return { type, value, valueTagClass: valueTag(printable ? PRINTABLESTRING : UTF8) };
}

/** Forge reads a string type here although its declaration says a tag class. */
function valueTag(type: forge.asn1.Type): forge.asn1.Class {
  return Number(type);
}

function blank(publicKeyPem: string): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKeyPem);
  // Positive and non-zero: the first byte is 01.
  certificate.serialNumber = `01${randomBytes(12).toString('hex')}`;
  return certificate;
}

function setValidity(certificate: forge.pki.Certificate, from: Date, until: Date): void {
  certificate.validity.notBefore = from;
  certificate.validity.notAfter = until;
}

function keysOf({
  bits = 2048,
  privateKeyPem,
}: Pick<IssueOptions, 'bits' | 'privateKeyPem'>): KeyPair {
  if (privateKeyPem === undefined) return newKeys(bits);
  const publicKey = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' });
  return { publicKeyPem: publicKey.toString(), privateKeyPem };
}

interface KeyPair {
  readonly publicKeyPem: string;
  readonly privateKeyPem: string;
}

/** OpenSSL makes a key in tenths of a second; forge's own generator takes seconds. */
function newKeys(bits: number): KeyPair {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return { publicKeyPem: pair.publicKey, privateKeyPem: pair.privateKey };
}
