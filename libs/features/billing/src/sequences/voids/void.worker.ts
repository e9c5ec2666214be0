import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { SequenceWatchStore } from '@getupnet/persistence';
import { Config, RequestContext, newTraceId, runInContext } from '@getupnet/platform';
import { billingEnv } from '../../billing.env.js';
import { DriveVoid } from './drive-void.use-case.js';

/** Requests one pass takes; they are rare, and each is one POST. */
const MOST_REQUESTS = 8;

/**
 * Finds void requests that are not settled, in PostgreSQL alone, and drives them on. Replicas share the
 * work: whoever claims a request first has it, and its steps are fenced besides.
 */
@Injectable()
export class VoidWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(VoidWorker.name);
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly store: SequenceWatchStore,
    private readonly drive: DriveVoid,
    @Inject(Config) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    const everyMs = this.config.get(billingEnv).BILLING_VOID_SWEEP_MS;
    this.timer = setInterval(() => this.kick(), everyMs);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  private kick(): void {
    if (this.stopped || this.running) return;
    this.running = this.pass()
      .catch((error: unknown) => {
        // The next tick tries again; the table still says what is open.
        this.logger.warn({ err: error, msg: 'void requests not driven' });
      })
      .finally(() => {
        this.running = null;
      });
  }

  private async pass(): Promise<void> {
    const againInMs = this.config.get(billingEnv).BILLING_HAND_OVER_MS;
    const due = await this.store.claimVoids(MOST_REQUESTS, againInMs);
    await Promise.all(
      due.map(({ tenantId, voidId }) => {
        const traceId = newTraceId();
        return runInContext(new RequestContext({ traceId, tenantId }), () =>
          this.drive.run(tenantId, voidId, `billing:void:${traceId}`),
        );
      }),
    );
  }
}
