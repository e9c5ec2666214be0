import { PersistenceModule } from '@getupnet/persistence';
import { PlatformAccessModule } from '@getupnet/rbac';
import { Module } from '@nestjs/common';
import { AuthCoreModule } from '../auth.modules.js';
import { Impersonate } from './impersonate.use-case.js';
import { ImpersonationController } from './impersonation.controller.js';

/** The operator acting as a company. */
@Module({
  imports: [AuthCoreModule, PersistenceModule, PlatformAccessModule],
  controllers: [ImpersonationController],
  providers: [Impersonate],
})
export class ImpersonationModule {}
