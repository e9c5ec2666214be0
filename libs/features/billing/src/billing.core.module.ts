import type { ServiceModule } from '@getupnet/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { PersistenceModule } from '@getupnet/persistence';
import { DocumentsRepository } from './documents/documents.repository.js';
import { StoredDocuments } from './documents/stored-documents.js';
import { DeadlineWatch } from './contingency/deadline-watch.js';
import { DriveLine } from './contingency/drive-line.use-case.js';
import { Episodes } from './contingency/episodes.js';
import { LinkWatch } from './contingency/link-watch.js';
import { WaitSteps } from './contingency/wait-steps.js';
import { AskStage } from './emission/ask-stage.js';
import { DocumentSteps } from './emission/document-steps.js';
import { DriveDocuments, Stages } from './emission/drive-documents.use-case.js';
import { HeldStage } from './emission/held-stage.js';
import { NearWorkers } from './emission/near-workers.js';
import { PollStage } from './emission/poll-stage.js';
import { SendStage } from './emission/send-stage.js';
import { SignStage } from './emission/sign-stage.js';
import { Stints } from './emission/stint.js';
import { VerdictRecorder } from './emission/verdict-recorder.js';
import { SequencesRepository } from './sequences/sequences.repository.js';

const shared = [
  DocumentsRepository,
  SequencesRepository,
  StoredDocuments,
  DocumentSteps,
  SignStage,
  Stints,
];
const stages = [
  LinkWatch,
  Episodes,
  WaitSteps,
  VerdictRecorder,
  PollStage,
  SendStage,
  AskStage,
  HeldStage,
  Stages,
  DriveDocuments,
  DriveLine,
  DeadlineWatch,
];

/** One instance for both halves of a process: requests and workers meet in it. */
@Module({ providers: [NearWorkers], exports: [NearWorkers] })
export class NearWorkersModule {}

/** What both halves of billing use: reading documents, and the stage a waiting request may run. */
@Module({})
export class BillingCoreModule {
  static with(sign: ServiceModule): DynamicModule {
    return {
      module: BillingCoreModule,
      imports: [PersistenceModule, NearWorkersModule, sign],
      providers: shared,
      exports: [...shared, PersistenceModule, NearWorkersModule, sign],
    };
  }
}

/** The stages that talk to DGII; only workers have them. */
@Module({})
export class EmissionModule {
  static with(sign: ServiceModule, dgii: ServiceModule): DynamicModule {
    return {
      module: EmissionModule,
      imports: [BillingCoreModule.with(sign), dgii],
      providers: stages,
      exports: stages,
    };
  }
}
