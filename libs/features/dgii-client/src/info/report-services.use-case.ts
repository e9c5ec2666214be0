import type { DgiiServicesResponse, Environment } from '@getupnet/contracts';
import {
  DGII_SERVICES,
  DgiiStatusApi,
  offers,
  type CallOptions,
  type DgiiAnswer,
  type MaintenanceWindow,
  type ServiceStatus,
} from '@getupnet/dgii-api';
import { Clock } from '@getupnet/kernel';
import { Config } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import { DgiiCalls } from '../calls/dgii-calls.js';
import { dgiiClientEnv } from '../dgii-client.env.js';
import { ShortCache } from './short-cache.js';

const TIMEOUT_MS = 10_000;
/** Whoever shows it asks again and again; DGII is asked this often. */
const TOLD_TTL_MS = 15_000;

/** DGII's own words; null where it said nothing. */
interface Told {
  readonly available: boolean | null;
  readonly statuses: readonly ServiceStatus[] | null;
  readonly windows: readonly MaintenanceWindow[] | null;
}

type Question<T> = (key: string, options: CallOptions) => Promise<DgiiAnswer<T>>;

/** What DGII says of its services, beside what our own calls experience. */
@Injectable()
export class ReportServices {
  private readonly told: ShortCache<Told>;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly api: DgiiStatusApi,
    private readonly calls: DgiiCalls,
  ) {
    this.told = new ShortCache(clock, TOLD_TTL_MS);
  }

  async report(environment: Environment): Promise<DgiiServicesResponse> {
    const { available, statuses, windows } = await this.told.get(environment, () =>
      this.askAll(environment),
    );
    return {
      environment,
      available,
      services: servicesOf(environment, statuses ?? []),
      maintenance: windows && this.maintenanceOf(environment, windows),
      breakers: [...this.calls.states(environment)],
    };
  }

  private async askAll(environment: Environment): Promise<Told> {
    const [available, statuses, windows] = await Promise.all([
      this.ask(environment, (key, options) => this.api.available(environment, key, options)),
      this.ask(environment, (key, options) => this.api.statuses(environment, key, options)),
      this.ask(environment, (key, options) =>
        this.api.maintenanceWindows(environment, key, options),
      ),
    ]);
    return { available, statuses, windows };
  }

  /** Null without a key and without an answer: the report never fails. */
  private async ask<T>(environment: Environment, question: Question<T>): Promise<T | null> {
    const apiKey = this.config.get(dgiiClientEnv).DGII_STATUS_API_KEY;
    if (apiKey === undefined) return null;
    const answer = await this.calls.run(environment, 'estatusservicios', () =>
      question(apiKey, { timeoutMs: TIMEOUT_MS }),
    );
    return answer.kind === 'ok' ? answer.value : null;
  }

  private maintenanceOf(
    environment: Environment,
    windows: readonly MaintenanceWindow[],
  ): NonNullable<DgiiServicesResponse['maintenance']> {
    const now = this.clock.now();
    return windows
      .filter((window) => window.environment === environment)
      .flatMap(({ periods }) => periods)
      .filter(({ to }) => to > now)
      .sort((a, b) => a.from.getTime() - b.from.getTime())
      .map(({ from, to }) => ({
        from: from.toISOString(),
        to: to.toISOString(),
        now: from <= now,
      }));
  }
}

function servicesOf(
  environment: Environment,
  statuses: readonly ServiceStatus[],
): DgiiServicesResponse['services'] {
  return DGII_SERVICES.map((service) => {
    const told = statuses.find((one) => one.service === service && one.environment === environment);
    return {
      service,
      offered: offers(environment, service),
      available: told?.available ?? null,
      estatus: told?.estatus ?? null,
    };
  });
}
