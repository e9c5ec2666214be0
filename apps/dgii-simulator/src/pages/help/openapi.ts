import type { Environment } from '@getupnet/contracts';
import { z } from 'zod';
import { SERVICE_MAP, type DgiiHost } from '../../http/service-map.js';
import { STATUS_RESOURCES } from '../../http/status-resources.js';
import { SERVICE_GROUPS, type ServiceGroup } from '../services.js';
import type { AnswerDoc, OperationDoc } from './operation-doc.js';
import { OPERATION_DOCS, STATUS_DOCS } from './operations.data.js';

type JsonObject = { readonly [key: string]: unknown };

/** A service that has a help page, and where. */
export interface HelpPage {
  readonly title: string;
  /** Address of the service without server, lower case. */
  readonly base: string;
  readonly operations: readonly DocumentedOperation[];
}

interface DocumentedOperation {
  readonly id: string;
  readonly method: 'get' | 'post';
  /** Below the service's address. */
  readonly path: string;
  readonly security: 'token' | 'apikey' | undefined;
  readonly doc: OperationDoc;
}

const STATUS_BASE = '/statusecf';
const STATUS_HOST: DgiiHost = 'statusecf';

/** Every help page: one per service and environment, and one of the status host. */
export const HELP_PAGES: readonly HelpPage[] = [
  ...SERVICE_GROUPS.flatMap((group) =>
    group.environments.map((environment) => pageOf(group, environment)),
  ),
  {
    title: STATUS_HOST,
    base: STATUS_BASE,
    operations: STATUS_RESOURCES.map((resource) => ({
      id: resource,
      method: 'get',
      path: `/api/estatusservicios/${resource}`,
      security: 'apikey',
      doc: STATUS_DOCS[resource],
    })),
  },
];

function pageOf({ host, name, operations }: ServiceGroup, environment: Environment): HelpPage {
  const here = operations.filter((operation) =>
    SERVICE_MAP[operation].environments.includes(environment),
  );
  return {
    title: `${name} (${environment})`,
    base: `/${host}/${environment}/${name}`,
    operations: here.map((operation) => {
      const { method, path, bearer } = SERVICE_MAP[operation];
      return {
        id: operation,
        method: method === 'GET' ? 'get' : 'post',
        path: path.slice(name.length + 1) || '/',
        security: bearer ? 'token' : undefined,
        doc: OPERATION_DOCS[operation],
      };
    }),
  };
}

/** OpenAPI 3.0, as DGII's own help pages speak it; `server` is how the caller reached the service. */
export function openApiOf(page: HelpPage, server: string): JsonObject {
  const paths = page.operations.map((operation): [string, JsonObject] => [
    operation.path,
    { [operation.method]: operationOf(operation, page.title) },
  ]);
  return {
    openapi: '3.0.3',
    info: {
      title: page.title,
      version: 'v1',
      description:
        'Servicio del simulador de la DGII. Mayúsculas y minúsculas dan igual en direcciones y parámetros.',
    },
    servers: [{ url: server === '' ? '/' : server }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apikey: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'Apikey y una clave; el simulador acepta cualquiera.',
        },
      },
    },
  };
}

function operationOf({ id, security, doc }: DocumentedOperation, tag: string): JsonObject {
  const { summary, description, parameters = [] } = doc;
  const body = bodyOf(doc);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(security === undefined ? {} : { security: [{ [security]: [] }] }),
    parameters: parameters.map((parameter) => ({
      ...parameter,
      in: 'query',
      schema: { type: 'string' },
    })),
    ...(body === undefined ? {} : { requestBody: { required: true, content: body } }),
    responses: responsesOf(doc.answers),
  };
}

function bodyOf({ body, document }: OperationDoc): JsonObject | undefined {
  if (body !== undefined) return { 'application/json': { schema: schemaOf(body) } };
  if (document === undefined) return undefined;
  const xml = {
    type: 'string',
    format: 'binary',
    description: `Archivo XML firmado con raíz ${document}, en UTF-8 y sin BOM`,
  };
  const schema = { type: 'object', required: ['xml'], properties: { xml } };
  return { 'multipart/form-data': { schema, encoding: { xml: { contentType: 'text/xml' } } } };
}

function responsesOf(answers: readonly AnswerDoc[]): JsonObject {
  const responses: Record<string, { description: string; content: Record<string, JsonObject> }> =
    {};
  for (const { status, description, media, schema, xmlRoot } of answers) {
    const response = (responses[status] ??= { description, content: {} });
    if (!response.description.includes(description)) response.description += ` ${description}`;
    const xml = xmlRoot === undefined ? {} : { xml: { name: xmlRoot } };
    response.content[media] = { schema: { ...schemaOf(schema), ...xml } };
  }
  return {
    ...responses,
    '404': { description: 'El servicio no existe en este ambiente.' },
    '503': { description: 'Fuera de servicio o en mantenimiento.' },
  };
}

const schemaOf = (schema: z.ZodType): JsonObject =>
  z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'output',
    override: ({ jsonSchema }) => {
      // Integers need no bounds that only JavaScript has.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as JsonObject;
