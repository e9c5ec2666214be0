import { Controller } from '@nestjs/common';
import { BootError } from '../boot/boot-error.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import { getRaw, moduleOf, sendRaw, start, type TestServices } from '../test-support.js';
import type { Problem } from './problem.js';

@Controller()
class ThingController {
  @Endpoint('GET', '/thing', { listener: 'public', scope: 'PUBLIC', summary: 'test' })
  thing(): object {
    return { thing: true };
  }
}

const ORIGIN = 'https://app.example';
let services: TestServices;
beforeAll(async () => {
  services = await start([moduleOf(ThingController)], {
    env: {
      CORS_ORIGINS: `${ORIGIN}, https://admin.example:8443`,
      PUBLIC_HOSTS: 'ecf.example,127.0.0.1',
    },
  });
});
afterAll(() => services.close());

const from = (origin: string, method = 'GET', headers: Record<string, string> = {}) =>
  fetch(`${services.publicUrl}/thing`, { method, headers: { origin, ...headers } });

describe('NET-5', () => {
  test('a listed origin is named in the answer', async () => {
    const answer = await from(ORIGIN);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('vary')).toBe('Origin');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('its preflight is answered, also for a path with other methods', async () => {
    const answer = await from(ORIGIN, 'OPTIONS', { 'access-control-request-method': 'POST' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-max-age')).toBe('600');
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
    expect(answer.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test.each([
    'null',
    'https://evil.example',
    `${ORIGIN}.evil.example`,
    'http://app.example',
    'https://app.example:444',
    'https://APP.example',
    '*',
  ])('origin %s → 403', async (origin) => {
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await from(origin, method, { 'access-control-request-method': 'GET' });
      expect(answer.status).toBe(403);
      expect(((await answer.json()) as Problem).code).toBe('cors.origin_denied');
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test.each(['*', 'app.example', 'https://app.example/'])('%s cannot be listed', async (origin) => {
    await expect(start([], { env: { CORS_ORIGINS: origin } })).rejects.toThrow(BootError);
  });
});

describe('NET-2: Host', () => {
  const ask = (path: string, host: string) =>
    sendRaw(
      services.publicUrl,
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
  test.each([
    ['ecf.example', 200],
    ['ECF.example:8443', 200],
    ['evil.example', 400],
    ['ecf.example.evil.example', 400],
    ['', 400],
  ])('%j → %i', async (host, status) => {
    expect((await ask('/thing', host)).status).toBe(status);
  });

  test.each([
    ['http://ecf.example/thing', 200],
    ['http://evil.example/thing', 400],
    ['http://user@ecf.example/thing', 400],
    ['//evil.example/thing', 404],
  ])('absolute target %s → %i', async (target, status) => {
    expect((await ask(target, 'ecf.example')).status).toBe(status);
  });

  test('unknown paths of a foreign Host say no more; probes pass', async () => {
    expect((await ask('/nope', 'evil.example')).status).toBe(400);
    expect((await ask('/healthz', '10.0.0.7:8080')).status).toBe(200);
  });
});

test('NET-6: X-Forwarded-For counts only from a trusted proxy', async () => {
  const remote = async (running: TestServices): Promise<unknown> => {
    await getRaw(running.publicUrl, '/thing', 'X-Forwarded-For: 203.0.113.9\r\n');
    return running.lines().findLast(({ message }) => message === 'request')?.['remote'];
  };
  const open = await start([moduleOf(ThingController)]);
  expect(await remote(open)).toBe('127.0.0.1');
  await open.close();
  const behind = await start([moduleOf(ThingController)], {
    env: { TRUSTED_PROXIES: '127.0.0.0/8' },
  });
  expect(await remote(behind)).toBe('203.0.113.9');
  await behind.close();
});

test.each(['999.1.1.1', 'evil"\\x', '', 'unknown', '203.0.113.9:4711'])(
  'NET-6: what is no address is nobody’s, also from a trusted proxy: %s',
  async (claimed) => {
    const behind = await start([moduleOf(ThingController)], {
      env: { TRUSTED_PROXIES: '127.0.0.0/8' },
    });
    await getRaw(behind.publicUrl, '/thing', `X-Forwarded-For: ${claimed}\r\n`);
    const line = behind.lines().findLast(({ message }) => message === 'request');
    expect(line?.['remote']).toBe('127.0.0.1');
    await behind.close();
  },
);

test('NET-6: a range that is none stops the boot', async () => {
  for (const name of ['TRUSTED_PROXIES', 'ADMIN_ADDRESSES']) {
    await expect(start([], { env: { [name]: '10.0.0.0/40' } })).rejects.toThrow(BootError);
  }
});

describe('NET-6: ADMIN_ADDRESSES', () => {
  @Controller()
  class OperatorController {
    @Endpoint('GET', '/admin/things', { listener: 'public', scope: 'PUBLIC', summary: 'test' })
    things(): object {
      return {};
    }
  }
  const ask = async (allowed: string, path: string): Promise<[number, unknown]> => {
    const services = await start([moduleOf(OperatorController, ThingController)], {
      env: { ADMIN_ADDRESSES: allowed },
    });
    const { status } = await getRaw(services.publicUrl, path);
    const event = services.lines().find((line) => line['event'] === 'address.refused');
    await services.close();
    return [status, event?.['remote']];
  };

  test.each(['/admin/things', '/ADMIN/things', '/%61dmin/things', 'http://x/admin/things'])(
    '%s is not there for others',
    async (path) => expect(await ask('10.0.0.0/8', path)).toEqual([404, '127.0.0.1']),
  );

  test('listed addresses and everybody else’s routes pass', async () => {
    expect(await ask('127.0.0.0/8', '/admin/things')).toEqual([200, undefined]);
    expect(await ask('10.0.0.0/8', '/thing')).toEqual([200, undefined]);
  });
});

test('OBS-2: /healthz answers at most 1,000 times a minute', async () => {
  const open = await start([]);
  const ask = async () => (await fetch(`${open.publicUrl}/healthz`)).status;
  const statuses = await Promise.all(Array.from({ length: 1_001 }, ask));
  expect(statuses.filter((status) => status === 200)).toHaveLength(1_000);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1);
  await open.close();
});
