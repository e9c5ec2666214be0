import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import type { Period } from '@getupnet/dgii-api';
import type { Clock } from '@getupnet/kernel';
import { Logger } from '@nestjs/common';
import type { DgiiMetrics } from './dgii-metrics.js';

/** Maintenance of one environment. */
export interface Closure extends Period {
  readonly environment: Environment;
}

/**
 * DGII's maintenance windows: while one lasts nothing is asked of that environment, and whoever
 * wants to is told when it ends. Known from our configuration and from DGII's own announcements.
 */
export class Maintenance {
  private readonly logger = new Logger('Maintenance');
  /** Per environment, the earliest first. */
  private closures: ReadonlyMap<Environment, readonly Closure[]>;
  /** When the environment was last tried in spite of an announcement, or the pause was noticed. */
  private readonly probedAtMs = new Map<Environment, number>();
  /** DGII answered in spite of its announcement; until when that is believed. */
  private readonly openUntilMs = new Map<Environment, number>();
  private readonly paused = new Map<Environment, number>();

  constructor(
    private readonly clock: Clock,
    private readonly metrics: DgiiMetrics,
    private readonly configured: readonly Closure[] = [],
  ) {
    this.closures = sorted(configured);
    metrics.beforeScrape(() => ENVIRONMENTS.forEach((one) => this.remainingMs(one)));
  }

  /** What DGII announces now, in place of what it announced before. */
  announce(closures: readonly Closure[]): void {
    const now = this.clock.now();
    const ahead = closures.filter(({ to }) => to > now).toSorted(byBeginning);
    this.closures = sorted([...this.configured, ...ahead.slice(0, MAX_ANNOUNCED)]);
  }

  /** Until the environment is open again; 0 while it is. */
  remainingMs(environment: Environment): number {
    const nowMs = this.clock.now().getTime();
    const untilMs = this.closedUntil(environment, nowMs);
    this.observe(environment, untilMs);
    return Math.max(0, untilMs - nowMs);
  }

  /**
   * Whether a harmless call may find out now if the environment answers in spite of its announcement:
   * once every five minutes, the first of them excepted. What is configured here is believed.
   */
  mayProbe(environment: Environment): boolean {
    const nowMs = this.clock.now().getTime();
    if (this.configuredUntil(environment, nowMs) > 0) return false;
    const { startMs } = blockAt(this.closures.get(environment) ?? [], nowMs);
    const lastMs = this.probedAtMs.get(environment) ?? Number.NEGATIVE_INFINITY;
    const fresh = lastMs < startMs || lastMs > nowMs;
    if (!fresh && nowMs - lastMs < PROBE_EVERY_MS) return false;
    this.probedAtMs.set(environment, nowMs);
    return !fresh;
  }

  /** A probe was answered: calls go through until it is time to look again. */
  answered(environment: Environment): void {
    this.logger.warn({ message: 'DGII answers in spite of announced maintenance', environment });
    this.openUntilMs.set(environment, this.clock.now().getTime() + PROBE_EVERY_MS);
  }

  /** Windows may overlap or follow one another without a gap. */
  private closedUntil(environment: Environment, nowMs: number): number {
    const open = nowMs < (this.openUntilMs.get(environment) ?? 0);
    if (open) return this.configuredUntil(environment, nowMs);
    const { startMs, endMs } = blockAt(this.closures.get(environment) ?? [], nowMs);
    // However long an announcement runs on, a mistyped one must not stop everybody for ever.
    const announcedMs = Math.min(endMs, startMs + LONGEST_MS);
    return Math.max(
      announcedMs > nowMs ? announcedMs : 0,
      this.configuredUntil(environment, nowMs),
    );
  }

  /** 0 when nothing is configured for now. */
  private configuredUntil(environment: Environment, nowMs: number): number {
    const own = this.configured.filter((one) => one.environment === environment);
    const { endMs } = blockAt(own.toSorted(byBeginning), nowMs);
    return endMs > nowMs ? endMs : 0;
  }

  private observe(environment: Environment, untilMs: number): void {
    if ((this.paused.get(environment) ?? 0) === untilMs) return;
    this.paused.set(environment, untilMs);
    this.metrics.maintenance(environment, untilMs > 0);
    if (untilMs === 0) this.logger.log({ message: 'maintenance is over', environment });
    else {
      const until = new Date(untilMs).toISOString();
      this.logger.warn({ message: 'DGII is in maintenance: calls wait', environment, until });
    }
  }
}

/** Longer than any maintenance DGII has ever had: a mistyped year must not stop a company. */
const LONGEST_MS = 72 * 3_600_000;
/** Announced closures kept, the next ones: they are gone through at every call. */
const MAX_ANNOUNCED = 500;
/** How often an announced closure is put to the test. */
const PROBE_EVERY_MS = 300_000;

/** The stretch without a gap that has begun last; `closures` in order. Its end may be past. */
function blockAt(
  closures: readonly Closure[],
  nowMs: number,
): { readonly startMs: number; readonly endMs: number } {
  let [startMs, endMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { from, to } of closures) {
    const fromMs = from.getTime();
    if (fromMs > nowMs && fromMs > endMs) break;
    if (fromMs > endMs) startMs = fromMs;
    endMs = Math.max(endMs, to.getTime());
  }
  return { startMs, endMs };
}

function byBeginning(a: Closure, b: Closure): number {
  return a.from.getTime() - b.from.getTime();
}

function sorted(closures: readonly Closure[]): ReadonlyMap<Environment, readonly Closure[]> {
  const inOrder = closures.toSorted(byBeginning);
  return new Map(
    ENVIRONMENTS.map((one) => [one, inOrder.filter(({ environment }) => environment === one)]),
  );
}

/**
 * Closures written as `environment from/to; …`, the instants in ISO 8601 with their zone. Throws a
 * RangeError that names the faulty one.
 */
export function readClosures(text: string): readonly Closure[] {
  return text
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map(readClosure);
}

const ZONED = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)`;
const CLOSURE = new RegExp(String.raw`^(\w+)\s+(${ZONED})\/(${ZONED})$`);

function readClosure(text: string): Closure {
  const [, name, start = '', end = ''] = CLOSURE.exec(text) ?? [];
  const environment = ENVIRONMENTS.find((one) => one === name);
  const from = new Date(start);
  const to = new Date(end);
  const ms = to.getTime() - from.getTime();
  if (!environment || !(ms > 0)) {
    throw new RangeError(`«${text}» is not «environment from/to»`);
  }
  if (ms > LONGEST_MS) throw new RangeError(`«${text}» is longer than 72 hours`);
  return { environment, from, to };
}
