import { DgiiGateway } from '@getupnet/contracts';
import { HttpTransport } from '@getupnet/http-client';
import { ServiceCallerModule } from '@getupnet/rbac';
import { Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { HttpDgiiGateway } from './http-dgii-gateway.js';

/** 64 outcomes, each with a refusal's raw text. */
const MAX_ANSWER_BYTES = 10_000_000;

@Injectable()
class InternalTransport extends HttpTransport implements OnApplicationShutdown {
  constructor() {
    super({ maxAnswerBytes: MAX_ANSWER_BYTES });
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}

/** Provides the port DgiiGateway: calls to the dgii-client service's internal listener. */
@Module({
  imports: [ServiceCallerModule],
  providers: [
    { provide: HttpTransport, useClass: InternalTransport },
    { provide: DgiiGateway, useClass: HttpDgiiGateway },
  ],
  exports: [DgiiGateway],
})
export class DgiiGatewayClientModule {}
