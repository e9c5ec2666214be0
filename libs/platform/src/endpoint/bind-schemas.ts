import { RouteParamtypes } from '@nestjs/common/internal';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { z } from 'zod';
import { BodyLines } from '../http/body-lines.js';
import type { EndpointDeclaration } from './endpoint.js';

const anyLines = z.instanceof(BodyLines);

interface RouteArgument {
  readonly index: number;
  /** `id` of `@Param('id')`. */
  readonly data?: unknown;
  schema?: z.ZodType;
}
type RouteArguments = Record<string, RouteArgument>;

/**
 * Gives a handler's `@Body()`, `@Query()` and `@Param()` the schemas of its endpoint, where Nest's
 * validation pipe finds them. Throws when one side lacks the other: input is never unchecked.
 */
export function bindSchemas(
  controller: object,
  key: string | symbol,
  endpoint: EndpointDeclaration,
): void {
  const name = `${(controller as { name?: string }).name ?? '?'}.${String(key)}`;
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, key) ?? {}) as RouteArguments;
  const request = endpoint.request ?? {};
  const body = request.lines === undefined ? request.body : anyLines;
  bind(argumentsOf(args, RouteParamtypes.BODY), body, `${name}: body`);
  bind(argumentsOf(args, RouteParamtypes.QUERY), request.query, `${name}: query`);
  bindParams(argumentsOf(args, RouteParamtypes.PARAM), request.params, `${name}: params`);
}

function argumentsOf(args: RouteArguments, type: RouteParamtypes): RouteArgument[] {
  return Object.entries(args)
    .filter(([id]) => id.startsWith(`${type}:`))
    .map(([, argument]) => argument);
}

function bind(found: RouteArgument[], schema: z.ZodType | undefined, what: string): void {
  if (found.length === 0 && schema === undefined) return;
  const [argument] = found;
  if (schema === undefined) throw new TypeError(`${what} is taken but has no schema`);
  if (argument === undefined || found.length > 1) {
    throw new TypeError(`${what} has a schema but is not taken by exactly one parameter`);
  }
  if (argument.data !== undefined) throw new TypeError(`${what} must be taken whole`);
  argument.schema = schema;
}

function bindParams(found: RouteArgument[], schema: z.ZodObject | undefined, what: string): void {
  if (found.length > 0 && schema === undefined) {
    throw new TypeError(`${what} are taken but have no schema`);
  }
  if (schema === undefined) return;
  if (found.length === 0) throw new TypeError(`${what} have a schema but are not taken`);
  for (const argument of found) {
    if (argument.data === undefined) argument.schema = schema;
    else {
      const member = schema.shape[String(argument.data)] as z.ZodType | undefined;
      if (member === undefined) throw new TypeError(`${what} lack "${String(argument.data)}"`);
      argument.schema = member;
    }
  }
}
