import { newId } from '@getupnet/kernel';
import { Endpoint, type Problem, type RunningServices } from '@getupnet/platform';
import { CurrentTenant, currentTenant, type TenantContext } from '@getupnet/tenant-context';
import { Controller, Module } from '@nestjs/common';
import { MovableClock, start } from '../test-support.js';
import { ApiKeyDirectory, type ApiKeyRecord } from './api-key-directory.js';
import { hashApiKey, newApiKey } from './api-key.js';
import { SessionAccess } from '../session/session-access.js';
import { ApiKeyUsage } from './api-key-usage.js';
import { TenantAccess } from './tenant-access.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const clock = new MovableClock(NOW);

class FakeDirectory extends ApiKeyDirectory {
  readonly records = new Map<string, ApiKeyRecord>();
  questions = 0;

  override async find(hash: string): Promise<ApiKeyRecord | undefined> {
    this.questions += 1;
    await new Promise((resolve) => setImmediate(resolve));
    return this.records.get(hash);
  }

  /** Adds a key and answers it. */
  add(changes: Partial<ApiKeyRecord> = {}): string {
    const { key, hash } = newApiKey();
    this.records.set(hash, {
      apiKeyId: newId(),
      name: 'till 1',
      permissions: ['TENANT_INVOICE_READ'],
      expiresAt: null,
      revokedAt: null,
      allowedCidrs: [],
      tenantId: newId(),
      rnc: '131880681',
      tenantName: 'Empresa SRL',
      environment: 'testecf',
      productionEnabled: false,
      status: 'ACTIVE',
      profile: { RazonSocialEmisor: 'Empresa SRL' },
      ...changes,
    });
    return key;
  }
}

@Controller()
class WhoController {
  @Endpoint('GET', '/tenant/who', {
    listener: 'public',
    scope: 'TENANT',
    permission: ['TENANT_INVOICE_READ', 'TENANT_AUDIT_VIEW'],
    summary: 'test',
  })
  async who(@CurrentTenant() tenant: TenantContext): Promise<object> {
    await new Promise((resolve) => setImmediate(resolve));
    const { permissions, ...rest } = tenant;
    return { ...rest, permissions: [...permissions], below: currentTenant()?.tenantId };
  }
}

const directory = new FakeDirectory();
const used: string[] = [];
const misused: string[] = [];
@Module({
  controllers: [WhoController],
  providers: [
    { provide: ApiKeyDirectory, useValue: directory },
    // Sessions have a spec of their own.
    { provide: SessionAccess, useValue: {} },
    {
      provide: ApiKeyUsage,
      useValue: {
        note: (key: ApiKeyRecord) => used.push(key.apiKeyId),
        refused: (key: ApiKeyRecord) => misused.push(key.apiKeyId),
      },
    },
    TenantAccess,
  ],
})
class WhoModule {}

let services: RunningServices;
beforeAll(async () => {
  services = await start({ http: [WhoModule], clock });
});
beforeEach(() => {
  clock.ms = NOW;
});
afterAll(() => services.close());

async function who(headers: Record<string, string>): Promise<[number, string]> {
  const answer = await fetch(`${services.publicUrl}/tenant/who`, { headers });
  const body = (await answer.json()) as Partial<Problem>;
  return [answer.status, body.code ?? 'passed'];
}
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

test('a good key becomes the tenant context', async () => {
  const tenantId = newId();
  const apiKeyId = newId();
  const key = directory.add({ tenantId, apiKeyId });
  const answer = await fetch(`${services.publicUrl}/tenant/who`, {
    headers: { ...bearer(key), 'x-request-id': 'request-1', 'x-tenant-id': tenantId.toUpperCase() },
  });
  expect(await answer.json()).toEqual({
    tenantId,
    environment: 'testecf',
    productionEnabled: false,
    rnc: '131880681',
    tenantName: 'Empresa SRL',
    profile: { RazonSocialEmisor: 'Empresa SRL' },
    actor: { kind: 'api-key', id: apiKeyId, name: 'till 1' },
    permissions: ['TENANT_INVOICE_READ'],
    requestId: 'request-1',
    below: tenantId,
  });
});

