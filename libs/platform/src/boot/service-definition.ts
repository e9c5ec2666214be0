import type { ServiceName } from '@getupnet/contracts';
import type { DynamicModule, Type } from '@nestjs/common';
import type { EnvSpec } from '../config/env-spec.js';

/** A Nest module as `imports` takes it, already resolved. */
export type ServiceModule = Type | DynamicModule;

/** One service: what to mount for HTTP, what for background work, and the variables it reads. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly http: readonly ServiceModule[];
  readonly workers: readonly ServiceModule[];
  readonly env: readonly EnvSpec[];
}

/** A module that provides a port of `contracts`, and the variables it reads. */
export interface PortModule {
  readonly module: ServiceModule;
  readonly env: readonly EnvSpec[];
}

export const ROLES = ['http', 'worker', 'both'] as const;
export type Role = (typeof ROLES)[number];
