import { createHash, sign, type KeyObject } from 'node:crypto';
import { canonicalJson } from '@getupnet/kernel';
import type { ChainHeads, SignedCheckpoint } from '@getupnet/persistence';
import { z } from 'zod';

const VERSION = 1;
/** Every so many checkpoints one states all heads, so that nobody has to read from the first. */
export const FULL_EVERY = 60;
const HEX_512 = z.string().regex(/^[0-9a-f]{128}$/);

/** What is signed, as JSON (docs/reference/audit-format.md). */
export const checkpointBodySchema = z.strictObject({
  version: z.literal(VERSION),
  number: z.int().min(1),
  at: z.iso.datetime(),
  previous: HEX_512,
  full: z.boolean(),
  heads: z.record(z.uuid(), z.strictObject({ seq: z.int().min(1), hash: HEX_512 })),
  count: z.int().min(0),
  root: HEX_512,
});
export type CheckpointBody = z.infer<typeof checkpointBodySchema>;

/** Of number 1. */
const NOTHING_BEFORE = '0'.repeat(128);

export interface LastCheckpoint {
  readonly number: number;
  readonly body: string;
  /** All heads it stands for, stated in it or before. */
  readonly heads: ChainHeads;
}

/** The checkpoint after `last`; `whole` states all heads out of turn. */
export function nextCheckpoint(
  last: LastCheckpoint | null,
  heads: ChainHeads,
  how: { readonly at: Date; readonly key: KeyObject; readonly whole: boolean },
): SignedCheckpoint {
  const number = (last?.number ?? 0) + 1;
  const full = how.whole || number === 1 || number % FULL_EVERY === 0;
  const stated = full || last === null ? heads : movedHeads(last.heads, heads);
  const body = canonicalJson({
    ...{ version: VERSION, number, at: how.at.toISOString(), full },
    previous: last === null ? NOTHING_BEFORE : sha512(last.body),
    heads: asJson(stated),
    count: heads.size,
    root: sha512(canonicalJson(asJson(heads))),
  });
  const signature = sign(null, Buffer.from(body), how.key).toString('base64');
  return { number, at: how.at, full, body, signature };
}

/** Heads that are not as they were. */
export function movedHeads(before: ChainHeads, now: ChainHeads): ChainHeads {
  return new Map(
    [...now].filter(([tenantId, { seq, hash }]) => {
      const known = before.get(tenantId);
      return known?.seq !== seq || known.hash !== hash;
    }),
  );
}

/** The heads stated in a body. */
export function statedHeads(body: string): ChainHeads {
  return new Map(Object.entries(checkpointBodySchema.parse(JSON.parse(body)).heads));
}

/** The number a body states. */
export function numberOf(body: string): number {
  return checkpointBodySchema.parse(JSON.parse(body)).number;
}

/** Hex SHA-512 of a text: how a checkpoint names the one before. */
export function sha512(text: string): string {
  return createHash('sha512').update(text).digest('hex');
}

function asJson(heads: ChainHeads) {
  return Object.fromEntries([...heads].map(([id, { seq, hash }]) => [id, { seq, hash }]));
}
