import type { ServiceModule } from '@getupnet/platform';
import { TenantAccessModule } from '@getupnet/rbac';
import { Module, type DynamicModule } from '@nestjs/common';
import { BillingCoreModule } from '../billing.core.module.js';
import { ForecastRepository } from './forecast/forecast.repository.js';
import { ForecastService } from './forecast/forecast.service.js';
import { SequenceTeller } from './forecast/sequence-teller.js';
import { SequenceWatch } from './forecast/sequence-watch.worker.js';
import { GapsRepository } from './gaps/gaps.repository.js';
import { GapsService } from './gaps/gaps.service.js';
import { SequencesController } from './sequences.controller.js';
import { SequencesService } from './sequences.service.js';
import { CreateVoidRequest } from './voids/create-void.use-case.js';
import { DriveVoid } from './voids/drive-void.use-case.js';
import { VoidNumbersRepository } from './voids/void-numbers.repository.js';
import { VoidSteps } from './voids/void-steps.js';
import { VoidWorker } from './voids/void.worker.js';
import { VoidsController } from './voids/voids.controller.js';
import { VoidsRepository } from './voids/voids.repository.js';
import { VoidsService } from './voids/voids.service.js';

/** Ranges, forecast, gaps and voids as a tenant asks for them. */
@Module({})
export class SequencesHttpModule {
  static with(sign: ServiceModule): DynamicModule {
    return {
      module: SequencesHttpModule,
      imports: [TenantAccessModule, BillingCoreModule.with(sign)],
      // The routes with a fixed second part come before those with an id there.
      controllers: [VoidsController, SequencesController],
      providers: [
        CreateVoidRequest,
        ForecastRepository,
        ForecastService,
        GapsRepository,
        GapsService,
        SequencesService,
        VoidNumbersRepository,
        VoidsRepository,
        VoidsService,
      ],
    };
  }
}

/** What looks after sequences and void requests by itself. */
@Module({})
export class SequencesWorkerModule {
  static with(sign: ServiceModule, dgii: ServiceModule): DynamicModule {
    return {
      module: SequencesWorkerModule,
      imports: [BillingCoreModule.with(sign), dgii],
      providers: [DriveVoid, SequenceTeller, SequenceWatch, VoidSteps, VoidWorker, VoidsRepository],
    };
  }
}
