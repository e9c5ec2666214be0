import { createHash } from 'node:crypto';
import { INVITATION_TOKEN, type MemberList, type NewInvitationView } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { PLATFORM_TENANT_ID } from '@getupnet/persistence';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { AdminUnderTest, type Person } from '../testing/admin-under-test.js';

interface Row {
  readonly id: string;
  readonly hash: string;
  readonly role: string;
  readonly invited_by: string;
  readonly revoked: boolean;
  readonly [column: string]: unknown;
}

let admin: AdminUnderTest;
let operator: Person;
let tenant: TestTenant;
afterAll(() => admin.close());
const database = useTestDatabase();
beforeAll(async () => {
  admin = await AdminUnderTest.start(database());
  operator = await admin.person({ platformRole: 'platform_admin' });
});
beforeEach(async () => {
  tenant = await createTestTenant(database());
});

const invite = (email: string, id = tenant.id) =>
  admin.call<NewInvitationView & { readonly code: string }>(
    operator,
    'POST',
    `/admin/companies/${id}/administrators`,
    { email, name: 'Ana Pérez' },
  );
const invitations = async (): Promise<readonly Row[]> => {
  const { rows } = await database().pools.query<Row>(
    'identity',
    `SELECT id, hash, role, invited_by, revoked_at IS NOT NULL AS revoked FROM invitation
     WHERE tenant_id = $1 ORDER BY created_at, id`,
    [tenant.id],
  );
  return rows;
};

test('an invitation’s token is shown once, its hash is kept, and both chains tell of it', async () => {
  const { status, body } = await invite('Ana@Example.com');
  expect([status, body.email, body.role, body.state]).toEqual([
    201,
    'ana@example.com',
    'tenant_admin',
    'PENDING',
  ]);
  expect(body.token).toMatch(INVITATION_TOKEN);
  const hash = createHash('sha256').update(body.token).digest('hex');
  expect(await invitations()).toEqual([
    { id: body.id, hash, role: 'tenant_admin', invited_by: operator.userId, revoked: false },
  ]);
  const told = {
    type: 'user.invited',
    actor: `operator:${operator.userId}`,
    subject_id: body.id,
  };
  expect(await admin.audit(tenant.id)).toMatchObject([told]);
  const platform = await admin.audit(PLATFORM_TENANT_ID);
  expect(platform.at(-1)).toMatchObject({ ...told, payload: { tenantId: tenant.id } });
  expect(JSON.stringify([platform, await admin.audit(tenant.id)])).not.toContain(body.token);
});

test('who is invited again has the new invitation only', async () => {
  const first = await invite('ana@example.com');
  const second = await invite('ana@example.com');
  expect((await invitations()).map(({ id, revoked }) => [id, revoked])).toEqual([
    [first.body.id, true],
    [second.body.id, false],
  ]);
});

test('members are not invited, nor anybody to a company that is closed or none', async () => {
  const email = `${newId()}@example.com`;
  await admin.person({ tenantId: tenant.id, email });
  expect((await invite(email)).body.code).toBe('user.already_member');
  const reason = 'Motivo de la prueba';
  const change = { status: 'FROZEN', reason };
  await admin.call(operator, 'PATCH', `/admin/companies/${tenant.id}`, change);
  expect((await invite('otra@example.com')).body.code).toBe('tenant.suspended');
  expect((await invite('otra@example.com', newId())).status).toBe(404);
  expect(await invitations()).toEqual([]);
});

test('the operator sees who belongs to a company, page by page, and of no other', async () => {
  const other = await createTestTenant(database());
  await admin.person({ tenantId: other.id });
  const members = [
    await admin.person({ tenantId: tenant.id }),
    await admin.person({ tenantId: tenant.id }),
  ];
  const users = (id: string, query: string) =>
    admin.call<MemberList>(operator, 'GET', `/admin/companies/${id}/users?${query}`);
  const first = await users(tenant.id, 'limit=1');
  const cursor = first.body.nextCursor ?? '';
  const second = await users(tenant.id, `limit=1&cursor=${cursor}`);
  const found = [...first.body.data, ...second.body.data];
  expect(found.map(({ id }) => id)).toEqual(members.map(({ userId }) => userId).reverse());
  expect(found[0]).toMatchObject({ role: 'viewer', status: 'ACTIVE', mfaEnrolled: false });
  expect(second.body.nextCursor).toBeNull();
  expect((await users(other.id, `cursor=${cursor}`)).status).toBe(400);
  expect((await users(newId(), '')).status).toBe(404);
});
