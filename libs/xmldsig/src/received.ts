import { XmlError } from 'libxml2-wasm';
import { Refusal, withCanonical, type CanonicalSource, type XmlLimits } from './canonical.js';

/**
 * As `withCanonical`, for bytes of strangers: refuses what would reach the parser in another encoding
 * or make it slow, and turns a failing canonicalisation into a refusal.
 */
export function withReceived<T>(
  bytes: Uint8Array,
  limits: XmlLimits,
  use: (source: CanonicalSource) => T,
): T {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // UTF-16 of Latin letters without a mark is valid UTF-8 full of NUL: the parser would guess it, and
  // checks that look for `<!DOCTYPE` in the bytes would find nothing.
  if (buffer.includes(0)) throw new Refusal('xml.encoding', 'not UTF-8 text');
  if (countOf(buffer, 'xmlns') > MAX_NAMESPACES) {
    throw new Refusal('xml.too_complex', 'too many namespaces');
  }
  try {
    return withCanonical(bytes, limits, use);
  } catch (error) {
    // Such as a relative namespace URI, which has no canonical form (Canonical XML 1.0, §1.3).
    if (error instanceof XmlError) throw new Refusal('xml.malformed', error.message);
    throw error;
  }
}

/**
 * A received document declares four; canonicalising costs elements times the square of the
 * namespaces in scope.
 */
const MAX_NAMESPACES = 8;

function countOf(buffer: Buffer, text: string): number {
  let count = 0;
  for (let at = buffer.indexOf(text); at !== -1; at = buffer.indexOf(text, at + 1)) count += 1;
  return count;
}
