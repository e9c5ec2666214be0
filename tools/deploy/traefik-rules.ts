import type { RouteRow } from '@getupnet/platform';
import { stringify } from 'yaml';
import { patternOf } from '../split/route-proxy.js';

/** Which container answers for a service, and on which port its public listener is. */
export interface Backend {
  readonly host: string;
  readonly port: number;
}

/** `service` of what every process answers itself, such as /healthz. */
const EVERY_PROCESS = 'platform';

const HEAD = `# Generated from the route table by \`npm run docs\`: each public route and the service that owns it.
# Whatever is not listed here does not exist for the outside; internal routes never are.
`;

/**
 * Traefik's rules: one router for each public path. Paths are matched whole and without regard to
 * case, like the services' own routers; methods are theirs to refuse.
 */
export function traefikRules(
  routes: readonly RouteRow[],
  backends: Readonly<Record<string, Backend>>,
  everyProcess: string,
): string {
  const owners = new Map<string, string>();
  for (const { path, service, listener } of routes) {
    const owner = service === EVERY_PROCESS ? everyProcess : service;
    if (listener === 'internal' || backends[owner] === undefined) continue;
    owners.set(path, owner);
  }
  const routers = [...owners].map(([path, owner]) => [routerName(path), router(path, owner)]);
  const services = [...new Set(owners.values())].map((owner) => [owner, server(backends[owner])]);
  const http = { routers: Object.fromEntries(routers), services: Object.fromEntries(services) };
  return HEAD + stringify({ http }, { lineWidth: 0, singleQuote: true });
}

function router(path: string, service: string) {
  const pattern = patternOf(path).source.replaceAll('\\/', '/');
  return {
    entryPoints: ['websecure'],
    rule: `Host(\`{{ env "API_HOST" }}\`) && PathRegexp(\`(?i)${pattern}\`)`,
    // A path written out wins over one with a parameter in the same place.
    priority: path.includes('{') ? 1 : 2,
    service,
    tls: {},
  };
}

function server(backend: Backend | undefined) {
  if (backend === undefined) throw new TypeError('no backend');
  const url = `http://${backend.host}:${backend.port}`;
  return { loadBalancer: { servers: [{ url }], passHostHeader: true } };
}

function routerName(path: string): string {
  return path.replace(/[{}]/g, '').replace(/^\//, '').replaceAll(/[/.]/g, '-');
}
