import {
  AUTH_ROUTES,
  meSchema,
  refreshRequestSchema,
  sessionListSchema,
  sessionParamsSchema,
  sessionTokensSchema,
  type Me,
  type RefreshRequest,
  type SessionTokens,
  type SessionView,
} from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import { IdentityDb } from '@getupnet/persistence';
import { Endpoint, type HttpReply, type HttpRequest } from '@getupnet/platform';
import { CurrentUser, type UserContext } from '@getupnet/tenant-context';
import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import { RefreshSession } from './refresh-session.use-case.js';
import { SessionRepository } from './session.repository.js';
import { Sessions } from './sessions.js';
import { answerTokens, clearCookies, clientOf, presentedToken } from './token-transport.js';

/** A person's own sessions. */
@Controller()
export class SessionsController {
  constructor(
    private readonly refreshing: RefreshSession,
    private readonly sessions: Sessions,
    private readonly repository: SessionRepository,
    private readonly db: IdentityDb,
    private readonly clock: Clock,
  ) {}

  @Endpoint('POST', AUTH_ROUTES.refresh, {
    summary: 'Exchange a refresh token, which is used up, for new tokens',
    listener: 'public',
    scope: 'PUBLIC',
    request: { body: refreshRequestSchema },
    response: sessionTokensSchema,
    problems: [
      'auth.token_missing',
      'auth.token_invalid',
      'auth.token_expired',
      'auth.refresh_reused',
      'csrf.failed',
    ],
  })
  async refresh(
    @Body() { refreshToken }: RefreshRequest,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<SessionTokens> {
    const { token, transport } = presentedToken(refreshToken, request);
    return answerTokens(await this.refreshing.run(token, clientOf(request)), transport, reply);
  }

  @Endpoint('POST', AUTH_ROUTES.logout, {
    summary: 'End this session',
    listener: 'public',
    scope: 'USER',
    status: 204,
  })
  async logout(
    @CurrentUser() { sessionId: id, userId }: UserContext,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<void> {
    await this.db.run((tx) => this.sessions.end(tx, { id, userId }, 'logout'));
    clearCookies(reply);
  }

  @Endpoint('GET', AUTH_ROUTES.me, {
    summary: 'Who is logged in, and what they may do here',
    listener: 'public',
    scope: 'USER',
    response: meSchema,
  })
  me(@CurrentUser() { permissions, ...user }: UserContext): Me {
    return { ...user, permissions: [...permissions] };
  }

  @Endpoint('GET', AUTH_ROUTES.sessions, {
    summary: 'List one’s own living sessions',
    listener: 'public',
    scope: 'USER',
    response: sessionListSchema,
  })
  async list(@CurrentUser() { userId, sessionId }: UserContext): Promise<{ data: SessionView[] }> {
    const living = await this.db.run((tx) => this.repository.living(tx, userId, this.clock.now()));
    const data = living.map(({ id, tenantId, client, address, ...session }) => ({
      id,
      current: id === sessionId,
      tenantId,
      client,
      address,
      createdAt: session.createdAt.toISOString(),
      seenAt: session.seenAt.toISOString(),
      expiresAt: session.expiresAt.toISOString(),
    }));
    return { data };
  }

  @Endpoint('DELETE', AUTH_ROUTES.session, {
    summary: 'End another of one’s own sessions',
    listener: 'public',
    scope: 'USER',
    status: 204,
    request: { params: sessionParamsSchema },
    problems: ['resource.not_found'],
  })
  async end(@Param('id') id: string, @CurrentUser() { userId }: UserContext): Promise<void> {
    const ended = await this.db.run((tx) => this.sessions.end(tx, { id, userId }, 'ended_by_user'));
    if (!ended) throw new AppError('resource.not_found');
  }
}
