import type { Server } from 'node:http';
import { AppError } from '@getupnet/kernel';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { DestinationStream } from 'pino';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { Config } from '../config/config.js';
import { loadConfig, type EnvSource } from '../config/load-config.js';
import { openApiDocuments } from '../endpoint/openapi.js';
import { declaredRoutes, toRouteTable, type RouteRow } from '../endpoint/route-table.js';
import type { ScannedRoute } from '../endpoint/scan-routes.js';
import { Readiness } from '../health/readiness.js';
import { AccessRegistry } from '../http/access-control.js';
import { AllowedMethods } from '../http/allowed-methods.js';
import { answerClientError } from '../http/client-errors.js';
import { HttpAdapter } from '../http/http-adapter.js';
import { createEdge } from '../http/create-edge.js';
import { Deadlines } from '../http/deadlines.js';
import { Listeners, HANDLER_LIMIT_MS, drain, listen, prepareServer } from '../http/listeners.js';
import { Pipeline } from '../http/pipeline.js';
import { ProblemSender } from '../http/problem-sender.js';
import { Problems } from '../http/problems.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { ValidationPipe } from '../http/validation.pipe.js';
import type { CountSync } from '../limits/count-sync.js';
import { PlatformLogger, createLogger, trustedLines } from '../logging/logger.js';
import { HttpMetrics } from '../metrics/http-metrics.js';
import { BootError } from './boot-error.js';
import { Lifecycle } from './lifecycle.js';
import { platformEnv, platformSpecs } from './platform-env.js';
import { PlatformModule } from './platform.module.js';
import type { Role, ServiceDefinition } from './service-definition.js';

export interface ServicesOptions {
  /** Variables, instead of the process's environment. */
  readonly env?: EnvSource;
  /** Address of the public listener, instead of HOST. */
  readonly host?: string;
  /** Where log lines go, instead of standard output. */
  readonly logStream?: DestinationStream;
  /** Providers that replace the platform's (the clock, in tests). */
  readonly providers?: readonly Provider[];
  /** Longest a handler may take before its request is answered without it. */
  readonly handlerLimitMs?: number;
  /** Also measure the process: event loop, memory, garbage collection. Once per process. */
  readonly processMetrics?: boolean;
}

export interface RunningServices {
  readonly publicUrl: string;
  readonly internalUrl: string;
  readonly routes: readonly RouteRow[];
  readonly app: NestFastifyApplication;
  readonly logger: PlatformLogger;
  /** Drains and stops everything, once; resolves when it is done. */
  close(): Promise<void>;
}

/** How long requests under way may take once shutdown began. */
const HTTP_DRAIN_MS = 12_000;

@Module({})
class RootModule {}

/**
 * Boots services in this process: one Nest application behind two listeners. Rejects with a
 * BootError that names every problem before anything listens.
 */
