import { Clock, SystemClock } from '@getupnet/kernel';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Config } from '../config/config.js';
import { OPEN_API, type OpenApiDocuments } from '../endpoint/openapi.js';
import { PlatformController } from '../health/platform.controller.js';
import { Readiness } from '../health/readiness.js';
import { AccessRegistry } from '../http/access-control.js';
import { Problems } from '../http/problems.js';
import { RateLimits } from '../limits/rate-limits.js';
import { SecurityEvents } from '../security/security-events.js';
import { Lifecycle } from './lifecycle.js';

export interface PlatformParts {
  readonly config: Config;
  readonly lifecycle: Lifecycle;
  readonly readiness: Readiness;
  readonly registry: Registry;
  readonly access: AccessRegistry;
  readonly events: SecurityEvents;
  readonly problems: Problems;
  readonly limits: RateLimits;
  readonly openApi: OpenApiDocuments;
  /** Replace platform providers (the clock, in tests). */
  readonly providers: readonly Provider[];
}

/**
 * What every feature may inject: Config, Clock, Lifecycle, Readiness, Registry, AccessRegistry,
 * SecurityEvents, Problems, RateLimits.
 */
@Module({})
export class PlatformModule {
  static of(parts: PlatformParts): DynamicModule {
    const providers: Provider[] = [
      { provide: Config, useValue: parts.config },
      { provide: Clock, useClass: SystemClock },
      { provide: Lifecycle, useValue: parts.lifecycle },
      { provide: Readiness, useValue: parts.readiness },
      { provide: Registry, useValue: parts.registry },
      { provide: AccessRegistry, useValue: parts.access },
      { provide: SecurityEvents, useValue: parts.events },
      { provide: Problems, useValue: parts.problems },
      { provide: RateLimits, useValue: parts.limits },
      { provide: OPEN_API, useValue: parts.openApi },
      ...parts.providers,
    ];
    return {
      module: PlatformModule,
      global: true,
      controllers: [PlatformController],
      providers,
      exports: providers.map((provider) =>
        typeof provider === 'function' ? provider : provider.provide,
      ),
    };
  }
}
