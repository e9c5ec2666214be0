import { AppError, isAppError } from '@getupnet/kernel';
import { TurnQueue } from './turn-queue.js';

export interface GroupWriterOptions<TIn, TOut> {
  /** For messages. */
  readonly name: string;
  /**
   * Commits a batch whole and answers one outcome per item, in order; rejects when nothing of it was
   * committed. May be called again with a part of the same items.
   */
  readonly execute: (items: readonly TIn[]) => Promise<readonly TOut[]>;
  /**
   * Whose an item is: parties take turns, so that one with a thousand items waiting does not fill
   * every batch. Without it all are one party's.
   */
  readonly partyOf?: (item: TIn) => string;
  /** Most items of a batch; 64. */
  readonly maxItems?: number;
  /** Most batches under way at once; 1. */
  readonly lanes?: number;
  /** How long an item waits for company where there lately was some; 5 ms. */
  readonly maxWaitMs?: number;
  /**
   * Items that may wait, of one party where there are several half of them; beyond that `submit`
   * rejects with `dependency.unavailable`.
   */
  readonly maxQueued?: number;
}

export const MAX_GROUP_ITEMS = 64;
const MAX_WAIT_MS = 5;
const MAX_QUEUED = 8_192;
/** The only party where nobody says whose an item is. */
const EVERYBODY = '';

interface Waiting<TIn, TOut> {
  readonly item: TIn;
  readonly since: number;
  readonly resolve: (outcome: TOut) => void;
  readonly reject: (error: unknown) => void;
}

/** Traffic this recent promises company within the wait. */
const LATELY_MS = 50;

/**
 * Group commit: what arrives while one batch is being written forms the next, and under traffic a
 * batch waits a few milliseconds for company, for a batch of one costs ten times what one more item
 * does. A lone item after a pause never waits.
 */
export class GroupWriter<TIn, TOut> {
  readonly #options: Required<GroupWriterOptions<TIn, TOut>>;
  readonly #waiting = new TurnQueue<Waiting<TIn, TOut>>();
  #batches = 0;
  /** When a batch last had more than one item. */
  #sharedAt = Number.NEGATIVE_INFINITY;
  #woken = false;
  #timer: NodeJS.Timeout | undefined;
  #draining = false;
  #idle: (() => void)[] = [];

  constructor(options: GroupWriterOptions<TIn, TOut>) {
    this.#options = {
      maxItems: MAX_GROUP_ITEMS,
      lanes: 1,
      maxWaitMs: MAX_WAIT_MS,
      maxQueued: MAX_QUEUED,
      partyOf: () => EVERYBODY,
      ...options,
    };
  }

  /** Settles when the item's batch is committed, or with the item's own fault. */
  submit(item: TIn): Promise<TOut> {
    const party = this.#options.partyOf(item);
    if (this.#draining || this.#isFull(party)) {
      return Promise.reject(
        new AppError('dependency.unavailable', { dependency: this.#options.name }),
      );
    }
    return new Promise<TOut>((resolve, reject) => {
      this.#waiting.push(party, { item, since: performance.now(), resolve, reject });
      this.#wake();
    });
  }

  #isFull(party: string): boolean {
    const { maxQueued } = this.#options;
    const share = party === EVERYBODY ? maxQueued : maxQueued / 2;
    return this.#waiting.size >= maxQueued || this.#waiting.sizeOf(party) >= share;
  }

  /** Takes no more items and settles when those taken are settled. */
  drain(): Promise<void> {
    this.#draining = true;
    if (this.#batches === 0 && this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Everything submitted in this turn of the event loop is in the queue before a batch starts. */
  #wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      this.#startBatches();
    });
  }

  #startBatches(): void {
    const { maxItems, maxWaitMs, lanes } = this.#options;
    while (this.#waiting.size > 0 && this.#batches < lanes) {
      // A second lane is for full batches; fewer items wait a moment for company.
      const now = performance.now();
      const company = this.#batches > 0 || now - this.#sharedAt < LATELY_MS;
      const leftMs = maxWaitMs - (now - (this.#waiting.first?.since ?? now));
      if (company && this.#waiting.size < maxItems && leftMs > 0) return this.#startTimer(leftMs);
      void this.#runBatch(this.#waiting.take(maxItems));
    }
  }

  #startTimer(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiting.size === 0 || this.#batches >= this.#options.lanes) return;
      void this.#runBatch(this.#waiting.take(this.#options.maxItems));
    }, ms);
  }

  async #runBatch(batch: readonly Waiting<TIn, TOut>[]): Promise<void> {
    this.#batches += 1;
    if (batch.length > 1) this.#sharedAt = performance.now();
    await this.#settle(batch);
    this.#batches -= 1;
    this.#startBatches();
    if (this.#batches > 0 || this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Never rejects. A batch that fails is halved until the item at fault is alone. */
  async #settle(batch: readonly Waiting<TIn, TOut>[]): Promise<void> {
    try {
      const outcomes = await this.#options.execute(batch.map(({ item }) => item));
      if (outcomes.length !== batch.length) {
        throw new TypeError(
          `${this.#options.name}: ${batch.length} items, ${outcomes.length} outcomes`,
        );
      }
      batch.forEach(({ resolve }, index) => resolve(outcomes[index] as TOut));
    } catch (error) {
      if (batch.length === 1 || concernsAll(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await this.#settle(batch.slice(0, middle));
      await this.#settle(batch.slice(middle));
    }
  }
}

/** The database is away, slow or full: no part of the batch would fare better. */
function concernsAll(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    isAppError(error, 'dependency.unavailable') ||
    isAppError(error, 'dependency.timeout') ||
    isAppError(error, 'storage.full')
  );
}
