import { setTimeout as pause } from 'node:timers/promises';
import type { Replica } from '../world/replica.js';
import type { World } from '../world/world.js';
import type { Mishap, Turn } from './schedule.js';

/** What went wrong so far, by kind. */
export type Tally = Record<string, number>;

/** More than this many processes are never down or frozen at once: the machine has few cores. */
const MOST_DOWN = 4;
const RETRY_MS = 100;
const VICTIM_WITHIN_MS = 180_000;

/** Makes the mishaps of a schedule happen to a world. */
export class Conductor {
  readonly tally: Tally = {};
  readonly #lasting = new Set<Promise<void>>();

  constructor(private readonly world: World) {}

  /** `burst` lets documents go a moment before each mishap, so that it meets work under way. */
  async play(turn: Turn, burst: () => void): Promise<void> {
    await pause(turn.pauseMs - turn.burstMs);
    burst();
    await pause(turn.burstMs);
    await this.#happen(turn.mishap);
  }

  /** Nothing lasts any longer: fair weather, everybody awake. */
  async calm(): Promise<void> {
    while (this.#lasting.size > 0) await Promise.all(this.#lasting);
  }

  async everybodyUp(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    const isUp = (): boolean => this.world.replicas.every((replica) => replica.isUp);
    while (!isUp() && performance.now() < deadline) await pause(RETRY_MS);
  }

  /** One kill of the process that suits, as soon as there is one; false when there was none. */
  async killOne(suits: (replica: Replica) => boolean): Promise<boolean> {
    const suitable = this.world.replicas.filter((replica) => replica.isUp && suits(replica));
    // Whoever lived longest, that is: with the fewest lives.
    const victim = suitable.sort((a, b) => a.lives - b.lives)[0];
    if (victim === undefined || !victim.kill()) return false;
    this.#count('kill');
    return true;
  }

  /** DGII hears everything for a while, and its answers are lost. */
  async loseAnswers(ms: number): Promise<void> {
    this.world.doors.dgii.change({ kind: 'swallow', what: 'answers' });
    await pause(ms);
    this.world.doors.dgii.change({ kind: 'fair' });
    this.#count('dgii swallow');
  }

  async #happen(mishap: Mishap): Promise<void> {
    const { doors, database, queue } = this.world;
    switch (mishap.kind) {
      case 'kill':
        (await this.#victim(mishap.victim)).kill();
        break;
      case 'freeze': {
        const victim = await this.#victim(mishap.victim);
        this.#last(victim.freeze(mishap.ms).then(() => undefined));
        break;
      }
      case 'weather':
        doors[mishap.door].change(mishap.weather);
        this.#last(
          pause(mishap.ms).then(() => {
            doors[mishap.door].change({ kind: 'fair' });
          }),
        );
        this.#count(`${mishap.door} ${mishap.weather.kind}`);
        return;
      case 'reset':
        doors[mishap.door].resetAll();
        this.#count(`${mishap.door} reset`);
        return;
      case 'queue-flush':
        await queue.flush();
        break;
      case 'queue-crash':
        if (queue.crash === undefined) await queue.flush();
        else await queue.crash();
        break;
      case 'database-crash':
        await database.crash();
        break;
    }
    this.#count(mishap.kind);
  }

  /** One that is alive, while not too many are gone already. */
  async #victim(share: number): Promise<Replica> {
    const deadline = performance.now() + VICTIM_WITHIN_MS;
    while (performance.now() < deadline) {
      const { replicas } = this.world;
      const alive = replicas.filter((replica) => replica.isUp && !replica.frozen);
      const victim = alive[Math.floor(share * alive.length)];
      if (victim !== undefined && replicas.length - alive.length < MOST_DOWN) return victim;
      await pause(RETRY_MS);
    }
    throw new Error('the processes do not come up any more: see their logs');
  }

  #last(work: Promise<void>): void {
    const lasting: Promise<void> = work.then(() => {
      this.#lasting.delete(lasting);
    });
    this.#lasting.add(lasting);
  }

  #count(kind: string): void {
    this.tally[kind] = (this.tally[kind] ?? 0) + 1;
  }
}
