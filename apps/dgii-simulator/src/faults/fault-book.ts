import { createHash } from 'node:crypto';
import type { Fault, FaultKind, FaultTarget } from './fault.js';

export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  readonly hits: number;
}

interface Slot {
  readonly id: string;
  readonly fault: Fault;
  hits: number;
  draws: number;
}

/** The faults in force, in the order they were set. */
export class FaultBook {
  private slots: Slot[] = [];
  private nextId = 1;

  constructor(private readonly seed: string) {}

  add(fault: Fault): string {
    const id = `f${this.nextId}`;
    this.nextId += 1;
    this.slots.push({ id, fault, hits: 0, draws: 0 });
    return id;
  }

  remove(id: string): boolean {
    const before = this.slots.length;
    this.slots = this.slots.filter((slot) => slot.id !== id);
    return this.slots.length < before;
  }

  clear(): void {
    this.slots = [];
  }

  list(): readonly ActiveFault[] {
    return this.slots.map(({ id, fault, hits }) => ({ id, fault, hits }));
  }

  /** The first fault of one of these kinds that hits the call; counts it as used. */
  take<K extends FaultKind>(
    target: FaultTarget,
    kinds: readonly K[],
  ): Extract<Fault, { kind: K }> | undefined {
    for (const slot of this.slots) {
      if (!isOneOf(slot.fault, kinds) || !matches(slot.fault, target)) continue;
      if (!this.drawn(slot)) continue;
      slot.hits += 1;
      if (slot.hits === slot.fault.times) this.remove(slot.id);
      return slot.fault;
    }
    return undefined;
  }

  /** Whether a fault of this kind covers the call, without using it up. */
  covers(kind: FaultKind, target: FaultTarget): boolean {
    return this.slots.some(({ fault }) => fault.kind === kind && matches(fault, target));
  }

  /** The n-th draw of a fault depends on seed, fault and n only, so a run can be repeated. */
  private drawn(slot: Slot): boolean {
    const { probability } = slot.fault;
    if (probability === undefined) return true;
    slot.draws += 1;
    const digest = createHash('sha256').update(`${this.seed}|${slot.id}|${slot.draws}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32 < probability;
  }
}

function isOneOf<K extends FaultKind>(
  fault: Fault,
  kinds: readonly K[],
): fault is Extract<Fault, { kind: K }> {
  return kinds.some((kind) => kind === fault.kind);
}

function matches(fault: Fault, target: FaultTarget): boolean {
  return (
    (fault.operation === undefined || fault.operation === target.operation) &&
    (fault.environment === undefined || fault.environment === target.environment) &&
    (fault.rnc === undefined || fault.rnc === target.rnc) &&
    (fault.encf === undefined || fault.encf === target.encf)
  );
}
