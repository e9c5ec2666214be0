import { AppError } from '@getupnet/kernel';
import { jest } from '@jest/globals';
import { Controller, Injectable, Module } from '@nestjs/common';
import { BootError } from '../boot/boot-error.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import { SecurityEvents } from '../security/security-events.js';
import { start, type TestServices } from '../test-support.js';
import { AccessControl, AccessRegistry, type HttpRequest } from './access-control.js';
import type { Problem } from './problem.js';

/** Believes what a request says of itself: caller, tenant, tier. */
@Injectable()
class CredulousAccess extends AccessControl {
  override readonly scope = 'TENANT';
  asked = 0;

  constructor(registry: AccessRegistry) {
    super();
    registry.register(this);
  }

  override async admit({ headers, ctx }: HttpRequest): Promise<void> {
    this.asked += 1;
    await Promise.resolve();
    if (headers['x-caller'] === undefined) throw new AppError('auth.token_missing');
    ctx.caller = String(headers['x-caller']);
    ctx.tenantId = String(headers['x-tenant']);
    ctx.tenantTier = headers['x-tier'] === undefined ? undefined : String(headers['x-tier']);
  }
}

const OPEN = { scope: 'PUBLIC', summary: 'test' } as const;

@Controller()
class ThingController {
  @Endpoint('GET', '/thing', {
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_INVOICE_READ',
    summary: 'test',
  })
  thing(): object {
    return {};
  }

  @Endpoint('GET', '/open', { ...OPEN, listener: 'public' })
  open(): object {
    return {};
  }

  @Endpoint('GET', '/inside', { ...OPEN, listener: 'internal' })
  inside(): object {
    return {};
  }
}

@Module({ controllers: [ThingController], providers: [CredulousAccess] })
class ThingModule {}

const open: TestServices[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((services) => services.close()));
});

async function boot(env: Record<string, string>): Promise<TestServices> {
  const services = await start([ThingModule], { env });
  open.push(services);
  // Nothing drains while a test asks, however long its requests take.
  jest.spyOn(performance, 'now').mockReturnValue(performance.now());
  return services;
}

type Headers = Record<string, string>;
const statuses = async (url: string, times: number, headers: Headers = {}): Promise<number[]> => {
  const found: number[] = [];
  for (let at = 0; at < times; at += 1) found.push((await fetch(url, { headers })).status);
  return found;
};
const as = (caller: string, tenant: string, tier?: string): Headers => ({
  'x-caller': caller,
  'x-tenant': tenant,
  ...(tier === undefined ? {} : { 'x-tier': tier }),
});

