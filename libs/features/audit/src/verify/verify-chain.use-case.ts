import type { AuditVerification, VerifyAuditQuery } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import {
  AuditCheckpoints,
  AuditReader,
  CursorCodec,
  FIRST_RAW_KEY,
  genesisHash,
  type RawKey,
} from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { statedHeads } from '../checkpoints/checkpoint-body.js';
import { CheckpointFiles } from '../checkpoints/checkpoint-files.js';
import { follow, type BadLink, type Walk } from './walk.js';

const CURSOR = 'audit-verify';
const PAGE = 2_000;
/** Checkpoints looked through for one that states this chain: an hour's at the usual pace. */
const MOST_FILES = 64;
const MAX_CURSOR = 400;

/** Where the next call goes on. */
const positionSchema = z.strictObject({
  from: z.int(),
  to: z.int(),
  seq: z.int(),
  hash: z.string().max(128),
  archived: z.int(),
  beyond: z.boolean(),
  /** Null: every raw event was looked at. */
  raw: z.strictObject({ month: z.string(), id: z.uuid() }).nullable(),
  walked: z.boolean(),
});
type Position = z.infer<typeof positionSchema>;

/** Verifies one chain, a bounded part at a time. */
@Injectable()
export class VerifyChain {
  constructor(
    private readonly reader: AuditReader,
    private readonly checkpoints: AuditCheckpoints,
    private readonly files: CheckpointFiles,
    private readonly cursors: CursorCodec,
  ) {}

  async run(tenantId: string, query: VerifyAuditQuery): Promise<AuditVerification> {
    const head = await this.reader.head(tenantId);
    const start = await this.start(tenantId, query, head);
    const { walk, bad } = await this.walk(tenantId, start, query.limit);
    const walked = start.walked || walk.seq >= start.to;
    const raw = await this.raw(tenantId, start.raw, query.limit);
    const checkpoint = walked && bad === null ? await this.stated(tenantId, head) : null;
    const firstBad = bad ?? raw.bad ?? checkpoint?.bad ?? null;
    const complete = firstBad !== null || (walked && raw.next === null);
    const next = { ...start, ...walk, hash: walk.hash.toString('base64url') };
    return {
      ok: firstBad === null,
      complete,
      from: start.from,
      to: walk.seq,
      head,
      archived: walk.archived,
      firstBad,
      events: raw.events,
      checkpoint: checkpoint?.of ?? null,
      nextCursor: complete
        ? null
        : this.cursors.encode(tenantId, CURSOR, packed({ ...next, raw: raw.next, walked })),
    };
  }

  private async start(
    tenantId: string,
    { from, to, cursor }: VerifyAuditQuery,
    head: number,
  ): Promise<Position> {
    if (cursor !== undefined) return unpacked(this.cursors.decode(tenantId, CURSOR, cursor));
    const before = from === 1 ? null : await this.reader.hashAt(tenantId, Math.min(from - 1, head));
    const hash = before === null ? genesisHash(tenantId) : Buffer.from(before, 'hex');
    const whole = from === 1 && to === undefined;
    return {
      ...{ from, to: Math.min(to ?? head, head), seq: from - 1, archived: 0 },
      hash: hash.toString('base64url'),
      raw: whole ? FIRST_RAW_KEY : null,
      ...{ beyond: false, walked: false },
    };
  }

  private async walk(
    tenantId: string,
    start: Position,
    most: number,
  ): Promise<{ walk: Walk; bad: BadLink | null }> {
    const { seq, to, archived, beyond } = start;
    let walk: Walk = { seq, hash: Buffer.from(start.hash, 'base64url'), archived, beyond };
    if (start.walked) return { walk, bad: null };
    const oldest = await this.reader.oldestMonth();
    const until = Math.min(to, seq + most);
    while (walk.seq < until) {
      const links = await this.reader.walk(tenantId, walk.seq, Math.min(PAGE, until - walk.seq));
      if (links.length === 0) break;
      const result = follow(tenantId, walk, links, oldest);
      if (result.bad !== null) return result;
      walk = result.walk;
    }
    return { walk, bad: null };
  }

  /** Looks the other way: is each raw event in the chain? */
  private async raw(tenantId: string, after: RawKey | null, most: number) {
    const none = { events: { checked: 0, pending: 0 }, next: null, bad: null };
    if (after === null) return none;
    const horizon = await this.reader.horizon();
    const page = await this.reader.rawPage(tenantId, after, { most, horizon });
    const [eventId] = page.unchained;
    const bad: BadLink | null =
      eventId === undefined ? null : { seq: null, eventId, reason: 'unchained' };
    return { events: { checked: page.checked, pending: page.pending }, next: page.next, bad };
  }

  /**
   * Holds the chain against the newest checkpoint in the store that states it. Where it differs, older
   * ones tell since when: after the last that fits.
   */
  private async stated(tenantId: string, head: number) {
    const copy = await this.checkpoints.latest();
    const newest = await this.files.highest(copy?.number ?? 0);
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
    return { of, bad: { seq, eventId: null, reason: 'checkpoint' } satisfies BadLink };
  }
}

function packed(position: Position): string {
  return JSON.stringify(position);
}

/** The cursor's signature was checked; its text is ours. */
function unpacked(text: string): Position {
  if (text.length > MAX_CURSOR) throw new AppError('cursor.invalid');
  return positionSchema.parse(JSON.parse(text));
}
