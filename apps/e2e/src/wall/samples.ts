import type { EndpointDeclaration } from '@getupnet/platform';
import fc from 'fast-check';
import { z } from 'zod';

/** What one call sends. */
export interface Request {
  readonly method: EndpointDeclaration['method'];
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** The parts of a call, before they are put together; `undefined` parts are made from the schema. */
export interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or the bytes of another media type. */
  readonly body?: unknown;
}

type Json = Readonly<Record<string, unknown>>;
const SEED = 20_261_121;
const SIZE = 12;

/** A call of the endpoint with every required part; throws, by name, where it can make none. */
export function partsOf(endpoint: EndpointDeclaration, stated: Parts = {}): Required<Parts> {
  const { params, query, headers, body, lines } = endpoint.request ?? {};
  const isJson = lines !== undefined || endpoint.consumes.includes('application/json');
  return {
    params: (stated.params ?? made(params, 'params')) as Record<string, string>,
    query: (stated.query ?? made(query, 'query')) as Record<string, string>,
    headers: (stated.headers ?? made(headers, 'headers')) as Record<string, string>,
    // Of lines one is sent.
    body: bodyOf(isJson, body ?? lines, stated.body),
  };
}

function bodyOf(isJson: boolean, schema: z.ZodType | undefined, stated: unknown): unknown {
  if (schema === undefined) return stated;
  if (isJson) return stated ?? made(schema, 'body');
  return stated ?? Buffer.from('0');
}

/** Puts the parts together. */
export function requestOf(
  endpoint: EndpointDeclaration,
  { params, query, headers, body }: Required<Parts>,
): Request {
  const path = endpoint.path.replace(/:([A-Za-z]\w*)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams(query).toString();
  return {
    method: endpoint.method,
    path: search === '' ? path : `${path}?${search}`,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': endpoint.consumes[0] ?? '' }),
    },
    ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  };
}

/** A value the schema takes, made from its JSON Schema: required members only. */
function made(schema: z.ZodType | undefined, what: string): unknown {
  if (schema === undefined) return what === 'body' ? undefined : {};
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  const value = sampleOf(json, (json['$defs'] ?? {}) as Readonly<Record<string, Json>>);
  const result = schema.safeParse(value);
  if (result.success) return value;
  const fault = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`its ${what} cannot be made from the schema (${fault.join('; ')})`);
}

/** What a name says and the schema does not: `z.string().toLowerCase().pipe(z.email())` is any text. */
const BY_NAME: Readonly<Record<string, string>> = { email: 'alguien@example.com' };

function sampleOf(root: Json, defs: Readonly<Record<string, Json>>): unknown {
  const sample = (schema: Json, name?: string): unknown => {
    const { $ref, type } = schema;
    if ($ref !== undefined) return sample(defs[String($ref).split('/').at(-1) ?? ''] ?? {});
    if ('const' in schema) return schema['const'];
    if ('default' in schema) return schema['default'];
    const list = (key: string): readonly Json[] => (schema[key] ?? []) as readonly Json[];
    if (schema['enum'] !== undefined) return (schema['enum'] as readonly unknown[])[0];
    const [branch] = [...list('anyOf'), ...list('oneOf')];
    if (branch !== undefined) return sample(branch);
    if (type === 'object') {
      const members = (schema['properties'] ?? {}) as Readonly<Record<string, Json>>;
      const required = (schema['required'] ?? []) as readonly string[];
      return Object.fromEntries(required.map((key) => [key, sample(members[key] ?? {}, key)]));
    }
    if (type === 'array') {
      const least = Number(schema['minItems'] ?? 0);
      return Array.from({ length: least }, () => sample((schema['items'] ?? {}) as Json));
    }
    if (type === 'integer' || type === 'number') return Number(schema['minimum'] ?? 1);
    if (type === 'boolean') return false;
    if (type === 'null') return null;
    return BY_NAME[name ?? ''] ?? textOf(schema, list('allOf'));
  };
  return sample(root);
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: '0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b',
  email: 'alguien@example.com',
  uri: 'https://ejemplo.example/x',
  date: '2026-11-21',
  'date-time': '2030-11-21T12:00:00Z',
  cidrv4: '203.0.113.7/32',
  ipv4: '203.0.113.7',
};

function textOf(schema: Json, all: readonly Json[]): string {
  const known = FORMATS[String(schema['format'])];
  if (known !== undefined) return known;
  const [least, most] = [Number(schema['minLength'] ?? 0), Number(schema['maxLength'] ?? Infinity)];
  const plain = 'muestra'.repeat(Math.ceil(Math.max(least, 1) / 7)).slice(0, Math.max(least, 7));
  const patterns = [schema, ...all].flatMap(({ pattern }) =>
    pattern === undefined ? [] : [new RegExp(String(pattern), 'u')],
  );
  const fits = (text: string): boolean =>
    text.length >= least && text.length <= most && patterns.every((one) => one.test(text));
  if (fits(plain)) return plain;
  const [first = /^.*$/u] = patterns;
  const size = { seed: SEED, numRuns: SIZE };
  return fc.sample(fc.stringMatching(first), size).find(fits) ?? plain.slice(0, most);
}
