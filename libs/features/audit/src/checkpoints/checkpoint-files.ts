import { AppError } from '@getupnet/kernel';
import type { ChainHead, SignedCheckpoint } from '@getupnet/persistence';
import { MAX_LISTED, WormStore } from '@getupnet/storage';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { checkpointBodySchema, type LastCheckpoint } from './checkpoint-body.js';

const FOLDER = 'checkpoints/';
const DIGITS = 12;
const fileSchema = z.strictObject({ body: z.string(), signature: z.string() });

/** Checkpoints in the write-once store: what counts, whatever the database says. */
@Injectable()
export class CheckpointFiles {
  constructor(private readonly store: WormStore) {}

  /** Fails with `storage.conflict` when another process made this number. */
  async write({ number, body, signature }: SignedCheckpoint): Promise<void> {
    await this.store.put(nameOf(number), Buffer.from(JSON.stringify({ body, signature })));
  }

  /** Null where there is none; an unreadable one is a fault nobody can go on from. */
  async read(number: number): Promise<SignedCheckpoint | null> {
    const bytes = await this.store.get(nameOf(number));
    if (bytes === null) return null;
    const { body, signature } = fileSchema.parse(JSON.parse(bytes.toString()));
    const { at, full } = checkpointBodySchema.parse(JSON.parse(body));
    return { number, at: new Date(at), full, body, signature };
  }

  /** The highest number there is, looked for from a known one on; 0 for none. */
  async highest(known: number): Promise<number> {
    if (known === 0 || (await this.store.get(nameOf(known))) === null) return this.listed();
    let last = known;
    // One after the other: listing a folder of years takes longer than the few that are new.
    while ((await this.store.get(nameOf(last + 1))) !== null) last += 1;
    return last;
  }

  private async listed(): Promise<number> {
    for (let last = 0; ;) {
      const after = last === 0 ? {} : { after: nameOf(last) };
      const names = await this.store.list(FOLDER, { ...after, limit: MAX_LISTED });
      const name = names.at(-1);
      if (name === undefined) return last;
      last = Number(name.slice(FOLDER.length, FOLDER.length + DIGITS));
    }
  }

  /**
   * A checkpoint with all the heads it stands for: those stated back to the last full one. One that
   * the store lost is taken from `copyOf`.
   */
  async load(number: number, copyOf: CopyOf): Promise<LoadedCheckpoint> {
    const heads = new Map<string, ChainHead>();
    let last: { readonly body: string; readonly at: Date } | undefined;
    let gap = false;
    for (let at = number; at >= 1; at -= 1) {
      const file = await this.read(at);
      const one = file ?? (await copyOf(at));
      if (one === null) throw new AppError('storage.refused', { reason: `falta ${nameOf(at)}` });
      const parsed = checkpointBodySchema.parse(JSON.parse(one.body));
      last ??= { body: one.body, at: new Date(parsed.at) };
      gap ||= file === null;
      for (const [id, head] of Object.entries(parsed.heads)) {
        if (!heads.has(id)) heads.set(id, head);
      }
      if (parsed.full) break;
    }
    if (last === undefined) throw new RangeError(`no checkpoint has the number ${number}`);
    return { number, ...last, heads, gap };
  }
}

/** A copy that proved to be the checkpoint of a number, or null. */
type CopyOf = (number: number) => Promise<SignedCheckpoint | null>;

export interface LoadedCheckpoint extends LastCheckpoint {
  readonly at: Date;
  /** Some of it is not in the store any more. */
  readonly gap: boolean;
}

/** Twelve digits: byte order is the order of numbers. */
export function nameOf(number: number): string {
  return `${FOLDER}${String(number).padStart(DIGITS, '0')}.json`;
}
