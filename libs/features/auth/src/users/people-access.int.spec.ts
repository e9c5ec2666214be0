import { PEOPLE_ROUTES, PLATFORM_ROLES, TENANT_ROLES } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { useTestDatabase } from '@getupnet/testkit';
import { PeopleWorld } from '../testing/people-world.js';

// Every route × everybody who could call it: whom it lets as far as its own rules.

let world: PeopleWorld;
// Before the database goes: hooks run in the order in which they were registered.
afterAll(() => world.services.close());
const database = useTestDatabase();

type Caller = string;
const callers = new Map<Caller, string | null>();

const TENANT_CALLERS = Object.keys(TENANT_ROLES);
const PLATFORM_CALLERS = Object.keys(PLATFORM_ROLES);
const ALL: readonly Caller[] = [
  'nobody',
  'api key',
  'operator as the company',
  ...TENANT_CALLERS,
  ...PLATFORM_CALLERS,
];

beforeAll(async () => {
  world = await PeopleWorld.start(database());
  const company = await world.company();
  callers.set('nobody', null).set('api key', company.apiKey);
  for (const role of TENANT_CALLERS) {
    callers.set(role, (await world.somebody(company.id, { role })).token);
  }
  for (const platformRole of PLATFORM_CALLERS) {
    callers.set(platformRole, (await world.somebody(null, { platformRole })).token);
  }
  const acting = await world.somebody(company.id, {
    platformRole: 'super_admin',
    reason: 'caso 812',
  });
  callers.set('operator as the company', acting.token);
});

const TENANT_READERS = ['tenant_admin', 'operator as the company', 'api key'];
const TENANT_WRITERS = ['tenant_admin', 'operator as the company'];
const PLATFORM = ['super_admin'];

/** The expected status of who may: empty bodies and ids of nobody's change nothing. */
const ROUTES: readonly [string, string, object | undefined, readonly Caller[], number][] = [
  ['GET', PEOPLE_ROUTES.users, undefined, TENANT_READERS, 200],
  ['POST', PEOPLE_ROUTES.users, {}, TENANT_WRITERS, 400],
  ['PATCH', PEOPLE_ROUTES.user, { role: 'viewer' }, TENANT_WRITERS, 404],
  ['DELETE', PEOPLE_ROUTES.user, undefined, TENANT_WRITERS, 404],
  ['GET', PEOPLE_ROUTES.invitations, undefined, TENANT_READERS, 200],
  ['DELETE', PEOPLE_ROUTES.invitation, undefined, TENANT_WRITERS, 404],
  ['GET', PEOPLE_ROUTES.roles, undefined, TENANT_READERS, 200],
  [
    'PUT',
    PEOPLE_ROUTES.role,
    { name: 'x', permissions: ['TENANT_INVOICE_READ'] },
    TENANT_WRITERS,
    404,
  ],
  ['DELETE', PEOPLE_ROUTES.role, undefined, TENANT_WRITERS, 404],
  ['GET', PEOPLE_ROUTES.apiKeys, undefined, TENANT_READERS, 200],
  ['POST', PEOPLE_ROUTES.rotateApiKey, {}, TENANT_WRITERS, 404],
  ['DELETE', PEOPLE_ROUTES.apiKey, undefined, TENANT_WRITERS, 404],
  ['GET', PEOPLE_ROUTES.platformUsers, undefined, PLATFORM, 200],
  ['POST', PEOPLE_ROUTES.platformUsers, {}, PLATFORM, 400],
  ['PATCH', PEOPLE_ROUTES.platformUser, { role: 'platform_admin' }, PLATFORM, 404],
  ['DELETE', PEOPLE_ROUTES.platformUser, undefined, PLATFORM, 404],
  ['GET', PEOPLE_ROUTES.platformInvitations, undefined, PLATFORM, 200],
  ['DELETE', PEOPLE_ROUTES.platformInvitation, undefined, PLATFORM, 404],
];

test.each(ROUTES)('%s %s', async (method, path, body, allowed, passed) => {
  const answers: Record<Caller, number> = {};
  const wanted: Record<Caller, number> = {};
  for (const caller of ALL) {
    const credential = callers.get(caller) ?? null;
    const url = path.replace(':id', newId());
    answers[caller] = (await world.call(credential, method, url, body)).status;
    wanted[caller] = allowed.includes(caller) ? passed : caller === 'nobody' ? 401 : 403;
  }
  expect(answers).toEqual(wanted);
});

test('every route of people is in the table', () => {
  const inTable = new Set(ROUTES.map(([method, path]) => `${method} ${path}`));
  const own = new Set<string>(Object.values(PEOPLE_ROUTES));
  const missing = world.services.routes
    .filter(({ path }) => own.has(path))
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !inTable.has(route));
  // What makes something is tried by who may in the specs of what it makes.
  expect(missing.sort()).toEqual([
    'POST /auth/api-keys',
    'POST /auth/invitations/accept',
    'POST /auth/rbac/roles',
  ]);
});
