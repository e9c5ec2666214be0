import { AppError } from '@getupnet/kernel';
import { Body, Controller, ForbiddenException, Param, Query, Res } from '@nestjs/common';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import { moduleOf, sendRaw, start, type TestServices } from '../test-support.js';
import type { Problem } from './problem.js';

const bodySchema = z.strictObject({
  name: z.string().max(5),
  'a/b~c': z.number().optional(),
  tags: z.array(z.enum(['x', 'y'])).optional(),
  tree: z.unknown().optional(),
});
const PUBLIC = { listener: 'public', scope: 'PUBLIC', summary: 'test' } as const;

@Controller()
class ProbeController {
  @Endpoint('POST', '/probe', {
    ...PUBLIC,
    status: 202,
    request: { body: bodySchema, query: z.strictObject({ dryRun: z.stringbool().optional() }) },
  })
  take(@Body() body: z.infer<typeof bodySchema>, @Query() query: object): object {
    return { body, query };
  }

  @Endpoint('GET', '/probe/:id', {
    ...PUBLIC,
    request: { params: z.strictObject({ id: z.uuid() }) },
  })
  read(@Param('id') id: string): object {
    return { id };
  }

  @Endpoint('POST', '/lines', {
    ...PUBLIC,
    consumes: ['application/x-ndjson'],
    bodyLimit: 2 * 1024 * 1024,
    request: { body: z.instanceof(Buffer) },
  })
  lines(@Body() body: Buffer): object {
    return { bytes: body.length };
  }

  @Endpoint('GET', '/fails/:how', {
    ...PUBLIC,
    request: { params: z.strictObject({ how: z.string() }) },
  })
  fail(@Param('how') how: string, @Res({ passthrough: true }) reply: FastifyReply): unknown {
    switch (how) {
      case 'app':
        throw new AppError('sequence.exhausted', { tipo: '31', environment: 'testecf' });
      case 'retry':
        throw new AppError('dependency.unavailable', { dependency: 'firma' }, { retryAfterS: 9 });
      case 'unknown-code':
        throw new AppError('no.such_code');
      case 'nest':
        throw new ForbiddenException('secret detail');
      case 'half':
        reply.header('content-type', 'text/plain');
        return Readable.from(
          (async function* () {
            yield 'one';
            throw new Error('disk on fire');
          })(),
        );
      case 'hang':
        return new Promise(() => undefined);
      default:
        throw new Error('secret detail of a bug');
    }
  }
}

let services: TestServices;
beforeAll(async () => {
  services = await start([moduleOf(ProbeController)]);
});
afterAll(() => services.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly problem: Problem;
}

async function call(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(services.publicUrl + path, init);
  return {
    status: answer.status,
    headers: answer.headers,
    problem: (await answer.json()) as Problem,
  };
}

