/** Leave to have one piece of work under way; given back exactly once. */
export interface Turn {
  release(): void;
}

export interface LaneLimits {
  /** Of all parties, under way at once. */
  readonly total: number;
  /** Of one party, under way at once. */
  readonly perParty: number;
}

interface Party {
  running: number;
  /** In the order of arrival. */
  readonly waiting: Set<(turn: Turn) => void>;
}

/**
 * A narrow way, such as to one host. Parties take turns: whoever waits comes next after each of the
 * others had one, however much one of them has queued, and none may have more than its share under
 * way. As long as there is room, nobody waits.
 */
export class Lane {
  private running = 0;
  /** Those with work under way or waiting; who had a turn goes to the end. */
  private readonly parties = new Map<string, Party>();

  constructor(private readonly limits: LaneLimits) {}

  /** Null when no turn came within `waitMs`. */
  take(key: string, waitMs: number): Promise<Turn | null> {
    const party = this.party(key);
    if (this.running < this.limits.total && party.running < this.limits.perParty) {
      return Promise.resolve(this.start(key, party));
    }
    if (waitMs <= 0) {
      this.forgetIdle(key, party);
      return Promise.resolve(null);
    }
    return new Promise((resolve) => {
      const next = (turn: Turn): void => {
        clearTimeout(timer);
        resolve(turn);
      };
      const timer = setTimeout(() => {
        party.waiting.delete(next);
        this.forgetIdle(key, party);
        resolve(null);
      }, waitMs);
      party.waiting.add(next);
    });
  }

  private start(key: string, party: Party): Turn {
    this.running += 1;
    party.running += 1;
    let released = false;
    return {
      release: () => {
        if (released) return;
        released = true;
        this.running -= 1;
        party.running -= 1;
        this.forgetIdle(key, party);
        this.callNext();
      },
    };
  }

  private callNext(): void {
    if (this.running >= this.limits.total) return;
    for (const [key, party] of this.parties) {
      const [next] = party.waiting;
      if (!next || party.running >= this.limits.perParty) continue;
      party.waiting.delete(next);
      this.parties.delete(key);
      this.parties.set(key, party);
      next(this.start(key, party));
      return;
    }
  }

  private party(key: string): Party {
    const known = this.parties.get(key);
    if (known) return known;
    const party: Party = { running: 0, waiting: new Set() };
    this.parties.set(key, party);
    return party;
  }

  private forgetIdle(key: string, party: Party): void {
    if (party.running === 0 && party.waiting.size === 0) this.parties.delete(key);
  }
}
