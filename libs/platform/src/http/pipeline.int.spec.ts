import { createHash, randomUUID } from 'node:crypto';
import { AppError } from '@getupnet/kernel';
import { Body, Controller, Injectable, Logger, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { currentContext } from '../context/request-context.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import { definition, FREE_PORTS, sendRaw, start, type TestServices } from '../test-support.js';
import { createServices } from '../boot/create-services.js';
import {
  AccessControl,
  AccessRegistry,
  type CalledRoute,
  type HttpRequest,
} from './access-control.js';
import type { Problem } from './problem.js';

/** Lets in who says the word, after a turn of the event loop; checks the body's hash. */
@Injectable()
class WordAccess extends AccessControl {
  override readonly scope = 'SERVICE';
  override readonly needsBodyHash = true;
  readonly hashes: string[] = [];

  constructor(registry: AccessRegistry) {
    super();
    registry.register(this);
  }

  override async admit(request: HttpRequest, route: CalledRoute): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (request.headers['x-word'] !== route.service) throw new AppError('auth.token_missing');
    request.ctx.tenantId = 'tenant-1';
    request.ctx.caller = 'word';
  }

  override admitBody(_request: HttpRequest, bodySha256: string): void {
    this.hashes.push(bodySha256);
  }
}

@Controller()
class GuardedController {
  readonly #logger = new Logger('Guarded');

  @Endpoint('POST', '/guarded', {
    listener: 'internal',
    scope: 'SERVICE',
    summary: 'test',
    request: { body: z.strictObject({ a: z.number() }) },
  })
  async post(@Body() body: object): Promise<object> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#logger.log({ message: 'working', size: 1 });
    this.#logger.warn('key gk_0123456789abcdef used', new Error('Bearer abcdefghijkl refused'));
    return { body, trace: currentContext()?.traceId };
  }
}

@Module({ controllers: [GuardedController], providers: [WordAccess] })
class GuardedModule {}

let services: TestServices;
beforeAll(async () => {
  services = await start([GuardedModule]);
});
afterAll(() => services.close());

const call = (init: { headers?: Record<string, string>; body?: string } = {}) =>
  fetch(`${services.internalUrl}/guarded`, {
    method: 'POST',
    body: init.body ?? '{"a":1}',
    headers: { 'content-type': 'application/json', 'x-word': 'billing', ...init.headers },
  });

describe('access', () => {
  test('is asked before the body is read or judged', async () => {
    const broken = await call({ headers: { 'x-word': 'no' }, body: '{broken' });
    expect(broken.status).toBe(401);
    expect(broken.headers.get('www-authenticate')).toBe('Bearer');
    const unread = await sendRaw(
      services.internalUrl,
      'POST /guarded HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' +
        'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
    );
    expect(unread.status).toBe(401);
  });

  test('gets the SHA-256 of the bytes received, or of nothing', async () => {
    const access = services.app.get(WordAccess);
    const body = '{ "a":  1 }';
    await call({ body });
    expect(access.hashes.at(-1)).toBe(createHash('sha256').update(body).digest('hex'));
    await fetch(`${services.internalUrl}/guarded`, {
      method: 'POST',
      headers: { 'x-word': 'billing' },
    });
    expect(access.hashes.at(-1)).toBe(createHash('sha256').digest('hex'));
  });
});

describe('OBS-1', () => {
  test('log lines carry time, level, service, trace and tenant', async () => {
    const id = randomUUID();
    const answer = await call({ headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toBe(id);
    expect(await answer.json()).toEqual({ body: { a: 1 }, trace: id });
    const lines = services.lines().filter((line) => line['trace_id'] === id);
    const common = { service: 'billing', trace_id: id, tenant_id: 'tenant-1' };
    expect(lines[0]).toMatchObject({ ...common, level: 'info', message: 'working', size: 1 });
    expect(lines.at(-1)).toMatchObject({
      ...common,
      level: 'info',
      message: 'request',
      method: 'POST',
      route: '/guarded',
      status: 200,
      caller: 'word',
    });
    for (const line of lines) {
      expect(new Date(String(line['timestamp'])).toISOString()).toBe(line['timestamp']);
    }
  });

  test('credentials inside texts and errors are redacted', async () => {
    await call();
    const line = services.lines().find(({ level }) => level === 'warn');
    expect(JSON.stringify(line)).not.toMatch(/0123456789abcdef|abcdefghijkl/);
    expect(line?.['message']).toBe('key [redacted] used');
  });

  test('traceparent gives the trace id, X-Trace-ID the request id', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const answer = await call({
      headers: { traceparent: `00-${trace}-b7ad6b7169203331-01`, 'x-trace-id': 'abc-12345' },
    });
    expect(await answer.json()).toMatchObject({ trace });
    expect(answer.headers.get('x-request-id')).toBe('abc-12345');
  });

  test.each(['short', 'a'.repeat(65), 'with space', 'new%0Aline', 'quote"quote'])(
    'an X-Request-ID of another shape is replaced: %s',
    async (stated) => {
      const answer = await call({ headers: { 'x-request-id': stated } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
      expect(JSON.stringify(services.lines())).not.toContain(stated);
    },
  );

  test('the access log names the problem, and no unknown path in full', async () => {
    const answer = await fetch(`${services.publicUrl}/${'p'.repeat(500)}?secret=1`);
    const problem = (await answer.json()) as Problem;
    const line = services.lines().find((entry) => entry['trace_id'] === problem.traceId);
    expect(line).toMatchObject({ message: 'request', route: '-', code: 'resource.not_found' });
    expect(String(line?.['path'])).toHaveLength(200);
    expect(JSON.stringify(line)).not.toContain('secret');
  });
});

test('/metrics counts by route pattern, on the internal listener only', async () => {
  await call();
  const text = await (await fetch(`${services.internalUrl}/metrics`)).text();
  expect(text).toMatch(
    /http_request_duration_seconds_count\{service="billing",method="POST",route="\/guarded",status="200"\} [1-9]/,
  );
  expect(text).not.toContain('pppp');
});

test('a route put on Fastify behind our back stops the boot', async () => {
  @Injectable()
  class Sneaky {
    constructor(host: HttpAdapterHost) {
      const fastify = host.httpAdapter.getInstance<FastifyInstance>();
      fastify.get('/sneaky', () => 'hello');
    }
  }
  @Module({ providers: [Sneaky] })
  class SneakyModule {}
  const boot = createServices([definition([SneakyModule])], {
    env: { ...FREE_PORTS, LOG_LEVEL: 'silent' },
  });
  await expect(boot).rejects.toThrow('GET /sneaky: a route without @Endpoint');
});
