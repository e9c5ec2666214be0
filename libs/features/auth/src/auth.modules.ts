import { PersistenceModule } from '@getupnet/persistence';
import { SessionAccessModule, UserAccessModule } from '@getupnet/rbac';
import { SecretsModule } from '@getupnet/secrets';
import { Module } from '@nestjs/common';
import { JwksController } from './keys/jwks.controller.js';
import { TokenKeyRepository } from './keys/token-key.repository.js';
import { TokenSigner } from './keys/token-signer.js';
import { Accounts } from './login/accounts.js';
import { Admission } from './login/admission.js';
import { AuthJournal } from './login/auth-journal.js';
import { Credentials } from './login/credentials.js';
import { Lockout } from './login/lockout.js';
import { LoginController } from './login/login.controller.js';
import { Login } from './login/login.use-case.js';
import { Messages } from './messages/messages.js';
import { StoredMessages } from './messages/stored-messages.js';
import { Challenges } from './mfa/challenges.js';
import { EnrollFactor } from './mfa/enroll.use-case.js';
import { FactorTries } from './mfa/factor-tries.js';
import { MfaController } from './mfa/mfa.controller.js';
import { SecondFactor } from './mfa/second-factor.js';
import { Totp } from './mfa/totp.js';
import { VerifyFactor } from './mfa/verify.use-case.js';
import { ForgotPassword } from './passwords/forgot-password.use-case.js';
import { NewPassword } from './passwords/new-password.js';
import { PasswordResets } from './passwords/password-resets.js';
import { PasswordsController } from './passwords/passwords.controller.js';
import { Passwords } from './passwords/passwords.js';
import { ResetNotice } from './passwords/reset-notice.js';
import { SetPassword } from './passwords/set-password.use-case.js';
import { RefreshSession } from './sessions/refresh-session.use-case.js';
import { SessionRepository } from './sessions/session.repository.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { Sessions } from './sessions/sessions.js';

/** Everything but the routes. */
@Module({
  imports: [PersistenceModule, SecretsModule, SessionAccessModule],
  providers: [
    Accounts,
    AuthJournal,
    Challenges,
    Credentials,
    Lockout,
    { provide: Messages, useClass: StoredMessages },
    SecondFactor,
    Totp,
    Passwords,
    TokenKeyRepository,
    TokenSigner,
    SessionRepository,
    Sessions,
    RefreshSession,
  ],
  exports: [
    Accounts,
    AuthJournal,
    Challenges,
    Credentials,
    Lockout,
    Messages,
    SecondFactor,
    Totp,
    Passwords,
    TokenKeyRepository,
    TokenSigner,
    SessionRepository,
    Sessions,
    RefreshSession,
  ],
})
export class AuthCoreModule {}

/** The public routes. */
@Module({
  imports: [AuthCoreModule, PersistenceModule, UserAccessModule],
  controllers: [
    JwksController,
    LoginController,
    MfaController,
    PasswordsController,
    SessionsController,
  ],
  providers: [
    Admission,
    EnrollFactor,
    FactorTries,
    ForgotPassword,
    Login,
    NewPassword,
    PasswordResets,
    ResetNotice,
    SetPassword,
    VerifyFactor,
  ],
})
export class AuthHttpModule {}