export async function createServices(
  definitions: readonly ServiceDefinition[],
  options: ServicesOptions = {},
): Promise<RunningServices> {
  const specs = [...platformSpecs, ...definitions.flatMap((definition) => [...definition.env])];
  const config = loadConfig(specs, options.env);
  const env = config.get(platformEnv);
  const declared = declaredRoutes(definitions);
  const mounted = env.ROLE === 'worker' ? declared.filter(isPlatform) : declared;

  const only = definitions.length === 1 ? definitions[0] : undefined;
  const pino = createLogger({
    service: only?.name ?? 'all',
    level: env.LOG_LEVEL,
    stream: options.logStream,
  });
  const logger = new PlatformLogger(pino);
  const lifecycle = new Lifecycle();
  const registry = new Registry();
  if (options.processMetrics === true) collectDefaultMetrics({ register: registry });
  const access = new AccessRegistry();
  const listeners = new Listeners();
  const { events, sync, trustedProxies, ...guards } = createEdge(config, pino, registry);
  const problems = new ProblemSender(pino, listeners, new AllowedMethods(mounted), events);
  const pipeline = new Pipeline({
    routes: mounted,
    listeners,
    access,
    accessLog: trustedLines(pino),
    metrics: new HttpMetrics(registry),
    draining: lifecycle.draining,
    ...guards,
    deadlines: new Deadlines(options.handlerLimitMs ?? HANDLER_LIMIT_MS, (request, reply) =>
      problems.send(tookTooLong(), request, reply),
    ),
    onNotFound: (request, reply) => problems.sendNotFound(request, reply),
  });
  const adapter = new HttpAdapter({
    listeners,
    trustedProxies,
    onError: (error, request, reply) => problems.send(error, request, reply),
    onNotFound: (request, reply) => problems.sendNotFound(request, reply),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  pipeline.install(fastify);

  const platform = PlatformModule.of({
    config,
    lifecycle,
    readiness: new Readiness(lifecycle.draining),
    registry,
    access,
    events,
    problems: new Problems(pino, events),
    limits: guards.limits,
    openApi: openApiDocuments(mounted),
    providers: options.providers ?? [],
  });
  const root = rootModule(definitions, env.ROLE, platform);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter(problems));

  const internal = listeners.createInternal(fastify.routing, answerClientError);
  try {
    await initialise(app, fastify, pipeline);
    const urls = await listenBoth(fastify.server, internal, config, options.host);
    sync.start();
    const close = once(() => shutDown({ app, internal, lifecycle, config, sync }));
    return { ...urls, routes: toRouteTable(mounted), app, logger, close };
  } catch (error) {
    internal.close();
    sync.close();
    await app.close();
    throw error;
  }
}

const tookTooLong = (): AppError =>
  new AppError('dependency.timeout', { dependency: 'plataforma' });

const isPlatform = (route: ScannedRoute): boolean => route.service === 'platform';

function rootModule(
  definitions: readonly ServiceDefinition[],
  role: Role,
  platform: DynamicModule,
): DynamicModule {
  const modules = definitions.flatMap(({ http, workers }) => [
    ...(role === 'worker' ? [] : http),
    ...(role === 'http' ? [] : workers),
  ]);
  return { module: RootModule, imports: [platform, ...modules] };
}

async function initialise(
  app: NestFastifyApplication,
  fastify: FastifyInstance,
  pipeline: Pipeline,
): Promise<void> {
  await app.init();
  await fastify.ready();
  if (pipeline.problems.length > 0) throw new BootError(pipeline.problems);
}

/** The internal listener first: whoever sees the public one up finds the rest working. */
async function listenBoth(
  publicServer: Server,
  internalServer: Server,
  config: Config,
  host: string | undefined,
): Promise<{ publicUrl: string; internalUrl: string }> {
  const env = config.get(platformEnv);
  prepareServer(publicServer);
  const internalUrl = await listen(internalServer, {
    host: env.INTERNAL_HOST,
    port: env.INTERNAL_PORT,
    variable: 'INTERNAL_PORT',
  });
  const publicUrl = await listen(publicServer, {
    host: host ?? env.HOST,
    port: env.PORT,
    variable: 'PORT',
  });
  return { publicUrl, internalUrl };
}

interface Shutdown {
  readonly app: NestFastifyApplication;
  readonly internal: Server;
  readonly lifecycle: Lifecycle;
  readonly config: Config;
  readonly sync: CountSync;
}

/** Readiness fails, listeners stop accepting, requests under way finish, then workers and pools. */
async function shutDown({ app, internal, lifecycle, config, sync }: Shutdown): Promise<void> {
  lifecycle.beginDrain();
  const delayMs = config.get(platformEnv).SHUTDOWN_DELAY_MS;
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  const publicServer = app.getHttpServer() as Server;
  await Promise.all([drain(publicServer, HTTP_DRAIN_MS), drain(internal, HTTP_DRAIN_MS)]);
  sync.close();
  await app.close();
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
