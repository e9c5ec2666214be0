import { AppError } from '@getupnet/kernel';
import { Controller, Injectable, Module } from '@nestjs/common';
import { BootError } from '../boot/boot-error.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import { AccessControl, AccessRegistry, type HttpRequest } from '../http/access-control.js';
import { start, type TestServices } from '../test-support.js';
import { OpsPagesModule } from './ops-pages.module.js';

const GOOD = `eyJ.${'a'.repeat(40)}.good_signature`;

/** Takes one token, for people of operations. */
@Injectable()
class OneTokenAccess extends AccessControl {
  override readonly scope = 'PLATFORM';

  constructor(registry: AccessRegistry) {
    super();
    registry.register(this);
  }

  override admit({ headers, ctx }: HttpRequest): void {
    if (headers.authorization === undefined) throw new AppError('auth.token_missing');
    if (headers.authorization !== `Bearer ${GOOD}`) throw new AppError('auth.token_invalid');
    ctx.caller = 'user:1';
  }
}

@Controller()
class OtherController {
  @Endpoint('GET', '/other', {
    listener: 'internal',
    scope: 'PLATFORM',
    permission: 'PLATFORM_OPS',
    summary: 'test',
  })
  other(): object {
    return {};
  }
}

@Module({
  imports: [OpsPagesModule],
  controllers: [OtherController],
  providers: [OneTokenAccess],
})
class OpsModule {}

let services: TestServices;
beforeAll(async () => {
  services = await start([OpsModule]);
});
afterAll(() => services.close());

const PAGES = ['/docs', '/docs/public.json', '/docs/internal.json'];
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(services.internalUrl + path, { headers, redirect: 'manual' });
const post = (
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(services.internalUrl + path, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
const HTML = { accept: 'text/html,application/xhtml+xml' };

test('OBS-2: the pages are not on the public listener', async () => {
  for (const path of [...PAGES, '/docs/login', '/docs/assets/ops.css']) {
    expect((await fetch(services.publicUrl + path)).status).toBe(404);
  }
});

test('without a session: programs get 401, browsers the way in', async () => {
  for (const path of PAGES) {
    const answer = await get(path);
    expect(answer.status).toBe(401);
    expect(((await answer.json()) as { code: string }).code).toBe('auth.token_missing');
  }
  const browser = await get('/docs', HTML);
  expect([browser.status, browser.headers.get('location')]).toEqual([303, '/docs/login']);
  expect(browser.headers.get('x-frame-options')).toBe('DENY');
});

test('AUT-6: a token becomes a cookie for two paths, and the cookie opens them', async () => {
  const answer = await post('/docs/login', `token=${GOOD}`, { 'sec-fetch-site': 'same-origin' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/docs']);
  const cookies = answer.headers.getSetCookie();
  const rest = 'Max-Age=900; HttpOnly; SameSite=Strict';
  expect(cookies).toEqual([
    `getupnet-ops=${GOOD}; Path=/docs; ${rest}`,
    `getupnet-ops=${GOOD}; Path=/queues; ${rest}`,
  ]);
  const cookie = `x=1; getupnet-ops=${GOOD}`;
  const page = await get('/docs', { ...HTML, cookie });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('cache-control')).toBe('no-store');
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(await page.text()).not.toMatch(/<script>|<style|\son\w+=|\sstyle=|https?:\/\//);
  const document = (await (await get('/docs/internal.json', { cookie })).json()) as object;
  expect(document).toMatchObject({ openapi: '3.1.0', paths: { '/metrics': {}, '/other': {} } });
});

test('the cookie opens nothing else, and a stated credential comes first', async () => {
  const cookie = `getupnet-ops=${GOOD}`;
  expect((await get('/other', { cookie })).status).toBe(401);
  expect((await get('/docs', { cookie, authorization: 'Bearer other' })).status).toBe(401);
  for (const bad of ['getupnet-ops=', 'getupnet-ops=no', `getupnet-ops=${GOOD}x`, 'getupnet-ops']) {
    expect((await get('/docs', { cookie: bad })).status).toBe(401);
  }
});

test('what is no token is refused at once, without a cookie', async () => {
  for (const body of ['', 'token=', 'token=a%0d%0aSet-Cookie:%20x', 'token=short', 'other=1']) {
    const answer = await post('/docs/login', body === '' ? 'x' : body);
    expect(answer.headers.get('location')).toBe('/docs/login?refused=1');
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
  expect(await (await get('/docs/login?refused=1')).text()).toContain('role="alert"');
});

test.each([
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
])('a form of another site logs nobody in or out: %j', async (headers) => {
  for (const path of ['/docs/login', '/docs/logout']) {
    const answer = await post(path, `token=${GOOD}`, headers as Record<string, string>);
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
});

test('the way out takes both cookies back', async () => {
  const answer = await post('/docs/logout', '', { origin: services.internalUrl });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/docs/login']);
  expect(answer.headers.getSetCookie()).toEqual([
    'getupnet-ops=; Path=/docs; Max-Age=0; HttpOnly; SameSite=Strict',
    'getupnet-ops=; Path=/queues; Max-Age=0; HttpOnly; SameSite=Strict',
  ]);
});

test('assets are these and no others', async () => {
  for (const file of ['ops.css', 'docs.mjs', 'swagger-ui.css', 'swagger-ui-bundle.js']) {
    const answer = await get(`/docs/assets/${file}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/(css|javascript); charset=utf-8$/);
  }
  for (const file of ['package.json', '..%2fpackage.json', '%2e%2e']) {
    expect((await get(`/docs/assets/${file}`)).status).toBe(404);
  }
});

test('a cookie cannot open a route that changes something, or is public', async () => {
  @Controller()
  class Wrong {
    @Endpoint('POST', '/wrong', {
      listener: 'internal',
      scope: 'PLATFORM',
      permission: 'PLATFORM_OPS',
      summary: 'test',
      browserLogin: '/docs/login',
    })
    wrong(): void {
      // Never called.
    }
  }
  @Module({ imports: [OpsModule], controllers: [Wrong] })
  class WrongModule {}
  await expect(start([WrongModule])).rejects.toThrow(BootError);
});
