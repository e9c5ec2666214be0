import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '@getupnet/kernel';
import { Config, Lane, RateLimits, type RequestContext, type Turn } from '@getupnet/platform';
import { billingEnv } from '../../billing.env.js';
import type { BatchEnd } from './batch-end.js';

/** Batches of one tenant that one process has open; each keeps its body in memory. */
const MOST_BATCHES = 16;

/** Bytes of lines begun in one turn of the event loop: a millisecond or two of work. */
const BYTES_A_TURN = 16 * 1024;
/** What a small line counts: some of the work is the same for all. */
const LEAST_BYTES = 4 * 1024;

/**
 * How much of a process batches may occupy: tenants take turns, each with so many lines under way at
 * the most, over all of its batches, and a line counts against the limits of its key and tenant like
 * a request of its own. Documents posted one by one never wait here.
 */
@Injectable()
export class BatchTurns {
  /** Lines of one batch that are begun before the first of them is answered. */
  readonly window: number;
  private readonly lane: Lane;
  private readonly open = new Map<string, number>();
  private begunBytes = 0;
  private free: Promise<void> = Promise.resolve();

  constructor(
    @Inject(Config) config: Config,
    private readonly limits: RateLimits,
  ) {
    const { BILLING_BATCH_LINES: total, BILLING_BATCH_LINES_PER_TENANT: perParty } =
      config.get(billingEnv);
    this.window = Math.min(total, perParty);
    this.lane = new Lane({ total, perParty });
  }

  /** Admits a batch; call what it answers when the batch is over. Throws `rate.limited`. */
  begin(tenantId: string): () => void {
    const open = this.open.get(tenantId) ?? 0;
    if (open >= MOST_BATCHES) throw new AppError('rate.limited', { limit: 'batches' });
    this.open.set(tenantId, open + 1);
    return () => {
      const left = (this.open.get(tenantId) ?? 1) - 1;
      if (left > 0) this.open.set(tenantId, left);
      else this.open.delete(tenantId);
    };
  }

  /** Waits until the limits of the caller admit one more line. */
  async pace(context: RequestContext, end: BatchEnd): Promise<void> {
    for (;;) {
      end.assertOpen();
      const waitS = this.limits.paceCaller(context);
      if (waitS === 0) return;
      await delay(Math.min(waitS * 1_000, end.leftMs));
    }
  }

  /**
   * Leave to accept one line of so many bytes; lines of one tenant in the order in which they asked.
   */
  async take(tenantId: string, size: number, end: BatchEnd): Promise<Turn> {
    const turn = await this.lane.take(tenantId, end.leftMs);
    if (turn === null) throw end.late();
    try {
      await this.letOthersIn(size);
      end.assertOpen();
      return turn;
    } catch (error) {
      turn.release();
      throw error;
    }
  }

  /**
   * Making a document ready is computing, and a group that was committed sets as many lines free at
   * once: after a few of them, whoever else waits for this process has its turn.
   */
  private letOthersIn(size: number): Promise<void> {
    const free = this.free;
    this.begunBytes += Math.max(size, LEAST_BYTES);
    if (this.begunBytes >= BYTES_A_TURN) {
      this.begunBytes = 0;
      this.free = free.then(() => nextTurn());
    }
    return free;
  }
}
