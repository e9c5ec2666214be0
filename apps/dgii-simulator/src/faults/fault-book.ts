import type { Environment } from '@getupnet/contracts';
import { ZodError } from 'zod';
import type { ControlRecord } from '../state/control-record.js';
import type { LedgerEntry } from '../state/ledger.js';
import { partsOf, type MixPart } from './chaos-mix.js';
import { draw, subjectOf } from './draw.js';
import type {
  Fault,
  CallFaultKind,
  Chaos,
  ScriptedFault,
  FaultTarget,
  Maintenance,
  WrongTls,
} from './fault.js';
import { reaches, suits } from './fault-scope.js';
import { LateDocuments, dropOldest } from './late-documents.js';
import { isOver, isUnderMaintenance } from './maintenance.js';

export interface ActiveFault {
  readonly id: string;
  readonly fault: ScriptedFault;
  readonly hits: number;
}

/** A fault that hits a call, and which of those in force it comes from. */
export interface Hit<F> {
  readonly id: string;
  readonly fault: F;
}

interface Slot<F extends ScriptedFault = ScriptedFault> {
  readonly id: string;
  readonly fault: F;
  /** What draws depend on; written down, so that a restart changes none. */
  readonly salt: string;
  hits: number;
  /** Calls seen and calls hit, by subject; only counted when the fault asks for it. */
  readonly seen: Map<string, number>;
  readonly hitBy: Map<string, number>;
  readonly parts: readonly MixPart[];
}

type OfKind<K extends CallFaultKind> = Extract<Fault, { kind: K }>;

/** The faults that one call may meet. */
export interface CallFaults {
  /** The first of these kinds that hits the call, if the call lets it; counts it as used. */
  take<K extends CallFaultKind>(
    kinds: readonly K[],
    lets?: (fault: OfKind<K>) => boolean,
  ): Hit<OfKind<K>> | undefined;
}

/** Of every call while nothing is in force: costs nothing. */
const NO_FAULTS: CallFaults = { take: () => undefined };

export interface FaultBookParts {
  readonly seed: string;
  /** Told of every change, so that the ledger can keep it. */
  readonly journal?: (record: ControlRecord) => void;
  /** Whether the simulator speaks TLS, without which wrong-tls means nothing. */
  readonly tls?: boolean;
}

/** The faults in force, in the order they were set. */
export class FaultBook {
  /** What `late` faults have hidden. */
  readonly late = new LateDocuments();
  private slots: Slot[] = [];
  private nextId = 1;

  constructor(private readonly parts: FaultBookParts) {}

  add(fault: ScriptedFault): string {
    if (fault.kind === 'wrong-tls' && this.parts.tls !== true) {
      const message = 'wrong-tls needs a simulator that was started with TLS';
      throw new ZodError([{ code: 'custom', path: ['kind'], message, input: fault }]);
    }
    const id = `f${this.nextId}`;
    const salt = fault.kind === 'chaos' ? `chaos|${fault.seed}` : `${this.parts.seed}|${id}`;
    const record = { action: 'fault-set', id, salt, fault } as const;
    this.restore(record);
    this.parts.journal?.(record);
    return id;
  }

  remove(id: string): boolean {
    if (!this.drop(id)) return false;
    this.parts.journal?.({ action: 'fault-removed', id });
    return true;
  }

  /** No fault any more, and no document that one has hidden. */
  clear(): void {
    if (this.slots.length === 0 && this.late.size === 0) return;
    const record = { action: 'faults-cleared' } as const;
    this.restore(record);
    this.parts.journal?.(record);
  }

  list(): readonly ActiveFault[] {
    return this.slots.map(({ id, fault, hits }) => ({ id, fault, hits }));
  }

  private restore(record: ControlRecord): void {
    if (record.action === 'fault-removed') this.drop(record.id);
    if (record.action === 'faults-cleared') {
      this.slots = [];
      this.late.clear();
    }
    if (record.action !== 'fault-set') return;
    const { id, salt, fault } = record;
    this.nextId = Math.max(this.nextId, Number(id.slice(1)) + 1);
    const parts = fault.kind === 'chaos' ? partsOf(fault) : [];
    this.slots.push({ id, fault, salt, hits: 0, seen: new Map(), hitBy: new Map(), parts });
  }

  /** Puts back what a line of the ledger says of faults: set, hit, or removed. */
  replay(entry: LedgerEntry): void {
    if (entry.control !== undefined) this.restore(entry.control);
    for (const slot of this.slots) {
      if (entry.faultIds?.includes(slot.id) === true) this.count(slot);
    }
    this.late.replay(entry);
  }

  /** What one call may meet; asked once per call, before anything else. */
  of(target: FaultTarget): CallFaults {
    if (this.slots.length === 0) return NO_FAULTS;
    const drawn = this.slots.flatMap((slot) => this.drawnFrom(slot, target));
    return {
      take: (kinds, lets = () => true) =>
        this.takeSet(target, kinds, lets) ?? this.takeDrawn(drawn, target, kinds, lets),
    };
  }

  /** The window that covers this call, if any. */
  maintenance(target: FaultTarget): Hit<Maintenance> | undefined {
    if (this.slots.length === 0) return undefined;
    return this.windows().find(
      ({ fault }) =>
        fault.environment === target.environment && isUnderMaintenance(fault, target.at),
    );
  }

