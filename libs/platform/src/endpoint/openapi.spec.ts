import { Body, Controller, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { definition, moduleOf } from '../test-support.js';
import { Endpoint } from './endpoint.decorator.js';
import { openApiDocument } from './openapi.js';
import { declaredRoutes, routeTable } from './route-table.js';

const party = z
  .strictObject({ rnc: z.string().regex(/^\d{9}$/), kind: z.literal('A') })
  .meta({ id: 'Party', description: 'Someone' });
const order = z.strictObject({ buyer: party, seller: party, note: z.string().nullable() });
const receipt = z.object({ id: z.uuid(), party }).meta({ id: 'Receipt' });

@Controller()
class OrdersController {
  @Endpoint('POST', '/tenant/orders/:id', {
    listener: 'public',
    scope: 'TENANT',
    permission: ['TENANT_INVOICE_EMIT', 'TENANT_RFCE_SUBMIT'],
    summary: 'Places an order',
    status: 202,
    request: {
      body: order,
      params: z.strictObject({ id: z.uuid() }),
      query: z.strictObject({ dryRun: z.stringbool().optional().describe('Consumes nothing') }),
      headers: z.object({ 'Idempotency-Key': z.string().max(255) }),
    },
    response: { 200: receipt, 202: receipt },
    problems: ['idempotency.key_reused', 'ecf.rule_failed'],
  })
  place(@Body() _body: object, @Param('id') _id: string, @Query() _query: object): void {
    // Never called.
  }

  @Endpoint('POST', '/orders/internal', {
    listener: 'internal',
    scope: 'SERVICE',
    summary: 'Internal',
    response: receipt,
  })
  internal(): void {
    // Never called.
  }
}

@Controller()
class FilesController {
  @Endpoint('GET', '/tenant/file', {
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_INVOICE_READ',
    summary: 'A file',
    request: { headers: z.object({ 'If-None-Match': z.string().optional() }) },
    produces: ['image/png', 'image/jpeg'],
  })
  file(): void {
    // Never called.
  }
}

const definitions = [definition([moduleOf(OrdersController)])];
type Json = Record<string, Record<string, Record<string, unknown>>>;

test('the document is OpenAPI 3.1 with the schemas as zod knows them', () => {
  const document = openApiDocument(declaredRoutes(definitions), 'public') as unknown as Json;
  expect(document['openapi']).toBe('3.1.0');
  const operation = document['paths']?.['/tenant/orders/{id}']?.['post'] as Json & {
    parameters: object[];
  };
  expect(operation).toMatchObject({
    operationId: 'Orders.place',
    tags: ['billing'],
    security: [{ bearer: [] }],
    'x-permissions': ['TENANT_INVOICE_EMIT', 'TENANT_RFCE_SUBMIT'],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            additionalProperties: false,
            properties: {
              buyer: { $ref: '#/components/schemas/Party' },
              note: { type: ['string', 'null'] },
            },
          },
        },
      },
    },
  });
  expect(operation.parameters).toEqual([
    expect.objectContaining({ name: 'id', in: 'path', required: true }),
    {
      name: 'dryRun',
      in: 'query',
      required: false,
      description: 'Consumes nothing',
      schema: { type: 'string' },
    },
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: true,
      schema: { type: 'string', maxLength: 255 },
    },
  ]);
  const responses = operation['responses'] ?? {};
  expect(Object.keys(responses)).toEqual(['200', '202', '422', 'default']);
  expect(responses['422']?.['description']).toBe('idempotency.key_reused, ecf.rule_failed');
  const schemas = document['components']?.['schemas'] ?? {};
  expect(Object.keys(schemas)).toEqual(['Party', 'Problem', 'Receipt']);
  // 3.1 speaks JSON Schema 2020-12: `const` stays `const`.
  expect(schemas['Party']).toMatchObject({ properties: { kind: { const: 'A' } } });
  expect(schemas['Receipt']).toMatchObject({ properties: { id: { format: 'uuid' } } });
  expect(JSON.stringify(document)).not.toMatch(/\$defs|"\$schema"|~standard|_zod/);
});

test('every $ref of both documents leads somewhere', () => {
  for (const listener of ['public', 'internal'] as const) {
    const document = openApiDocument(declaredRoutes(definitions), listener) as unknown as Json;
    const references = JSON.stringify(document).matchAll(
      /"\$ref":"#\/components\/schemas\/(\w+)"/g,
    );
    const names = [...references].map(([, name]) => String(name));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(document['components']?.['schemas']).toHaveProperty(name);
  }
});

test('bytes have media types and no schema; a conditional request may be answered 304', () => {
  const declared = declaredRoutes([definition([moduleOf(FilesController)])]);
  const document = openApiDocument(declared, 'public') as unknown as Json;
  const operation = document['paths']?.['/tenant/file']?.['get'] as Json;
  expect(operation['responses']).toMatchObject({
    200: { content: { 'image/png': {}, 'image/jpeg': {} } },
    304: { description: 'Nothing changed: no body' },
  });
});

test('each document shows its own listener only', () => {
  const paths = (listener: 'public' | 'internal'): string[] =>
    Object.keys(openApiDocument(declaredRoutes(definitions), listener)['paths'] as object);
  expect(paths('public')).toEqual(['/healthz', '/tenant/orders/{id}']);
  expect(paths('internal')).toEqual(['/healthz', '/metrics', '/orders/internal', '/readyz']);
});

test('the route table lists every route, the platform’s included, without booting', () => {
  expect(routeTable(definitions)).toContainEqual({
    method: 'POST',
    path: '/tenant/orders/{id}',
    service: 'billing',
    listener: 'public',
    scope: 'TENANT',
    permissions: ['TENANT_INVOICE_EMIT', 'TENANT_RFCE_SUBMIT'],
    handler: 'OrdersController.place',
  });
  expect(routeTable(definitions).map(({ path, listener }) => `${path} ${listener}`)).toEqual([
    '/healthz both',
    '/metrics internal',
    '/openapi.json internal',
    '/openapi.json public',
    '/orders/internal internal',
    '/readyz internal',
    '/tenant/orders/{id} public',
  ]);
});
