import { Controller } from '@nestjs/common';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import { getRaw, moduleOf, sendRaw, start, type TestServices } from '../test-support.js';

const OPEN = { scope: 'PUBLIC', summary: 'test' } as const;

@Controller()
class DoorsController {
  @Endpoint('GET', '/secret/door', { ...OPEN, listener: 'internal' })
  internal(): object {
    return { side: 'internal' };
  }

  @Endpoint('GET', '/open/door', { ...OPEN, listener: 'public' })
  open(): object {
    return { side: 'public' };
  }

  @Endpoint('GET', '/same/path', { ...OPEN, listener: 'public' })
  samePublic(): object {
    return { side: 'public' };
  }

  @Endpoint('GET', '/same/path', { ...OPEN, listener: 'internal' })
  sameInternal(): object {
    return { side: 'internal' };
  }
}

let services: TestServices;
beforeAll(async () => {
  services = await start([moduleOf(DoorsController)]);
});
afterAll(() => services.close());

test('each listener answers its own routes, and one path may live on both', async () => {
  const side = async (url: string): Promise<unknown> => (await fetch(url)).json();
  expect(await side(`${services.internalUrl}/secret/door`)).toEqual({ side: 'internal' });
  expect(await side(`${services.publicUrl}/open/door`)).toEqual({ side: 'public' });
  expect(await side(`${services.publicUrl}/same/path`)).toEqual({ side: 'public' });
  expect(await side(`${services.internalUrl}/same/path`)).toEqual({ side: 'internal' });
  expect((await fetch(`${services.internalUrl}/open/door`)).status).toBe(404);
});

const TRICKS = [
  '/secret/door',
  '//secret/door',
  '/secret//door',
  '/./secret/door',
  '/open/../secret/door',
  '/%2e/secret/door',
  '/open/%2e%2e/secret/door',
  '/open/..;/secret/door',
  '/open;x=1/../secret/door',
  '/secret%2fdoor',
  '/secret%2Fdoor',
  '/%73ecret/door',
  '/SECRET/DOOR',
  '/Secret/Door',
  '/secret/door/',
  '/secret/door?x=1',
  '/secret/door#x',
  '/secret/door%00',
  '/secret/door%zz',
  '/secret\\door',
  'http://127.0.0.1/secret/door',
  'HTTP://localhost:8081/secret/door',
  '*',
  'secret/door',
];

describe.each([
  ['an internal route', '/secret/door'],
  ['/readyz', '/readyz'],
  ['/metrics', '/metrics'],
])('NET-2: %s is out of reach from the public listener', (_, route) => {
  const tricks = TRICKS.map((trick) =>
    trick.replaceAll('/secret/door', route).replaceAll('secret/door', route.slice(1)),
  );
  test.each(tricks)('GET %s', async (path) => {
    const { status, body } = await getRaw(services.publicUrl, path);
    expect([400, 404]).toContain(status);
    expect(body).not.toContain('internal');
    expect(body).not.toContain('ready');
  });

  test.each(['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Path', 'X-Forwarded-Host'])(
    'header %s changes nothing',
    async (header) => {
      const { status } = await getRaw(services.publicUrl, '/nope', `${header}: ${route}\r\n`);
      expect(status).toBe(404);
    },
  );

  test('a foreign Host changes nothing', async () => {
    const { host } = new URL(services.internalUrl);
    const request = `GET ${route} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect((await sendRaw(services.publicUrl, request)).status).toBe(404);
  });
});

test('the tricks do reach a public route where HTTP says they name it', async () => {
  const { status } = await getRaw(services.publicUrl, 'http://127.0.0.1/open/door');
  expect(status).toBe(200);
  expect((await getRaw(services.publicUrl, '/OPEN/door')).status).toBe(200);
});

test('OBS-2: /healthz answers on both listeners and says nothing', async () => {
  for (const url of [services.publicUrl, services.internalUrl]) {
    const answer = await fetch(`${url}/healthz`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  }
});
