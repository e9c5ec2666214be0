import { AppError } from '@getupnet/kernel';
import { HttpTransport, type Exchange } from '@getupnet/http-client';
import { Config } from '@getupnet/platform';
import { ServiceCaller, type OutgoingCall } from '@getupnet/rbac';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { z } from 'zod';
import { signClientEnv } from './sign-client-env.js';
import { statedProblem } from './stated-problem.js';

export interface SignerCall extends Omit<OutgoingCall, 'callee' | 'body'> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Milliseconds since 1970 by which the answer must be there. */
  readonly deadline: number;
}

/** 64 signed documents of 8 MB together, with their signatures. */
const MAX_ANSWER_BYTES = 24 * 1024 * 1024;
/** Every call of the signer may be repeated: a document's signature is the same bytes again. */
const ATTEMPTS = 2;

/** Calls of the sign service's internal routes over keep-alive connections. */
@Injectable()
export class SignerCalls implements OnApplicationShutdown {
  private readonly transport = new HttpTransport({ maxAnswerBytes: MAX_ANSWER_BYTES });
  private readonly logger = new Logger(SignerCalls.name);
  private readonly baseUrl: string;

  constructor(
    private readonly caller: ServiceCaller,
    config: Config,
  ) {
    this.baseUrl = config.get(signClientEnv).SIGN_URL;
  }

  /** The answer, in the shape the schema asks for; otherwise the problem the signer stated. */
  async call<T>(call: SignerCall, schema: z.ZodType<T>): Promise<T> {
    const exchange = await this.exchange(call);
    if (exchange.kind !== 'answer') throw unanswered(exchange);
    if (exchange.status < 200 || exchange.status > 299) throw this.refusal(call, exchange);
    const parsed = schema.safeParse(json(exchange.body));
    if (parsed.success) return parsed.data;
    this.logger.error({ message: 'answer of the signer not understood', path: call.path });
    throw new AppError('dependency.unavailable', { dependency: 'sign' });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }

  private async exchange(call: SignerCall): Promise<Exchange> {
    const { method, path, deadline, body, ...context } = call;
    const text = body === undefined ? '' : JSON.stringify(body);
    let exchange: Exchange = { kind: 'unsent', reason: 'timeout' };
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const timeoutMs = deadline - performance.now();
      if (timeoutMs <= 0) break;
      const headers = this.caller.headers({ ...context, callee: 'sign', body: text });
      const url = new URL(path, this.baseUrl);
      exchange = await this.transport.send(
        body === undefined
          ? { method, url, headers, timeoutMs }
          : {
              method,
              url,
              headers: { ...headers, 'content-type': 'application/json' },
              body: Buffer.from(text, 'utf8'),
              timeoutMs,
            },
      );
      if (exchange.kind === 'answer') break;
    }
    return exchange;
  }

  /** 401 and 403 are about our service key, not about whoever asked us. */
  private refusal(call: SignerCall, exchange: Extract<Exchange, { kind: 'answer' }>): AppError {
    const { status } = exchange;
    const problem = statedProblem(json(exchange.body));
    if (problem !== null && status !== 401 && status !== 403) return problem;
    const code = problem?.code;
    this.logger.error({ message: 'the signer refused a call', path: call.path, status, code });
    return new AppError('dependency.unavailable', { dependency: 'sign' });
  }
}

function unanswered(exchange: Exclude<Exchange, { kind: 'answer' }>): AppError {
  const timedOut = exchange.kind === 'lost' && exchange.reason === 'timeout';
  const code = timedOut ? 'dependency.timeout' : 'dependency.unavailable';
  return new AppError(code, { dependency: 'sign' }, { cause: new Error(exchange.reason) });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: no schema accepts it, and the caller reports that.
    return undefined;
  }
}
