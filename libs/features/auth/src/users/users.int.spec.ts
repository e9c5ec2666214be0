import { INVITATION_TOKEN } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { PeopleWorld, type Somebody } from '../testing/people-world.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const ROLE = { name: 'Caja', permissions: ['TENANT_INVOICE_READ'] };

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

const invite = (role: object = { role: 'viewer' }, as: Somebody | string = admin) =>
  world.call(as, 'POST', '/auth/users', { email: `${newId()}@example.com`, name: 'Luz', ...role });

describe('members', () => {
  test('are listed, page by page, of one company', async () => {
    await world.somebody((await world.company()).id);
    const luz = await world.somebody(company.id, { role: 'viewer' });
    const first = await world.call(admin, 'GET', '/auth/users?limit=1');
    const { data, nextCursor } = first.body as { data: object[]; nextCursor: string };
    expect(data).toEqual([
      {
        id: luz.userId,
        email: luz.email,
        name: 'Ana',
        role: 'viewer',
        roleId: null,
        roleName: 'viewer',
        status: 'ACTIVE',
        mfaEnrolled: false,
        createdAt: expect.any(String),
      },
    ]);
    const second = await world.call(admin, 'GET', `/auth/users?limit=1&cursor=${nextCursor}`);
    expect(second.body).toEqual({
      data: [expect.objectContaining({ id: admin.userId })],
      nextCursor: null,
    });
    const foreign = await world.somebody((await world.company()).id);
    expect((await world.call(foreign, 'GET', `/auth/users?cursor=${nextCursor}`)).code).toBe(
      'cursor.invalid',
    );
  });

  test('another role bites at once and is audited', async () => {
    const luz = await world.somebody(company.id, { role: 'tenant_admin' });
    expect((await world.call(luz, 'GET', '/auth/users')).status).toBe(200);
    const path = `/auth/users/${luz.userId}`;
    const changed = await world.call(admin, 'PATCH', path, { role: 'viewer' });
    expect(changed.body).toMatchObject({ role: 'viewer', status: 'ACTIVE' });
    expect((await world.call(luz, 'GET', '/auth/users')).code).toBe('auth.token_invalid');
    expect(await world.auditOf(company.id, luz.userId)).toEqual([
      {
        type: 'user.changed',
        actor: `user:${admin.userId}`,
        subjectId: luz.userId,
        payload: {
          before: { role: 'tenant_admin', roleId: null, status: 'ACTIVE' },
          after: { role: 'viewer', roleId: null, status: 'ACTIVE' },
        },
      },
    ]);
    // Nothing new: nothing ends and nothing is told.
    const again = await world.login(luz.userId, company.id);
    await world.call(admin, 'PATCH', path, { role: 'viewer', status: 'ACTIVE' });
    expect((await world.call(again, 'GET', '/auth/me')).status).toBe(200);
    expect(await world.auditOf(company.id, luz.userId)).toHaveLength(1);
  });

  test('suspended ones are out, and come back as they were', async () => {
    const luz = await world.somebody(company.id, { role: 'signer' });
    const path = `/auth/users/${luz.userId}`;
    await world.call(admin, 'PATCH', path, { status: 'SUSPENDED' });
    expect((await world.call(luz, 'GET', '/auth/me')).code).toBe('auth.token_invalid');
    const back = await world.call(admin, 'PATCH', path, { status: 'ACTIVE' });
    expect(back.body).toMatchObject({ role: 'signer', status: 'ACTIVE' });
    expect((await world.call(luz, 'GET', '/auth/me')).code).toBe('auth.token_invalid');
  });

  test('are removed; the account stays', async () => {
    const luz = await world.somebody(company.id, { role: 'signer' });
    const path = `/auth/users/${luz.userId}`;
    expect((await world.call(admin, 'DELETE', path)).status).toBe(204);
    expect((await world.call(admin, 'DELETE', path)).code).toBe('resource.not_found');
    expect((await world.call(luz, 'GET', '/auth/me')).code).toBe('auth.token_invalid');
    const { rows } = (await world.identity('SELECT status FROM user_account WHERE id = $1', [
      luz.userId,
    ])) as { rows: object[] };
    expect(rows).toEqual([{ status: 'ACTIVE' }]);
  });

  test.each([
    ['removes itself', 'DELETE', undefined],
    ['steps down', 'PATCH', { role: 'viewer' }],
    ['suspends itself', 'PATCH', { status: 'SUSPENDED' }],
  ])('the last administrator who %s is kept', async (_, method, body) => {
    const path = `/auth/users/${admin.userId}`;
    const second = await world.somebody(company.id);
    const idle = `/auth/users/${second.userId}`;
    await world.call(admin, 'PATCH', idle, { status: 'SUSPENDED' });
    expect((await world.call(admin, method, path, body)).code).toBe('user.last_admin');
    await world.call(admin, 'PATCH', idle, { status: 'ACTIVE' });
    expect((await world.call(admin, method, path, body)).status).toBeLessThan(300);
  });

  test('two administrators who remove each other at once leave one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const other = await world.somebody(company.id);
      const answers = await Promise.all([
        world.call(admin, 'DELETE', `/auth/users/${other.userId}`),
        world.call(other, 'DELETE', `/auth/users/${admin.userId}`),
      ]);
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      if (answers[1].status === 204) admin = other;
    }
  });
});

