import { AuditLag } from '@getupnet/persistence';
import { Config, SecurityEvents } from '@getupnet/platform';
import { Injectable, Logger } from '@nestjs/common';
import { billingEnv } from '../billing.env.js';

const LOOK_EVERY_MS = 3_000;

/**
 * Closed while too many events wait to be chained (AUD-3): what nobody could prove afterwards is not
 * issued. Looked at every few seconds, beside the requests; only a process's first one waits for it.
 */
@Injectable()
export class AuditGate {
  private readonly logger = new Logger(AuditGate.name);
  private readonly limit: number;
  private closed: boolean | undefined;
  private lookedMs = Number.NEGATIVE_INFINITY;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly lag: AuditLag,
    private readonly events: SecurityEvents,
    config: Config,
  ) {
    this.limit = config.get(billingEnv).AUDIT_BACKLOG_LIMIT;
  }

  /** Whether documents may not be accepted right now. */
  async isClosed(): Promise<boolean> {
    if (performance.now() - this.lookedMs >= LOOK_EVERY_MS) {
      this.looking ??= this.look().finally(() => {
        this.looking = undefined;
      });
      if (this.closed === undefined) await this.looking;
      // Told in the log; what was known before goes on.
      else this.looking.catch((err: unknown) => this.logger.warn({ err, msg: 'backlog unknown' }));
    }
    return this.closed ?? false;
  }

  private async look(): Promise<void> {
    const behind = await this.lag.backlog(this.limit + 1);
    this.lookedMs = performance.now();
    const closed = behind > this.limit;
    if (closed && this.closed !== true) this.events.emit('audit.lagging', { behind });
    this.closed = closed;
  }
}
