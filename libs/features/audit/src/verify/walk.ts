import type { AuditFault } from '@getupnet/contracts';
import { entryText, linkHash, type WalkedLink } from '@getupnet/persistence';

/** How far a walk along a chain has come. */
export interface Walk {
  readonly seq: number;
  /** Hash at that seq. */
  readonly hash: Buffer;
  /** Links whose event was archived with its month. */
  readonly archived: number;
  /** Whether an event after the oldest month that is here was seen: none after it was archived. */
  readonly beyond: boolean;
}

export interface BadLink {
  readonly seq: number | null;
  readonly eventId: string | null;
  readonly reason: AuditFault;
}

/** Where the chain stops to fit, or how far it was followed. */
export type WalkResult = { readonly walk: Walk; readonly bad: BadLink | null };

/**
 * Follows links in order from where a walk stands: each the next one, after the hash before it, its
 * hash that of its event. Events before `oldest`, the first month that is here, were archived: with the
 * beginning of the chain, never out of its middle.
 */
export function follow(
  tenantId: string,
  from: Walk,
  links: readonly WalkedLink[],
  oldest: string,
): WalkResult {
  let walk = from;
  for (const link of links) {
    const reason = faultOf(tenantId, walk, link, oldest);
    if (reason !== null) {
      const seq = reason === 'missing' ? walk.seq + 1 : link.seq;
      return { walk, bad: { seq, eventId: link.event?.id ?? null, reason } };
    }
    const archived = walk.archived + (link.event === null ? 1 : 0);
    const beyond = walk.beyond || link.eventMonth > oldest;
    walk = { seq: link.seq, hash: link.hash, archived, beyond };
  }
  return { walk, bad: null };
}

function faultOf(
  tenantId: string,
  walk: Walk,
  { seq, prev, hash, event, eventMonth }: WalkedLink,
  oldest: string,
): AuditFault | null {
  if (seq !== walk.seq + 1) return 'missing';
  if (!prev.equals(walk.hash)) return 'order';
  if (event === null) return eventMonth < oldest && !walk.beyond ? null : 'event_missing';
  const text = entryText({ tenantId, seq, ...event });
  return linkHash(prev, text).equals(hash) ? null : 'changed';
}
