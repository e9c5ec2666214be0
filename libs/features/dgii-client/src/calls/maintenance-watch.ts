import { DgiiStatusApi } from '@getupnet/dgii-api';
import { Config } from '@getupnet/platform';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { dgiiClientEnv } from '../dgii-client.env.js';
import { DgiiCalls } from './dgii-calls.js';
import { Maintenance, type Closure } from './maintenance.js';

/** DGII announces maintenance days ahead; a change of plan is noticed within this time. */
const REFRESH_MS = 300_000;
const TIMEOUT_MS = 10_000;

/** Keeps DGII's announced maintenance windows up to date, where a key for its status host is set. */
@Injectable()
export class MaintenanceWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('MaintenanceWatch');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly api: DgiiStatusApi,
    private readonly calls: DgiiCalls,
    private readonly maintenance: Maintenance,
  ) {}

  /** Does not hold up the start: without the answer nothing is known to be closed. */
  onApplicationBootstrap(): void {
    const apiKey = this.config.get(dgiiClientEnv).DGII_STATUS_API_KEY;
    if (apiKey === undefined) return;
    const look = (): void => void this.refresh(apiKey);
    look();
    this.timer = setInterval(look, REFRESH_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Never rejects. What was announced last stays in force while DGII does not answer. */
  async refresh(apiKey: string): Promise<void> {
    const answer = await this.calls.run('ecf', 'estatusservicios', () =>
      this.api.maintenanceWindows('ecf', apiKey, { timeoutMs: TIMEOUT_MS }),
    );
    if (answer.kind !== 'ok') {
      this.logger.warn({ message: 'maintenance windows not known', answer: answer.kind });
      return;
    }
    this.maintenance.announce(
      answer.value.flatMap(({ environment, periods }): Closure[] =>
        environment === null ? [] : periods.map((period) => ({ environment, ...period })),
      ),
    );
  }
}
