import forge from 'node-forge';

export type Asn1 = forge.asn1.Asn1;

/** Parses DER (and the BER of some exporters); bytes are a binary string, as forge has them. */
export function fromDer(bytes: string): Asn1 {
  return forge.asn1.fromDer(bytes, true);
}

export function children(node: Asn1 | undefined): readonly Asn1[] {
  if (node === undefined || typeof node.value === 'string') {
    throw new RangeError('ASN.1: a constructed value is missing');
  }
  return node.value;
}

export function child(node: Asn1 | undefined, index: number): Asn1 {
  const found = children(node)[index];
  if (found === undefined) throw new RangeError('ASN.1: an element is missing');
  return found;
}

/** Contents of a primitive, or of a constructed octet string put together. */
export function octetsOf(node: Asn1 | undefined): string {
  if (node === undefined) throw new RangeError('ASN.1: octets are missing');
  return typeof node.value === 'string' ? node.value : node.value.map(octetsOf).join('');
}

export function oidOf(node: Asn1 | undefined): string {
  return forge.asn1.derToOid(octetsOf(node));
}

/** Value of a small non-negative INTEGER; anything longer than four bytes is Infinity. */
export function integerOf(node: Asn1): number {
  const bytes = Buffer.from(octetsOf(node), 'latin1');
  return bytes.length <= 4 ? bytes.readUIntBE(0, bytes.length) : Infinity;
}

export function isInteger(node: Asn1): boolean {
  return node.tagClass === forge.asn1.Class.UNIVERSAL && node.type === forge.asn1.Type.INTEGER;
}