  /** Windows that are announced: those that are not over. */
  announced(at: Date): readonly Maintenance[] {
    return this.windows()
      .map(({ fault }) => fault)
      .filter((window) => !isOver(window, at));
  }

  /** Whether a service is out, by a fault or by a window; uses nothing up. */
  isDown(target: FaultTarget): boolean {
    if (this.slots.length === 0) return false;
    return (
      this.maintenance(target) !== undefined ||
      this.slots.some(({ fault }) => fault.kind === 'down' && matches(fault, target))
    );
  }

  /** What the next connection meets; counts it as used. */
  connection(): Hit<WrongTls> | undefined {
    for (const slot of this.slots) {
      const { fault, id } = slot;
      if (fault.kind !== 'wrong-tls' || !this.isDue(slot, fault, 'connection')) continue;
      this.count(slot);
      return { id, fault };
    }
    return undefined;
  }

  private windows(): readonly Hit<Maintenance>[] {
    return this.slots.flatMap(({ id, fault }) =>
      fault.kind === 'maintenance' ? [{ id, fault }] : [],
    );
  }

  private takeSet<K extends CallFaultKind>(
    target: FaultTarget,
    kinds: readonly K[],
    lets: (fault: OfKind<K>) => boolean,
  ): Hit<OfKind<K>> | undefined {
    for (const slot of this.slots) {
      const { fault, id } = slot;
      if (!isCallFault(fault) || !isOneOf(fault, kinds)) continue;
      if (!matches(fault, target) || !lets(fault)) continue;
      if (!this.isDue(slot, fault, subjectOf(target))) continue;
      this.count(slot);
      return { id, fault };
    }
    return undefined;
  }

  private takeDrawn<K extends CallFaultKind>(
    drawn: readonly Drawn[],
    target: FaultTarget,
    kinds: readonly K[],
    lets: (fault: OfKind<K>) => boolean,
  ): Hit<OfKind<K>> | undefined {
    for (const { slot, fault } of drawn) {
      if (!isOneOf(fault, kinds) || !lets(fault)) continue;
      const subject = subjectOf(target);
      const limit = slot.fault.perDocument ?? fault.perDocument;
      if (limit !== undefined && increased(slot.hitBy, subject) > limit) continue;
      this.count(slot);
      return { id: slot.id, fault };
    }
    return undefined;
  }

  /** Which part of a mix this call draws: at most one, whatever becomes of it. */
  private drawnFrom(slot: Slot, target: FaultTarget): Drawn[] {
    if (!isChaos(slot) || !isWithin(slot.fault, target)) return [];
    const subject = subjectOf(target);
    const attempt = increased(slot.seen, subject);
    const number = draw(slot.salt, subject, attempt);
    const fault = slot.parts.find(({ upTo }) => number < upTo)?.fault;
    if (fault === undefined || !suits(fault.kind, target.operation)) return [];
    return attempt > (fault.after ?? 0) ? [{ slot, fault }] : [];
  }

  /** Whether it is this call's turn: past the first ones, drawn, and not hit too often. */
  private isDue(
    slot: Slot,
    fault: Pick<Fault, 'after' | 'probability' | 'perDocument'>,
    subject: string,
  ): boolean {
    const { after = 0, probability, perDocument } = fault;
    if (after > 0 || probability !== undefined) {
      const attempt = increased(slot.seen, subject);
      if (attempt <= after) return false;
      if (probability !== undefined && draw(slot.salt, subject, attempt) >= probability) {
        return false;
      }
    }
    return perDocument === undefined || increased(slot.hitBy, subject) <= perDocument;
  }

  private count(slot: Slot): void {
    slot.hits += 1;
    const { fault } = slot;
    if ('times' in fault && slot.hits === fault.times) this.drop(slot.id);
  }

  private drop(id: string): boolean {
    const before = this.slots.length;
    this.slots = this.slots.filter((slot) => slot.id !== id);
    return this.slots.length < before;
  }
}

interface Drawn {
  readonly slot: Slot<Chaos>;
  readonly fault: Fault;
}

/** Documents whose calls a fault counts; of more, the ones it has counted longest begin anew. */
const MAX_SUBJECTS = 100_000;

function increased(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  if (counts.size > MAX_SUBJECTS) dropOldest(counts);
  return count;
}

function isChaos(slot: Slot): slot is Slot<Chaos> {
  return slot.fault.kind === 'chaos';
}

function isCallFault(fault: ScriptedFault): fault is Fault {
  return fault.kind !== 'maintenance' && fault.kind !== 'wrong-tls' && fault.kind !== 'chaos';
}

function isOneOf<K extends CallFaultKind>(fault: Fault, kinds: readonly K[]): fault is OfKind<K> {
  return kinds.some((kind) => kind === fault.kind);
}

function isWithin(chaos: Chaos, target: FaultTarget): boolean {
  const { operations, environment, rnc } = chaos;
  const named = operations?.includes(target.operation) ?? target.environment !== null;
  return named && isPlace({ environment, rnc }, target);
}

function matches(fault: Fault, target: FaultTarget): boolean {
  return (
    reaches(fault.kind, fault.operation, target.operation) &&
    isPlace(fault, target) &&
    (fault.encf === undefined || fault.encf === target.encf)
  );
}

function isPlace(
  place: { readonly environment?: Environment | undefined; readonly rnc?: string | undefined },
  target: FaultTarget,
): boolean {
  return (
    (place.environment === undefined || place.environment === target.environment) &&
    (place.rnc === undefined || place.rnc === target.rnc)
  );
}
