import { AppError } from '@getupnet/kernel';
import { ParseOption, XmlDocument } from 'libxml2-wasm';

/** Nothing is fetched, no external entity is read. */
const SAFE = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;

const encoder = new TextEncoder();
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * Canonical XML 1.0 (no comments) of any well-formed XML text. Documents with a DTD are refused,
 * so no entity but the five of XML exists.
 */
export function canonicalize(xml: string): string {
  if (xml.includes('<!DOCTYPE')) throw new AppError('xml.dtd_forbidden');
  // Encoding would put U+FFFD in the place of half a character.
  if (LONE_SURROGATE.test(xml)) throw new AppError('xml.malformed', { reason: 'UTF-16' });
  let document: XmlDocument;
  try {
    // A text is decoded already, whatever encoding it declares; bytes are read faster than texts.
    document = XmlDocument.fromBuffer(encoder.encode(xml), { option: SAFE, encoding: 'utf-8' });
  } catch (cause) {
    throw malformed(cause);
  }
  try {
    return document.canonicalizeToString();
  } catch (cause) {
    throw malformed(cause);
  } finally {
    document.dispose();
  }
}

function malformed(cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : undefined;
  return new AppError('xml.malformed', { reason: reason ?? 'XML' }, { cause });
}
