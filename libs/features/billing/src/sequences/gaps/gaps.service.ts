import { Injectable } from '@nestjs/common';
import type { ListGapsQuery, SequenceGap, SequenceGapList, TipoEcfCode } from '@getupnet/contracts';
import { encfOf, isTipoEcf } from '@getupnet/ecf';
import { AppError, Clock, dominicanDate, isoDateOf } from '@getupnet/kernel';
import { CursorCodec, TenantDb, type Tx } from '@getupnet/persistence';
import type { TenantContext } from '@getupnet/tenant-context';
import { adviceOn, kindOf } from './gap-advice.js';
import {
  GapsRepository,
  type FreedNumber,
  type GapScope,
  type UsedPart,
} from './gaps.repository.js';

const CURSOR = 'sequence-gaps';
/** Ranges one page walks through. */
const MOST_PARTS = 8;

/** First the numbers whose documents do not need them, then those that never had one. */
type Place = { readonly phase: 'freed'; readonly after: string } | WalkPlace;

interface WalkPlace {
  readonly phase: 'walk';
  readonly tipo: number;
  readonly number: bigint;
}

interface Page {
  readonly scope: GapScope;
  readonly place: Place;
  readonly limit: number;
  readonly today: string;
}

interface Found {
  readonly gaps: readonly SequenceGap[];
  /** Where to go on; null at the end. */
  readonly next: Place | null;
}

const START: Place = { phase: 'freed', after: '' };
const WALK_START: WalkPlace = { phase: 'walk', tipo: 0, number: 0n };

/** Numbers below the next one without a living document, and what to do about each. */
@Injectable()
export class GapsService {
  constructor(
    private readonly db: TenantDb,
    private readonly gaps: GapsRepository,
    private readonly cursors: CursorCodec,
    private readonly clock: Clock,
  ) {}

  /** Rejects with `cursor.invalid`. A page looks at a bounded part and may find nothing. */
  async list(tenant: TenantContext, query: ListGapsQuery): Promise<SequenceGapList> {
    const { tenantId, environment } = tenant;
    const page: Page = {
      scope: { tenantId, environment, tipo: query.tipo === undefined ? null : Number(query.tipo) },
      place:
        query.cursor === undefined
          ? START
          : placeOf(this.cursors.decode(tenantId, CURSOR, query.cursor)),
      limit: query.limit,
      today: isoDateOf(dominicanDate(this.clock.now())),
    };
    const { gaps, next } = await this.db.run(tenant, async (tx) => {
      await this.gaps.readByIndex(tx);
      return page.place.phase === 'freed'
        ? this.freed(tx, page, page.place.after)
        : this.walk(tx, page, page.place);
    });
    return {
      data: [...gaps],
      nextCursor: next === null ? null : this.cursors.encode(tenantId, CURSOR, cursorOf(next)),
    };
  }

  private async freed(tx: Tx, page: Page, after: string): Promise<Found> {
    const { numbers, reached } = await this.gaps.freed(tx, page.scope, {
      after,
      limit: page.limit,
    });
    const next: Place = reached === null ? WALK_START : { phase: 'freed', after: reached };
    return { gaps: numbers.map((number) => gapOf(number, page.today)), next };
  }

  private async walk(tx: Tx, page: Page, from: WalkPlace): Promise<Found> {
    let place = from;
    const gaps: SequenceGap[] = [];
    for (let parts = 0; parts < MOST_PARTS; parts += 1) {
      const part = await this.gaps.usedPart(tx, page.scope, place);
      if (part === null) return { gaps, next: null };
      const { holes, reached } = await this.gaps.holes(tx, page.scope, part);
      const room = holes.slice(0, page.limit - gaps.length);
      gaps.push(...room.map((hole) => holeOf(part, hole, page.today)));
      const number = room.length < holes.length ? (room.at(-1)?.last ?? place.number) : reached;
      place = { phase: 'walk', tipo: part.tipo, number };
      // What is left of a long range is the next page's.
      if (gaps.length >= page.limit || reached < part.last) break;
    }
    return { gaps, next: place };
  }
}

function gapOf(number: FreedNumber, today: string): SequenceGap {
  const { encf, documentId, expiresOn } = number;
  const kind = kindOf(number);
  return {
    tipo: encf.slice(1, 3) as TipoEcfCode,
    first: encf,
    last: encf,
    count: '1',
    ...{ kind, documentId, expiresOn, advice: adviceOn(kind, expiresOn, today) },
  };
}

function holeOf(
  { tipo, expiresOn }: UsedPart,
  { first, last }: { readonly first: bigint; readonly last: bigint },
  today: string,
): SequenceGap {
  const code = String(tipo);
  if (!isTipoEcf(code)) throw new Error(`unknown type ${code}`);
  return {
    tipo: code,
    first: encfOf(code, first),
    last: encfOf(code, last),
    count: String(last - first + 1n),
    kind: 'NEVER_ISSUED',
    documentId: null,
    expiresOn,
    advice: adviceOn('NEVER_ISSUED', expiresOn, today),
  };
}

function cursorOf(place: Place): string {
  return place.phase === 'freed' ? `f:${place.after}` : `w:${place.tipo}:${place.number}`;
}

function placeOf(cursor: string): Place {
  const freed = /^f:(E\d{12})$/.exec(cursor);
  if (freed?.[1] !== undefined) return { phase: 'freed', after: freed[1] };
  const walk = /^w:(\d{1,2}):(\d{1,10})$/.exec(cursor);
  if (walk === null) throw new AppError('cursor.invalid');
  return { phase: 'walk', tipo: Number(walk[1]), number: BigInt(walk[2] ?? 0) };
}
