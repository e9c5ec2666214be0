import type { DgiiParty } from '@getupnet/contracts';
import type { AuthorisedCall, DgiiAnswer } from '@getupnet/dgii-api';
import { TOTAL_TIMEOUT_MS } from '@getupnet/http-client';
import { Injectable } from '@nestjs/common';
import type { Token } from '../token/token.js';
import { Tokens } from '../token/tokens.js';
import type { Deadline } from './deadline.js';
import { DgiiCalls, unavailable, type Called, type Unavailable } from './dgii-calls.js';
import type { DgiiOperation } from './dgii-metrics.js';

/** A guarded call made with a token: 401 is dealt with here. */
export type Answered<T> = Exclude<Called<T>, { kind: 'unauthorized' }>;

export interface CallContext {
  readonly party: DgiiParty;
  readonly operation: DgiiOperation;
  readonly deadline: Deadline;
}

/** With less time left than this a call is not begun: its answer would not be waited for. */
const MIN_CALL_MS = 500;
const DEADLINE_RETRY_MS = 1_000;

/** Calls that need DGII's token. A 401 is answered by one new token and one more try. */
@Injectable()
export class AuthorisedCalls {
  constructor(
    private readonly tokens: Tokens,
    private readonly calls: DgiiCalls,
  ) {}

  async run<T>(
    context: CallContext,
    call: (authorised: AuthorisedCall) => Promise<DgiiAnswer<T>>,
  ): Promise<Answered<T>> {
    const { party } = context;
    const first = await this.tokens.current(party);
    if (first.kind === 'unavailable') return first;
    const answer = await this.once(context, first, call);
    if (answer.kind !== 'unauthorized') return answer;

    const second = await this.tokens.replace(party, first);
    if (second.kind === 'unavailable') return second;
    const again = await this.once(context, second, call);
    if (again.kind !== 'unauthorized') return again;
    return this.tokens.refused(party, second, again.mensajes[0]?.valor ?? '');
  }

  private async once<T>(
    { party, operation, deadline }: CallContext,
    { token }: Token,
    call: (authorised: AuthorisedCall) => Promise<DgiiAnswer<T>>,
  ): Promise<Called<T> | Unavailable> {
    const remainingMs = deadline.remainingMs();
    if (remainingMs < MIN_CALL_MS) return unavailable('deadline', DEADLINE_RETRY_MS);
    const timeoutMs = Math.min(TOTAL_TIMEOUT_MS, remainingMs);
    const { environment } = party;
    return this.calls.run(environment, operation, () => call({ environment, token, timeoutMs }));
  }
}
