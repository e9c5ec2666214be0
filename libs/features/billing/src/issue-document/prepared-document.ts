import { createHash } from 'node:crypto';
import { canonicalJson, dominicanDateOf, type Json } from '@getupnet/kernel';
import type { EmitRequest } from '@getupnet/contracts';

/** SHA-256 of the request's RFC 8785 form: what makes two requests the same one. */
export function fingerprint(request: EmitRequest): string {
  return createHash('sha256')
    .update(canonicalJson(request as unknown as Json))
    .digest('hex');
}

/** Canonical XML cut where the accept statement puts number and expiry. */
export interface NumberSlots {
  readonly head: string;
  readonly middle: string | null;
  readonly tail: string;
}

const ENCF = ['<eNCF>', '</eNCF>'] as const;
const EXPIRY = ['<FechaVencimientoSecuencia>', '</FechaVencimientoSecuencia>'] as const;

/** The canonical XML with its number in place: byte for byte what the accept statement stores. */
export function numbered(slots: NumberSlots, encf: string, expiresOn: string | null): string {
  if (slots.middle === null) return slots.head + encf + slots.tail;
  if (expiresOn === null) throw new Error('a type with an expiry got a number without one');
  return slots.head + encf + slots.middle + dominicanDateOf(expiresOn) + slots.tail;
}

/**
 * `eNCF` and the expiry stand in IdDoc, before any text of the caller's, and `<` is escaped in text:
 * the first occurrence of the tag is the element.
 */
export function numberSlots(xml: string): NumberSlots {
  const encfStart = xml.indexOf(ENCF[0]) + ENCF[0].length;
  const encfEnd = xml.indexOf(ENCF[1]);
  if (encfEnd < 0) throw new Error('canonical XML without eNCF');
  const head = xml.slice(0, encfStart);
  const expiryStart = xml.indexOf(EXPIRY[0]);
  if (expiryStart < 0) return { head, middle: null, tail: xml.slice(encfEnd) };
  const from = expiryStart + EXPIRY[0].length;
  return {
    head,
    middle: xml.slice(encfEnd, from),
    tail: xml.slice(xml.indexOf(EXPIRY[1], from)),
  };
}
