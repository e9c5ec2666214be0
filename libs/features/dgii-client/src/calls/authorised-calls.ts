import type { DgiiParty } from '@getupnet/contracts';
import type { AuthorisedCall, DgiiAnswer } from '@getupnet/dgii-api';
import { isAppError } from '@getupnet/kernel';
import { logFailure } from '@getupnet/platform';
import { Injectable, Logger } from '@nestjs/common';
import { ProductionGate } from '../gateway/production-gate.js';
import type { Token } from '../token/token.js';
import { Tokens } from '../token/tokens.js';
import { MIN_CALL_MS } from './call-time.js';
import type { Deadline } from './deadline.js';
import { DgiiCalls, TOO_LATE, unavailable, type Called, type Unavailable } from './dgii-calls.js';
import type { DgiiOperation } from './dgii-operations.js';

/** A guarded call made with a token: 401 is dealt with here. */
export type Answered<T> = Exclude<Called<T>, { kind: 'unauthorized' }>;

export interface CallContext {
  readonly party: DgiiParty;
  readonly operation: DgiiOperation;
  readonly deadline: Deadline;
}

const GATE_RETRY_MS = 2_000;
/** A tenant without production waits for a person. */
const FORBIDDEN_RETRY_MS = 60_000;

/**
 * Calls that need DGII's token. A 401 is answered by one new token and one more try. No operation
 * reaches production without the platform's and the tenant's permission, whoever asks.
 */
@Injectable()
export class AuthorisedCalls {
  private readonly logger = new Logger('AuthorisedCalls');

  constructor(
    private readonly gate: ProductionGate,
    private readonly tokens: Tokens,
    private readonly calls: DgiiCalls,
  ) {}

  async run<T>(
    context: CallContext,
    call: (authorised: AuthorisedCall) => Promise<DgiiAnswer<T>>,
  ): Promise<Answered<T>> {
    const { party } = context;
    const forbidden = await this.forbidden(party);
    if (forbidden) return forbidden;
    const { deadline } = context;
    // A renewal goes on for those who come after.
    const first = (await deadline.orNull(this.tokens.current(party))) ?? TOO_LATE;
    if (first.kind === 'unavailable') return first;
    const answer = await this.once(context, first, call);
    if (answer.kind !== 'unauthorized') return answer;

    const second = (await deadline.orNull(this.tokens.replace(party, first))) ?? TOO_LATE;
    if (second.kind === 'unavailable') return second;
    const again = await this.once(context, second, call);
    if (again.kind !== 'unauthorized') return again;
    return this.tokens.refused(party, second, again.mensajes[0]?.valor ?? '');
  }

  /** Nothing was sent yet, so neither an answer nor its absence leaves a document in doubt. */
  private async forbidden(party: DgiiParty): Promise<Unavailable | null> {
    try {
      const allowed = await this.gate.allows(party);
      return allowed ? null : unavailable('env.forbidden', FORBIDDEN_RETRY_MS);
    } catch (error) {
      const { tenantId } = party;
      logFailure(this.logger, error, { message: 'production gate not readable', tenantId });
      return unavailable(isAppError(error) ? error.code : 'gate.failed', GATE_RETRY_MS);
    }
  }

  private async once<T>(
    { party, operation, deadline }: CallContext,
    { token }: Token,
    call: (authorised: AuthorisedCall) => Promise<DgiiAnswer<T>>,
  ): Promise<Called<T> | Unavailable> {
    if (deadline.remainingMs() < MIN_CALL_MS) return TOO_LATE;
    const { environment, tenantId } = party;
    // The time left is taken when the call's turn has come.
    const made = (): Promise<DgiiAnswer<T>> =>
      call({ environment, token, timeoutMs: deadline.remainingMs() });
    return this.calls.run(environment, operation, made, { tenantId, deadline });
  }
}
