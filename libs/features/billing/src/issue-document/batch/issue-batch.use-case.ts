import { Injectable } from '@nestjs/common';
import { MOST_BATCH_LINES } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { Lifecycle, Problems, type BodyLines, type RequestContext } from '@getupnet/platform';
import type { TenantContext } from '@getupnet/tenant-context';
import { IssueDocument } from '../issue-document.use-case.js';
import { BatchEnd } from './batch-end.js';
import { BatchMetrics } from './batch-metrics.js';
import { BatchRun } from './batch-run.js';
import { BatchTurns } from './batch-turns.js';

export interface BatchCommand {
  readonly lines: BodyLines;
  readonly context: RequestContext;
  /** `performance.now()` from which on no line is begun. */
  readonly until: number;
  /** Aborted when the caller went away. */
  readonly gone: AbortSignal;
}

/** Many documents in one request: each for itself, in order, and without keeping others waiting. */
@Injectable()
export class IssueBatch {
  constructor(
    private readonly issue: IssueDocument,
    private readonly turns: BatchTurns,
    private readonly problems: Problems,
    private readonly metrics: BatchMetrics,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * The results as NDJSON, as they are committed. Throws before anything is issued when the batch as
   * a whole cannot be: it is empty or too long, or the tenant has too many open.
   */
  run(tenant: TenantContext, command: BatchCommand): AsyncGenerator<string, void, undefined> {
    const { lines, context, until, gone } = command;
    if (!lines.hasMoreThan(0)) throw new AppError('request.malformed_json', { reason: EMPTY });
    if (lines.hasMoreThan(MOST_BATCH_LINES)) {
      throw new AppError('request.too_large', { limit: `${MOST_BATCH_LINES} líneas` });
    }
    const close = this.turns.begin(tenant.tenantId);
    gone.addEventListener('abort', close, { once: true });
    const end = new BatchEnd(until, { gone, draining: this.lifecycle.draining });
    const { issue, turns, problems, metrics } = this;
    return new BatchRun({ tenant, context, end, issue, turns, problems, metrics }).answers(lines);
  }
}

const EMPTY = 'no tiene ninguna línea';
