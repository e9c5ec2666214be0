import type {
  DgiiDirectoryListQuery,
  DgiiDirectoryListResponse,
  DgiiParty,
} from '@getupnet/contracts';
import { DgiiApi, offers, type DirectoryEntry } from '@getupnet/dgii-api';
import { AppError, Clock } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { AuthorisedCalls } from '../calls/authorised-calls.js';
import { Deadline } from '../calls/deadline.js';
import { ProductionGate } from '../gateway/production-gate.js';
import { receiverOf } from './receiver.js';
import { ShortCache } from './short-cache.js';

const DEADLINE_MS = 20_000;
const RETRY_S = 5;
/** The pages of one reader come from one listing, most likely; the directory changes by the day. */
const LISTING_TTL_MS = 60_000;

/** Everybody in DGII's directory, page by page. DGII has no pages: it answers the whole, up to 20 MB. */
@Injectable()
export class ListDirectory {
  private readonly listings: ShortCache<readonly DirectoryEntry[]>;

  constructor(
    private readonly gate: ProductionGate,
    private readonly api: DgiiApi,
    private readonly calls: AuthorisedCalls,
    clock: Clock,
  ) {
    this.listings = new ShortCache(clock, LISTING_TTL_MS);
  }

  async list(
    party: DgiiParty,
    { limit, cursor }: Pick<DgiiDirectoryListQuery, 'limit' | 'cursor'>,
  ): Promise<DgiiDirectoryListResponse> {
    await this.gate.check(party);
    if (!offers(party.environment, 'consultadirectorio')) {
      return { supported: false, data: [], nextCursor: null };
    }
    const { environment, tenantId } = party;
    const listing = await this.listings.get(environment, () => this.ask(party), tenantId);
    const rest = listing.filter(({ rnc }) => cursor === undefined || rnc > cursor);
    const page = rest.slice(0, limit);
    return {
      supported: true,
      data: page.map(receiverOf),
      nextCursor: rest.length > limit ? (page.at(-1)?.rnc ?? null) : null,
    };
  }

  private async ask(party: DgiiParty): Promise<readonly DirectoryEntry[]> {
    const deadline = Deadline.in(DEADLINE_MS);
    const context = { party, operation: 'consultadirectorio', deadline } as const;
    const answer = await this.calls.run(context, (call) => this.api.directoryList(call));
    if (answer.kind === 'ok') return inOrder(answer.value);
    throw new AppError(
      'dependency.unavailable',
      { dependency: 'DGII consultadirectorio' },
      { retryAfterS: RETRY_S },
    );
  }
}

/** By RNC, each once: the page after an RNC is then well defined. */
function inOrder(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  const byRnc = new Map(entries.toReversed().map((entry) => [entry.rnc, entry]));
  return [...byRnc.values()].sort((a, b) => (a.rnc < b.rnc ? -1 : 1));
}
