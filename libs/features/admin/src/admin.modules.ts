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
import { StuckDocumentsController } from './documents/documents.controller.js';
import { ListStuckDocuments } from './documents/list-stuck-documents.use-case.js';
import { ReplayDocumentUseCase } from './documents/replay-document.use-case.js';
import { StuckDocumentsRepository } from './documents/stuck-documents.repository.js';

/** The public routes; scope PLATFORM. Role `identity`, and for documents `platform_read` and `app`. */
@Module({
  imports: [PersistenceModule, PlatformAccessModule, SessionAccessModule],
  controllers: [CompaniesController, AdministratorsController, StuckDocumentsController],
  providers: [
    ChangeCompany,
    CompaniesService,
    CompanyReports,
    CompanyRepository,
    InviteAdministrator,
    ListStuckDocuments,
    PeopleRepository,
    ProductionRule,
    ReplayDocumentUseCase,
    StuckDocumentsRepository,
    SuspendedSessions,
  ],
})
export class AdminHttpModule {}
