import {
  ADMIN_ROUTES,
  impersonateRequestSchema,
  sessionTokensSchema,
  type ImpersonateRequest,
  type SessionTokens,
} from '@getupnet/contracts';
import { Endpoint, type HttpReply, type HttpRequest } from '@getupnet/platform';
import { CurrentUser, type UserContext } from '@getupnet/tenant-context';
import { Body, Controller, Req, Res } from '@nestjs/common';
import { answerTokens, clientOf } from '../sessions/token-transport.js';
import { Impersonate } from './impersonate.use-case.js';

@Controller()
export class ImpersonationController {
  constructor(private readonly impersonating: Impersonate) {}

  @Endpoint('POST', ADMIN_ROUTES.impersonate, {
    summary: 'Act as a company for an hour at most; the reason stays in its audit log',
    listener: 'public',
    scope: 'PLATFORM',
    permission: 'PLATFORM_TENANT_MANAGE',
    status: 201,
    request: { body: impersonateRequestSchema },
    response: sessionTokensSchema,
    problems: ['resource.not_found', 'tenant.suspended'],
  })
  async impersonate(
    @CurrentUser() operator: UserContext,
    @Body() body: ImpersonateRequest,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<SessionTokens> {
    const session = await this.impersonating.run(operator, body, clientOf(request));
    return answerTokens(session, 'body', reply);
  }
}