describe('refusals', () => {
  test.each([
    ['no credential', {}, 401, 'auth.token_missing'],
    ['another scheme', { authorization: 'Basic Zm9vOmJhcg==' }, 401, 'auth.token_invalid'],
    ['not key-shaped', { authorization: 'Bearer hello' }, 401, 'auth.token_invalid'],
    ['unknown key', bearer(`gk_${'0'.repeat(64)}`), 401, 'auth.token_invalid'],
    ['two keys', bearer(`gk_${'0'.repeat(64)} x`), 401, 'auth.token_invalid'],
  ])('%s', async (_, headers, status, code) => {
    expect(await who(headers as Record<string, string>)).toEqual([status, code]);
  });

  test.each([
    ['revoked', { revokedAt: new Date(NOW - 1) }, 401, 'auth.token_invalid'],
    ['expired', { expiresAt: new Date(NOW) }, 401, 'auth.token_expired'],
    ['suspended tenant', { status: 'SUSPENDED' }, 403, 'tenant.suspended'],
    ['frozen tenant, reading', { status: 'FROZEN' }, 200, 'passed'],
    ['other permission', { permissions: ['TENANT_INVOICE_EMIT'] }, 403, 'auth.forbidden'],
    ['no permission', { permissions: [] }, 403, 'auth.forbidden'],
    ['second of the list', { permissions: ['TENANT_AUDIT_VIEW'] }, 200, 'passed'],
  ])('%s', async (_, changes, status, code) => {
    const key = directory.add(changes as Partial<ApiKeyRecord>);
    expect(await who(bearer(key))).toEqual([status, code]);
    expect(await who(bearer(key))).toEqual([status, code]);
  });

  test.each([
    ['from anywhere', [], 200],
    ['from this block', ['10.0.0.0/8', '127.0.0.0/8'], 200],
    ['from this block of either family', ['::1/128', '127.0.0.1/32'], 200],
    ['from elsewhere', ['203.0.113.7/32', '2001:db8::/32'], 403],
  ])('a key to be used %s', async (_, allowedCidrs, status) => {
    const apiKeyId = newId();
    const key = directory.add({ apiKeyId, allowedCidrs });
    expect((await who(bearer(key)))[0]).toBe(status);
    expect(misused.includes(apiKeyId)).toBe(status === 403);
    // A header is not an address: nobody trusts this client to speak for others.
    const told = { ...bearer(key), 'x-forwarded-for': '203.0.113.7' };
    expect(await who(told)).toEqual([status, status === 200 ? 'passed' : 'auth.forbidden']);
  });

  test('TEN-2: another tenant in X-Tenant-ID', async () => {
    const headers = { ...bearer(directory.add()), 'x-tenant-id': newId() };
    expect(await who(headers)).toEqual([403, 'tenant.mismatch']);
  });
});

describe('cache', () => {
  test('a known key is not looked up again for 10 s, then it is', async () => {
    const key = directory.add();
    const before = directory.questions;
    await who(bearer(key));
    clock.ms += 9_999;
    await who(bearer(key));
    expect(directory.questions).toBe(before + 1);
    directory.records.clear();
    clock.ms += 1;
    expect(await who(bearer(key))).toEqual([401, 'auth.token_invalid']);
  });

  test('a key that expires while it is cached stops at once', async () => {
    const key = directory.add({ expiresAt: new Date(NOW + 5_000) });
    expect((await who(bearer(key)))[0]).toBe(200);
    clock.ms += 5_000;
    expect(await who(bearer(key))).toEqual([401, 'auth.token_expired']);
  });

  test('many requests at once ask once', async () => {
    const key = directory.add();
    const before = directory.questions;
    const answers = await Promise.all(Array.from({ length: 10 }, () => who(bearer(key))));
    expect(answers.every(([status]) => status === 200)).toBe(true);
    expect(directory.questions).toBeLessThan(before + 10);
  });

  test('an unknown key is never remembered: a new key works at once', async () => {
    const key = directory.add();
    const records = new Map(directory.records);
    directory.records.clear();
    expect((await who(bearer(key)))[0]).toBe(401);
    for (const [hash, record] of records) directory.records.set(hash, record);
    expect((await who(bearer(key)))[0]).toBe(200);
  });

  test('a key that is forgotten is looked up again at once', async () => {
    const key = directory.add();
    const hash = hashApiKey(key);
    expect((await who(bearer(key)))[0]).toBe(200);
    const record = directory.records.get(hash);
    if (record === undefined) throw new Error('just added');
    directory.records.set(hash, { ...record, revokedAt: new Date(NOW) });
    expect((await who(bearer(key)))[0]).toBe(200);
    services.app.get(TenantAccess, { strict: false }).forget(hash);
    expect(await who(bearer(key))).toEqual([401, 'auth.token_invalid']);
  });
});

test('uses are noted, of keys that passed as well as of those that may not', async () => {
  const apiKeyId = newId();
  const key = directory.add({ apiKeyId, permissions: [] });
  await who(bearer(key));
  expect(used.at(-1)).toBe(apiKeyId);
});
