import type {
  DgiiDirectoryListQuery,
  DgiiDirectoryListResponse,
  DgiiParty,
} from '@getupnet/contracts';
import { DgiiApi, offers, type DirectoryEntry } from '@getupnet/dgii-api';
import { AppError } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { AuthorisedCalls } from '../calls/authorised-calls.js';
import { Deadline } from '../calls/deadline.js';
import { ProductionGate } from '../gateway/production-gate.js';
import { receiverOf } from './receiver.js';

const DEADLINE_MS = 20_000;
const RETRY_S = 5;

/** Everybody in DGII's directory, page by page. DGII has no pages: each one asks for the whole. */
@Injectable()
export class ListDirectory {
  constructor(
    private readonly gate: ProductionGate,
    private readonly api: DgiiApi,
    private readonly calls: AuthorisedCalls,
  ) {}

  async list(
    party: DgiiParty,
    { limit, cursor }: Pick<DgiiDirectoryListQuery, 'limit' | 'cursor'>,
  ): Promise<DgiiDirectoryListResponse> {
    await this.gate.check(party);
    if (!offers(party.environment, 'consultadirectorio')) {
      return { supported: false, data: [], nextCursor: null };
    }
    const deadline = Deadline.in(DEADLINE_MS);
    const context = { party, operation: 'consultadirectorio', deadline } as const;
    const answer = await this.calls.run(context, (call) => this.api.directoryList(call));
    if (answer.kind !== 'ok') {
      throw new AppError(
        'dependency.unavailable',
        { dependency: 'DGII consultadirectorio' },
        { retryAfterS: RETRY_S },
      );
    }
    const rest = inOrder(answer.value).filter(({ rnc }) => cursor === undefined || rnc > cursor);
    const page = rest.slice(0, limit);
    return {
      supported: true,
      data: page.map(receiverOf),
      nextCursor: rest.length > limit ? (page.at(-1)?.rnc ?? null) : null,
    };
  }
}

/** By RNC, each once: the page after an RNC is then well defined. */
function inOrder(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  const byRnc = new Map(entries.toReversed().map((entry) => [entry.rnc, entry]));
  return [...byRnc.values()].sort((a, b) => (a.rnc < b.rnc ? -1 : 1));
}
