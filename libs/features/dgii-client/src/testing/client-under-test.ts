import { Clock, newId } from '@getupnet/kernel';
import { DgiiApi, DgiiEndpoints, DgiiStatusApi } from '@getupnet/dgii-api';
import {
  HttpTransport,
  type Exchange,
  type HttpRequest,
  type TransportOptions,
} from '@getupnet/http-client';
import { Registry } from 'prom-client';
import { AuthorisedCalls } from '../calls/authorised-calls.js';
import { DgiiCalls } from '../calls/dgii-calls.js';
import { DgiiMetrics } from '../calls/dgii-metrics.js';
import { Incidents } from '../calls/incidents.js';
import { Maintenance } from '../calls/maintenance.js';
import { Pacing } from '../calls/pacing.js';
import { RetryPolicy } from '../calls/retry-policy.js';
import { SendDeclarations } from '../declarations/send-declarations.use-case.js';
import { ConsultResults } from '../gateway/consult-results.use-case.js';
import { FindDocuments } from '../gateway/find-documents.use-case.js';
import type { ProductionGate } from '../gateway/production-gate.js';
import { SendDocuments } from '../gateway/send-documents.use-case.js';
import { TokenIssuer, type IssuedToken } from '../token/token-issuer.js';
import { TokenRenewal } from '../token/token-renewal.js';
import type { FoundOrClaimed, TokenVault } from '../token/token-vault.js';
import type { Token, TokenKey } from '../token/token.js';
import { Tokens } from '../token/tokens.js';
import { TestSign } from './signed-documents.js';

/** Real time plus what a test adds. */
export class ShiftedClock extends Clock {
  shiftMs = 0;
  override now(): Date {
    return new Date(Date.now() + this.shiftMs);
  }
}

/** Stands in for the database's table of tokens. */
class MemoryVault {
  private readonly tokens = new Map<string, Token>();
  constructor(private readonly clock: Clock) {}

  findOrClaim(key: TokenKey, rejected: string | null): Promise<FoundOrClaimed> {
    const token = this.tokens.get(JSON.stringify(key));
    const good = token && token.sealed !== rejected && token.expiresAtMs > this.nowMs();
    return Promise.resolve(good ? token : { kind: 'claimed', claim: newId() });
  }

  store(key: TokenKey, claim: string, issued: IssuedToken): Promise<Token> {
    const expiresAtMs = this.nowMs() + issued.lifetimeMs;
    const { thumbprint } = key;
    const token = {
      kind: 'token',
      token: issued.token,
      sealed: claim,
      thumbprint,
      expiresAtMs,
    } as const;
    this.tokens.set(JSON.stringify(key), token);
    return Promise.resolve(token);
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }
}

/** Waits shorter than the product does until one call has run out of time, and then as it does. */
class ImpatientTransport extends HttpTransport {
  patienceMs: number | undefined;

  override async send(request: HttpRequest): Promise<Exchange> {
    if (this.patienceMs === undefined) return super.send(request);
    const timeoutMs = Math.min(this.patienceMs, request.timeoutMs ?? Infinity);
    const exchange = await super.send({ ...request, timeoutMs });
    if (exchange.kind === 'lost' && exchange.reason === 'timeout') this.patienceMs = undefined;
    return exchange;
  }
}

/** The client without Nest and without a database, against one address. */
export class ClientUnderTest {
  readonly clock = new ShiftedClock();
  readonly registry = new Registry();
  readonly sign = new TestSign();
  readonly transport: ImpatientTransport;
  readonly maintenance: Maintenance;
  readonly api: DgiiApi;
  readonly status: DgiiStatusApi;
  readonly calls: DgiiCalls;
  readonly tokens: Tokens;
  readonly sender: SendDocuments;
  readonly consultant: ConsultResults;
  readonly finder: FindDocuments;
  readonly declarations: SendDeclarations;
  readonly authorised: AuthorisedCalls;

  constructor(baseUrl: string, options: TransportOptions = {}) {
    const { clock, sign } = this;
    const transport = new ImpatientTransport({ connectTimeoutMs: 1_000, ...options });
    this.transport = transport;
    const metrics = new DgiiMetrics(this.registry);
    const incidents = new Incidents(metrics);
    this.maintenance = new Maintenance(clock, metrics);
    const endpoints = new DgiiEndpoints({ baseUrl });
    this.api = new DgiiApi(endpoints, transport);
    this.status = new DgiiStatusApi(endpoints, transport);
    this.calls = new DgiiCalls({
      clock,
      metrics,
      maintenance: this.maintenance,
      pacing: new Pacing({ total: 64, perParty: 32 }),
      retries: new RetryPolicy({ random: () => 0 }),
      breaker: {},
      callTimeoutMs: 20_000,
    });
    const issuer = new TokenIssuer(this.api, this.calls, sign);
    const vault = new MemoryVault(clock) as unknown as TokenVault;
    this.tokens = new Tokens(new TokenRenewal(vault, issuer), sign, clock);
    const gate = { allows: () => Promise.resolve(true) } as unknown as ProductionGate;
    const authorised = new AuthorisedCalls(gate, this.tokens, this.calls);
    this.sender = new SendDocuments(this.api, authorised, incidents);
    this.consultant = new ConsultResults(this.api, authorised, incidents);
    this.finder = new FindDocuments(this.api, authorised, incidents);
    this.declarations = new SendDeclarations(this.api, authorised, incidents, clock);
    this.authorised = authorised;
  }
}
