import type { ServiceModule } from '@getupnet/platform';
import { TenantAccessModule } from '@getupnet/rbac';
import { Module, type DynamicModule } from '@nestjs/common';
import { BillingCoreModule } from './billing.core.module.js';
import { ContingenciesController } from './contingency/log/contingencies.controller.js';
import { ContingenciesRepository } from './contingency/log/contingencies.repository.js';
import { ContingenciesService } from './contingency/log/contingencies.service.js';
import { PaperReplacements } from './contingency/paper/paper-replacements.js';
import { PaperController } from './contingency/paper/paper.controller.js';
import { PaperRepository } from './contingency/paper/paper.repository.js';
import { PaperService } from './contingency/paper/paper.service.js';
import { DocumentsController } from './documents/documents.controller.js';
import { DocumentsService } from './documents/documents.service.js';
import { AuditGate } from './issue-document/audit-gate.js';
import { AnswerWithin } from './issue-document/answer-within.use-case.js';
import { BatchMetrics } from './issue-document/batch/batch-metrics.js';
import { BatchTurns } from './issue-document/batch/batch-turns.js';
import { EmitBatchController } from './issue-document/batch/emit-batch.controller.js';
import { IssueBatch } from './issue-document/batch/issue-batch.use-case.js';
import { CertificateGate } from './issue-document/certificate-gate.js';
import { Gates } from './issue-document/gates.js';
import { DocumentIntake } from './issue-document/intake.js';
import { DryRun } from './issue-document/dry-run.use-case.js';
import { EmitController } from './issue-document/emit.controller.js';
import { IssueDocument } from './issue-document/issue-document.use-case.js';
import { ReferencePolicy } from './issue-document/reference-policy.js';
import { VerdictWaiter } from './issue-document/verdict-waiter.js';
import { BrandingController } from './printed/branding/branding.controller.js';
import { BrandingRepository } from './printed/branding/branding.repository.js';
import { BrandingService } from './printed/branding/branding.service.js';
import { PrintDocument } from './printed/print-document.use-case.js';
import { PrintedController } from './printed/printed.controller.js';
import { RecentLogos } from './printed/recent-logos.js';
import { RenderedCache } from './printed/rendered-cache.js';

@Module({})
export class BillingHttpModule {
  static with(sign: ServiceModule): DynamicModule {
    return {
      module: BillingHttpModule,
      imports: [TenantAccessModule, BillingCoreModule.with(sign)],
      controllers: [
        EmitController,
        EmitBatchController,
        DocumentsController,
        PrintedController,
        ContingenciesController,
        PaperController,
        BrandingController,
      ],
      providers: [
        AnswerWithin,
        AuditGate,
        BatchMetrics,
        BatchTurns,
        BrandingRepository,
        BrandingService,
        CertificateGate,
        ContingenciesRepository,
        ContingenciesService,
        PaperReplacements,
        PaperRepository,
        PaperService,
        DocumentIntake,
        DocumentsService,
        DryRun,
        Gates,
        IssueBatch,
        IssueDocument,
        PrintDocument,
        RecentLogos,
        RenderedCache,
        ReferencePolicy,
        VerdictWaiter,
      ],
    };
  }
}
