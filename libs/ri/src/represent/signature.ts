import { AppError } from '@getupnet/kernel';
import { codigoSeguridadOf } from '@getupnet/xmldsig';

const SIGNATURE_VALUE = /<(?:[\w.-]+:)?SignatureValue(?: [^>]*)?>([^<]*)</g;
const WHITE_SPACE = /\s/g;

/**
 * Security code of a canonical text, in which nothing but the signature can hold that tag: texts
 * are escaped there, comments and CDATA are gone. The last one is the enveloped signature's.
 */
export function codigoSeguridadIn(canonical: string, given: string | undefined): string {
  const value =
    [...canonical.matchAll(SIGNATURE_VALUE)].at(-1)?.[1]?.replace(WHITE_SPACE, '') ?? '';
  if (value !== '') return codigoSeguridadOf(value);
  if (given === undefined || given === '')
    throw new AppError('signature.structure', { reason: 'SignatureValue' });
  return given;
}
