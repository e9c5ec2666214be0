import type { AuditVerification, VerifyAuditQuery } from '@getupnet/contracts';
import { AppError, Clock, type Json } from '@getupnet/kernel';
import {
  AuditReader,
  CursorCodec,
  FIRST_RAW_KEY,
  genesisHash,
  type RawKey,
  type WalkedLink,
} from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Seals, type Held } from './seals.js';
import { follow, type BadLink, type Walk } from './walk.js';

const CURSOR = 'audit-verify';
const PAGE = 2_000;
const MAX_CURSOR = 400;

/** Where the next call goes on. */
const positionSchema = z.strictObject({
  from: z.int(),
  to: z.int(),
  /** The chain's end when the verification began. */
  head: z.int(),
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
    private readonly seals: Seals,
    private readonly clock: Clock,
    private readonly cursors: CursorCodec,
  ) {}

  async run(tenantId: string, query: VerifyAuditQuery): Promise<AuditVerification> {
    const head = await this.reader.head(tenantId);
    const start = await this.start(tenantId, query, head);
    const { walk, bad, recovered } = await this.walk(tenantId, start, query.limit);
    const walked = start.walked || walk.seq >= start.to;
    const raw = await this.raw(tenantId, start.raw, query.limit);
    const lost = bad === null ? await this.lost(tenantId, recovered, head) : null;
    const checkpoint =
      lost ?? (walked && bad === null ? await this.held(tenantId, start, head) : null);
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
      ...{ from, to: Math.min(to ?? head, head), head, seq: from - 1, archived: 0 },
      hash: hash.toString('base64url'),
      raw: whole ? FIRST_RAW_KEY : null,
      ...{ beyond: false, walked: false },
    };
  }

  private async walk(tenantId: string, start: Position, most: number): Promise<Walked> {
    const { seq, to, archived, beyond } = start;
    let walk: Walk = { seq, hash: Buffer.from(start.hash, 'base64url'), archived, beyond };
    const recovered = new Set<number>();
    if (start.walked) return { walk, bad: null, recovered };
    let archive: Awaited<ReturnType<Seals['archive']>> | undefined;
    const until = Math.min(to, seq + most);
    while (walk.seq < until) {
      const links = await this.reader.walk(tenantId, walk.seq, Math.min(PAGE, until - walk.seq));
      // It was longer when this verification began.
      if (links.length === 0) return { walk, bad: missingAfter(walk), recovered };
      if (archive === undefined && links.some(({ event }) => event === null)) {
        archive = await this.seals.archive(tenantId, this.clock.now());
      }
      const result = follow(tenantId, walk, links, archive ?? null);
      if (result.bad !== null) return { ...result, recovered };
      walk = result.walk;
      links.forEach((link) => recoveries(link).forEach((number) => recovered.add(number)));
    }
    return { walk, bad: null, recovered };
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

  private async held(tenantId: string, { head: began }: Position, head: number): Promise<Held> {
    // The checkpoint first: a loss is told before the one that was made of what is left.
    const newest = await this.seals.newest();
    const told = await this.reader.recoveriesAfter(tenantId, began);
    const lost = await this.lost(tenantId, new Set(told.flatMap(checkpointOf)), head);
    return lost ?? this.seals.hold(tenantId, newest, head);
  }

  /**
   * The chain says, or is about to, that it once was behind a checkpoint. Later ones were made of what
   * was left and fit; that one goes on contradicting.
   */
  private async lost(
    tenantId: string,
    recovered: ReadonlySet<number>,
    head: number,
  ): Promise<Held | null> {
    for (const number of recovered) {
      const held = await this.seals.hold(tenantId, number, head);
      if (held.bad !== null) return held;
    }
    return null;
  }
}

/** What a part of a walk found. */
interface Walked {
  readonly walk: Walk;
  readonly bad: BadLink | null;
  /** Checkpoints the chain was behind, as it says itself. */
  readonly recovered: ReadonlySet<number>;
}

function missingAfter({ seq }: Walk): BadLink {
  return { seq: seq + 1, eventId: null, reason: 'missing' };
}

const recoverySchema = z.object({
  reason: z.literal('behind_checkpoint'),
  checkpoint: z.int().min(1),
});

/** The checkpoint a link's event tells the chain was behind; none of most. */
function recoveries({ event }: WalkedLink): readonly number[] {
  return event?.type === 'audit.recovery' ? checkpointOf(event.payload) : [];
}

function checkpointOf(payload: Json): readonly number[] {
  const told = recoverySchema.safeParse(payload);
  return told.success ? [told.data.checkpoint] : [];
}

function packed(position: Position): string {
  return JSON.stringify(position);
}

/** The cursor's signature was checked; its text is ours. */
function unpacked(text: string): Position {
  if (text.length > MAX_CURSOR) throw new AppError('cursor.invalid');
  return positionSchema.parse(JSON.parse(text));
}
