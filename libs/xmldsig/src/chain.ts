import { X509Certificate } from 'node:crypto';
import {
  certificateFacts,
  certificateSignatureHash,
  isValidAt,
  type CertificateFacts,
} from './certificate.js';
import { certificateUse, type CertificateUse } from './certificate-extensions.js';
import type { TrustCheck } from './verify.js';

/** Why no path leads from a certificate to an authority. */
export type ChainFault =
  | 'unknown_issuer'
  | 'not_yet_valid'
  | 'expired'
  | 'weak_key'
  | 'weak_hash'
  | 'bad_signature'
  | 'not_an_authority'
  | 'path_length'
  | 'key_usage'
  | 'critical_extension'
  | 'too_complex'
  | 'unreadable';

export type ChainVerdict =
  | {
      readonly ok: true;
      /** From the certificate itself up to the authority. */
      readonly path: readonly CertificateFacts[];
    }
  | {
      readonly ok: false;
      readonly fault: ChainFault;
      /** Subject of the certificate that the fault is in. */
      readonly subject: string;
    };

/** The accredited certifiers and what leads to them. */
export interface ChainOptions {
  readonly intermediates: readonly CertificateFacts[];
  readonly authorities: readonly CertificateFacts[];
}

/**
 * Looks for a path from a person's certificate over intermediates to one of the authorities, each
 * link issued and signed by the next, everything valid at that instant (RFC 5280, §6.1; DGII checks
 * the chain of every signer, Proceso de Certificación, step 8). An authority in the list is the end
 * of the path even if another one issued it. Revocation is not looked up.
 */
export function checkChain(
  certificate: CertificateFacts,
  intermediates: readonly CertificateFacts[],
  authorities: readonly CertificateFacts[],
  at: Date,
): ChainVerdict {
  return new PathSearch(intermediates, authorities, at).from(certificate);
}

/** Enough for every issuer that sends to one installation in a day. */
const MAX_REMEMBERED = 1_000;

/**
 * Lets the gate accept only signers whose certificate leads to one of the authorities. The same
 * senders come again and again: a path once found is good while all of its certificates are valid.
 */
export function trustAuthorities(options: ChainOptions & { readonly now: () => Date }): TrustCheck {
  const { intermediates, authorities, now } = options;
  const found = new Map<string, readonly CertificateFacts[]>();
  return (certificate) => {
    const at = now();
    const path = found.get(certificate.thumbprint);
    if (path?.every((one) => isValidAt(one, at)) === true) return null;
    const verdict = checkChain(certificate, intermediates, authorities, at);
    if (!verdict.ok) return `${verdict.fault}: ${verdict.subject}`;
    if (found.size >= MAX_REMEMBERED) found.clear();
    found.set(certificate.thumbprint, verdict.path);
    return null;
  };
}

/** The certificates of a PEM file, in its order; text between them is passed over. */
export function readCertificates(pem: string): CertificateFacts[] {
  return (pem.match(PEM_BLOCK) ?? []).map((block) => certificateFacts(block));
}

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

const MIN_RSA_BITS = 2048;
const STRONG_HASHES: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512']);
/** Paths in use have one or two intermediates. */
const MAX_INTERMEDIATES = 4;
/** Bounds the search when a stranger supplies the intermediates. */
const MAX_SIGNATURE_CHECKS = 64;

class PathSearch {
  private checksLeft = MAX_SIGNATURE_CHECKS;
  /** The fault nearest to an authority says most. */
  private fault: { readonly verdict: ChainVerdict & { ok: false }; readonly depth: number } | null =
    null;

  constructor(
    private readonly intermediates: readonly CertificateFacts[],
    private readonly authorities: readonly CertificateFacts[],
    private readonly at: Date,
  ) {}

  from(certificate: CertificateFacts): ChainVerdict {
    try {
      return this.search(certificate);
    } catch (error) {
      // OpenSSL read it, the stricter reader of extensions did not: some stranger's own DER.
      if (error instanceof Error) return refused('unreadable', certificate);
      throw error;
    }
  }

  private search(certificate: CertificateFacts): ChainVerdict {
    const fault = this.signerFault(certificate);
    if (fault !== null) return refused(fault, certificate);
    const path = this.climb([certificate], certificate);
    if (path !== null) return { ok: true, path };
    return this.fault?.verdict ?? refused('unknown_issuer', certificate);
  }

