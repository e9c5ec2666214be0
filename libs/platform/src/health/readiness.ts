import { Logger } from '@nestjs/common';

/** Something the process cannot work without: `check` rejects when it is not there. */
export interface HealthIndicator {
  readonly name: string;
  check(): Promise<void>;
}

export interface ReadinessReport {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed' | 'timeout'>>;
}

const CHECK_TIMEOUT_MS = 2_000;
const logger = new Logger('Readiness');

/** What `/readyz` asks. Libs and features register their indicators when they are built. */
export class Readiness {
  readonly #indicators = new Map<string, HealthIndicator>();
  readonly #draining: AbortSignal;

  constructor(draining: AbortSignal) {
    this.#draining = draining;
  }

  register(indicator: HealthIndicator): void {
    this.#indicators.set(indicator.name, indicator);
  }

  async report(): Promise<ReadinessReport> {
    const results = await Promise.all([...this.#indicators.values()].map(run));
    const checks = Object.fromEntries(results);
    const healthy = results.every(([, state]) => state === 'ok');
    return { ready: healthy && !this.#draining.aborted, checks };
  }
}

async function run(indicator: HealthIndicator): Promise<[string, 'ok' | 'failed' | 'timeout']> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), CHECK_TIMEOUT_MS);
  });
  const check = indicator.check().then(
    () => 'ok' as const,
    (error: unknown) => {
      logger.warn({ message: 'not ready', indicator: indicator.name, err: error });
      return 'failed' as const;
    },
  );
  const state = await Promise.race([check, timeout]);
  clearTimeout(timer);
  return [indicator.name, state];
}