describe('LIM-1', () => {
  test('an address that asks too much is refused before anybody looks at credentials', async () => {
    const services = await boot({ RATE_LIMIT_ADDRESS: '1:3' });
    const url = `${services.publicUrl}/thing`;
    expect(await statuses(url, 5)).toEqual([401, 401, 401, 429, 429]);
    expect(services.app.get(CredulousAccess).asked).toBe(3);
    const answer = await fetch(url);
    const problem = (await answer.json()) as Problem;
    expect([answer.status, problem.code]).toEqual([429, 'rate.limited']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    // Unknown paths spend it too; probes and the internal listener do not.
    expect(await statuses(`${services.publicUrl}/nope`, 1)).toEqual([429]);
    expect(await statuses(`${services.publicUrl}/healthz`, 1)).toEqual([200]);
    expect(await statuses(`${services.internalUrl}/inside`, 5)).toEqual([200, 200, 200, 200, 200]);
  });

  test('a page of a listed origin can read that it was refused', async () => {
    const services = await boot({ RATE_LIMIT_ADDRESS: '1:1', CORS_ORIGINS: 'https://app.example' });
    const url = `${services.publicUrl}/open`;
    const headers = { origin: 'https://app.example' };
    expect(await statuses(url, 2, headers)).toEqual([200, 429]);
    const answer = await fetch(url, { headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
  });

  test('a header that claims another address spends the same', async () => {
    const services = await boot({ RATE_LIMIT_ADDRESS: '1:2' });
    const found: number[] = [];
    for (const claimed of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
      found.push(
        ...(await statuses(`${services.publicUrl}/open`, 1, {
          'x-forwarded-for': claimed,
          'x-real-ip': claimed,
          forwarded: `for=${claimed}`,
        })),
      );
    }
    expect(found).toEqual([200, 200, 429]);
  });

  test('behind a trusted proxy each client has its own', async () => {
    const services = await boot({ RATE_LIMIT_ADDRESS: '1:1', TRUSTED_PROXIES: '127.0.0.1' });
    const from = (client: string): Promise<number[]> =>
      statuses(`${services.publicUrl}/open`, 2, { 'x-forwarded-for': client });
    expect(await from('203.0.113.1')).toEqual([200, 429]);
    expect(await from('203.0.113.2')).toEqual([200, 429]);
    // One more claim in front of what the proxy saw changes nothing.
    expect(await from('198.51.100.7, 203.0.113.2')).toEqual([429, 429]);
  });

  test('keys, people and tenants each have a limit of their own, whatever the address', async () => {
    const services = await boot({
      RATE_LIMIT_KEY: '1:3',
      RATE_LIMIT_USER: '1:2',
      RATE_LIMIT_TENANT_TIERS: 'standard=1:5, big=1:50',
    });
    const url = `${services.publicUrl}/thing`;
    expect(await statuses(url, 4, as('api-key:1', 't1'))).toEqual([200, 200, 200, 429]);
    expect(await statuses(url, 3, as('user:1', 't2'))).toEqual([200, 200, 429]);
    expect(await statuses(url, 3, as('operator:1', 't2'))).toEqual([200, 200, 429]);
    // The tenant's fifth was its last, although this key is new; another tenant's is not.
    expect(await statuses(url, 3, as('api-key:2', 't1'))).toEqual([200, 200, 429]);
    expect(await statuses(url, 2, as('api-key:3', 't3'))).toEqual([200, 200]);
    // A tier nobody configured is the standard one.
    for (const [tier, tenant, admitted] of [
      ['big', 't4', 9],
      ['unheard', 't5', 5],
    ] as const) {
      const found = [];
      for (const key of ['x', 'y', 'z']) {
        found.push(...(await statuses(url, 3, as(`api-key:${tenant}${key}`, tenant, tier))));
      }
      expect(found.filter((status) => status === 200)).toHaveLength(admitted);
    }
  });

  test('without Redis each of several processes has its part', async () => {
    const services = await boot({ RATE_LIMIT_ADDRESS: '1:8', RATE_LIMIT_REPLICAS: '4' });
    expect(await statuses(`${services.publicUrl}/open`, 4)).toEqual([200, 200, 429, 429]);
  });

  test.each([
    ['RATE_LIMIT_ADDRESS', '0:10'],
    ['RATE_LIMIT_KEY', 'none'],
    ['RATE_LIMIT_USER', '10'],
    ['RATE_LIMIT_TENANT_TIERS', 'big=10:10'],
    ['RATE_LIMIT_TENANT_TIERS', 'standard=unlimited'],
    ['RATE_LIMIT_REPLICAS', '0'],
  ])('%s=%s stops the boot: there is no way to have no limit', async (name, value) => {
    await expect(start([], { env: { [name]: value } })).rejects.toThrow(BootError);
  });
});

describe('OBS-3: refusals are events', () => {
  test('with type, who and where', async () => {
    const services = await boot({ RATE_LIMIT_KEY: '1:1', CORS_ORIGINS: 'https://app.example' });
    const seen: unknown[] = [];
    services.app.get(SecurityEvents).addSink(({ type, caller, tenantId, remote, details }) => {
      seen.push([type, caller, tenantId, remote, details['route']]);
    });
    const url = `${services.publicUrl}/thing`;
    await statuses(url, 1);
    await statuses(url, 2, as('api-key:1', 't1'));
    await statuses(url, 1, { origin: 'https://evil.example' });
    expect(seen).toEqual([
      ['auth.failed', undefined, undefined, '127.0.0.1', '/thing'],
      ['rate.limited', 'api-key:1', 't1', '127.0.0.1', '/thing'],
      ['cors.origin_denied', undefined, undefined, '127.0.0.1', '/thing'],
    ]);
    const text = await (await fetch(`${services.internalUrl}/metrics`)).text();
    expect(text).toContain('security_events_total{type="rate.limited",severity="low"} 1');
    expect(text).toContain('rate_limit_shared 0');
    const line = services.lines().find(({ event }) => event === 'cors.origin_denied');
    expect(line).toMatchObject({ details: { origin: 'https://evil.example', method: 'GET' } });
  });
});
