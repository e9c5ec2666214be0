import forge from 'node-forge';
import { child, children, fromDer, integerOf, isInteger, octetsOf, oidOf } from './asn1.js';

/** What a certificate says it may be used for (RFC 5280, §4.2.1). */
export interface CertificateUse {
  /** basicConstraints: may issue certificates. */
  readonly isAuthority: boolean;
  /** How many intermediates may follow below it; null when it sets no bound. */
  readonly pathLength: number | null;
  /** Null when the certificate restricts nothing. */
  readonly keyUsage: ReadonlySet<KeyUsage> | null;
  /** Critical extensions that we do not process: who meets one must refuse the certificate. */
  readonly unknownCritical: readonly string[];
}

/** Bits of keyUsage that matter here, by their number. */
const KEY_USAGES = new Map([
  [0, 'digitalSignature'],
  [1, 'nonRepudiation'],
  [5, 'keyCertSign'],
] as const);
export type KeyUsage = typeof KEY_USAGES extends ReadonlyMap<number, infer U> ? U : never;

const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
/** Critical in some certificates, and nothing in them decides whether a signature counts here. */
const HARMLESS: ReadonlySet<string> = new Set([
  '2.5.29.32', // certificatePolicies
  '2.5.29.37', // extKeyUsage
  '2.5.29.31', // cRLDistributionPoints
  '2.5.29.17', // subjectAltName
  '1.3.6.1.5.5.7.1.3', // qcStatements
]);

/** Reads the extensions of a certificate's DER. Throws RangeError or forge's error on garbage. */
export function certificateUse(der: Buffer): CertificateUse {
  let basic = { isAuthority: false, pathLength: null as number | null };
  let keyUsage: ReadonlySet<KeyUsage> | null = null;
  const unknownCritical: string[] = [];
  for (const { oid, critical, value } of extensionsOf(der)) {
    if (oid === BASIC_CONSTRAINTS) basic = basicConstraints(value);
    else if (oid === KEY_USAGE) keyUsage = keyUsages(value);
    else if (critical && !HARMLESS.has(oid)) unknownCritical.push(oid);
  }
  return { ...basic, keyUsage, unknownCritical };
}

interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER as a binary string. */
  readonly value: string;
}

function extensionsOf(der: Buffer): readonly Extension[] {
  const { Class } = forge.asn1;
  const body = children(child(fromDer(der.toString('latin1')), 0));
  const holder = body.find(
    (node) => node.tagClass === Class.CONTEXT_SPECIFIC && Number(node.type) === 3,
  );
  if (holder === undefined) return [];
  return children(child(holder, 0)).map((extension) => {
    const parts = children(extension);
    const flag = parts.length === 3 ? octetsOf(parts[1]) : '';
    return {
      oid: oidOf(parts[0]),
      critical: flag !== '' && flag !== '\0',
      value: octetsOf(parts.at(-1)),
    };
  });
}

function basicConstraints(value: string): { isAuthority: boolean; pathLength: number | null } {
  const [flag, length] = children(fromDer(value));
  if (flag === undefined || isInteger(flag)) return { isAuthority: false, pathLength: null };
  return {
    isAuthority: octetsOf(flag) !== '\0',
    pathLength: length === undefined ? null : integerOf(length),
  };
}

/** By hand: forge tries to read a BIT STRING's contents as ASN.1. Tag, length, unused bits, bits. */
function keyUsages(value: string): ReadonlySet<KeyUsage> {
  if (value.charCodeAt(0) !== 3) throw new RangeError('keyUsage is not a BIT STRING');
  const first = value.charCodeAt(3);
  const isSet = (bit: number): boolean => (first & (0x80 >> bit)) !== 0;
  return new Set([...KEY_USAGES].filter(([bit]) => isSet(bit)).map(([, name]) => name));
}
