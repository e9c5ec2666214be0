import { PersistenceModule } from '@getupnet/persistence';
import { Module } from '@nestjs/common';
import { SessionAccessModule } from '../session/session-access.module.js';
import { ApiKeyDirectory } from './api-key-directory.js';
import { ApiKeyUsage } from './api-key-usage.js';
import { DatabaseApiKeyDirectory } from './database-api-key-directory.js';
import { TenantAccess } from './tenant-access.js';

/** Guards scope TENANT. Imported by every HTTP module that has such endpoints. */
@Module({
  imports: [PersistenceModule, SessionAccessModule],
  providers: [
    { provide: ApiKeyDirectory, useClass: DatabaseApiKeyDirectory },
    ApiKeyUsage,
    TenantAccess,
  ],
  exports: [TenantAccess],
})
export class TenantAccessModule {}
