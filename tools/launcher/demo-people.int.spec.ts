import { randomBytes } from 'node:crypto';
import { auth } from '@getupnet/feature-auth';
import { createServices, type RunningServices } from '@getupnet/platform';
import { createTestTenant, useTestDatabase } from '@getupnet/testkit';
import { generateSync } from 'otplib';
import { ensurePeople, inventPerson, type DemoPeople, type DemoPerson } from './demo-people.js';

const KEK = randomBytes(32).toString('base64');
let services: RunningServices;
afterAll(() => services.close());
const database = useTestDatabase();
let people: DemoPeople;

beforeAll(async () => {
  const { id } = await createTestTenant(database());
  people = {
    platformAdmin: inventPerson('operador', 'plataforma'),
    tenants: [{ id, admin: inventPerson('admin', 'empresa') }],
  };
  await ensurePeople({ ownerUrl: database().ownerUrl, kek: KEK }, people);
  services = await createServices([auth()], {
    env: {
      ...{ PORT: '0', INTERNAL_PORT: '0', LOG_LEVEL: 'silent' },
      ...{ DATABASE_URL: database().ownerUrl, SECRETS_KEK: KEK },
    },
  });
});

async function post(path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${services.publicUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Record<string, unknown>;
}

async function logIn({ email, password, totpSecret }: DemoPerson): Promise<unknown> {
  const { mfa, challenge } = await post('/auth/login', { email, password });
  expect(mfa).toBe('verify');
  const code = generateSync({ secret: totpSecret });
  const { accessToken } = await post('/auth/mfa/verify', { challenge, code });
  const me = await fetch(`${services.publicUrl}/auth/me`, {
    headers: { authorization: `Bearer ${String(accessToken)}` },
  });
  const { tenantId } = (await me.json()) as Record<string, unknown>;
  return tenantId;
}

test('the people of a demonstration log in with what its file says', async () => {
  expect(await logIn(people.platformAdmin)).toBeNull();
  for (const { id, admin } of people.tenants) expect(await logIn(admin)).toBe(id);
});

test('a warm start makes nobody anew, and only who is missing', async () => {
  const rows = async () => {
    const text = 'SELECT id, email, password_hash FROM user_account ORDER BY id';
    return (await database().pools.query<{ email: string }>('identity', text)).rows;
  };
  const before = await rows();
  const setup = { ownerUrl: database().ownerUrl, kek: KEK };
  await ensurePeople(setup, people);
  expect(await rows()).toEqual(before);
  const tenant = { id: (await createTestTenant(database())).id, admin: inventPerson('admin', 'x') };
  await ensurePeople(setup, { ...people, tenants: [...people.tenants, tenant] });
  const after = await rows();
  expect(after.slice(0, -1)).toEqual(before);
  expect(after.at(-1)?.email).toBe(tenant.admin.email);
});
