import type { Logger as Pino } from 'pino';
import type { RequestContext } from '../context/request-context.js';
import { eventOfProblem } from '../security/event-types.js';
import type { SecurityEvents } from '../security/security-events.js';
import { DEFAULT_BODY_LIMIT } from './body-parsers.js';
import { toFailure, toProblem, type Problem } from './problem.js';

/** A problem that is part of an answer instead of being one. */
export interface ToldProblem {
  readonly problem: Problem;
  readonly retryAfterS: number | undefined;
}

/** Tells of failures within an answer, such as those of a batch's lines, as if they were answers. */
export class Problems {
  constructor(
    private readonly logger: Pino,
    private readonly events: SecurityEvents,
  ) {}

  /** Bugs are logged and told without details; what is a security event is one here too. */
  tell(error: unknown, context: RequestContext, route: string): ToldProblem {
    const failure = toFailure(error, { bodyLimit: DEFAULT_BODY_LIMIT, consumes: [] });
    if (failure.isBug) this.logger.error({ err: error, route }, 'unexpected error');
    const event = eventOfProblem(failure.code);
    if (event !== undefined) {
      this.events.emit(event, { ...failure.params, code: failure.code, route }, context);
    }
    const problem = toProblem(failure, context.traceId);
    return { problem, retryAfterS: failure.retryAfterS };
  }
}
