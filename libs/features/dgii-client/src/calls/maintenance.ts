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
    this.closures = sorted([...this.configured, ...closures]);
  }

  /** Until the environment is open again; 0 while it is. */
  remainingMs(environment: Environment): number {
    const nowMs = this.clock.now().getTime();
    const untilMs = this.closedUntil(environment, nowMs);
    this.observe(environment, untilMs);
    return Math.max(0, untilMs - nowMs);
  }

  /** Windows may overlap or follow one another without a gap. */
  private closedUntil(environment: Environment, nowMs: number): number {
    let untilMs = nowMs;
    for (const { from, to } of this.closures.get(environment) ?? []) {
      if (from.getTime() <= untilMs && to.getTime() > untilMs) untilMs = to.getTime();
    }
    return untilMs > nowMs ? untilMs : 0;
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

function sorted(closures: readonly Closure[]): ReadonlyMap<Environment, readonly Closure[]> {
  const inOrder = closures.toSorted((a, b) => a.from.getTime() - b.from.getTime());
  return new Map(
    ENVIRONMENTS.map((one) => [one, inOrder.filter(({ environment }) => environment === one)]),
  );
}

/** Longer than any maintenance DGII has ever had: a mistyped year must not stop a company. */
const LONGEST_MS = 72 * 3_600_000;

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
