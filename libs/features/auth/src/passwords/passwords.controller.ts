import {
  AUTH_ROUTES,
  changePasswordRequestSchema,
  forgotPasswordRequestSchema,
  resetPasswordRequestSchema,
  type ChangePasswordRequest,
  type ForgotPasswordRequest,
  type ResetPasswordRequest,
} from '@getupnet/contracts';
import { Endpoint, type HttpReply, type HttpRequest } from '@getupnet/platform';
import { CurrentUser, type UserContext } from '@getupnet/tenant-context';
import { Body, Controller, Req, Res } from '@nestjs/common';
import { clearCookies, clientOf } from '../sessions/token-transport.js';
import { ForgotPassword } from './forgot-password.use-case.js';
import { SetPassword } from './set-password.use-case.js';

@Controller()
export class PasswordsController {
  constructor(
    private readonly forgetting: ForgotPassword,
    private readonly setting: SetPassword,
  ) {}

  @Endpoint('POST', AUTH_ROUTES.passwordForgot, {
    summary: 'Ask for a password reset; the answer is the same whether there is an account',
    listener: 'public',
    scope: 'PUBLIC',
    status: 202,
    request: { body: forgotPasswordRequestSchema },
    problems: ['rate.limited'],
  })
  forgot(@Body() { email }: ForgotPasswordRequest, @Req() request: HttpRequest): void {
    this.forgetting.begin(email, clientOf(request));
  }

  @Endpoint('POST', AUTH_ROUTES.passwordReset, {
    summary: 'Set a new password with the token of a reset; all sessions end',
    listener: 'public',
    scope: 'PUBLIC',
    status: 204,
    request: { body: resetPasswordRequestSchema },
    problems: ['auth.token_invalid', 'rate.limited'],
  })
  async reset(
    @Body() { token, password }: ResetPasswordRequest,
    @Req() request: HttpRequest,
  ): Promise<void> {
    await this.setting.reset(token, password, clientOf(request));
  }

  @Endpoint('POST', AUTH_ROUTES.passwordChange, {
    summary: 'Change one’s own password; all sessions end, this one too',
    listener: 'public',
    scope: 'USER',
    status: 204,
    request: { body: changePasswordRequestSchema },
    problems: ['auth.invalid_credentials', 'auth.locked', 'rate.limited'],
  })
  async change(
    @Body() body: ChangePasswordRequest,
    @CurrentUser() { userId }: UserContext,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<void> {
    await this.setting.change(userId, body, clientOf(request));
    clearCookies(reply);
  }
}