describe('nobody gives or decides what they do not have', () => {
  let manager: Somebody;
  let managing: string;
  beforeEach(async () => {
    const role = await world.call(admin, 'POST', '/auth/rbac/roles', {
      name: 'Recursos humanos',
      permissions: ['TENANT_USER_MANAGE', 'TENANT_INVOICE_READ'],
    });
    managing = String(role.body['id']);
    manager = await world.somebody(company.id, { roleId: managing });
  });

  test.each([
    ['administrator', { role: 'tenant_admin' }, 403],
    ['signer', { role: 'signer' }, 403],
    ['viewer, who sees the audit', { role: 'viewer' }, 403],
    ['no role', {}, 400],
    ['two roles', { role: 'viewer', roleId: newId() }, 400],
    ['a role of nobody’s', { roleId: newId() }, 404],
    ['a role of the platform', { role: 'super_admin' }, 400],
    ['a tenant of its own choice', { role: 'viewer', tenantId: newId() }, 400],
    ['permissions of its own choice', { role: 'viewer', permissions: [] }, 400],
  ])('inviting: %s', async (_, body, status) => {
    expect((await invite(body, manager)).status).toBe(status);
  });

  test('its own role it may give', async () => {
    expect((await invite({ roleId: managing }, manager)).status).toBe(201);
  });

  test('not to others, not to itself, not to who has more', async () => {
    const viewer = await world.somebody(company.id, { roleId: managing });
    const up = { role: 'tenant_admin' };
    for (const { userId } of [viewer, manager]) {
      const answer = await world.call(manager, 'PATCH', `/auth/users/${userId}`, up);
      expect(answer.code).toBe('auth.forbidden');
    }
    for (const [method, body] of [
      ['PATCH', { status: 'SUSPENDED' }],
      ['PATCH', { roleId: managing }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await world.call(manager, method, `/auth/users/${admin.userId}`, body);
      expect(answer.code).toBe('auth.forbidden');
    }
  });

  test.each([
    ['POST', {}],
    ['PUT', {}],
  ])('a role that allows more: %s', async (method) => {
    const path = method === 'PUT' ? `/auth/rbac/roles/${managing}` : '/auth/rbac/roles';
    const permissions = ['TENANT_USER_MANAGE', 'TENANT_INVOICE_EMIT'];
    const answer = await world.call(manager, method, path, { name: 'Más', permissions });
    expect(answer.code).toBe('auth.forbidden');
  });

  test('a key that may more', async () => {
    const body = { name: 'caja', permissions: ['TENANT_INVOICE_EMIT'] };
    expect((await world.call(manager, 'POST', '/auth/api-keys', body)).code).toBe('auth.forbidden');
    const strong = await world.call(admin, 'POST', '/auth/api-keys', body);
    const rotate = `/auth/api-keys/${String(strong.body['id'])}/rotate`;
    expect((await world.call(manager, 'POST', rotate, {})).code).toBe('auth.forbidden');
  });

  test('a right taken away a moment ago is not handed on', async () => {
    // Known and remembered by this process, and changed behind its back.
    expect((await world.call(manager, 'GET', '/auth/users')).status).toBe(200);
    await world.identity('UPDATE tenant_role SET permissions = $2 WHERE id = $1', [
      managing,
      ['TENANT_INVOICE_READ'],
    ]);
    expect((await world.call(manager, 'GET', '/auth/users')).status).toBe(200);
    expect((await invite({ roleId: managing }, manager)).code).toBe('auth.forbidden');
    const body = { name: 'caja', permissions: ['TENANT_INVOICE_READ'] };
    expect((await world.call(manager, 'POST', '/auth/api-keys', body)).code).toBe('auth.forbidden');
  });

  test('a key of the company may look, and change nobody', async () => {
    expect((await world.call(company.apiKey, 'GET', '/auth/users')).status).toBe(200);
    expect((await invite({ role: 'viewer' }, company.apiKey)).code).toBe('auth.forbidden');
    const body = { name: 'otra', permissions: ['TENANT_INVOICE_READ'] };
    const key = await world.call(company.apiKey, 'POST', '/auth/api-keys', body);
    expect(key.code).toBe('auth.forbidden');
  });
});

describe('invitations', () => {
  test('show their token once', async () => {
    const made = await invite();
    expect(made.status).toBe(201);
    const { token, ...rest } = made.body;
    expect(token).toMatch(INVITATION_TOKEN);
    expect(rest).toMatchObject({ state: 'PENDING', role: 'viewer', invitedBy: admin.userId });
    const lifeMs = Date.parse(String(rest['expiresAt'])) - world.clock.now().getTime();
    expect(lifeMs).toBe(7 * DAY_MS);
    const listed = await world.call(admin, 'GET', '/auth/invitations');
    expect(listed.body).toEqual({ data: [rest], nextCursor: null });
    expect(await world.auditOf(company.id, String(rest['id']))).toEqual([
      expect.objectContaining({ type: 'user.invited', actor: `user:${admin.userId}` }),
    ]);
  });

  test('are void once revoked, replaced, or made by somebody who was taken out', async () => {
    const accept = (token: unknown) =>
      world.call(null, 'POST', '/auth/invitations/accept', {
        token,
        password: 'una contraseña larga',
      });
    const revoked = await invite();
    const path = `/auth/invitations/${String(revoked.body['id'])}`;
    expect((await world.call(admin, 'DELETE', path)).status).toBe(204);
    expect((await accept(revoked.body['token'])).code).toBe('auth.token_invalid');

    const email = 'luz@example.com';
    const first = await invite({ role: 'viewer', email });
    const second = await invite({ role: 'signer', email: ' Luz@EXAMPLE.com ' });
    expect((await accept(first.body['token'])).code).toBe('auth.token_invalid');
    expect((await accept(second.body['token'])).status).toBe(201);

    const leaver = await world.somebody(company.id);
    const theirs = await invite({ role: 'tenant_admin' }, leaver);
    await world.call(admin, 'DELETE', `/auth/users/${leaver.userId}`);
    expect((await accept(theirs.body['token'])).code).toBe('auth.token_invalid');
  });

  test('are not for members, nor for longer than a week', async () => {
    expect((await invite({ role: 'viewer', email: admin.email })).code).toBe('user.already_member');
    expect((await invite({ role: 'viewer', days: 8 })).code).toBe('validation.failed');
  });
});

describe('foreign ids are as if there were none', () => {
  test.each([
    ['PATCH', (ids: Ids) => `/auth/users/${ids.user}`, { role: 'viewer' }],
    ['DELETE', (ids: Ids) => `/auth/users/${ids.user}`, undefined],
    ['DELETE', (ids: Ids) => `/auth/invitations/${ids.invitation}`, undefined],
    ['PUT', (ids: Ids) => `/auth/rbac/roles/${ids.role}`, ROLE],
    ['DELETE', (ids: Ids) => `/auth/rbac/roles/${ids.role}`, undefined],
    ['POST', (ids: Ids) => `/auth/api-keys/${ids.key}/rotate`, {}],
    ['DELETE', (ids: Ids) => `/auth/api-keys/${ids.key}`, undefined],
  ])('%s %s', async (method, pathOf, body) => {
    const other = await world.company();
    const theirs = await world.somebody(other.id);
    const luz = { email: 'l@example.com', name: 'Luz', role: 'viewer' };
    const ids = {
      user: theirs.userId,
      invitation: await idOf(world.call(theirs, 'POST', '/auth/users', luz)),
      role: await idOf(world.call(theirs, 'POST', '/auth/rbac/roles', ROLE)),
      key: other.apiKeyId,
    };
    expect((await world.call(admin, method, pathOf(ids), body)).code).toBe('resource.not_found');
    expect((await invite({ roleId: ids.role })).code).toBe('resource.not_found');
    expect((await world.call(theirs, 'GET', '/auth/me')).status).toBe(200);
  });
});

interface Ids {
  readonly user: string;
  readonly invitation: string;
  readonly role: string;
  readonly key: string;
}
const idOf = async (answer: ReturnType<PeopleWorld['call']>): Promise<string> =>
  String((await answer).body['id']);

describe('an operator who acts as the company', () => {
  test('is named as one, with the reason', async () => {
    const operator = await world.somebody(company.id, {
      platformRole: 'super_admin',
      reason: 'caso 812',
    });
    const luz = await world.somebody(company.id, { role: 'viewer' });
    await world.call(operator, 'PATCH', `/auth/users/${luz.userId}`, { role: 'signer' });
    expect(await world.auditOf(company.id, luz.userId)).toEqual([
      expect.objectContaining({
        actor: `operator:${operator.userId}`,
        payload: expect.objectContaining({ reason: 'caso 812' }) as unknown,
      }),
    ]);
  });
});
