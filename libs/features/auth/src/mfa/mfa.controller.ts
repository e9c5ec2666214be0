import {
  AUTH_ROUTES,
  enrollRequestSchema,
  enrollmentSchema,
  mfaChallengeSchema,
  renewMfaRequestSchema,
  verifiedSchema,
  verifyRequestSchema,
  type EnrollRequest,
  type Enrollment,
  type MfaChallenge,
  type RenewMfaRequest,
  type Verified,
  type VerifyRequest,
} from '@getupnet/contracts';
import { Endpoint, type HttpReply, type HttpRequest } from '@getupnet/platform';
import { CurrentUser, type UserContext } from '@getupnet/tenant-context';
import { Body, Controller, Req, Res } from '@nestjs/common';
import { answerTokens, clientOf } from '../sessions/token-transport.js';
import { EnrollFactor } from './enroll.use-case.js';
import { VerifyFactor } from './verify.use-case.js';

@Controller()
export class MfaController {
  constructor(
    private readonly enrolling: EnrollFactor,
    private readonly verifying: VerifyFactor,
  ) {}

  @Endpoint('POST', AUTH_ROUTES.enroll, {
    summary: 'The secret for the authenticator app, for a challenge to enrol',
    listener: 'public',
    scope: 'PUBLIC',
    request: { body: enrollRequestSchema },
    response: enrollmentSchema,
    problems: ['auth.mfa_challenge_expired'],
  })
  async enroll(@Body() { challenge }: EnrollRequest): Promise<Enrollment> {
    return this.enrolling.begin(challenge);
  }

  @Endpoint('POST', AUTH_ROUTES.verify, {
    summary: 'Complete a login, or an enrolment, with a code',
    listener: 'public',
    scope: 'PUBLIC',
    request: { body: verifyRequestSchema },
    response: verifiedSchema,
    problems: [
      'auth.mfa_invalid',
      'auth.mfa_replayed',
      'auth.mfa_challenge_expired',
      'auth.locked',
    ],
  })
  async verify(
    @Body() body: VerifyRequest,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<Verified> {
    const { session, recoveryCodes } = await this.verifying.run(body, clientOf(request));
    const tokens = answerTokens(session, body.transport, reply);
    return recoveryCodes.length === 0 ? tokens : { ...tokens, recoveryCodes: [...recoveryCodes] };
  }

  @Endpoint('POST', AUTH_ROUTES.renewMfa, {
    summary: 'Begin to enrol a second factor, or another one, while logged in',
    listener: 'public',
    scope: 'USER',
    request: { body: renewMfaRequestSchema },
    response: mfaChallengeSchema,
    problems: [
      'auth.invalid_credentials',
      'auth.mfa_invalid',
      'auth.mfa_replayed',
      'auth.locked',
      'rate.limited',
    ],
  })
  async renew(
    @Body() body: RenewMfaRequest,
    @CurrentUser() user: UserContext,
    @Req() request: HttpRequest,
  ): Promise<MfaChallenge> {
    return this.enrolling.renew(body, user, clientOf(request));
  }
}
