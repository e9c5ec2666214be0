import type { EmissionRow } from '@getupnet/persistence';

/** A document under way, as the stages see it: its row plus the bodies the present stage needs. */
export type EmissionDocument = EmissionRow;

/** Body kinds in the artefact store. `signed` is the e-CF as signed; `rfce` its signed summary. */
export const UNSIGNED = 'unsigned';
export const SIGNED = 'signed';
export const RFCE = 'rfce';

/** The signed bytes that travel to DGII: the summary for a type 32 below the threshold. */
export function outgoingXml(document: EmissionDocument): string {
  const body = document.bodies[document.route === 'rfce' ? RFCE : SIGNED];
  if (body === undefined) throw new Error(`document ${document.id} has no signed bytes`);
  return body;
}

export function bodyOf(document: EmissionDocument, kind: string): string {
  const body = document.bodies[kind];
  if (body === undefined) throw new Error(`document ${document.id} has no ${kind} body`);
  return body;
}

const DEFERRED = '<IndicadorEnvioDiferido>1</IndicadorEnvioDiferido>';

/**
 * Whether a document not yet signed says that it may be sent later; `<` is escaped in text, so the
 * tag is the element.
 */
export function isDeferred(document: EmissionDocument): boolean {
  return bodyOf(document, UNSIGNED).includes(DEFERRED);
}

/** Groups documents that share an issuer and environment, so that one call serves them all. */
export function byParty(documents: readonly EmissionDocument[]): EmissionDocument[][] {
  const groups = new Map<string, EmissionDocument[]>();
  for (const document of documents) {
    const key = `${document.tenantId}|${document.environment}|${document.issuerRnc}`;
    const group = groups.get(key);
    if (group) group.push(document);
    else groups.set(key, [document]);
  }
  return [...groups.values()];
}
