import { PROBLEMS, type ProblemCode } from '@getupnet/contracts';
import { z } from 'zod';
import type { EndpointDeclaration } from './endpoint.js';
import { pathTemplate } from './path-template.js';
import type { ScannedRoute } from './scan-routes.js';

export const OPEN_API = Symbol('OpenApiDocuments');
const SCHEMAS = '#/components/schemas/';

type JsonObject = { [key: string]: unknown };

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

const INFO: OpenApiInfo = {
  title: 'GetUpNet e-CF',
  version: '1',
  description:
    'Emisión de comprobantes fiscales electrónicos (e-CF). Los errores son ' +
    '`application/problem+json` (RFC 9457) con un `code` estable.',
};

/** OpenAPI 3.1 documents of the two listeners, made once when first asked for. */
export interface OpenApiDocuments {
  public(): JsonObject;
  internal(): JsonObject;
}

export function openApiDocuments(routes: readonly ScannedRoute[]): OpenApiDocuments {
  const made = new Map<string, JsonObject>();
  const once = (listener: 'public' | 'internal') => (): JsonObject => {
    const document = made.get(listener) ?? openApiDocument(routes, listener);
    made.set(listener, document);
    return document;
  };
  return { public: once('public'), internal: once('internal') };
}

/** OpenAPI 3.1 document of one listener, made from the endpoints' schemas alone. */
export function openApiDocument(
  routes: readonly ScannedRoute[],
  listener: 'public' | 'internal',
  info: OpenApiInfo = INFO,
): JsonObject {
  const components = new Components();
  const paths: Record<string, JsonObject> = {};
  const shown = routes.filter(
    ({ endpoint }) =>
      endpoint.hidden !== true && (endpoint.listener === listener || endpoint.listener === 'both'),
  );
  for (const route of [...shown].sort(byPath)) {
    const path = (paths[pathTemplate(route.endpoint.path)] ??= {});
    path[route.endpoint.method.toLowerCase()] = operation(route, components);
  }
  return {
    openapi: '3.1.0',
    info,
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    paths,
    components: { schemas: components.all(), securitySchemes: securitySchemes(listener) },
  };
}

const byPath = (a: ScannedRoute, b: ScannedRoute): number =>
  a.endpoint.path < b.endpoint.path ? -1 : Number(a.endpoint.path > b.endpoint.path);

/** Named schemas of a document: zod's `$defs` and every schema with `.meta({ id })`. */
class Components {
  readonly #schemas = new Map<string, unknown>();

  constructor() {
    this.#schemas.set('Problem', PROBLEM_SCHEMA);
  }

  convert(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const made = z.toJSONSchema(schema, {
      target: 'draft-2020-12',
      io,
      unrepresentable: 'any',
    }) as JsonObject;
    for (const [id, definition] of Object.entries((made['$defs'] ?? {}) as JsonObject)) {
      this.#schemas.set(id, relink(definition));
    }
    const id = schema.meta()?.id;
    const converted = relink(made) as JsonObject;
    // A schema that others refer to too comes as a reference to its own entry in `$defs`.
    if (id === undefined || '$ref' in converted) return converted;
    this.#schemas.set(id, converted);
    return { $ref: `${SCHEMAS}${id}` };
  }

  all(): JsonObject {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const OWN_KEYWORDS: ReadonlySet<string> = new Set(['$schema', '$id', '$defs', 'id']);

/** A schema as a component: named by its place, its `$defs` referred to as components. */
function relink(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  return repoint(
    Object.fromEntries(Object.entries(schema).filter(([key]) => !OWN_KEYWORDS.has(key))),
  );
}

function repoint(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(repoint);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) =>
      key === '$ref' && typeof value === 'string'
        ? [key, value.replace('#/$defs/', SCHEMAS)]
        : [key, repoint(value)],
    ),
  );
}

function operation(route: ScannedRoute, components: Components): JsonObject {
  const { service, handler, endpoint } = route;
  const { summary, description, scope, permissions } = endpoint;
  return {
    operationId: handler.replace(/Controller\./, '.'),
    tags: [service],
    summary,
    ...(description === undefined ? {} : { description }),
    security: security(endpoint),
    ...(permissions.length === 0 ? {} : { 'x-permissions': permissions }),
    'x-scope': scope,
    parameters: parameters(endpoint, components),
    ...requestBody(endpoint, components),
    responses: responses(endpoint, components),
  };
}

