import { PersistenceModule } from '@getupnet/persistence';
import { SessionAccessModule, UserAccessModule } from '@getupnet/rbac';
import { SecretsModule } from '@getupnet/secrets';
import { Module } from '@nestjs/common';
import { JwksController } from './keys/jwks.controller.js';
import { TokenKeyRepository } from './keys/token-key.repository.js';
import { TokenSigner } from './keys/token-signer.js';
import { Passwords } from './passwords/passwords.js';
import { RefreshSession } from './sessions/refresh-session.use-case.js';
import { SessionRepository } from './sessions/session.repository.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { Sessions } from './sessions/sessions.js';

/** Everything but the routes. */
@Module({
  imports: [PersistenceModule, SecretsModule, SessionAccessModule],
  providers: [
    Passwords,
    TokenKeyRepository,
    TokenSigner,
    SessionRepository,
    Sessions,
    RefreshSession,
  ],
  exports: [
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
  controllers: [JwksController, SessionsController],
})
export class AuthHttpModule {}