  private signerFault(certificate: CertificateFacts): ChainFault | null {
    const { keyUsage, isAuthority } = parsed(certificate).use;
    const mayNotSign =
      keyUsage !== null && !keyUsage.has('digitalSignature') && !keyUsage.has('nonRepudiation');
    if (isAuthority || mayNotSign) return 'key_usage';
    return this.commonFault(certificate) ?? hashFault(certificate);
  }

  private climb(
    path: readonly CertificateFacts[],
    last: CertificateFacts,
  ): readonly CertificateFacts[] | null {
    for (const authority of this.authorities) {
      if (this.issues(authority, last, path, true)) return [...path, authority];
    }
    if (path.length > MAX_INTERMEDIATES) return null;
    for (const next of this.intermediates) {
      if (path.some(({ thumbprint }) => thumbprint === next.thumbprint)) continue;
      const found = this.issues(next, last, path, false) ? this.climb([...path, next], next) : null;
      if (found !== null) return found;
    }
    return null;
  }

  /** Whether this one may have issued the last of the path, and did. */
  private issues(
    issuer: CertificateFacts,
    last: CertificateFacts,
    path: readonly CertificateFacts[],
    isAnchor: boolean,
  ): boolean {
    if (issuer.subject !== last.issuer) return false;
    const fault =
      this.issuerFault(issuer, path.length - 1) ??
      this.commonFault(issuer) ??
      (isAnchor ? null : hashFault(issuer)) ??
      this.signatureFault(issuer, last);
    if (fault === null) return true;
    // A wrong signature is the fault of the certificate that carries it.
    const subject = fault === 'bad_signature' ? last : issuer;
    if (this.fault === null || path.length > this.fault.depth) {
      this.fault = { verdict: refused(fault, subject), depth: path.length };
    }
    return false;
  }

  private issuerFault(issuer: CertificateFacts, intermediatesBelow: number): ChainFault | null {
    const { isAuthority, keyUsage, pathLength } = parsed(issuer).use;
    if (!isAuthority) return 'not_an_authority';
    if (keyUsage !== null && !keyUsage.has('keyCertSign')) return 'key_usage';
    return pathLength !== null && intermediatesBelow > pathLength ? 'path_length' : null;
  }

  private commonFault(certificate: CertificateFacts): ChainFault | null {
    if (parsed(certificate).use.unknownCritical.length > 0) return 'critical_extension';
    const { rsaBits, publicKey, notBefore } = certificate;
    const isWeak =
      publicKey.asymmetricKeyType === 'rsa' ? rsaBits < MIN_RSA_BITS : !isEc(certificate);
    if (isWeak) return 'weak_key';
    if (isValidAt(certificate, this.at)) return null;
    return this.at < notBefore ? 'not_yet_valid' : 'expired';
  }

  private signatureFault(issuer: CertificateFacts, issued: CertificateFacts): ChainFault | null {
    this.checksLeft -= 1;
    if (this.checksLeft < 0) return 'too_complex';
    const { x509 } = parsed(issued);
    if (!x509.checkIssued(parsed(issuer).x509)) return 'unknown_issuer';
    return x509.verify(issuer.publicKey) ? null : 'bad_signature';
  }
}

function refused(fault: ChainFault, { subject }: CertificateFacts): ChainVerdict & { ok: false } {
  return { ok: false, fault, subject };
}

function hashFault({ der }: CertificateFacts): ChainFault | null {
  return STRONG_HASHES.has(certificateSignatureHash(der)) ? null : 'weak_hash';
}

/** Some certifiers' own keys are on P-256 or P-384; the signer's is RSA, which the gate checks. */
function isEc({ publicKey }: CertificateFacts): boolean {
  const curve = publicKey.asymmetricKeyDetails?.namedCurve;
  return curve === 'prime256v1' || curve === 'secp384r1' || curve === 'secp521r1';
}

interface Parsed {
  readonly x509: X509Certificate;
  readonly use: CertificateUse;
}

/** Authorities are read again for every document otherwise. */
const known = new WeakMap<CertificateFacts, Parsed>();

function parsed(certificate: CertificateFacts): Parsed {
  let found = known.get(certificate);
  if (found === undefined) {
    found = { x509: new X509Certificate(certificate.der), use: certificateUse(certificate.der) };
    known.set(certificate, found);
  }
  return found;
}
