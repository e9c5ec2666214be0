import { newId } from '@getupnet/kernel';
import { useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { PeopleWorld, type Answer, type Somebody } from '../testing/people-world.js';

const HOUR_MS = 60 * 60 * 1000;

let world: PeopleWorld;
// Before the database goes: hooks run in the order in which they were registered.
afterAll(() => world.services.close());
const database = useTestDatabase();

let company: TestTenant;
let admin: Somebody;
beforeAll(async () => {
  world = await PeopleWorld.start(database());
});
beforeEach(async () => {
  company = await world.company();
  admin = await world.somebody(company.id);
});

// With this permission a key may look at something of this service.
const KEY = { name: 'ERP', permissions: ['TENANT_USER_MANAGE'] };
const make = (body: object = {}): Promise<Answer> =>
  world.call(admin, 'POST', '/auth/api-keys', { ...KEY, ...body });
const use = async (key: unknown): Promise<string | number> => {
  const { code, status } = await world.call(String(key), 'GET', '/auth/rbac/roles');
  return code ?? status;
};
const after = (ms: number): string => new Date(world.clock.now().getTime() + ms).toISOString();
/** An access token lives for a quarter of an hour, and these tests take longer. */
const loginAgain = async (): Promise<void> => {
  admin = { ...admin, token: await world.login(admin.userId, company.id) };
};
const listed = async (id: unknown): Promise<Record<string, unknown> | undefined> => {
  const { body } = await world.call(admin, 'GET', '/auth/api-keys');
  return (body['data'] as Record<string, unknown>[]).find((key) => key['id'] === id);
};

test('is shown once, works at once, and is listed without itself', async () => {
  const made = await make({ allowedCidrs: ['127.0.0.0/8', '::1/128'] });
  expect(made.status).toBe(201);
  const { key, ...rest } = made.body;
  expect(key).toMatch(/^gk_[0-9a-f]{64}$/);
  expect(await use(key)).toBe(200);
  expect(rest).toEqual({
    ...KEY,
    id: expect.any(String),
    prefix: String(key).slice(0, 9),
    state: 'ACTIVE',
    allowedCidrs: ['127.0.0.0/8', '::1/128'],
    createdAt: after(0),
    createdBy: admin.userId,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    replacedBy: null,
  });
  expect(await listed(rest['id'])).toEqual(rest);
  const told = JSON.stringify(await world.auditOf(company.id, String(rest['id'])));
  expect(told).toContain('api_key.created');
  expect(told).not.toContain(String(key));
});

test('is bound to its addresses and its time', async () => {
  const far = await make({ allowedCidrs: ['203.0.113.7/32'] });
  expect(await use(far.body['key'])).toBe('auth.forbidden');
  const short = await make({ expiresAt: after(HOUR_MS) });
  expect(await use(short.body['key'])).toBe(200);
  world.clock.advance(HOUR_MS);
  expect(await use(short.body['key'])).toBe('auth.token_expired');
  await loginAgain();
  expect(await listed(short.body['id'])).toMatchObject({ state: 'EXPIRED' });
});

test('is revoked at once', async () => {
  const { key, id } = (await make()).body;
  expect(await use(key)).toBe(200);
  const path = `/auth/api-keys/${String(id)}`;
  expect((await world.call(admin, 'DELETE', path)).status).toBe(204);
  expect(await use(key)).toBe('auth.token_invalid');
  expect((await world.call(admin, 'DELETE', path)).status).toBe(204);
  expect(await listed(id)).toMatchObject({ state: 'REVOKED', revokedAt: after(0) });
  expect(await world.auditOf(company.id, String(id))).toEqual([
    expect.objectContaining({ type: 'api_key.created' }),
    expect.objectContaining({
      type: 'api_key.revoked',
      actor: `user:${admin.userId}`,
      payload: {
        before: { name: 'ERP', revokedAt: null },
        after: { name: 'ERP', revokedAt: after(0) },
      },
    }),
  ]);
});

describe('rotation', () => {
  const rotate = (id: unknown, body: object = {}): Promise<Answer> =>
    world.call(admin, 'POST', `/auth/api-keys/${String(id)}/rotate`, body);

  test('leaves the old key its grace and gives the new one the same rights', async () => {
    const old = (await make({ allowedCidrs: ['127.0.0.1/32'] })).body;
    expect(await use(old['key'])).toBe(200);
    const made = await rotate(old['id'], { graceHours: 2 });
    expect(made.body).toMatchObject({ ...KEY, allowedCidrs: ['127.0.0.1/32'], state: 'ACTIVE' });
    const { key, id } = made.body;
    expect([await use(old['key']), await use(key)]).toEqual([200, 200]);
    expect(await listed(old['id'])).toMatchObject({
      state: 'REPLACED',
      replacedBy: id,
      expiresAt: after(2 * HOUR_MS),
    });
    world.clock.advance(2 * HOUR_MS);
    expect([await use(old['key']), await use(key)]).toEqual(['auth.token_expired', 200]);
  });

  test('without grace ends the old key now', async () => {
    const old = (await make()).body;
    expect(await use(old['key'])).toBe(200);
    const { key } = (await rotate(old['id'], { graceHours: 0 })).body;
    expect([await use(old['key']), await use(key)]).toEqual(['auth.token_expired', 200]);
  });

  test('lives as long as the one before, and grace never lengthens a life', async () => {
    const old = (await make({ expiresAt: after(10 * HOUR_MS) })).body;
    world.clock.advance(9 * HOUR_MS);
    await loginAgain();
    const oldEnd = after(HOUR_MS);
    const { expiresAt } = (await rotate(old['id'], { graceHours: 24 })).body;
    expect(expiresAt).toBe(after(10 * HOUR_MS));
    expect(await listed(old['id'])).toMatchObject({ expiresAt: oldEnd });
  });

  test('happens once, however many ask for it', async () => {
    const old = (await make()).body;
    const answers = await Promise.all(Array.from({ length: 8 }, () => rotate(old['id'])));
    const codes = answers.map(({ code }) => code ?? 'made').sort();
    expect(codes).toEqual([...Array<string>(7).fill('key.state'), 'made']);
  });

  test('is over for keys that are over', async () => {
    const { id } = (await make()).body;
    await world.call(admin, 'DELETE', `/auth/api-keys/${String(id)}`);
    expect((await rotate(id)).code).toBe('key.state');
  });
});

test.each([
  ['no permission', { permissions: [] }],
  ['a permission of the platform', { permissions: ['PLATFORM_OPS'] }],
  ['an unknown permission', { permissions: ['TENANT_ALL'] }],
  ['a block that is none', { allowedCidrs: ['203.0.113.7/33'] }],
  ['a name for a block', { allowedCidrs: ['example.com'] }],
  ['an end that is past', { expiresAt: '2020-01-01T00:00:00Z' }],
  ['an end without zone', { expiresAt: '2030-01-01T00:00:00' }],
  ['a tenant of its own choice', { tenantId: newId() }],
  ['a key of its own choice', { key: `gk_${'0'.repeat(64)}` }],
  ['a creator of its own choice', { createdBy: newId() }],
])('no key with %s', async (_, body) => {
  expect((await make(body)).code).toBe('validation.failed');
});
