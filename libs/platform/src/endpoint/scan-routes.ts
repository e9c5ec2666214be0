import type { DynamicModule, ForwardReference, Provider, Type } from '@nestjs/common';
import { MODULE_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import type { ServiceDefinition, ServiceModule } from '../boot/service-definition.js';
import { declarationOf } from './endpoint.decorator.js';
import type { EndpointDeclaration } from './endpoint.js';

/** A handler with its declaration and owner. */
export interface ScannedRoute {
  readonly service: string;
  /** `Controller.method`. */
  readonly handler: string;
  readonly endpoint: EndpointDeclaration;
}

export interface Scan {
  readonly routes: readonly ScannedRoute[];
  /** What must not be: handlers without a declaration, process-wide providers. */
  readonly problems: readonly string[];
}

const PROCESS_WIDE = new Map<unknown, string>([
  [APP_GUARD, 'APP_GUARD'],
  [APP_FILTER, 'APP_FILTER'],
  [APP_PIPE, 'APP_PIPE'],
  [APP_INTERCEPTOR, 'APP_INTERCEPTOR'],
]);

/** A service definition, or the platform's own part. */
export interface ScannedService extends Pick<ServiceDefinition, 'http' | 'workers'> {
  readonly name: string;
}

type AnyModule = ServiceModule | ForwardReference | Promise<DynamicModule>;
interface Member {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  readonly imports: readonly AnyModule[];
}

/** Reads every handler of the definitions from the modules' metadata; nothing is instantiated. */
export function scanRoutes(definitions: readonly ScannedService[]): Scan {
  const routes: ScannedRoute[] = [];
  const problems: string[] = [];
  const owner = new Map<Type, string>();
  for (const definition of definitions) {
    const found = collect(definition.http, problems);
    for (const controller of found) {
      const other = owner.get(controller);
      // A controller of a shared module is mounted once, for the first service that brings it.
      if (other !== undefined) continue;
      owner.set(controller, definition.name);
      scanController(controller, definition.name, routes, problems);
    }
  }
  for (const definition of definitions) {
    for (const controller of collect(definition.workers, problems)) {
      if (!owner.has(controller)) {
        problems.push(`${controller.name}: a controller in the worker modules`);
      }
    }
  }
  return { routes, problems: [...new Set(problems)] };
}

function collect(roots: readonly AnyModule[], problems: string[]): Set<Type> {
  const controllers = new Set<Type>();
  const seen = new Set<AnyModule>();
  const queue = [...roots];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { name, member } = read(next);
    member.controllers.forEach((controller) => controllers.add(controller));
    queue.push(...member.imports);
    for (const provider of member.providers) {
      const token = typeof provider === 'object' ? PROCESS_WIDE.get(provider.provide) : undefined;
      if (token !== undefined) problems.push(`${name}: provides ${token}, which is the platform's`);
    }
  }
  return controllers;
}

function read(module: AnyModule): { name: string; member: Member } {
  if (module instanceof Promise) {
    throw new TypeError('a service module must not be a promise: resolve it in the definition');
  }
  if ('forwardRef' in module) return read(module.forwardRef() as AnyModule);
  const type = 'module' in module ? module.module : module;
  const list = <T>(key: string, dynamic: readonly T[] | undefined): T[] => [
    ...((Reflect.getMetadata(key, type) ?? []) as T[]),
    ...(dynamic ?? []),
  ];
  const dynamic: Partial<DynamicModule> = 'module' in module ? module : {};
  return {
    name: type.name,
    member: {
      controllers: list<Type>(MODULE_METADATA.CONTROLLERS, dynamic.controllers),
      providers: list<Provider>(MODULE_METADATA.PROVIDERS, dynamic.providers),
      imports: list<AnyModule>(MODULE_METADATA.IMPORTS, dynamic.imports as AnyModule[] | undefined),
    },
  };
}

function scanController(
  controller: Type,
  service: string,
  routes: ScannedRoute[],
  problems: string[],
): void {
  const prefix: unknown = Reflect.getMetadata(PATH_METADATA, controller);
  if (prefix !== '/') problems.push(`${controller.name}: a controller takes no path of its own`);
  for (const [method, handler] of handlersOf(controller.prototype as object)) {
    const endpoint = declarationOf(handler);
    const name = `${controller.name}.${method}`;
    if (endpoint !== undefined) routes.push({ service, handler: name, endpoint });
    else if (Reflect.hasMetadata(PATH_METADATA, handler)) {
      problems.push(`${name}: a handler without @Endpoint`);
    }
  }
}

function handlersOf(prototype: object): Map<string, object> {
  const handlers = new Map<string, object>();
  for (let level = prototype; level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      const value: unknown = property.value;
      if (typeof value === 'function' && name !== 'constructor' && !handlers.has(name)) {
        handlers.set(name, value);
      }
    }
  }
  return handlers;
}
