import { TENANT_ROLES } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { PeopleWorld, type Somebody } from '../testing/people-world.js';

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

const ROLE = { name: 'Caja', permissions: ['TENANT_INVOICE_READ', 'TENANT_RFCE_SUBMIT'] };
const make = (body: object = {}) =>
  world.call(admin, 'POST', '/auth/rbac/roles', { ...ROLE, ...body });

test('built-in roles come first, and a company’s own after them', async () => {
  const { body } = await make();
  const { data } = (await world.call(admin, 'GET', '/auth/rbac/roles')).body as { data: object[] };
  expect(data).toEqual([
    ...Object.entries(TENANT_ROLES).map(([name, permissions]) => ({
      id: null,
      name,
      builtIn: true,
      permissions,
    })),
    { id: body['id'], builtIn: false, ...ROLE },
  ]);
  const elsewhere = await world.somebody((await world.company()).id);
  const theirs = (await world.call(elsewhere, 'GET', '/auth/rbac/roles')).body;
  expect(theirs['data']).toHaveLength(Object.keys(TENANT_ROLES).length);
});

test('what a role allows follows it, and is audited', async () => {
  const id = String((await make({ permissions: ['TENANT_USER_MANAGE'] })).body['id']);
  const luz = await world.somebody(company.id, { roleId: id });
  expect((await world.call(luz, 'GET', '/auth/users')).status).toBe(200);
  await world.call(admin, 'PUT', `/auth/rbac/roles/${id}`, ROLE);
  world.clock.advance(10_000);
  expect((await world.call(luz, 'GET', '/auth/users')).code).toBe('auth.forbidden');
  expect(await world.auditOf(company.id, id)).toEqual([
    expect.objectContaining({ type: 'role.created', actor: `user:${admin.userId}` }),
    expect.objectContaining({
      type: 'role.changed',
      payload: { before: { name: 'Caja', permissions: ['TENANT_USER_MANAGE'] }, after: ROLE },
    }),
  ]);
});

test('one that somebody has, or was offered, stays', async () => {
  const id = String((await make()).body['id']);
  const path = `/auth/rbac/roles/${id}`;
  const body = { email: `${newId()}@example.com`, name: 'Luz', roleId: id };
  const invited = await world.call(admin, 'POST', '/auth/users', body);
  expect((await world.call(admin, 'DELETE', path)).code).toBe('role.in_use');
  await world.call(admin, 'DELETE', `/auth/invitations/${String(invited.body['id'])}`);
  const luz = await world.somebody(company.id, { roleId: id });
  expect((await world.call(admin, 'DELETE', path)).code).toBe('role.in_use');
  await world.call(admin, 'DELETE', `/auth/users/${luz.userId}`);
  expect((await world.call(admin, 'DELETE', path)).status).toBe(204);
  expect((await world.call(admin, 'DELETE', path)).code).toBe('resource.not_found');
  expect((await world.auditOf(company.id, id)).at(-1)?.type).toBe('role.removed');
});

test.each([
  ['the name of a built-in one', { name: 'tenant_admin' }, 'validation.failed'],
  ['no permission', { permissions: [] }, 'validation.failed'],
  [
    'one permission twice',
    { permissions: ['TENANT_INVOICE_READ', 'TENANT_INVOICE_READ'] },
    'validation.failed',
  ],
  ['a permission of the platform', { permissions: ['PLATFORM_OPS'] }, 'validation.failed'],
  ['an id of its own', { id: newId() }, 'validation.failed'],
  ['a tenant of its own', { tenantId: newId() }, 'validation.failed'],
  ['a name that is taken', {}, 'role.name_taken'],
])('no role with %s', async (_, body, code) => {
  await make();
  expect((await make(body)).code).toBe(code);
});

test('two of one name at once: one', async () => {
  const answers = await Promise.all([make(), make(), make()]);
  expect(answers.map(({ code }) => code ?? 'made').sort()).toEqual([
    'made',
    'role.name_taken',
    'role.name_taken',
  ]);
});
