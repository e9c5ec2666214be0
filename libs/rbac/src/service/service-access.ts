import { timingSafeEqual } from 'node:crypto';
import type { ServiceName } from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import {
  AccessControl,
  AccessRegistry,
  Config,
  contextKey,
  type CalledRoute,
  type HttpRequest,
} from '@getupnet/platform';
import { Injectable, Logger, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { serviceAccessEnv } from './service-env.js';
import { expiryOf, keysMatching, type ServiceKey } from './service-keys.js';
import { CONTEXT_HEADER, openContext, type ContextClaims } from './signed-context.js';

/** A call from another service, verified: who calls, and on whose behalf. */
export interface ServiceCall extends Omit<ContextClaims, 'bodySha256'> {
  readonly caller: ServiceName;
  readonly keyVersion: string;
}

const CALL = contextKey<ServiceCall>('service-call');
const BODY_SHA256 = contextKey<string>('service-call-body');
const EXPIRY_WARNING_MS = 7 * 24 * 60 * 60 * 1000;

/** Scope SERVICE: a key per caller and callee, and a signed context bound to the body. */
@Injectable()
export class ServiceAccess extends AccessControl {
  override readonly scope = 'SERVICE';
  override readonly needsBodyHash = true;
  readonly #keys: readonly ServiceKey[];

  constructor(
    config: Config,
    private readonly clock: Clock,
    registry: AccessRegistry,
  ) {
    super();
    this.#keys = config.get(serviceAccessEnv).SERVICE_KEYS_IN;
    warnOfExpiry(this.#keys, clock.now().getTime());
    registry.register(this);
  }

  override admit(request: HttpRequest, { service }: CalledRoute): void {
    const { caller, key } = credentialsOf(request);
    const now = this.clock.now().getTime();
    const good = keysMatching(this.#keys, key).filter((known) => now < expiryOf(known));
    if (good.length === 0) throw new AppError('auth.token_invalid');
    const pair = good.find((known) => known.caller === caller && known.callee === service);
    if (pair === undefined) {
      throw new AppError('auth.forbidden', { permission: `${caller} → ${service}` });
    }
    const claims = openContext(request.headers[CONTEXT_HEADER], key, now);
    const { bodySha256, ...call } = claims;
    request.ctx.set(CALL, { ...call, caller: pair.caller, keyVersion: pair.version });
    request.ctx.set(BODY_SHA256, bodySha256);
    request.ctx.tenantId = claims.tenantId ?? undefined;
    request.ctx.caller = `${pair.caller}/${pair.version}`;
  }

  override admitBody(request: HttpRequest, bodySha256: string): void {
    const stated = request.ctx.get(BODY_SHA256) ?? '';
    const same =
      stated.length === bodySha256.length &&
      timingSafeEqual(Buffer.from(stated), Buffer.from(bodySha256));
    if (!same) throw new AppError('auth.token_invalid');
  }
}

/** `@ServiceContext() call: ServiceCall` in a handler whose endpoint has scope SERVICE. */
export const ServiceContext: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, host: ExecutionContext): ServiceCall => {
    const call = host.switchToHttp().getRequest<HttpRequest>().ctx.get(CALL);
    if (call === undefined) throw new Error('this endpoint has no scope SERVICE');
    return call;
  },
);

function credentialsOf(request: HttpRequest): { caller: string; key: string } {
  const header = request.headers.authorization;
  if (header === undefined || header === '') throw new AppError('auth.token_missing');
  const [, caller, key] = /^Service ([a-z-]{1,32}):(\S{1,256})$/.exec(header) ?? [];
  if (caller === undefined || key === undefined) throw new AppError('auth.token_invalid');
  return { caller, key };
}

function warnOfExpiry(keys: readonly ServiceKey[], nowMs: number): void {
  const logger = new Logger('ServiceAccess');
  for (const key of keys) {
    if (expiryOf(key) - nowMs > EXPIRY_WARNING_MS) continue;
    const { caller, callee, version, expiresOn } = key;
    logger.warn({
      message: 'service key expires soon or has expired',
      caller,
      callee,
      version,
      expiresOn,
    });
  }
}
