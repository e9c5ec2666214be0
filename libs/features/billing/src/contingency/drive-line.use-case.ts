import { Injectable } from '@nestjs/common';
import { ContingencyStore, EmissionReader, type ContingencyLine } from '@getupnet/persistence';
import type { EmissionDocument } from '../emission/emission-document.js';
import { SendStage } from '../emission/send-stage.js';
import { Stints } from '../emission/stint.js';
import { Episodes } from './episodes.js';

/** What a turn of a line came to. */
export interface LineTurn {
  /** Documents that DGII received or judged. */
  readonly sent: number;
  /**
   * `drained`: nothing waits any more. `more`: it goes on at once. `closed`: a way was known to be
   * closed and nothing was tried. `failed`: something was tried and DGII did not answer.
   */
  readonly end: 'drained' | 'more' | 'closed' | 'failed';
}

export interface TurnWishes {
  readonly actor: string;
  /** Documents of each route; as many as a turn may have. */
  readonly most?: number;
  /** The process is to end: the document under way is the last one. */
  readonly stopped?: () => boolean;
}

type RouteEnd = 'empty' | 'more' | 'closed' | 'failed';

const ROUTES = ['ecf', 'rfce'] as const;
type Route = (typeof ROUTES)[number];
/** Documents of a route in one turn; then other tenants' lines have theirs. */
export const MOST_A_TURN = 64;
/** A turn ends by itself well before another process may take the line. */
export const TURN_MS = 30_000;
/** A document is with DGII, or with a person. */
const GONE: ReadonlySet<string> = new Set([
  'SUBMITTED',
  'ACCEPTED',
  'CONDITIONALLY_ACCEPTED',
  'REJECTED',
]);

/**
 * Sends what waits in a taxpayer's line, one document after another, first come first. Each goes through
 * the ordinary stage, so that none is sent without its committed intent, nor twice; the first one that
 * DGII does not answer ends the turn, and is asked about like any other.
 */
@Injectable()
export class DriveLine {
  constructor(
    private readonly store: ContingencyStore,
    private readonly reader: EmissionReader,
    private readonly send: SendStage,
    private readonly episodes: Episodes,
    private readonly stints: Stints,
  ) {}

  async run(line: ContingencyLine, wishes: TurnWishes): Promise<LineTurn> {
    const { actor, most: mostOfAll = MOST_A_TURN, stopped = () => false } = wishes;
    const endsAtMs = performance.now() + TURN_MS;
    const over = (): boolean => stopped() || performance.now() > endsAtMs;
    let sent = 0;
    // The link is back when DGII receives one of the first that wait and no way fails with them; that
    // nothing waits, or was sent, is no sign of it.
    for (const most of [1, mostOfAll]) {
      const ends: RouteEnd[] = [];
      const sentBefore = sent;
      for (const route of ROUTES) {
        const turn = await this.driveRoute(line, route, { most, over, actor });
        sent += turn.sent;
        ends.push(turn.end);
      }
      const bad = ends.find((end) => end === 'failed') ?? ends.find((end) => end === 'closed');
      if (bad === 'failed' || bad === 'closed') return { sent, end: bad };
      if (sent > sentBefore) await this.episodes.returned(line);
      else await this.episodes.settled(line, line.contingencyId);
      if (ends.every((end) => end === 'empty')) return { sent, end: await this.drained(line) };
    }
    return { sent, end: 'more' };
  }

  /** Whatever is still on its way of the episode keeps its line. */
  private async drained(line: ContingencyLine): Promise<'drained' | 'more'> {
    return (await this.episodes.drained(line, line.contingencyId)) ? 'drained' : 'more';
  }

  private async driveRoute(
    line: ContingencyLine,
    route: Route,
    { most, over, actor }: { most: number; over: () => boolean; actor: string },
  ): Promise<{ sent: number; end: RouteEnd }> {
    const ids = await this.store.head(line, route, most);
    let sent = 0;
    for (const documentId of ids) {
      if (over()) return { sent, end: 'more' };
      const document = await this.reader.load({ tenantId: line.tenantId, documentId });
      if (document === null || document.state !== 'CONTINGENCY' || document.parked) continue;
      if (this.send.isClosedTo(document)) return { sent, end: 'closed' };
      const after = await this.sendOne(document, actor);
      if (after === null) continue;
      if (!GONE.has(after.state) && !after.parked) return { sent, end: 'failed' };
      sent += 1;
    }
    return { sent, end: ids.length < most ? 'empty' : 'more' };
  }

  /** The document as it is afterwards; null when somebody else had moved it. */
  private async sendOne(
    document: EmissionDocument,
    actor: string,
  ): Promise<EmissionDocument | null> {
    const { tenantId, id: documentId } = document;
    const stint = this.stints.begin(actor);
    const sending = await this.send.intend([document], stint);
    if (sending.length === 0) return null;
    // Judged later, with others: a line moves on as soon as DGII has received its first.
    await this.send.run(sending, stint, 'later');
    return this.reader.load({ tenantId, documentId });
  }
}
