import { createHash } from 'node:crypto';
import type { ServiceName } from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import { Config, currentContext, newTraceId, traceHeaders } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import { outVariable, serviceCallerEnv } from './service-env.js';
import {
  CONTEXT_HEADER,
  CONTEXT_TTL_MS,
  signContext,
  type ContextClaims,
} from './signed-context.js';

/** One call to another service of ours. */
export interface OutgoingCall extends Omit<ContextClaims, 'exp' | 'bodySha256' | 'traceId'> {
  readonly callee: ServiceName;
  /** The body exactly as it will be sent; none is the empty one. */
  readonly body?: string | Buffer;
}

/** Makes the headers with which adapters call other services: key, signed context, trace. */
@Injectable()
export class ServiceCaller {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Headers of one call; made anew for each attempt, because they expire. */
  headers({ callee, body = '', ...claims }: OutgoingCall): Record<string, string> {
    const { name, key } = this.#credentials(callee);
    const context: ContextClaims = {
      ...claims,
      traceId: currentContext()?.traceId ?? newTraceId(),
      bodySha256: createHash('sha256').update(body).digest('hex'),
      exp: this.clock.now().getTime() + CONTEXT_TTL_MS,
    };
    return {
      authorization: `Service ${name}:${key}`,
      [CONTEXT_HEADER]: signContext(context, key),
      ...traceHeaders(),
    };
  }

  #credentials(callee: ServiceName): { name: string; key: string } {
    const value = this.config.get(serviceCallerEnv)[outVariable(callee)];
    if (value === undefined) throw new AppError('dependency.unavailable', { dependency: callee });
    const colon = value.indexOf(':');
    return { name: value.slice(0, colon), key: value.slice(colon + 1) };
  }
}
