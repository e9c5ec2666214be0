import type { EmissionDocument } from './emission-document.js';

/**
 * One number may have several trackIds (Descripción Técnica v1.6, p. 25): the accepted one is ours,
 * else one that is not decided, else the first. Those of earlier generations are verdicts on other
 * bytes; null: no other.
 */
export function pickTrackId(
  document: EmissionDocument,
  listed: readonly { readonly trackId: string; readonly estado: string }[],
): string | null {
  const ours = listed.filter(({ trackId }) => !document.earlierTrackIds.includes(trackId));
  const accepted = ours.find(({ estado }) => /^aceptado/i.test(estado));
  const undecided = ours.find(({ estado }) => !/^rechazado/i.test(estado));
  return (accepted ?? undecided ?? ours[0])?.trackId ?? null;
}
