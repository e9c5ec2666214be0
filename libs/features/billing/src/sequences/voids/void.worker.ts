import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { SequenceWatchStore } from '@getupnet/persistence';
import { Config, RequestContext, Rounds, newTraceId, runInContext } from '@getupnet/platform';
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
  private readonly rounds: Rounds;

  constructor(
    private readonly store: SequenceWatchStore,
    private readonly drive: DriveVoid,
    @Inject(Config) private readonly config: Config,
  ) {
    this.rounds = new Rounds({
      everyMs: config.get(billingEnv).BILLING_VOID_SWEEP_MS,
      work: () => this.pass(),
      // The table still says what is open.
      onFailure: (err) => this.logger.warn({ err, msg: 'void requests not driven' }),
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }

  private async pass(): Promise<void> {
    const againInMs = this.config.get(billingEnv).BILLING_HAND_OVER_MS;
    const due = await this.store.claimVoids(MOST_REQUESTS, againInMs);
    const driven = await Promise.allSettled(
      due.map(({ tenantId, voidId }) => {
        const traceId = newTraceId();
        return runInContext(new RequestContext({ traceId, tenantId }), () =>
          this.drive.run(tenantId, voidId, `billing:void:${traceId}`),
        );
      }),
    );
    // The others' answers were waited for and written down.
    const failed = driven.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}
