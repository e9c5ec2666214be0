import { AppError } from '@getupnet/kernel';
import { AccessControl, AccessRegistry, type HttpRequest } from '@getupnet/platform';
import { setUser } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';
import { bearerOf } from '../bearer.js';
import { SessionAccess } from '../session/session-access.js';
import { userOf } from '../session/user-of.js';
import { isApiKeyShaped } from '../tenant/api-key.js';

/** Scope USER: whoever is logged in, about their own account and sessions. */
@Injectable()
export class UserAccess extends AccessControl {
  override readonly scope = 'USER';

  constructor(
    private readonly sessions: SessionAccess,
    registry: AccessRegistry,
  ) {
    super();
    registry.register(this);
  }

  override async admit(request: HttpRequest): Promise<void> {
    const token = bearerOf(request);
    if (isApiKeyShaped(token)) {
      throw new AppError('auth.forbidden', { permission: 'sesión de usuario' });
    }
    const session = await this.sessions.open(token);
    const stated = request.headers['x-tenant-id'];
    if (stated !== undefined && String(stated).toLowerCase() !== session.tenant?.id) {
      throw new AppError('tenant.mismatch');
    }
    setUser(request.ctx, userOf(session));
  }
}
