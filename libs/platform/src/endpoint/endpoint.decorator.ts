import {
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  applyDecorators,
} from '@nestjs/common';
import { RouteConfig, RouteConstraints } from '@nestjs/platform-fastify';
import { bindSchemas } from './bind-schemas.js';
import type { EndpointDeclaration, EndpointOptions, HttpMethod } from './endpoint.js';

const ENDPOINT = 'getupnet:endpoint';

const METHODS = {
  GET: RequestMethod.GET,
  POST: RequestMethod.POST,
  PUT: RequestMethod.PUT,
  PATCH: RequestMethod.PATCH,
  DELETE: RequestMethod.DELETE,
} as const satisfies Record<HttpMethod, RequestMethod>;

/**
 * The one decorator of a handler: method and full path, listener, scope, permission, what it takes
 * and answers. The schemas of `request` are bound to the handler's `@Body()`, `@Query()` and
 * `@Param()` parameters. A handler without it stops the boot.
 */
export function Endpoint(
  method: HttpMethod,
  path: `/${string}`,
  options: EndpointOptions,
): MethodDecorator {
  const declaration = declare(method, path, options);
  const decorate = applyDecorators(
    RequestMapping({ path, method: METHODS[method] }),
    HttpCode(declaration.status),
    RouteConfig({ endpoint: declaration }),
    SetMetadata(ENDPOINT, declaration),
    ...(declaration.listener === 'both' ? [] : [RouteConstraints({ listener: options.listener })]),
  );
  return (target, key, descriptor) => {
    bindSchemas(target.constructor, key, declaration);
    return decorate(target, key, descriptor);
  };
}

function declare(method: HttpMethod, path: string, options: EndpointOptions): EndpointDeclaration {
  const permission = 'permission' in options ? options.permission : [];
  return {
    ...options,
    method,
    path,
    permissions: typeof permission === 'string' ? [permission] : [...permission],
    status: options.status ?? 200,
    consumes: options.consumes ?? ['application/json'],
  };
}

/** The declaration of a controller's method, if it has one. */
export function declarationOf(handler: object): EndpointDeclaration | undefined {
  return Reflect.getMetadata(ENDPOINT, handler) as EndpointDeclaration | undefined;
}
