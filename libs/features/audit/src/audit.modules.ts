import { PersistenceModule } from '@getupnet/persistence';
import { PlatformAccessModule, ServiceAccessModule, TenantAccessModule } from '@getupnet/rbac';
import { StorageModule } from '@getupnet/storage';
import { Module } from '@nestjs/common';
import { ChainWorker } from './chain/chain.worker.js';
import { CheckpointFiles } from './checkpoints/checkpoint-files.js';
import { CheckpointWorker } from './checkpoints/checkpoint.worker.js';
import { MakeCheckpoint } from './checkpoints/make-checkpoint.use-case.js';
import { AppendEvent } from './logs/append-event.use-case.js';
import { AuditLogsController } from './logs/audit-logs.controller.js';
import { AuditLogs } from './logs/audit-logs.service.js';
import { PlatformAuditController } from './logs/platform-audit.controller.js';
import { ListCheckpoints } from './checkpoints/list-checkpoints.use-case.js';
import { Patrol } from './verify/patrol.js';
import { PatrolWorker } from './verify/patrol.worker.js';
import { Seals } from './verify/seals.js';
import { VerifyChain } from './verify/verify-chain.use-case.js';

/** Reading and verifying chains: of a company, by its people; of the platform, by the operator's. */
@Module({
  imports: [
    PersistenceModule,
    StorageModule,
    TenantAccessModule,
    PlatformAccessModule,
    ServiceAccessModule,
  ],
  controllers: [AuditLogsController, PlatformAuditController],
  providers: [AppendEvent, AuditLogs, CheckpointFiles, ListCheckpoints, Seals, VerifyChain],
})
export class AuditHttpModule {}

/** Appending and checkpoints. Any number of replicas; one works at a time. */
@Module({
  imports: [PersistenceModule, StorageModule],
  providers: [
    ChainWorker,
    CheckpointFiles,
    CheckpointWorker,
    MakeCheckpoint,
    Patrol,
    PatrolWorker,
    Seals,
    VerifyChain,
  ],
})
export class AuditWorkerModule {}
