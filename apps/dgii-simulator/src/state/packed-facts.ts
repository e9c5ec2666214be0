import { flatText } from './flat-text.js';
import type { DocumentFacts } from './verdict.js';

/** In this order the values stand in a packed text. */
const FIELDS = [
  'tipo',
  'route',
  'montoTotal',
  'totalItbis',
  'fechaEmision',
  'fechaFirma',
  'rncComprador',
  'idExtranjero',
  'codigoSeguridad',
  'razonSocialEmisor',
  'razonSocialComprador',
  'resumen',
  'modifica',
] as const satisfies readonly (keyof DocumentFacts)[];

/**
 * Facts of a document as one short text: tens of thousands of documents are remembered, and as objects
 * they take three times the memory. A text of its own, too: it keeps nothing of the XML alive.
 */
export function packFacts(facts: DocumentFacts): string {
  return flatText(JSON.stringify(FIELDS.map((field) => facts[field])));
}

export function unpackFacts(packed: string): DocumentFacts {
  const values = JSON.parse(packed) as readonly unknown[];
  const present = FIELDS.flatMap((field, index) => {
    const value = values[index];
    const isAbsent = value === null && (field === 'resumen' || field === 'modifica');
    return isAbsent ? [] : [[field, value] as const];
  });
  // Written by packFacts, from facts.
  return Object.fromEntries(present) as unknown as DocumentFacts;
}
