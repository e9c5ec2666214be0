import type { CrashKind, CrashPointName } from '@getupnet/platform';
import type { Seeded } from '../seeded.js';

type Area = CrashPointName extends `${infer A}.${string}` ? A : never;

/** Kinds of processes that pass the points of an area; none: nothing here drives them yet. */
const PASSED_BY: Readonly<Record<Area, readonly string[]>> = {
  accept: ['billing-http'],
  sign_stage: ['billing-worker', 'billing-http'],
  sign: ['sign'],
  send_stage: ['billing-worker'],
  dgii: ['dgii-client'],
  ask_stage: ['billing-worker'],
  poll_stage: ['billing-worker'],
  step: ['billing-worker', 'billing-http'],
  relay: ['billing-worker'],
  worker: ['billing-worker'],
  audit: ['audit'],
  void: ['billing-worker'],
};

export const CRASH_KINDS: readonly CrashKind[] = ['kill', 'exception', 'hang'];
/** A process gets a few at a time, or the first would hide the others. */
const MOST_AT_ONCE = 6;

interface Combination {
  readonly point: CrashPointName;
  readonly kind: CrashKind;
  readonly pass: number;
  fired: boolean;
}

/** Which crash points each life of each process is armed with, until every one was hit. */
export class CrashPlan {
  readonly #open: Combination[];
  #over = false;
  /** By process name. */
  readonly #armed = new Map<string, Combination[]>();

  /** `once`: each point in one way; otherwise in all three. */
  constructor(
    points: readonly CrashPointName[],
    runs: ReadonlySet<string>,
    draw: Seeded,
    once: boolean,
  ) {
    const driven = points.filter((point) => passersOf(point).some((kind) => runs.has(kind)));
    this.undriven = points.filter((point) => !driven.includes(point));
    const first = draw.below(CRASH_KINDS.length);
    this.#open = draw.shuffled(
      driven.flatMap((point, at) =>
        CRASH_KINDS.filter((_, kind) => !once || kind === (first + at) % CRASH_KINDS.length).map(
          (kind) => ({
            point,
            kind,
            pass: once ? 1 : 1 + draw.below(3),
            fired: false,
          }),
        ),
      ),
    );
  }

  /** Points that no process of this run passes. */
  readonly undriven: readonly CrashPointName[];

  get total(): number {
    return this.#open.length;
  }

  get left(): readonly string[] {
    return this.#open.filter(({ fired }) => !fired).map(({ point, kind }) => `${point}:${kind}`);
  }

  /** `CRASH_AT` of a new life; what the former life was armed with is free again. */
  arm(replica: string, kind: string): string {
    const former = this.#armed.get(replica) ?? [];
    this.#armed.delete(replica);
    if (this.#over) return '';
    // What did not come in a whole life goes to the end of the line.
    for (const one of former) this.#open.push(...this.#open.splice(this.#open.indexOf(one), 1));
    const taken = new Set([...this.#armed.values()].flat());
    const armed = this.#open
      .filter((one) => !one.fired && !taken.has(one) && passersOf(one.point).includes(kind))
      .slice(0, MOST_AT_ONCE);
    this.#armed.set(replica, armed);
    return armed.map(({ point, kind: how, pass }) => `${point}:${how}:${pass}`).join(',');
  }

  /** Nobody is armed any more. */
  end(): void {
    this.#over = true;
  }

  /** Kinds of processes that pass what was not hit yet. */
  wanting(): ReadonlySet<string> {
    return new Set(
      this.#open.filter(({ fired }) => !fired).flatMap(({ point }) => passersOf(point)),
    );
  }

  /** Whether the process still waits for one of its points. */
  isArmed(replica: string): boolean {
    return (this.#armed.get(replica) ?? []).some(({ fired }) => !fired);
  }

  fired(point: string, kind: string): void {
    const hit = this.#open.find((one) => one.point === point && one.kind === kind);
    if (hit) hit.fired = true;
  }
}

function passersOf(point: CrashPointName): readonly string[] {
  return PASSED_BY[point.slice(0, point.indexOf('.')) as Area];
}
