import {
  contextKey,
  currentContext,
  type HttpRequest,
  type RequestContext,
} from '@getupnet/platform';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { actorText, type TenantContext } from './tenant-context.js';

const TENANT = contextKey<TenantContext>('tenant');

/** Records who acts, once authenticated; log lines carry the tenant's id from then on. */
export function setTenant(context: RequestContext, tenant: TenantContext): void {
  context.set(TENANT, tenant);
  context.tenantId = tenant.tenantId;
  context.caller = actorText(tenant.actor);
}

/** The tenant of the request being worked on, if it has one. */
export function currentTenant(context = currentContext()): TenantContext | undefined {
  return context?.get(TENANT);
}

/** `@CurrentTenant() tenant: TenantContext` in a handler whose endpoint has scope TENANT. */
export const CurrentTenant: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, host: ExecutionContext): TenantContext => {
    const { ctx } = host.switchToHttp().getRequest<HttpRequest>();
    const tenant = currentTenant(ctx);
    if (tenant === undefined) throw new Error('this endpoint has no scope TENANT');
    return tenant;
  },
);