function parameters(endpoint: EndpointDeclaration, components: Components): JsonObject[] {
  const { params, query, headers } = endpoint.request ?? {};
  const parts = [
    ['path', params],
    ['query', query],
    ['header', headers],
  ] as const;
  return parts.flatMap(([place, schema]) =>
    Object.entries(schema?.shape ?? {}).map(([name, member]) => {
      const type = member as z.ZodType;
      const { description, ...rest } = components.convert(type, 'input');
      return {
        name,
        in: place,
        required: place === 'path' || !type.safeParse(undefined).success,
        ...(description === undefined ? {} : { description }),
        schema: rest,
      };
    }),
  );
}

function requestBody(endpoint: EndpointDeclaration, components: Components): JsonObject {
  // NDJSON has no schema of its own in OpenAPI 3.1: what is shown is that of a line.
  const body = endpoint.request?.body ?? endpoint.request?.lines;
  if (body === undefined) return {};
  const schema = components.convert(body, 'input');
  const content = Object.fromEntries(endpoint.consumes.map((type) => [type, { schema }]));
  return { requestBody: { required: true, content } };
}

function responses(endpoint: EndpointDeclaration, components: Components): JsonObject {
  const { response, status } = endpoint;
  const types = [endpoint.produces ?? 'application/json'].flat();
  const contentOf = (media: JsonObject): JsonObject =>
    Object.fromEntries(types.map((type) => [type, media]));
  const byStatus: Record<string, JsonObject> = {};
  const schemas =
    response === undefined ? {} : isSchema(response) ? { [status]: response } : response;
  for (const [code, schema] of Object.entries(schemas)) {
    byStatus[code] = {
      description: schema.description ?? 'OK',
      content: contentOf({ schema: components.convert(schema, 'output') }),
    };
  }
  if (Object.keys(byStatus).length === 0) {
    // Bytes have a media type and no schema.
    const content = endpoint.produces === undefined ? {} : { content: contentOf({}) };
    byStatus[String(status)] = { description: 'OK', ...content };
  }
  const conditional = 'If-None-Match' in (endpoint.request?.headers?.shape ?? {});
  if (conditional) byStatus['304'] = { description: 'Nothing changed: no body' };
  for (const [code, codes] of problemsByStatus(endpoint)) {
    byStatus[code] ??= problemResponse(codes.join(', '));
  }
  byStatus['default'] = problemResponse('Problema');
  return byStatus;
}

function isSchema(response: NonNullable<EndpointDeclaration['response']>): response is z.ZodType {
  return '_zod' in response;
}

function problemsByStatus(endpoint: EndpointDeclaration): [string, ProblemCode[]][] {
  const found = new Map<string, ProblemCode[]>();
  for (const code of endpoint.problems ?? []) {
    const status = String(PROBLEMS[code].status);
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return [...found];
}

function problemResponse(description: string): JsonObject {
  const schema = { $ref: `${SCHEMAS}Problem` };
  return { description, content: { 'application/problem+json': { schema } } };
}

const BEARER_SCOPES: ReadonlySet<string> = new Set(['TENANT', 'PLATFORM', 'PEER', 'USER']);

function security({ scope }: EndpointDeclaration): JsonObject[] {
  if (scope === 'PUBLIC') return [];
  return BEARER_SCOPES.has(scope) ? [{ bearer: [] }] : [{ service: [], serviceContext: [] }];
}

function securitySchemes(listener: 'public' | 'internal'): JsonObject {
  const bearer = {
    type: 'http',
    scheme: 'bearer',
    description: 'API key (gk_…) o token de sesión.',
  };
  if (listener === 'public') return { bearer };
  const header = (name: string) => ({ type: 'apiKey', in: 'header', name });
  return {
    bearer,
    service: header('Authorization'),
    serviceContext: header('X-Service-Context'),
  };
}

const text = { type: 'string' };
const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'detail', 'code', 'traceId'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: text,
    code: { type: 'string', enum: Object.keys(PROBLEMS).sort() },
    traceId: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: {
          pointer: text,
          code: text,
          message: text,
          fix: text,
          cause: text,
          source: text,
        },
      },
    },
  },
} as const;
