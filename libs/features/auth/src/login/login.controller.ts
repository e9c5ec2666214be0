import {
  AUTH_ROUTES,
  loginAnswerSchema,
  loginRequestSchema,
  type LoginAnswer,
  type LoginRequest,
} from '@getupnet/contracts';
import { Endpoint, type HttpReply, type HttpRequest } from '@getupnet/platform';
import { Body, Controller, Req, Res } from '@nestjs/common';
import { answerTokens, clientOf } from '../sessions/token-transport.js';
import { Login } from './login.use-case.js';

@Controller()
export class LoginController {
  constructor(private readonly login: Login) {}

  @Endpoint('POST', AUTH_ROUTES.login, {
    summary: 'Log in with a password',
    description:
      'Answers the session’s tokens, a challenge for the second factor, or the companies to choose from.',
    listener: 'public',
    scope: 'PUBLIC',
    request: { body: loginRequestSchema },
    response: loginAnswerSchema,
    problems: ['auth.invalid_credentials', 'auth.locked', 'auth.forbidden', 'rate.limited'],
  })
  async enter(
    @Body() body: LoginRequest,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<LoginAnswer> {
    const outcome = await this.login.run(body, clientOf(request));
    if (outcome.kind !== 'session') return outcome.answer;
    return answerTokens(outcome.session, body.transport, reply);
  }
}
