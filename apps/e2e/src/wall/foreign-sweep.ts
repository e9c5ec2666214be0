import { z } from 'zod';
import type { Caller } from './callers.js';
import { inParallel, type Answer } from './door.js';
import { uuidsOf } from './planted.js';
import type { Parts } from './samples.js';
import { callAs, nameOf, validParts, type Route, type Target } from './target.js';

/** Two tenants and who calls for them. */
export interface Strangers {
  readonly a: readonly Caller[];
  /** A person of B, whose own cursors are tried. */
  readonly b: Caller;
  readonly aId: string;
  readonly bId: string;
  /** What is in B's rows and nowhere in A's. */
  readonly markers: readonly string[];
  /** Those of them that are put into calls. */
  readonly tried: readonly string[];
}

/** One attempt of A to get at something of B's. */
interface Probe {
  readonly what: string;
  readonly parts: Partial<Parts>;
  readonly extra?: Readonly<Record<string, string>>;
  /** What the answer must be; only free of B's markers where absent. */
  readonly expected?: (answer: Answer, caller: Caller) => boolean;
}

const NOT_FOUND = ({ status }: Answer, { kind }: Caller): boolean =>
  // A key is no person: some handlers refuse it before they look.
  status === 404 || (status === 403 && kind === 'api-key');
const REFUSED = ({ status }: Answer): boolean => status >= 400 && status < 500;
/** Not understood; or refused before it was looked at, as a key where a person is asked for. */
const INVALID = ({ status, code }: Answer, { kind }: Caller): boolean =>
  status === 400 ||
  status === 422 ||
  code === 'tenant.mismatch' ||
  (code === 'auth.forbidden' && kind === 'api-key');
const isCode =
  (...codes: readonly string[]) =>
  ({ code = '' }: Answer): boolean =>
    codes.includes(code);

/** TEN-7: names a caller must not be able to set unless the route itself takes them. */
const ASSIGNED = ['tenantId', 'tenant_id', 'tenant', 'status', 'role', 'permissions', 'id'];

/** Every route × everything of B's that A could put into a call: a line for each fault. */
export async function sweepForeign(target: Target, strangers: Strangers): Promise<string[]> {
  const faults: string[] = [];
  const attempts: (readonly [Route, Caller, Probe])[] = [];
  for (const route of target.routes) {
    const callers = strangers.a.filter((caller) => mayTry(route, caller));
    if (callers.length === 0) continue;
    const probes = [
      { what: 'nothing of its own', parts: {} },
      ...pathProbes(route, strangers),
      ...headerProbes(route, strangers),
      ...queryProbes(route, strangers),
      ...bodyProbes(route, strangers),
      ...(await cursorProbes(target, route, strangers, faults)),
    ];
    for (const caller of callers)
      attempts.push(...probes.map((probe) => [route, caller, probe] as const));
  }
  await inParallel(attempts, async ([route, caller, probe]) => {
    const { parts, extra = {}, expected } = probe;
    const answer = await callAs(target, route, caller, { ...parts, extra });
    const said = JSON.stringify([parts, extra]);
    const leaked = strangers.markers.find(
      (one) => answer.text.includes(one) && !said.includes(one),
    );
    const where = `${nameOf(route)}, ${caller.name}, ${probe.what}`;
    if (leaked !== undefined) faults.push(`${where}: shows «${leaked}»`);
    const came = `${answer.status} ${answer.code ?? ''}`.trim();
    if (answer.status >= 500 || expected?.(answer, caller) === false) {
      faults.push(`${where}: answered ${came}`);
    }
  });
  return [...new Set(faults)].sort();
}

/** Who of A's reaches the route at all; the operator's people are no tenant's. */
function mayTry({ service, endpoint: { scope } }: Route, { kind, callee }: Caller): boolean {
  if (scope === 'TENANT') return kind === 'api-key' || kind === 'session';
  if (scope === 'USER') return kind === 'session';
  return scope === 'SERVICE' && kind === 'service' && callee === service;
}

function pathProbes({ endpoint }: Route, { tried }: Strangers): Probe[] {
  const { params } = endpoint.request ?? {};
  if (params === undefined) return [];
  const names = Object.keys(params.shape);
  const fits = (value: string): boolean =>
    params.safeParse(Object.fromEntries(names.map((name) => [name, value]))).success;
  return tried.filter(fits).map((value) => ({
    what: `${value} of B in the path`,
    parts: { params: Object.fromEntries(names.map((name) => [name, value])) },
    ...(endpoint.scope === 'SERVICE' ? {} : { expected: NOT_FOUND }),
  }));
}

function headerProbes(route: Route, { aId, bId, tried }: Strangers): Probe[] {
  const { scope, request } = route.endpoint;
  const stated = { what: 'B in X-Tenant-ID', parts: {}, extra: { 'x-tenant-id': bId } };
  const own = { what: 'A in X-Tenant-ID', parts: {}, extra: { 'x-tenant-id': aId.toUpperCase() } };
  const foreign: Probe[] =
    scope === 'SERVICE'
      ? []
      : [
          { ...stated, expected: isCode('tenant.mismatch') },
          { ...own, expected: ({ code }) => code !== 'tenant.mismatch' },
        ];
  const known = Object.entries((request?.headers?.shape ?? {}) as Record<string, z.ZodType>);
  const usual = validParts(route).headers;
  return [
    ...foreign,
    ...known.flatMap(([name, schema]) =>
      tried
        .filter((value) => schema.safeParse(value).success && /^[\x20-\x7e]+$/.test(value))
        .map((value) => ({
          what: `B's in ${name}`,
          parts: { headers: { ...usual, [name]: value } },
        })),
    ),
  ];
}

