import { AuditCheckpoints, AuditReader, MONTHS_KEPT, monthAt } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { statedHeads } from '../checkpoints/checkpoint-body.js';
import { CheckpointFiles } from '../checkpoints/checkpoint-files.js';
import type { Archive, BadLink } from './walk.js';

/** Checkpoints looked through for one that states this chain: an hour's at the usual pace. */
const MOST_FILES = 64;

/** What a chain was held against. */
export interface Held {
  /** The newest of the checkpoints that states the chain; null where none does. */
  readonly of: { readonly number: number; readonly seq: number } | null;
  readonly bad: BadLink | null;
}

/** A chain and what the checkpoints in the write-once store state of it. */
@Injectable()
export class Seals {
  constructor(
    private readonly reader: AuditReader,
    private readonly checkpoints: AuditCheckpoints,
    private readonly files: CheckpointFiles,
  ) {}

  /** Number of the newest checkpoint; 0 for none. */
  async newest(): Promise<number> {
    const copy = await this.checkpoints.latest();
    return this.files.highest(copy?.number ?? 0);
  }

  /**
   * Holds the chain against the newest checkpoint that states it, from a number back. Where it
   * differs, older ones tell since when: after the last that fits.
   */
  async hold(tenantId: string, newest: number, head: number): Promise<Held> {
    const compared: { number: number; seq: number; found: string | null; fits: boolean }[] = [];
    for (let number = newest; number > Math.max(newest - MOST_FILES, 0); number -= 1) {
      const file = await this.files.read(number);
      const stated = file === null ? undefined : statedHeads(file.body).get(tenantId);
      // A full one that does not know this chain: it is younger.
      if (stated === undefined && file?.full === true) break;
      if (stated === undefined) continue;
      const found = await this.reader.hashAt(tenantId, stated.seq);
      const fits = found === stated.hash;
      compared.push({ number, seq: stated.seq, found, fits });
      if (fits) break;
    }
    const [newestOf] = compared;
    const fitting = compared.find(({ fits }) => fits);
    const first = compared.findLast(({ fits }) => !fits);
    const of = newestOf === undefined ? null : { number: newestOf.number, seq: newestOf.seq };
    if (first === undefined) return { of, bad: null };
    const seq = first.found === null ? head + 1 : (fitting?.seq ?? 0) + 1;
    return { of, bad: { seq, eventId: null, reason: 'checkpoint' } };
  }

  /**
   * What of a chain can have been archived; null for nothing. Months and tables say what the
   * database's owner likes, so a checkpoint has to vouch for the age: only what one states that is
   * about as old as what is kept. Sealing may have been late then, by a month at most.
   */
  async archive(tenantId: string, now: Date): Promise<Archive | null> {
    const before = await this.reader.oldestMonth();
    if (before > monthAt(now, -MONTHS_KEPT)) return null;
    const number = await this.lastBefore(monthAt(now, 1 - MONTHS_KEPT));
    for (let at = number; at > Math.max(number - MOST_FILES, 0); at -= 1) {
      const file = await this.files.read(at);
      const stated = file === null ? undefined : statedHeads(file.body).get(tenantId);
      if (stated !== undefined) return { before, upTo: stated.seq };
      if (file?.full === true) break;
    }
    return null;
  }

  /** The last checkpoint made before a day; they are in the order of time. */
  private async lastBefore(day: string): Promise<number> {
    const limit = Date.parse(day);
    let [below, above] = [0, (await this.newest()) + 1];
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      const file = await this.files.read(middle);
      if (file !== null && file.at.getTime() < limit) below = middle;
      else above = middle;
    }
    return below;
  }
}
