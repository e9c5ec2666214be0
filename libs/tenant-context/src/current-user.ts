import type { Permission } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { contextKey, type HttpRequest, type RequestContext } from '@getupnet/platform';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** The person behind a request. */
export interface UserContext {
  readonly userId: string;
  readonly name: string;
  readonly sessionId: string;
  /** None: acts for the platform. */
  readonly tenantId: string | null;
  readonly permissions: ReadonlySet<Permission>;
  /** Why an operator acts as this tenant. */
  readonly impersonationReason: string | null;
}

const USER = contextKey<UserContext>('user');

/** Records the person, once authenticated. */
export function setUser(context: RequestContext, user: UserContext): void {
  context.set(USER, user);
  context.caller = `user:${user.userId}`;
}

/** The person behind the request, if a person it is: an API key is none. */
export function currentUser(context: RequestContext): UserContext | undefined {
  return context.get(USER);
}

/** `@CurrentUser() user: UserContext`; an API key is refused with `auth.forbidden`. */
export const CurrentUser: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, host: ExecutionContext): UserContext => {
    const user = currentUser(host.switchToHttp().getRequest<HttpRequest>().ctx);
    if (user === undefined)
      throw new AppError('auth.forbidden', { permission: 'sesión de usuario' });
    return user;
  },
);
