import type { DgiiTrack } from '@getupnet/contracts';
import type { EmissionDocument } from './emission-document.js';

/** Whose clock is how far off is not known: what DGII received this soon may be older than it says. */
const CLOCKS_MS = 120_000;

/**
 * One number may have several trackIds (Descripción Técnica v1.6, p. 25): the accepted one is ours,
 * else one that is not decided, else the first. Those of earlier generations are verdicts on other
 * bytes; null: no other.
 */
export function pickTrackId(
  document: EmissionDocument,
  listed: readonly DgiiTrack[],
): string | null {
  const ours = listed.filter(
    (track) =>
      !document.earlierTrackIds.includes(track.trackId) &&
      !(isRejected(track) && mayBeOfEarlier(document, track)),
  );
  const accepted = ours.find(({ estado }) => /^aceptado/i.test(estado));
  const undecided = ours.find((track) => !isRejected(track));
  return (accepted ?? undecided ?? ours[0])?.trackId ?? null;
}

function isRejected({ estado }: DgiiTrack): boolean {
  return /^rechazado/i.test(estado);
}

/**
 * Whether what DGII has may be an earlier generation's: one whose send was left without an answer has
 * a trackId we never learned. Its rejection, taken for ours, would be final; ours, taken for that of
 * an earlier one, costs another send of the same bytes.
 */
function mayBeOfEarlier(
  { generation, createdAt }: EmissionDocument,
  { receivedAt }: DgiiTrack,
): boolean {
  if (generation === 1) return false;
  if (receivedAt === null) return true;
  return Date.parse(receivedAt) < createdAt.getTime() + CLOCKS_MS;
}
