import { newId } from '@getupnet/kernel';
import {
  Config,
  Endpoint,
  loadConfig,
  type Problem,
  type RunningServices,
} from '@getupnet/platform';
import { Body, Controller, Module } from '@nestjs/common';
import { z } from 'zod';
import { MovableClock, start } from '../test-support.js';
import { ServiceContext, type ServiceCall } from './service-access.js';
import { ServiceCaller, type OutgoingCall } from './service-caller.js';
import { serviceAccessEnv, serviceCallerEnv } from './service-env.js';
import { newServiceKey } from './service-keys.js';
import { ServiceAccessModule } from './service.modules.js';
import { signContext, type ContextClaims } from './signed-context.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const clock = new MovableClock(NOW);
const TENANT = newId();

const billingToSign = newServiceKey('billing', 'sign');
const nextBillingToSign = newServiceKey('billing', 'sign', 'v2');
const dgiiToSign = newServiceKey('dgii-client', 'sign');
const billingToDgii = newServiceKey('billing', 'dgii-client');
const expiring = newServiceKey('approval', 'sign');
const stranger = newServiceKey('billing', 'sign');
const KEYS_IN = [
  billingToSign.entry,
  nextBillingToSign.entry,
  dgiiToSign.entry,
  billingToDgii.entry,
  `${expiring.entry}:2026-11-21`,
].join(',\n');

@Controller()
class SignController {
  @Endpoint('POST', '/sign/echo', {
    listener: 'internal',
    scope: 'SERVICE',
    summary: 'test',
    request: { body: z.strictObject({ n: z.number() }) },
  })
  echo(@Body() body: object, @ServiceContext() call: ServiceCall): object {
    return { body, call };
  }
}
@Module({ imports: [ServiceAccessModule], controllers: [SignController] })
class SignHttpModule {}

let services: RunningServices;
beforeAll(async () => {
  const values = { SERVICE_KEYS_IN: KEYS_IN };
  services = await start({
    http: [SignHttpModule],
    clock,
    env: [serviceAccessEnv],
    values,
    name: 'sign',
  });
});
beforeEach(() => {
  clock.ms = NOW;
});
afterAll(() => services.close());

const BODY = '{"n": 1}';
const CALL: OutgoingCall = { callee: 'sign', tenantId: TENANT, purpose: 'sign.ecf', body: BODY };

function headersOf(out: string, call: Partial<OutgoingCall> = {}): Record<string, string> {
  const config: Config = loadConfig([serviceCallerEnv], { SERVICE_KEY_OUT_SIGN: out });
  return new ServiceCaller(config, clock).headers({ ...CALL, ...call });
}

async function send(headers: Record<string, string>, body = BODY): Promise<[number, unknown]> {
  const answer = await fetch(`${services.internalUrl}/sign/echo`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const json = (await answer.json()) as Partial<Problem>;
  return [answer.status, json.code ?? json];
}

test('SVC-1, SVC-2: the caller and its verified context reach the handler', async () => {
  const documentId = newId();
  const actor = 'api-key:1';
  const [status, json] = await send(headersOf(billingToSign.out, { documentId, actor }));
  expect(status).toBe(200);
  expect(json).toMatchObject({
    body: { n: 1 },
    call: {
      caller: 'billing',
      keyVersion: 'v1',
      tenantId: TENANT,
      purpose: 'sign.ecf',
      documentId,
      actor,
    },
  });
});

test('SVC-1: several versions of a pair’s key are good at once', async () => {
  const [, json] = await send(headersOf(nextBillingToSign.out));
  expect(json).toMatchObject({ call: { keyVersion: 'v2' } });
});

test('SVC-1: a key is good through its last day', async () => {
  clock.ms = Date.parse('2026-11-21T23:59:59Z');
  expect((await send(headersOf(expiring.out)))[0]).toBe(200);
  clock.ms = Date.parse('2026-11-22T00:00:00Z');
  expect(await send(headersOf(expiring.out))).toEqual([401, 'auth.token_invalid']);
});

describe('refusals', () => {
  test('no credential', async () => {
    expect(await send({})).toEqual([401, 'auth.token_missing']);
  });

  test.each(['Bearer x', 'Service billing', 'Service :x', 'Service BILLING:x'])(
    'malformed: %s',
    async (authorization) => {
      const headers = { ...headersOf(billingToSign.out), authorization };
      expect(await send(headers)).toEqual([401, 'auth.token_invalid']);
    },
  );

  test('an unknown key', async () => {
    expect(await send(headersOf(stranger.out))).toEqual([401, 'auth.token_invalid']);
  });

  test.each([
    ['a good key under another caller’s name', dgiiToSign.out.replace('dgii-client:', 'billing:')],
    ['a good key of another callee', billingToDgii.out],
  ])('%s → 403', async (_, out) => {
    expect(await send(headersOf(out))).toEqual([403, 'auth.forbidden']);
  });

  test('the context under another pair’s key', async () => {
    const headers = {
      ...headersOf(billingToSign.out),
      'x-service-context': headersOf(dgiiToSign.out)['x-service-context'] ?? '',
    };
    expect(await send(headers)).toEqual([401, 'auth.token_invalid']);
  });

  test('another body, or none', async () => {
    const headers = headersOf(billingToSign.out);
    expect(await send(headers, '{"n":1}')).toEqual([401, 'auth.token_invalid']);
    const answer = await fetch(`${services.internalUrl}/sign/echo`, { method: 'POST', headers });
    expect(answer.status).toBe(401);
  });

  test('a context whose time is over', async () => {
    const headers = headersOf(billingToSign.out);
    clock.ms += 30_000;
    expect(await send(headers)).toEqual([401, 'auth.token_expired']);
  });

  const key = billingToSign.out.slice('billing:'.length);
  const claims: ContextClaims = {
    tenantId: TENANT,
    purpose: 'sign.ecf',
    traceId: 'trace-123',
    bodySha256: '0'.repeat(64),
    exp: NOW + 1_000,
  };
  test.each([
    ['none', ''],
    ['unsigned', Buffer.from(JSON.stringify(claims)).toString('base64url')],
    ['empty signature', `${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`],
    ['changed', `${signContext(claims, key).slice(1)}`],
    ['of more than a minute', signContext({ ...claims, exp: NOW + 60_001 }, key)],
    ['with more claims', signContext({ ...claims, admin: true } as ContextClaims, key)],
    ['of no tenant id', signContext({ ...claims, tenantId: 'x' }, key)],
    ['too long', signContext({ ...claims, purpose: 'p'.repeat(9_000) }, key)],
  ])('a context that is %s', async (_, context) => {
    const headers = { ...headersOf(billingToSign.out), 'x-service-context': context };
    expect(await send(headers)).toEqual([401, 'auth.token_invalid']);
  });
});

describe('configuration', () => {
  test('a malformed entry is named by position, a short key by variable', () => {
    const values = { SERVICE_KEYS_IN: 'a:b,c', SERVICE_KEY_OUT_SIGN: 'billing:short' };
    expect(() => loadConfig([serviceAccessEnv, serviceCallerEnv], values)).toThrow(
      /SERVICE_KEYS_IN: entry 1 is not .*entry 2 is not .*SERVICE_KEY_OUT_SIGN: must be caller:key|SERVICE_KEY_OUT_SIGN: must be caller:key.*SERVICE_KEYS_IN: entry 1/,
    );
  });

  test('a callee without a key is a dependency that is not there', () => {
    expect(() => headersOf(billingToSign.out, { callee: 'audit' })).toThrow(
      'dependency.unavailable',
    );
  });
});
