import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  batchLineSchema,
  isFinalState,
  type BatchLine,
  type BatchResult,
} from '@getupnet/contracts';
import { isAppError } from '@getupnet/kernel';
import { runInContext, type BodyLine, type BodyLines } from '@getupnet/platform';
import type { Problems, RequestContext } from '@getupnet/platform';
import type { TenantContext } from '@getupnet/tenant-context';
import { presentDocument } from '../../documents/present-document.js';
import type { IssueDocument, Issued } from '../issue-document.use-case.js';
import { REFERENCE_ENDED } from '../reference-policy.js';
import type { BatchEnd } from './batch-end.js';
import type { BatchMetrics } from './batch-metrics.js';
import type { BatchTurns } from './batch-turns.js';

export const BATCH_PATH = '/tenant/emit/batch';

/** Bytes of lines parsed before other requests have their turn. */
const PARSED_A_TURN = 256 * 1024;

const HTTP_OK = 200;
const HTTP_ACCEPTED = 202;

export interface BatchParts {
  readonly tenant: TenantContext;
  readonly context: RequestContext;
  readonly end: BatchEnd;
  readonly issue: Pick<IssueDocument, 'run'>;
  readonly turns: BatchTurns;
  readonly problems: Pick<Problems, 'tell'>;
  readonly metrics: BatchMetrics;
}

interface ReadLine {
  readonly command: BatchLine;
  /** Bytes. */
  readonly size: number;
  /** The lines above it that were not answered when it was begun. */
  readonly before: readonly Promise<unknown>[];
}

/** The lines of one request, each issued like a POST of its own, answered in their order. */
export class BatchRun {
  /** The last line of each key: the same key twice is one after the other. */
  private readonly byKey = new Map<string, Promise<void>>();
  private isFirst = true;

  constructor(private readonly parts: BatchParts) {}

  /**
   * One result a line, as NDJSON. Nothing is begun further ahead of what the caller has read than the
   * window: who reads slowly issues slowly, who stops reading issues no more.
   */
  async *answers(lines: BodyLines): AsyncGenerator<string, void, undefined> {
    const { window } = this.parts.turns;
    const source = lines[Symbol.iterator]();
    const underWay: Promise<BatchResult>[] = [];
    let parsedBytes = 0;
    let next = source.next();
    for (;;) {
      while (next.done !== true && underWay.length < window) {
        underWay.push(this.take(next.value, [...underWay]));
        parsedBytes += next.value.size;
        if (parsedBytes >= PARSED_A_TURN) {
          parsedBytes = 0;
          await nextTurn();
        }
        next = source.next();
      }
      const first = underWay.shift();
      if (first === undefined) return;
      const result = await first;
      this.parts.metrics.answered(result);
      yield `${JSON.stringify(result)}\n`;
    }
  }

  /** Never rejects: a line that cannot be taken is an answer, and nobody else's concern. */
  private async take(line: BodyLine, before: readonly Promise<unknown>[]): Promise<BatchResult> {
    let idempotencyKey: string | null = null;
    try {
      const command = line.read(batchLineSchema);
      ({ idempotencyKey } = command);
      const issued = await this.afterSameKey({ command, size: line.size, before });
      const { document, replayed } = issued;
      return {
        line: line.number,
        status: isFinalState(document.state) ? HTTP_OK : HTTP_ACCEPTED,
        idempotencyKey,
        ...(replayed ? { replayed } : {}),
        document: presentDocument(document),
      };
    } catch (error) {
      const { context, problems } = this.parts;
      const { problem, retryAfterS } = runInContext(context, () =>
        problems.tell(error, context, BATCH_PATH),
      );
      return {
        line: line.number,
        status: problem.status,
        idempotencyKey,
        problem: { ...problem },
        ...(retryAfterS === undefined ? {} : { retryAfter: retryAfterS }),
      };
    }
  }

  private afterSameKey(line: ReadLine): Promise<Issued> {
    const key = line.command.idempotencyKey;
    const earlier = this.byKey.get(key);
    const issued = (earlier ?? Promise.resolve()).then(() => this.issueOrWait(line));
    this.byKey.set(
      key,
      issued.then(
        () => undefined,
        () => undefined,
      ),
    );
    return issued;
  }

  /** What a note refers to may stand in a line above it that is not committed yet. */
  private async issueOrWait(line: ReadLine): Promise<Issued> {
    try {
      return await this.issueInTurn(line);
    } catch (error) {
      if (line.before.length === 0 || !missesReference(error)) throw error;
      await Promise.all(line.before);
      return this.issueInTurn(line);
    }
  }

  private async issueInTurn({ command, size }: ReadLine): Promise<Issued> {
    const { tenant, context, end, issue, turns } = this.parts;
    // The request itself was counted at the door.
    if (this.isFirst) this.isFirst = false;
    else await turns.pace(context, end);
    const turn = await turns.take(tenant.tenantId, size, end);
    try {
      const { idempotencyKey, ...request } = command;
      return await runInContext(context, () =>
        issue.run(tenant, { request, idempotencyKey, waits: false }),
      );
    } finally {
      turn.release();
    }
  }
}

function missesReference(error: unknown): boolean {
  if (!isAppError(error)) return false;
  const { code, errors } = error;
  return code === 'reference.not_found' || errors.some((one) => one.code === REFERENCE_ENDED);
}
