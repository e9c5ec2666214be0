export { BootError, EXIT_CONFIG } from './boot/boot-error.js';
export {
  createServices,
  type RunningServices,
  type ServicesOptions,
} from './boot/create-services.js';
export { Lifecycle } from './boot/lifecycle.js';
export { platformEnv, platformSpecs } from './boot/platform-env.js';
export { bootReport, runServices } from './boot/run-services.js';
export type {
  PortModule,
  Role,
  ServiceDefinition,
  ServiceModule,
} from './boot/service-definition.js';
export { Config } from './config/config.js';
export { renderEnvExample } from './config/env-example.js';
export { defineEnv, type EnvShape, type EnvSpec, type EnvValues } from './config/env-spec.js';
export { loadConfig, type EnvSource } from './config/load-config.js';
export { secretText } from './config/secret.js';
export {
  RequestContext,
  contextKey,
  currentContext,
  newTraceId,
  runInContext,
  traceHeaders,
  type ContextKey,
  type RequestContextFields,
} from './context/request-context.js';
export { Endpoint } from './endpoint/endpoint.decorator.js';
export type {
  EndpointDeclaration,
  EndpointOptions,
  EndpointRequest,
  HttpMethod,
  Listener,
  Scope,
} from './endpoint/endpoint.js';
export { openApiDocument, type OpenApiInfo } from './endpoint/openapi.js';
export { declaredRoutes, routeTable, type RouteRow } from './endpoint/route-table.js';
export { crashPointNames, type CrashPointName } from './faults/crash-point-names.js';
export { InjectedFault, armCrashPoints, crashPoint, type CrashKind } from './faults/crash-point.js';
export { Readiness, type HealthIndicator, type ReadinessReport } from './health/readiness.js';
export {
  AccessControl,
  AccessRegistry,
  type CalledRoute,
  type HttpRequest,
} from './http/access-control.js';
export { BodyLine, BodyLines } from './http/body-lines.js';
export { PROBLEM_JSON, type Problem } from './http/problem.js';
export { Problems, type ToldProblem } from './http/problems.js';
export { validate } from './http/validation.pipe.js';
export { redisVariables } from './limits/limits-env.js';
export type { RateLimit } from './limits/meter.js';
export { RateLimits } from './limits/rate-limits.js';
export { OpsPagesModule } from './ops/ops-pages.module.js';
export { PAGE_POLICY } from './ops/ops-pages.js';
export { OPS_LOGIN } from './ops/ops.controllers.js';
export { logFailure } from './logging/log-failure.js';
export { PlatformLogger, redactText, type LogLevel } from './logging/logger.js';
export type { HttpReply } from './http/access-control.js';
export { AddressList, clientAddress, isAddressRange } from './security/client-address.js';
export { SECURITY_EVENTS, type SecurityEventType, type Severity } from './security/event-types.js';
export {
  AlertChannel,
  SecurityEvents,
  type SecurityDetails,
  type SecurityEvent,
  type SecuritySink,
} from './security/security-events.js';
export { Lane, type LaneLimits, type Turn } from './turns/lane.js';
export { Rounds, type RoundsOptions } from './turns/rounds.js';
