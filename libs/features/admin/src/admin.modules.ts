import { PersistenceModule } from '@getupnet/persistence';
import { PlatformAccessModule, SessionAccessModule } from '@getupnet/rbac';
import { Module } from '@nestjs/common';
import { AdministratorsController } from './administrators/administrators.controller.js';
import { InviteAdministrator } from './administrators/invite-administrator.use-case.js';
import { PeopleRepository } from './administrators/people.repository.js';
import { ChangeCompany } from './companies/change-company.use-case.js';
import { CompaniesController } from './companies/companies.controller.js';
import { CompaniesService } from './companies/companies.service.js';
import { CompanyReports } from './companies/company-reports.js';
import { CompanyRepository } from './companies/company.repository.js';
import { ProductionRule } from './companies/production-rule.js';
import { SuspendedSessions } from './companies/suspended-sessions.js';

/** The public routes; scope PLATFORM, role `identity`. */
@Module({
  imports: [PersistenceModule, PlatformAccessModule, SessionAccessModule],
  controllers: [CompaniesController, AdministratorsController],
  providers: [
    ChangeCompany,
    CompaniesService,
    CompanyReports,
    CompanyRepository,
    InviteAdministrator,
    PeopleRepository,
    ProductionRule,
    SuspendedSessions,
  ],
})
export class AdminHttpModule {}
