import { Rounds } from '@getupnet/platform';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { Patrol } from './patrol.js';

/** Half a million entries an hour, for less than a hundredth of a core. */
const EVERY_MS = 15_000;

/** Verifies all chains again and again, so that somebody is told before somebody asks (OBS-4). */
@Injectable()
export class PatrolWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PatrolWorker.name);
  private readonly rounds = new Rounds({
    everyMs: EVERY_MS,
    work: () => this.work(),
    // The same part again at the next turn.
    onFailure: (err) => this.logger.warn({ err, msg: 'a part of the audit was not verified' }),
  });
  /** After a restore the appender looks at every event first. */
  private begun = false;

  constructor(
    private readonly patrol: Patrol,
    registry: Registry,
  ) {
    new Gauge({
      name: 'audit_chains_broken',
      help: 'Chains that did not hold when this process last verified them.',
      registers: [registry],
      collect() {
        this.set(patrol.broken);
      },
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async work(): Promise<void> {
    if (this.begun) await this.patrol.step();
    this.begun = true;
  }
}
