import { PLATFORM_PERMISSIONS, TENANT_PERMISSIONS } from '@getupnet/contracts';
import { z } from 'zod';
import { SCOPES } from './endpoint.js';
import type { ScannedRoute } from './scan-routes.js';

const NEEDED_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  TENANT: TENANT_PERMISSIONS,
  PLATFORM: PLATFORM_PERMISSIONS,
};

/** What is wrong with the declarations: deny by default, strict input, no two owners of a route. */
export function checkRoutes(routes: readonly ScannedRoute[]): string[] {
  const problems: string[] = [];
  const taken = new Map<string, string>();
  for (const route of routes) {
    problems.push(...checkAccess(route), ...checkPath(route), ...checkInput(route));
    const { method, path, listener } = route.endpoint;
    for (const side of listener === 'both' ? ['public', 'internal'] : [listener]) {
      const id = `${side} ${method} ${path.toLowerCase().replace(/:[^/]+/g, ':')}`;
      const other = taken.get(id);
      if (other !== undefined) problems.push(`${route.handler}: ${id} is already ${other}`);
      taken.set(id, route.handler);
    }
  }
  return problems;
}

function checkAccess({ handler, endpoint }: ScannedRoute): string[] {
  const { scope, permissions, listener } = endpoint;
  if (!SCOPES.includes(scope)) return [`${handler}: no scope`];
  const known = NEEDED_PERMISSIONS[scope];
  if (known !== undefined && permissions.length === 0) {
    return [`${handler}: scope ${scope} without a permission`];
  }
  const unknown = permissions.filter((permission) => known?.includes(permission) !== true);
  const problems = unknown.map((permission) => `${handler}: ${scope} has no ${permission}`);
  if (scope === 'SERVICE' && listener !== 'internal') {
    problems.push(`${handler}: scope SERVICE belongs on the internal listener`);
  }
  if (endpoint.browserLogin !== undefined) {
    // A cookie is sent without anybody's will: it must open nothing that changes something.
    if (endpoint.method !== 'GET' || scope !== 'PLATFORM' || listener !== 'internal') {
      problems.push(`${handler}: browserLogin is for internal PLATFORM routes that only read`);
    }
  }
  return problems;
}

function checkPath({ handler, endpoint }: ScannedRoute): string[] {
  if (!/^\/[^?#*]*$/.test(endpoint.path))
    return [`${handler}: ${endpoint.path} is not a full path`];
  const declared = Object.keys(endpoint.request?.params?.shape ?? {}).sort();
  const named = [...endpoint.path.matchAll(/:([A-Za-z]\w*)/g)].map(([, name]) => name).sort();
  return String(declared) === String(named)
    ? []
    : [`${handler}: params of the path (${named}) and of the schema (${declared}) differ`];
}

function checkInput({ handler, endpoint }: ScannedRoute): string[] {
  const { body, lines, query } = endpoint.request ?? {};
  return [
    ...(lines === undefined ? [] : looseObjects(lines).map((at) => `${handler}: lines${at}`)),
    ...(body === undefined ? [] : looseObjects(body).map((at) => `${handler}: body${at}`)),
    ...(query === undefined ? [] : looseObjects(query).map((at) => `${handler}: query${at}`)),
  ];
}

/** Paths of objects that would silently drop unknown members: neither strict nor open on purpose. */
function looseObjects(schema: z.ZodType): string[] {
  const found: string[] = [];
  const visit = (node: unknown, at: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const open = 'type' in node && node.type === 'object' && 'properties' in node;
    if (open && !('additionalProperties' in node)) {
      found.push(`${at} drops unknown members; use z.strictObject`);
    }
    for (const [key, value] of Object.entries(node)) visit(value, `${at}/${key}`);
  };
  visit(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), '');
  return found;
}
