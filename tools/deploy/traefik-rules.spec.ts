import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeTable, type RouteRow } from '@getupnet/platform';
import { parse } from 'yaml';
import { allServices } from '../../apps/all/src/services.js';
import { root } from '../aliases.mjs';
import { readText } from '../tidy/repository.js';
import { BACKENDS, GATEWAY_SERVICE, TRAEFIK_RULES } from './backends.js';
import { parseCompose } from './compose.js';
import { traefikRules } from './traefik-rules.js';

interface Rules {
  readonly http: {
    readonly routers: Readonly<Record<string, { rule: string; priority: number; service: string }>>;
    readonly services: Readonly<
      Record<string, { loadBalancer: { servers: readonly { url: string }[] } }>
    >;
  };
}

const routes = routeTable(allServices());
const text = traefikRules(routes, BACKENDS, GATEWAY_SERVICE);
const { http } = parse(text) as Rules;

/** The service Traefik hands a path to: the first of its rules, by priority. */
function serviceOf(path: string): string | undefined {
  const matching = Object.values(http.routers).filter(({ rule }) => {
    const pattern = /PathRegexp\(`\(\?i\)(.+)`\)$/.exec(rule)?.[1];
    return pattern !== undefined && new RegExp(pattern, 'i').test(path);
  });
  return matching.sort((a, b) => b.priority - a.priority)[0]?.service;
}

const example = ({ path }: RouteRow): string => path.replace(/\{[^}]+\}/g, '0199-x');

test('the committed rules are those of the route table', () => {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(join(root, TRAEFIK_RULES), text);
  expect(readText(TRAEFIK_RULES)).toBe(text);
});

const open = routes.filter((route) => route.listener !== 'internal');
test.each(open.map((route) => [example(route), route] as const))(
  '%s has its way in',
  (path, route) => {
    const owner = route.service === 'platform' ? GATEWAY_SERVICE : route.service;
    expect(serviceOf(path)).toBe(owner);
    expect(serviceOf(path.toUpperCase())).toBe(owner);
    expect(serviceOf(`${path}/beyond/it`)).toBeUndefined();
  },
);

const openPaths = new Set(open.map(({ path }) => path));
const closed = routes.filter((route) => !openPaths.has(route.path));
test.each(closed.map((route) => [example(route)]))('NET-1: %s has none', (path) => {
  expect(serviceOf(path)).toBeUndefined();
});

test('NET-2: tricks with paths find no rule', () => {
  for (const path of [
    '//readyz',
    '/healthz/../metrics',
    '/tenant/invoices/a/../../../sign/xml',
    '/',
  ]) {
    expect(serviceOf(path)).toBeUndefined();
  }
});

test('only the configured host is answered', () => {
  for (const { rule } of Object.values(http.routers)) {
    expect(rule).toMatch(/^Host\(`\{\{ env "API_HOST" \}\}`\) && PathRegexp/);
  }
});

test('every backend is a container whose public listener the gateway reaches', () => {
  const { services } = parseCompose(readText('docker-compose.yml'));
  const gateway = new Set(services['traefik']?.networks);
  for (const { loadBalancer } of Object.values(http.services)) {
    const url = new URL(loadBalancer.servers[0]?.url ?? '');
    const container = services[url.hostname];
    expect(container?.networks?.some((network) => gateway.has(network))).toBe(true);
    expect(container?.environment).toMatchObject({ HOST: '0.0.0.0' });
  }
});

test('every service with a public route has a backend', () => {
  const owners = new Set(open.map(({ service }) => service).filter((name) => name !== 'platform'));
  expect(Object.keys(BACKENDS).sort()).toEqual([...owners].sort());
});

test('a path written out wins over one with a parameter', () => {
  const row = (path: string): RouteRow => ({
    method: 'GET',
    path,
    service: 'billing',
    listener: 'public',
    scope: 'TENANT',
    permissions: [],
    handler: 'x',
  });
  const both = parse(traefikRules([row('/a/{id}'), row('/a/b')], BACKENDS, 'billing')) as Rules;
  const { 'a-id': any, 'a-b': written } = both.http.routers;
  expect(written?.priority).toBeGreaterThan(any?.priority ?? Infinity);
});
