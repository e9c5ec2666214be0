import { DgiiGateway } from '@getupnet/contracts';
import { DgiiApi, DgiiEndpoints, DgiiStatusApi } from '@getupnet/dgii-api';
import { HttpTransport } from '@getupnet/http-client';
import { Clock } from '@getupnet/kernel';
import { PersistenceModule } from '@getupnet/persistence';
import { BootError, Config, type ServiceModule } from '@getupnet/platform';
import { SecretsModule } from '@getupnet/secrets';
import { Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AuthorisedCalls } from './calls/authorised-calls.js';
import { DgiiCalls } from './calls/dgii-calls.js';
import { DgiiMetrics } from './calls/dgii-metrics.js';
import { Incidents } from './calls/incidents.js';
import { MaintenanceWatch } from './calls/maintenance-watch.js';
import { Maintenance } from './calls/maintenance.js';
import { Pacing } from './calls/pacing.js';
import { RetryPolicy } from './calls/retry-policy.js';
import { dgiiClientEnv } from './dgii-client.env.js';
import { SendDeclarations } from './declarations/send-declarations.use-case.js';
import { ConsultResults } from './gateway/consult-results.use-case.js';
import { FindDocuments } from './gateway/find-documents.use-case.js';
import { LocalDgiiGateway } from './gateway/local-dgii-gateway.js';
import { ProductionGate } from './gateway/production-gate.js';
import { Queries } from './gateway/queries.js';
import { SendDocuments } from './gateway/send-documents.use-case.js';
import { LookUpDirectory } from './info/look-up-directory.use-case.js';
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
  const {
    DGII_BASE_URL: baseUrl,
    DGII_ENDPOINTS: overrides,
    DGII_PRODUCTION_ENABLED: production,
  } = config.get(dgiiClientEnv);
  try {
    return new DgiiEndpoints({ baseUrl, overrides, production });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The first fault names the service, the rest say the same of the others.
    const [fault] = error.message.split(';');
    throw new BootError(`DGII_BASE_URL, DGII_PRODUCTION_ENABLED: ${fault}`, { cause: error });
  }
}

function transportOf(config: Config): DgiiTransport {
  const env = config.get(dgiiClientEnv);
  return new DgiiTransport({
    connectTimeoutMs: env.DGII_CONNECT_TIMEOUT_MS,
    headersTimeoutMs: env.DGII_HEADERS_TIMEOUT_MS,
    bodyTimeoutMs: env.DGII_BODY_TIMEOUT_MS,
    totalTimeoutMs: env.DGII_CALL_TIMEOUT_MS,
    connectionsPerOrigin: env.DGII_CALLS_PER_HOST,
  });
}

function callsOf(
  config: Config,
  clock: Clock,
  metrics: DgiiMetrics,
  maintenance: Maintenance,
): DgiiCalls {
  const env = config.get(dgiiClientEnv);
  return new DgiiCalls({
    clock,
    metrics,
    maintenance,
    pacing: new Pacing({ total: env.DGII_CALLS_PER_HOST, perParty: env.DGII_CALLS_PER_TENANT }),
    retries: new RetryPolicy(),
    breaker: { failures: env.DGII_BREAKER_FAILURES, openMs: env.DGII_BREAKER_OPEN_MS },
    callTimeoutMs: env.DGII_CALL_TIMEOUT_MS,
  });
}

const adapters = [
  { provide: DgiiEndpoints, inject: [Config], useFactory: endpointsOf },
  { provide: DgiiTransport, inject: [Config], useFactory: transportOf },
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
  {
    provide: Maintenance,
    inject: [Config, Clock, DgiiMetrics],
    useFactory: (config: Config, clock: Clock, metrics: DgiiMetrics): Maintenance =>
      new Maintenance(clock, metrics, config.get(dgiiClientEnv).DGII_MAINTENANCE_WINDOWS),
  },
  {
    provide: DgiiCalls,
    inject: [Config, Clock, DgiiMetrics, Maintenance],
    useFactory: callsOf,
  },
];

const exported = [Tokens, AuthorisedCalls, ProductionGate, LocalDgiiGateway];

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
        MaintenanceWatch,
        Incidents,
        DgiiTokenRepository,
        TokenVault,
        TokenIssuer,
        TokenRenewal,
        SendDocuments,
        ConsultResults,
        FindDocuments,
        SendDeclarations,
        LookUpDirectory,
        Queries,
        ...exported,
        { provide: DgiiGateway, useExisting: LocalDgiiGateway },
      ],
      exports: [...exported, DgiiCalls, DgiiApi, DgiiStatusApi, DgiiGateway],
    };
    made.set(sign, module);
    return module;
  }
}
