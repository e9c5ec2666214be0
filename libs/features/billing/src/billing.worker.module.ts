import type { ServiceModule } from '@getupnet/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { PersistenceModule } from '@getupnet/persistence';
import { QueuesModule } from '@getupnet/queues';
import { EmissionModule, NearWorkersModule } from './billing.core.module.js';
import { ContingencyMetrics } from './contingency/contingency-metrics.js';
import { ContingencyWorker } from './contingency/contingency.worker.js';
import { EmissionWorker } from './emission/emission.worker.js';
import { AlertRelay } from './relay/alert-relay.worker.js';
import { DocumentMetrics } from './relay/document-metrics.js';
import { DocumentRelay } from './relay/document-relay.worker.js';
import { Outstanding } from './relay/outstanding.js';

@Module({})
export class BillingWorkerModule {
  static with(sign: ServiceModule, dgii: ServiceModule): DynamicModule {
    return {
      module: BillingWorkerModule,
      imports: [
        PersistenceModule,
        QueuesModule,
        NearWorkersModule,
        EmissionModule.with(sign, dgii),
      ],
      providers: [
        ContingencyWorker,
        ContingencyMetrics,
        EmissionWorker,
        DocumentRelay,
        AlertRelay,
        DocumentMetrics,
        Outstanding,
      ],
    };
  }
}
