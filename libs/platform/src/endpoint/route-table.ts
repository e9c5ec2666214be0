import { PlatformController } from '../health/platform.controller.js';
import type { ServiceDefinition } from '../boot/service-definition.js';
import { BootError } from '../boot/boot-error.js';
import { checkRoutes } from './check-routes.js';
import type { HttpMethod, Listener, Scope } from './endpoint.js';
import { pathTemplate } from './path-template.js';
import { scanRoutes, type ScannedRoute } from './scan-routes.js';

/** One line of the route table; gateway rules, reference pages and sweeping tests come from it. */
export interface RouteRow {
  readonly method: HttpMethod;
  /** With `{name}` for parameters. */
  readonly path: string;
  /** `platform` for what every process answers itself. */
  readonly service: string;
  readonly listener: Listener;
  readonly scope: Scope;
  /** Any one of them is enough. */
  readonly permissions: readonly string[];
  readonly handler: string;
}

/** Routes of the definitions and the platform's own; a BootError names every wrong declaration. */
export function declaredRoutes(definitions: readonly ServiceDefinition[]): ScannedRoute[] {
  const { routes, problems } = scanRoutes([
    ...definitions,
    {
      name: 'platform',
      http: [{ module: Platform, controllers: [PlatformController] }],
      workers: [],
    },
  ]);
  const all = [...problems, ...checkRoutes(routes)];
  if (all.length > 0) throw new BootError(all);
  return [...routes];
}

class Platform {}

/** The route table of a set of services, sorted; nothing is booted for it. */
export function routeTable(definitions: readonly ServiceDefinition[]): RouteRow[] {
  return toRouteTable(declaredRoutes(definitions));
}

export function toRouteTable(routes: readonly ScannedRoute[]): RouteRow[] {
  return routes.map(toRow).sort((a, b) => compare(sortKey(a), sortKey(b)));
}

function toRow({ service, handler, endpoint }: ScannedRoute): RouteRow {
  const { method, listener, scope, permissions } = endpoint;
  const path = pathTemplate(endpoint.path);
  return { method, path, service, listener, scope, permissions, handler };
}

const sortKey = (row: RouteRow): string => `${row.path} ${row.method} ${row.listener}`;
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
