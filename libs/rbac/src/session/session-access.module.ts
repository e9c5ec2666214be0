import { PersistenceModule } from '@getupnet/persistence';
import { Module } from '@nestjs/common';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { DatabaseSessionDirectory } from './database-session-directory.js';
import { SessionAccess } from './session-access.js';
import { SessionDirectory } from './session-directory.js';
import { TokenKeys } from './token-keys.js';

/** Sessions of people, for whichever scope they open. */
@Module({
  imports: [PersistenceModule],
  providers: [
    TokenKeys,
    AccessTokenVerifier,
    SessionAccess,
    { provide: SessionDirectory, useClass: DatabaseSessionDirectory },
  ],
  exports: [SessionAccess],
})
export class SessionAccessModule {}
