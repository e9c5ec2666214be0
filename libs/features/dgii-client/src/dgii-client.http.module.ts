import type { ServiceModule } from '@getupnet/platform';
import { ServiceAccessModule } from '@getupnet/rbac';
import { Module, type DynamicModule } from '@nestjs/common';
import { DgiiClientCoreModule } from './dgii-client.core.module.js';
import { DgiiGatewayController } from './http/dgii-gateway.controller.js';
import { DgiiDeclarationsController } from './http/dgii-declarations.controller.js';
import { DgiiInfoController } from './http/dgii-info.controller.js';
import { ListDirectory } from './info/list-directory.use-case.js';
import { ReportServices } from './info/report-services.use-case.js';
import { ReportToken } from './token/report-token.use-case.js';

/** The internal routes. */
@Module({})
export class DgiiClientHttpModule {
  static with(sign: ServiceModule): DynamicModule {
    return {
      module: DgiiClientHttpModule,
      imports: [DgiiClientCoreModule.with(sign), ServiceAccessModule],
      controllers: [DgiiGatewayController, DgiiDeclarationsController, DgiiInfoController],
      providers: [ReportToken, ListDirectory, ReportServices],
    };
  }
}
