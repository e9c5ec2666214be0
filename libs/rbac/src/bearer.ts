import type { Permission } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { CalledRoute, HttpRequest } from '@getupnet/platform';
import { isAccessTokenShaped } from './session/access-token.js';
import { isApiKeyShaped } from './tenant/api-key.js';

/** The credential of a request; `auth.token_missing`, or `auth.token_invalid` for no shape of ours. */
export function bearerOf(request: HttpRequest): string {
  const header = request.headers.authorization;
  if (header === undefined || header === '') throw new AppError('auth.token_missing');
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (token === undefined || !(isApiKeyShaped(token) || isAccessTokenShaped(token))) {
    throw new AppError('auth.token_invalid');
  }
  return token;
}

/** Any one of the permissions the route declares is enough. */
export function isPermitted(
  permissions: ReadonlySet<Permission>,
  { endpoint }: CalledRoute,
): boolean {
  return endpoint.permissions.some((permission) => permissions.has(permission as Permission));
}

export function forbidden({ endpoint }: CalledRoute): AppError {
  return new AppError('auth.forbidden', { permission: endpoint.permissions.join(' / ') });
}
