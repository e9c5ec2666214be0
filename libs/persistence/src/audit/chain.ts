import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@getupnet/kernel';

/** A raw event with its place in its tenant's chain. */
export interface ChainEntry {
  readonly tenantId: string;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly subjectId: string | null;
  readonly actor: string;
  /** As PostgreSQL's jsonb gives it back. */
  readonly payload: Json;
  readonly occurredAt: Date;
}

/** First byte of what is hashed: how the rest is to be read. */
const VERSION = Buffer.of(1);
const GENESIS = 'getupnet-audit-1:';

/** RFC 8785 text of an entry: what its hash covers and what an export holds. */
export function entryText(entry: ChainEntry): string {
  const { tenantId, seq, id, type, subjectId, actor, payload, occurredAt } = entry;
  return canonicalJson({
    ...{ tenantId, seq, id, type, subjectId, actor, payload },
    occurredAt: occurredAt.toISOString(),
  });
}

/** SHA-512 over version, hash before, length and text (docs/reference/audit-format.md). */
export function linkHash(prev: Uint8Array, text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(bytes.length);
  const hash = createHash('sha512').update(VERSION).update(prev);
  return hash.update(length).update(bytes).digest();
}

/** What stands before a tenant's first entry. */
export function genesisHash(tenantId: string): Buffer {
  return createHash('sha512').update(`${GENESIS}${tenantId}`).digest();
}
