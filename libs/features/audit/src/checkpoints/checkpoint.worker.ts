import { Config, Rounds, SecurityEvents } from '@getupnet/platform';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { auditEnv } from '../audit.env.js';
import { MakeCheckpoint } from './make-checkpoint.use-case.js';

const LOOK_EVERY_MS = 1_000;
/** Looking at all chains takes a tenth of the time, however many tenants there are. */
const REST_FACTOR = 9;
/** A store that refuses is told again after this long. */
const TELL_AGAIN_MS = 60_000;

/** Makes checkpoints as long as the process lives. */
@Injectable()
export class CheckpointWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(CheckpointWorker.name);
  private readonly rounds: Rounds;
  private readonly everyMs: number;
  private readonly made: Counter;
  private toldMs = Number.NEGATIVE_INFINITY;
  private restUntilMs = 0;

  constructor(
    private readonly checkpoint: MakeCheckpoint,
    private readonly events: SecurityEvents,
    config: Config,
    registry: Registry,
  ) {
    this.everyMs = config.get(auditEnv).AUDIT_CHECKPOINT_MS;
    this.rounds = new Rounds({
      everyMs: Math.min(LOOK_EVERY_MS, this.everyMs),
      work: () => this.work(),
      onFailure: (error) => this.tell(error),
    });
    this.made = new Counter({
      name: 'audit_checkpoints_total',
      help: 'Checkpoints of the audit chains this process made.',
      registers: [registry],
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async work(): Promise<void> {
    const startedMs = performance.now();
    if (startedMs < this.restUntilMs) return;
    try {
      if ((await this.checkpoint.run()) !== null) this.made.inc();
    } finally {
      const endedMs = performance.now();
      this.restUntilMs = endedMs + Math.min((endedMs - startedMs) * REST_FACTOR, this.everyMs);
    }
  }

  private tell(error: unknown): void {
    this.logger.warn({ err: error, msg: 'no checkpoint was made' });
    const nowMs = performance.now();
    if (nowMs - this.toldMs <= TELL_AGAIN_MS) return;
    this.toldMs = nowMs;
    this.events.emit('audit.worm_refused', { reason: String(error) });
  }
}