const post = (
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  call('/probe', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

test('a well-formed request is validated, converted and answered with the declared status', async () => {
  const answer = await fetch(`${services.publicUrl}/PROBE?dryRun=true`, {
    method: 'POST',
    body: '{"name":"Ana"}',
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ body: { name: 'Ana' }, query: { dryRun: true } });
});

describe('NET-7 bodies', () => {
  test.each([
    ['cut short', '{"name":"A', 'termina antes de tiempo'],
    ['not JSON', 'hola', 'error de sintaxis'],
    ['empty', '', 'está vacío'],
    ['prototype', '{"__proto__":{"x":1},"name":"A"}', 'propiedad prohibida'],
    ['too deep', `{"name":"A","tree":${'['.repeat(99)}${']'.repeat(99)}}`, 'anida más de 64'],
  ])('%s → request.malformed_json', async (_, body, reason) => {
    const { status, problem } = await post(body);
    expect([status, problem.code]).toEqual([400, 'request.malformed_json']);
    expect(problem.detail).toContain(reason);
  });

  test('brackets inside strings are not depth', async () => {
    const { status } = await post(JSON.stringify({ name: 'A', tree: `"\\${'['.repeat(500)}` }));
    expect(status).toBe(202);
  });

  test('bytes that are not UTF-8 → request.malformed_json', async () => {
    const bytes = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const { problem } = await post(bytes);
    expect(problem.code).toBe('request.malformed_json');
    expect(problem.detail).toContain('UTF-8');
  });

  test('over 1 MiB → 413, stated or chunked', async () => {
    const stated = await post(JSON.stringify({ name: 'A', tree: 'x'.repeat(1024 * 1024) }));
    expect([stated.status, stated.problem.code]).toEqual([413, 'request.too_large']);
    expect(stated.problem.detail).toContain('1 MB');
    const chunk = 'y'.repeat(2 * 1024 * 1024);
    const chunked = await sendRaw(
      services.publicUrl,
      'POST /probe HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
        `Transfer-Encoding: chunked\r\n\r\n${chunk.length.toString(16)}\r\n${chunk}\r\n0\r\n\r\n`,
    );
    expect(chunked.status).toBe(413);
  });

  test('whoever listens only after sending still hears 413', async () => {
    const { hostname, port } = new URL(services.publicUrl);
    const megabyte = Buffer.alloc(1024 * 1024, 'x');
    const socket = connect(Number(port), hostname).pause();
    const write = (part: Buffer | string) =>
      new Promise<void>((resolve, reject) => {
        socket.write(part, (error) => (error ? reject(error) : setImmediate(resolve)));
      });
    await write(
      'POST /probe HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
        `Content-Length: ${10 * megabyte.length}\r\n\r\n`,
    );
    for (let sent = 0; sent < 10; sent += 1) await write(megabyte);
    const [answer] = (await once(socket.resume(), 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  test('a route may declare another limit and media type', async () => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const send = (bytes: number) =>
      fetch(`${services.publicUrl}/lines`, { method: 'POST', body: 'x'.repeat(bytes), headers });
    expect(await (await send(1_500_000)).json()).toEqual({ bytes: 1_500_000 });
    expect((await send(2_500_000)).status).toBe(413);
  });

  test.each([
    ['text/plain', {}],
    ['application/x-ndjson', {}],
    ['not a type', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('media type %s %j → 415', async (type, headers) => {
    const { status, problem } = await post('{"name":"A"}', { 'content-type': type, ...headers });
    expect([status, problem.code]).toEqual([415, 'request.unsupported_media_type']);
    expect(problem.detail).toMatch(/application\/json|sin comprimir/);
  });

  test('a body without media type → 415', async () => {
    const { status } = await post(new Blob(['{"name":"A"}']), { 'content-type': '' });
    expect(status).toBe(415);
  });
});

describe('validation.failed', () => {
  test('names each field with pointer, code and Spanish text', async () => {
    const { status, problem } = await post('{"name":7,"a/b~c":"x","tags":["z"],"extra":1}');
    expect([status, problem.code]).toEqual([400, 'validation.failed']);
    expect(problem.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/name', 'schema.type'],
      ['/a~1b~0c', 'schema.type'],
      ['/tags/0', 'schema.value'],
      ['/extra', 'schema.unknown_field'],
    ]);
    expect(problem.errors?.[0]?.message).toBe(
      'Entrada inválida: se esperaba texto, recibido número',
    );
  });

  test('TEN-7: unknown query members are refused', async () => {
    const { problem } = await call('/probe?dryrun=true', {
      method: 'POST',
      body: '{"name":"A"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['?dryrun']);
  });

  test('no body at all is a fault of the whole body', async () => {
    const { problem } = await call('/probe', { method: 'POST' });
    expect(problem.code).toBe('validation.failed');
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['']);
  });

  test('an id no resource can have → 404', async () => {
    const { status, problem } = await call('/probe/42');
    expect([status, problem.code]).toEqual([404, 'resource.not_found']);
  });
});

describe('routes', () => {
  test('unknown path → 404', async () => {
    const { status, problem } = await call('/nope/nothing');
    expect([status, problem.code]).toEqual([404, 'resource.not_found']);
  });

  test.each(['/probe', '/PROBE', '/probe/'])(
    'wrong method on %s → 405 with Allow',
    async (path) => {
      const { status, headers, problem } = await call(path, { method: 'DELETE' });
      if (path.endsWith('/')) {
        expect(status).toBe(404);
        return;
      }
      expect([status, problem.code]).toEqual([405, 'method.not_allowed']);
      expect(headers.get('allow')).toBe('POST');
    },
  );

  test('Allow lists HEAD beside GET', async () => {
    const { headers } = await call('/probe/1', { method: 'PUT', body: 'x' });
    expect(headers.get('allow')).toBe('GET, HEAD');
  });
});

describe('failures of handlers', () => {
  test('an AppError becomes its problem, with parameters filled in', async () => {
    const { status, problem, headers } = await call('/fails/app?x=1');
    expect(status).toBe(409);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(problem).toEqual({
      type: 'urn:getupnet:problem:sequence.exhausted',
      title: 'Secuencia agotada',
      status: 409,
      detail:
        'No quedan e-NCF autorizados del tipo 31 en testecf. Registre un nuevo rango en /tenant/sequences.',
      instance: '/fails/app',
      code: 'sequence.exhausted',
      traceId: headers.get('x-request-id'),
    });
  });

  test('Retry-After comes from the error, else from the catalogue', async () => {
    expect((await call('/fails/retry')).headers.get('retry-after')).toBe('9');
  });

  test.each(['bug', 'unknown-code'])(
    'INV-10: %s → internal without details, logged once',
    async (how) => {
      const before = services.lines().filter(({ level }) => level === 'error').length;
      const { status, problem } = await call(`/fails/${how}`);
      expect([status, problem.code]).toEqual([500, 'internal']);
      expect(JSON.stringify(problem)).not.toMatch(/secret detail|no\.such_code/);
      const errors = services.lines().filter(({ level }) => level === 'error');
      expect(errors.length).toBe(before + 1);
      expect(errors.at(-1)).toMatchObject({
        trace_id: problem.traceId,
        err: { stack: expect.stringContaining('problems.int.spec') as string },
      });
    },
  );

  test('what Nest itself throws is translated by status', async () => {
    const { status, problem } = await call('/fails/nest');
    expect([status, problem.code]).toEqual([403, 'auth.forbidden']);
    expect(JSON.stringify(problem)).not.toContain('secret detail');
  });

  test('INV-10: a handler that takes too long is answered without', async () => {
    const hasty = await start([moduleOf(ProbeController)], { handlerLimitMs: 1 });
    const answer = await fetch(`${hasty.publicUrl}/fails/hang`);
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([
      504,
      'dependency.timeout',
    ]);
    await hasty.close();
  });

  test('an answer that fails half-way is cut, not ended', async () => {
    const answer = await fetch(`${services.publicUrl}/fails/half`);
    await expect(answer.text()).rejects.toThrow();
  });
});

describe('what the HTTP parser refuses', () => {
  test.each([
    ['headers over 16 kB', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
    [
      'Content-Length and Transfer-Encoding together',
      'POST /probe HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'two Content-Length',
      'POST /probe HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde',
      400,
    ],
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['no Host', 'GET /probe/1 HTTP/1.1\r\n\r\n', 400],
    ['two Hosts', 'GET /probe/1 HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n', 400],
    ['101 headers', `GET / HTTP/1.1\r\nHost: x\r\n${'a: b\r\n'.repeat(100)}\r\n`, 431],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', 400],
    [
      'a compressed transfer',
      'POST /probe HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'a coding that is almost chunked',
      'POST /probe HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'chunks in HTTP/1.0',
      'POST /probe HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a header line that is folded', 'GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n', 400],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost: x\r\nX-A : b\r\n\r\n', 400],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: x\n\n', 400],
    ['a null byte in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: \0\r\n\r\n', 400],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ])('NET-7: %s', async (_, request, status) => {
    const answer = await sendRaw(services.publicUrl, request);
    expect(answer.status).toBe(status);
    expect(answer.head).toMatch(/connection: close/i);
    expect(answer.head).toMatch(/x-content-type-options: nosniff/i);
    const problem = JSON.parse(answer.body) as Problem;
    expect(problem.code).toBe(status === 431 ? 'headers.too_large' : 'request.invalid');
  });
});

test('NET-7: 100 headers pass', async () => {
  const answer = await sendRaw(
    services.publicUrl,
    `GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${'a: b\r\n'.repeat(98)}\r\n`,
  );
  expect(answer.status).toBe(404);
});

test.each(['100-continue', 'the unexpected'])(
  'NET-4: Expect: %s is answered by us, not by Node',
  async (expected) => {
    const answer = await sendRaw(
      services.publicUrl,
      `GET /probe/42 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: ${expected}\r\n\r\n`,
    );
    expect(answer.head + answer.body).toContain('resource.not_found');
    expect(answer.head + answer.body).toMatch(/x-content-type-options: nosniff/i);
  },
);

test.each([
  ['header', 'GET /probe/1 HTTP/1.1\r\nHost: x\r\nX-'],
  [
    'body',
    'POST /probe HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  ],
])('NET-7: a %s that does not come in time → 408 and closed', async (_, begun) => {
  const slow = await start([moduleOf(ProbeController)]);
  const server = slow.app.getHttpServer() as Server;
  expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
  Object.assign(server, { headersTimeout: 20, requestTimeout: 20 });
  const answer = await sendRaw(slow.publicUrl, begun);
  expect(answer.status).toBe(408);
  expect(answer.head).toMatch(/connection: close/i);
  expect(answer.head).toMatch(/x-content-type-options: nosniff/i);
  expect((JSON.parse(answer.body) as Problem).code).toBe('request.timeout');
  await slow.close();
});

test('NET-4: security headers on every kind of answer, and nothing that names the server', async () => {
  for (const path of ['/healthz', '/nope', '/fails/bug', '/%zz', '/probe/42']) {
    const { headers } = await fetch(services.publicUrl + path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-xss-protection': '0',
      'cache-control': 'no-store',
    });
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.has('server')).toBe(false);
    expect(headers.has('x-powered-by')).toBe(false);
  }
});