function queryProbes(route: Route, { bId, tried }: Strangers): Probe[] {
  const { query } = route.endpoint.request ?? {};
  const own = validParts(route).query;
  const unknown = ['tenantId', 'tenant_id'].map((name) => ({
    what: `B as ${name} in the query`,
    parts: { query: { ...own, [name]: bId } },
    ...(query === undefined ? {} : { expected: INVALID }),
  }));
  const filters = Object.keys(query?.shape ?? {}).flatMap((name) =>
    tried
      .filter((value) => query?.safeParse({ ...own, [name]: value }).success === true)
      .map((value) => ({ what: `B's as ${name}`, parts: { query: { ...own, [name]: value } } })),
  );
  return [...unknown, ...filters];
}

function bodyProbes(route: Route, { bId, tried }: Strangers): Probe[] {
  const { request } = route.endpoint;
  const schema = request?.body ?? request?.lines;
  const { body } = validParts(route);
  if (schema === undefined || typeof body !== 'object' || body === null) return [];
  if (Buffer.isBuffer(body)) return [];
  const members = membersOf(schema);
  const unknown = ASSIGNED.filter((name) => !members.has(name)).map((name) => ({
    what: `B as ${name} in the body`,
    parts: { body: { ...body, [name]: bId } },
    expected: INVALID,
  }));
  const ids = tried.filter((value) => uuidsOf(value)[0] === value);
  const references = [...members].flatMap((name) =>
    ids.flatMap((id) => {
      const changed = fitting(schema, body as Readonly<Record<string, unknown>>, name, id);
      const isName = fitting(schema, body as Readonly<Record<string, unknown>>, name, 'x') !== null;
      if (changed === null || isName) return [];
      const isOurs = route.endpoint.scope === 'SERVICE';
      const expected = isOurs ? {} : { expected: REFUSED };
      return [{ what: `${id} of B as ${name}`, parts: { body: changed }, ...expected }];
    }),
  );
  return [...unknown, ...references];
}

function membersOf(schema: z.ZodType): ReadonlySet<string> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const [, defs = {}] = Object.entries(json).find(([key]) => key === '$defs') ?? [];
  const named = Object.values(defs as Readonly<Record<string, { properties?: object }>>);
  return new Set([json, ...named].flatMap(({ properties = {} }) => Object.keys(properties)));
}

/** The body with a member changed; others are left out where they exclude each other. */
function fitting(
  schema: z.ZodType,
  body: Readonly<Record<string, unknown>>,
  name: string,
  value: string,
): Readonly<Record<string, unknown>> | null {
  const changed = { ...body, [name]: value };
  const without = Object.keys(body).map((other) =>
    Object.fromEntries(Object.entries(changed).filter(([key]) => key === name || key !== other)),
  );
  return [changed, ...without].find((one) => schema.safeParse(one).success) ?? null;
}

/** TEN-6: B's own cursor works for B, and for nobody else. */
async function cursorProbes(
  target: Target,
  route: Route,
  { b }: Strangers,
  faults: string[],
): Promise<Probe[]> {
  const { query } = route.endpoint.request ?? {};
  if (query === undefined || !('cursor' in query.shape) || !mayTry(route, b)) return [];
  const own = { ...validParts(route).query, limit: '1' };
  const page = await callAs(target, route, b, { query: own });
  const { nextCursor } = page.status === 200 ? (JSON.parse(page.body) as Page) : {};
  const next = nextCursor ?? '';
  const again = await callAs(target, route, b, { query: { ...own, cursor: next } });
  if (again.status !== 200) {
    faults.push(`${nameOf(route)}: no cursor of B's to try: two rows of B's are missing`);
    return [];
  }
  const parts = { query: { ...own, cursor: next } };
  return [{ what: "B's cursor", parts, expected: isCode('cursor.invalid') }];
}

interface Page {
  readonly nextCursor?: string | null;
}

const ORDER = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'];

/** A's own ids are found where B's were not: otherwise the sweep would prove nothing. */
export async function sweepOwn(
  target: Target,
  caller: Caller | undefined,
  values: readonly string[],
): Promise<string[]> {
  const faults: string[] = [];
  const routes = target.routes
    .filter(({ endpoint: { scope, request } }) => scope === 'TENANT' && request?.params)
    .sort((x, y) => ORDER.indexOf(x.endpoint.method) - ORDER.indexOf(y.endpoint.method));
  for (const route of routes) {
    const { params } = route.endpoint.request ?? {};
    if (params === undefined || caller === undefined) continue;
    const calls = values
      .map((value) => Object.fromEntries(Object.keys(params.shape).map((name) => [name, value])))
      .filter((own) => params.safeParse(own).success);
    const answers = await inParallel(calls, (own) =>
      callAs(target, route, caller, { params: own }),
    );
    if (!answers.some(({ status }) => status < 500 && status !== 404 && status !== 403)) {
      faults.push(`${nameOf(route)}: finds nothing of A's own: a row of it must be planted`);
    }
    const broken = answers.find(({ status }) => status >= 500);
    if (broken !== undefined) faults.push(`${nameOf(route)}: answered ${broken.status} to its own`);
  }
  return faults;
}
