import { newId } from '@getupnet/kernel';
import { useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { PeopleWorld, type Answer, type Somebody } from '../testing/people-world.js';
import { PASSWORD } from '../test-support.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const NEW_PASSWORD = 'una contraseña larga';

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

/** Its token. */
async function invitationOf(email: string, as = admin): Promise<string> {
  const body = { email, name: 'Luz', role: 'viewer' };
  return String((await world.call(as, 'POST', '/auth/users', body)).body['token']);
}
const accept = (token: string, more: object = {}): Promise<Answer> =>
  world.call(null, 'POST', '/auth/invitations/accept', { token, password: NEW_PASSWORD, ...more });
const login = (email: string, password: string): Promise<Answer> =>
  world.call(null, 'POST', '/auth/login', { email, password });
const newEmail = (): string => `${newId()}@example.com`;

describe('AUT-7: an invitation', () => {
  test('makes an account, whose owner can log in', async () => {
    const email = newEmail();
    const accepted = await accept(await invitationOf(email), { name: 'Luz Díaz' });
    expect([accepted.status, accepted.body]).toEqual([
      201,
      { userId: expect.any(String), tenantId: company.id },
    ]);
    const { body } = await login(email, NEW_PASSWORD);
    const me = await world.call(String(body['accessToken']), 'GET', '/auth/me');
    expect(me.body).toMatchObject({ name: 'Luz Díaz', tenantId: company.id });
    const [joined] = await world.auditOf(company.id, String(accepted.body['userId']));
    expect(joined).toMatchObject({
      type: 'user.joined',
      payload: { before: null, after: { role: 'viewer', invitedBy: admin.userId, account: 'new' } },
    });
  });

  test('adds a company to an account, whose owner shows that it is theirs', async () => {
    const luz = await world.somebody((await world.company()).id);
    const token = await invitationOf(luz.email);
    expect((await accept(token)).code).toBe('auth.invalid_credentials');
    const accepted = await accept(token, { password: PASSWORD, name: 'Otra' });
    expect(accepted.body).toEqual({ userId: luz.userId, tenantId: company.id });
    const members = await world.call(admin, 'GET', '/auth/users');
    const names = (members.body['data'] as { id: string; name: string }[]).map(({ name }) => name);
    expect(names).toEqual(['Ana', 'Ana']);
    // The old password still is the account's.
    expect((await login(luz.email, PASSWORD)).status).toBe(200);
  });

  test('is no way to try passwords more often than at the login', async () => {
    const luz = await world.somebody((await world.company()).id);
    const token = await invitationOf(luz.email);
    const codes = [];
    for (let at = 0; at < 6; at += 1) codes.push((await accept(token)).code);
    expect(codes).toEqual([...Array<string>(5).fill('auth.invalid_credentials'), 'auth.locked']);
    expect((await accept(token, { password: PASSWORD })).code).toBe('auth.locked');
    expect((await login(luz.email, PASSWORD)).code).toBe('auth.locked');
  });

  test('is none to a suspended account', async () => {
    const luz = await world.somebody((await world.company()).id);
    await world.identity(`UPDATE user_account SET status = 'SUSPENDED' WHERE id = $1`, [
      luz.userId,
    ]);
    const token = await invitationOf(luz.email);
    expect((await accept(token, { password: PASSWORD })).code).toBe('auth.invalid_credentials');
  });

  test.each([
    ['never given', () => Promise.resolve(`iv_${'A'.repeat(43)}`), 'auth.token_invalid'],
    ['of another shape', () => Promise.resolve('hola'), 'validation.failed'],
    [
      'used',
      async () => {
        const token = await invitationOf(newEmail());
        await accept(token);
        return token;
      },
      'auth.token_invalid',
    ],
    [
      'a week old',
      async () => {
        const token = await invitationOf(newEmail());
        world.clock.advance(7 * DAY_MS);
        return token;
      },
      'auth.token_expired',
    ],
    [
      'of a company that is frozen',
      async () => {
        const token = await invitationOf(newEmail());
        await world.identity(`UPDATE tenant SET status = 'FROZEN' WHERE id = $1`, [company.id]);
        return token;
      },
      'tenant.suspended',
    ],
  ])('token %s', async (_, tokenOf, code) => {
    expect((await accept(await tokenOf())).code).toBe(code);
  });

  test.each([
    ['a role', { role: 'tenant_admin' }],
    ['a tenant', { tenantId: newId() }],
    ['an address', { email: 'x@example.com' }],
    ['a short password', { password: 'corta' }],
    ['a name with a line in it', { name: 'Luz\nDíaz' }],
  ])('does not let who accepts it choose %s', async (_, more) => {
    expect((await accept(await invitationOf(newEmail()), more)).code).toBe('validation.failed');
  });

  test.each([
    ['a new account', () => Promise.resolve(newEmail()), NEW_PASSWORD],
    [
      'a known account',
      async () => (await world.somebody((await world.company()).id)).email,
      PASSWORD,
    ],
  ])('50 at once, of %s: one', async (_, emailOf, password) => {
    const email = await emailOf();
    const token = await invitationOf(email);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => accept(token, { password })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array<number>(49).fill(401)]);
    const members = await world.call(admin, 'GET', '/auth/users');
    expect((members.body['data'] as object[]).length).toBe(2);
  });

  test('two of one new address at once make one account', async () => {
    const email = newEmail();
    const second = await world.somebody((await world.company()).id);
    const tokens = [await invitationOf(email), await invitationOf(email, second)];
    const answers = await Promise.all(tokens.map((token) => accept(token)));
    const late = answers.findIndex(({ status }) => status !== 201);
    // Either both found their turn, or the later one is asked again and now proves itself.
    if (late >= 0) expect((await accept(tokens[late] ?? '')).status).toBe(201);
    const { body } = await login(email, NEW_PASSWORD);
    expect((body['choose'] as { tenants: object[] }).tenants).toHaveLength(2);
  });
});
