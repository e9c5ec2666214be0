import type { declaredRoutes } from '@getupnet/platform';
import type { Caller } from './callers.js';
import type { Answer, Door } from './door.js';
import { STATED_REQUESTS } from './requests.js';
import { partsOf, requestOf, type Parts } from './samples.js';

export type Route = ReturnType<typeof declaredRoutes>[number];
export type Side = 'public' | 'internal';

/** What is swept. */
export interface Target {
  readonly routes: readonly Route[];
  readonly door: Door;
}

export const nameOf = ({ endpoint }: Route): string => `${endpoint.method} ${endpoint.path}`;

/** The listeners that answer it. */
export function sidesOf({ endpoint: { listener } }: Route): readonly Side[] {
  return listener === 'both' ? ['public', 'internal'] : [listener];
}

const made = new WeakMap<Route, Required<Parts>>();

/** The parts of a valid-looking call; throws where there is no way to make one. */
export function validParts(route: Route): Required<Parts> {
  const known = made.get(route);
  if (known !== undefined) return known;
  const { endpoint } = route;
  const parts = partsOf(endpoint, STATED_REQUESTS[`${endpoint.method} ${endpoint.path}`]);
  made.set(route, parts);
  return parts;
}

/** Calls a route as somebody, with parts changed and headers added. */
export async function callAs(
  { door }: Target,
  route: Route,
  caller: Caller,
  changed: Partial<Parts> & { readonly extra?: Readonly<Record<string, string>> } = {},
  side: Side = sidesOf(route)[0] ?? 'public',
): Promise<Answer> {
  const { extra, ...parts } = changed;
  const request = requestOf(route.endpoint, { ...validParts(route), ...parts });
  const credentials = await caller.headers(request.body ?? '', request.method === 'GET');
  const headers = { ...request.headers, ...credentials, ...extra };
  return door.call(side, { ...request, headers });
}
