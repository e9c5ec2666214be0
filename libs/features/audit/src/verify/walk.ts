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

/** What of a chain can have been archived. */
export interface Archive {
  /** Events of months before this one, the first that is in the database. */
  readonly before: string;
  /** Entries up to this one are old enough, as a checkpoint vouches. */
  readonly upTo: number;
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
 * hash that of its event. Events may have been archived with the beginning of the chain, never out of
 * its middle; with no archive none were.
 */
export function follow(
  tenantId: string,
  from: Walk,
  links: readonly WalkedLink[],
  archive: Archive | null,
): WalkResult {
  let walk = from;
  for (const link of links) {
    const reason = faultOf(tenantId, walk, link, archive);
    if (reason !== null) {
      const seq = reason === 'missing' ? walk.seq + 1 : link.seq;
      return { walk, bad: { seq, eventId: link.event?.id ?? null, reason } };
    }
    const archived = walk.archived + (link.event === null ? 1 : 0);
    const beyond = walk.beyond || (archive !== null && link.eventMonth > archive.before);
    walk = { seq: link.seq, hash: link.hash, archived, beyond };
  }
  return { walk, bad: null };
}

function faultOf(
  tenantId: string,
  walk: Walk,
  { seq, prev, hash, event, eventMonth }: WalkedLink,
  archive: Archive | null,
): AuditFault | null {
  if (seq !== walk.seq + 1) return 'missing';
  if (!prev.equals(walk.hash)) return 'order';
  if (event === null) {
    if (archive === null || walk.beyond || seq > archive.upTo) return 'event_missing';
    return eventMonth < archive.before ? null : 'event_missing';
  }
  const text = entryText({ tenantId, seq, ...event });
  return linkHash(prev, text).equals(hash) ? null : 'changed';
}
