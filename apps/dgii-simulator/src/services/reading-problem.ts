import type { Reading } from '../judge/signed-reader.js';

type Refused = Exclude<Reading, { readonly kind: 'signed' | 'unreadable' }>;

/** Why a document's form or signature does not hold, where the answer is a list of texts. */
export function readingProblem(reading: Refused): string {
  if (reading.kind === 'schema') {
    return `La estructura del archivo no es válida: ${reading.detail}`;
  }
  return reading.kind === 'signature'
    ? 'La firma del documento no es válida.'
    : 'El certificado utilizado en la firma no es válido.';
}
