import { AppError } from '@getupnet/kernel';
import {
  AccessControl,
  AccessRegistry,
  type CalledRoute,
  type HttpRequest,
} from '@getupnet/platform';
import { setUser } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';
import { bearerOf, forbidden, isPermitted } from '../bearer.js';
import { SessionAccess } from '../session/session-access.js';
import { userOf } from '../session/user-of.js';
import { isApiKeyShaped } from '../tenant/api-key.js';

/** Scope PLATFORM: the access token of a session that acts for the platform, and for no tenant. */
@Injectable()
export class PlatformAccess extends AccessControl {
  override readonly scope = 'PLATFORM';

  constructor(
    private readonly sessions: SessionAccess,
    registry: AccessRegistry,
  ) {
    super();
    registry.register(this);
  }

  override async admit(request: HttpRequest, route: CalledRoute): Promise<void> {
    const token = bearerOf(request);
    // An API key is a tenant's, whatever it may do there.
    if (isApiKeyShaped(token)) throw forbidden(route);
    const session = await this.sessions.open(token);
    if (session.tenant !== null || !isPermitted(session.permissions, route)) throw forbidden(route);
    // The operator names companies in paths; a tenant in the header would be a mistake.
    if (request.headers['x-tenant-id'] !== undefined) throw new AppError('tenant.mismatch');
    setUser(request.ctx, userOf(session));
  }
}
