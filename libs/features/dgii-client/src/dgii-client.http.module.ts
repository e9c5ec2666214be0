import type { ServiceModule } from '@getupnet/platform';
import { ServiceAccessModule } from '@getupnet/rbac';
import { Module, type DynamicModule } from '@nestjs/common';
import { DgiiClientCoreModule } from './dgii-client.core.module.js';
import { DgiiGatewayController } from './http/dgii-gateway.controller.js';
import { DgiiInfoController } from './http/dgii-info.controller.js';
import { LookUpDirectory } from './info/look-up-directory.use-case.js';
import { ReportServices } from './info/report-services.use-case.js';
import { ReportToken } from './token/report-token.use-case.js';

/** The internal routes. */
@Module({})
export class DgiiClientHttpModule {
  static with(sign: ServiceModule): DynamicModule {
    return {
      module: DgiiClientHttpModule,
      imports: [DgiiClientCoreModule.with(sign), ServiceAccessModule],
      controllers: [DgiiGatewayController, DgiiInfoController],
      providers: [ReportToken, LookUpDirectory, ReportServices],
    };
  }
}
