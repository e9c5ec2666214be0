import { newId } from '@getupnet/kernel';
import { PLATFORM_TENANT_ID } from '@getupnet/persistence';
import { useTestDatabase } from '@getupnet/testkit';
import { PeopleWorld, type Somebody } from '../testing/people-world.js';

let world: PeopleWorld;
// Before the database goes: hooks run in the order in which they were registered.
afterAll(() => world.services.close());
const database = useTestDatabase();

let root: Somebody;
beforeAll(async () => {
  world = await PeopleWorld.start(database());
  root = await world.somebody(null, { platformRole: 'super_admin' });
});

const invite = (body: object = {}) =>
  world.call(root, 'POST', '/admin/users', {
    email: `${newId()}@example.com`,
    name: 'Luz',
    role: 'platform_admin',
    ...body,
  });

test('are invited, listed, and audited as nobody’s company', async () => {
  const email = `${newId()}@example.com`;
  const invited = await invite({ email });
  const { token, ...rest } = invited.body;
  const listed = await world.call(root, 'GET', '/admin/users/invitations');
  expect((listed.body['data'] as object[])[0]).toEqual(rest);
  const accepted = await world.call(null, 'POST', '/auth/invitations/accept', {
    token,
    password: 'una contraseña larga',
  });
  expect(accepted.body).toEqual({ userId: expect.any(String), tenantId: null });
  const users = await world.call(root, 'GET', '/admin/users');
  expect((users.body['data'] as object[])[0]).toMatchObject({
    id: accepted.body['userId'],
    email,
    role: 'platform_admin',
    status: 'ACTIVE',
  });
  expect((await invite({ email })).code).toBe('user.already_member');
  const [told] = await world.auditOf(PLATFORM_TENANT_ID, String(rest['id']));
  expect(told).toMatchObject({ type: 'user.invited', actor: `operator:${root.userId}` });
});

test.each([
  ['a role of companies', { role: 'tenant_admin' }],
  ['a role of its own', { roleId: newId() }],
  ['a company', { tenantId: newId() }],
])('are not invited with %s', async (_, body) => {
  expect((await invite(body)).code).toBe('validation.failed');
});

test('suspended, they are out everywhere; their invitations to companies are void', async () => {
  const company = await world.company();
  const luz = await world.somebody(company.id, { platformRole: 'super_admin', reason: 'caso 812' });
  const body = { email: `${newId()}@example.com`, name: 'Sol', role: 'tenant_admin' };
  const { token } = (await world.call(luz, 'POST', '/auth/users', body)).body;
  const path = `/admin/users/${luz.userId}`;
  const changed = await world.call(root, 'PATCH', path, { status: 'SUSPENDED' });
  expect(changed.body).toMatchObject({ status: 'SUSPENDED', role: 'super_admin' });
  expect((await world.call(luz, 'GET', '/auth/users')).code).toBe('auth.token_invalid');
  const password = 'una contraseña larga';
  const accepted = await world.call(null, 'POST', '/auth/invitations/accept', { token, password });
  expect(accepted.code).toBe('auth.token_invalid');
  expect((await world.auditOf(PLATFORM_TENANT_ID, luz.userId)).at(-1)).toMatchObject({
    type: 'platform_user.changed',
    payload: { before: { status: 'ACTIVE' }, after: { status: 'SUSPENDED' } },
  });
});

test('the last super_admin stays', async () => {
  const path = `/admin/users/${root.userId}`;
  await world.identity(
    `UPDATE user_account SET status = 'SUSPENDED' FROM platform_member p
      WHERE p.user_id = id AND id <> $1`,
    [root.userId],
  );
  for (const [method, body] of [
    ['PATCH', { role: 'platform_admin' }],
    ['PATCH', { status: 'SUSPENDED' }],
    ['DELETE', undefined],
  ] as const) {
    expect((await world.call(root, method, path, body)).code).toBe('user.last_admin');
  }
  const other = await world.somebody(null, { platformRole: 'super_admin' });
  expect((await world.call(other, 'DELETE', path)).status).toBe(204);
  expect((await world.call(root, 'GET', '/auth/me')).code).toBe('auth.token_invalid');
  root = other;
});

test('people of companies are not theirs to change', async () => {
  const company = await world.company();
  const ana = await world.somebody(company.id);
  const path = `/admin/users/${ana.userId}`;
  const body = { status: 'SUSPENDED' };
  expect((await world.call(root, 'PATCH', path, body)).code).toBe('resource.not_found');
  expect((await world.call(root, 'DELETE', path)).code).toBe('resource.not_found');
});
