/**
 * First in, first out for each party, and parties in turn: whoever has one item waiting is behind one
 * item of each of the others, however many they have.
 */
export class TurnQueue<T> {
  /** In the order of their turns; who had one goes to the end. */
  readonly #parties = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(party: string): number {
    return this.#parties.get(party)?.length ?? 0;
  }

  push(party: string, item: T): void {
    const waiting = this.#parties.get(party);
    if (waiting) waiting.push(item);
    else this.#parties.set(party, [item]);
    this.#size += 1;
  }

  /** An item that waits; while everything is taken at once, one that has waited longest. */
  get first(): T | undefined {
    for (const [first] of this.#parties.values()) return first;
    return undefined;
  }

  /** Takes up to `most` items, one of each party in turn; those of one party stay in their order. */
  take(most: number): T[] {
    const taken: T[] = [];
    const shares = this.#shares(Math.min(most, this.#size));
    for (const [party, share] of shares) {
      const waiting = this.#parties.get(party) ?? [];
      taken.push(...waiting.splice(0, share));
      this.#parties.delete(party);
      if (waiting.length > 0) this.#parties.set(party, waiting);
    }
    this.#size -= taken.length;
    return taken;
  }

  /** How many items each party may have of `room`, which is not more than there are. */
  #shares(room: number): ReadonlyMap<string, number> {
    const shares = new Map<string, number>();
    let left = room;
    while (left > 0) {
      for (const [party, { length }] of this.#parties) {
        const share = shares.get(party) ?? 0;
        if (left === 0 || share === length) continue;
        shares.set(party, share + 1);
        left -= 1;
      }
    }
    return shares;
  }
}
