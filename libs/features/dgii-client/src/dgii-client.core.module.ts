import { DgiiGateway } from '@getupnet/contracts';
import { DgiiApi, DgiiEndpoints, DgiiStatusApi } from '@getupnet/dgii-api';
import { HttpTransport } from '@getupnet/http-client';
import { PersistenceModule } from '@getupnet/persistence';
import { Config, type ServiceModule } from '@getupnet/platform';
import { SecretsModule } from '@getupnet/secrets';
import { Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AuthorisedCalls } from './calls/authorised-calls.js';
import { DgiiCalls } from './calls/dgii-calls.js';
import { DgiiMetrics } from './calls/dgii-metrics.js';
import { dgiiClientEnv } from './dgii-client.env.js';
import { ConsultResults } from './gateway/consult-results.use-case.js';
import { FindDocuments } from './gateway/find-documents.use-case.js';
import { LocalDgiiGateway } from './gateway/local-dgii-gateway.js';
import { ProductionGate } from './gateway/production-gate.js';
import { SendDocuments } from './gateway/send-documents.use-case.js';
import { DgiiTokenRepository } from './token/dgii-token.repository.js';
import { TokenIssuer } from './token/token-issuer.js';
import { TokenRenewal } from './token/token-renewal.js';
import { TokenVault } from './token/token-vault.js';
import { Tokens } from './token/tokens.js';

/** Connections to DGII, closed when the process ends. */
@Injectable()
class DgiiTransport extends HttpTransport implements OnApplicationShutdown {
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}

function endpointsOf(config: Config): DgiiEndpoints {
  const { DGII_BASE_URL: baseUrl, DGII_ENDPOINTS: overrides } = config.get(dgiiClientEnv);
  return new DgiiEndpoints({ baseUrl, overrides });
}

const adapters = [
  { provide: DgiiEndpoints, inject: [Config], useFactory: endpointsOf },
  { provide: DgiiTransport, useFactory: (): DgiiTransport => new DgiiTransport() },
  {
    provide: DgiiApi,
    inject: [DgiiEndpoints, DgiiTransport],
    useFactory: (endpoints: DgiiEndpoints, transport: DgiiTransport): DgiiApi =>
      new DgiiApi(endpoints, transport),
  },
  {
    provide: DgiiStatusApi,
    inject: [DgiiEndpoints, DgiiTransport],
    useFactory: (endpoints: DgiiEndpoints, transport: DgiiTransport): DgiiStatusApi =>
      new DgiiStatusApi(endpoints, transport),
  },
  {
    provide: DgiiMetrics,
    inject: [Registry],
    useFactory: (registry: Registry): DgiiMetrics => new DgiiMetrics(registry),
  },
];

const exported = [DgiiCalls, Tokens, AuthorisedCalls, ProductionGate, LocalDgiiGateway];

/** By the signer's module: whoever names the same signer shares tokens, pools and breakers. */
const made = new WeakMap<ServiceModule, DynamicModule>();

/** Everything but the routes. */
@Module({})
export class DgiiClientCoreModule {
  static with(sign: ServiceModule): DynamicModule {
    const known = made.get(sign);
    if (known) return known;
    const module: DynamicModule = {
      module: DgiiClientCoreModule,
      imports: [PersistenceModule, SecretsModule, sign],
      providers: [
        ...adapters,
        DgiiTokenRepository,
        TokenVault,
        TokenIssuer,
        TokenRenewal,
        SendDocuments,
        ConsultResults,
        FindDocuments,
        ...exported,
        { provide: DgiiGateway, useExisting: LocalDgiiGateway },
      ],
      exports: [...exported, DgiiApi, DgiiStatusApi, DgiiGateway],
    };
    made.set(sign, module);
    return module;
  }
}
