import type { Company, CompanyList } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { PLATFORM_TENANT_ID } from '@getupnet/persistence';
import { createTestTenant, testRnc, useTestDatabase } from '@getupnet/testkit';
import { AdminUnderTest, type Person } from '../testing/admin-under-test.js';

interface Problem {
  readonly code: string;
  readonly errors: readonly { readonly pointer: string; readonly code: string }[];
}

let admin: AdminUnderTest;
let operator: Person;
afterAll(() => admin.close());
const database = useTestDatabase();
beforeAll(async () => {
  admin = await AdminUnderTest.start(database());
  operator = await admin.person({ platformRole: 'platform_admin' });
});

const PROFILE = { DireccionEmisor: 'Calle El Conde 1', Provincia: '010000', Municipio: '010101' };
const wish = (overrides: object = {}) => ({
  rnc: testRnc(),
  name: 'Empresa Nueva, SRL',
  profile: PROFILE,
  ...overrides,
});
const create = async (overrides: object = {}): Promise<Company> => {
  const { status, body } = await admin.call<Company>(
    operator,
    'POST',
    '/admin/companies',
    wish(overrides),
  );
  expect(status).toBe(201);
  return body;
};
const refusal = async (method: string, path: string, body: object): Promise<unknown[]> => {
  const answer = await admin.call<Problem>(operator, method, path, body);
  const errors = answer.body.errors?.map(({ pointer, code }) => `${pointer} ${code}`);
  return [answer.status, answer.body.code, ...(errors ?? [])];
};

describe('registering a company', () => {
  test('begins in testecf, and is told to the company and to the operator', async () => {
    const command = wish({ urls: { recepcion: 'https://fe.example.com' } });
    const { body: company } = await admin.call<Company>(
      operator,
      'POST',
      '/admin/companies',
      command,
    );
    expect(company).toMatchObject({
      ...command,
      environment: 'testecf',
      productionEnabled: false,
      status: 'ACTIVE',
      findings: [],
    });
    const read = await admin.call(operator, 'GET', company.links.self);
    expect(read.body).toEqual(company);
    const expected = {
      type: 'company.created',
      actor: `operator:${operator.userId}`,
      subject_id: company.id,
      payload: { before: null, after: command, operator: 'Ana' },
    };
    expect(await admin.audit(company.id)).toMatchObject([expected]);
    const platform = (await admin.audit(PLATFORM_TENANT_ID)).filter(
      ({ subject_id }) => subject_id === company.id,
    );
    expect(platform).toMatchObject([{ ...expected, payload: { tenantId: company.id } }]);
  });

  test('an RNC with a wrong check digit is a finding, no refusal', async () => {
    const rnc = testRnc();
    const wrong = `${rnc.slice(0, -1)}${(Number(rnc.at(-1)) + 1) % 10}`;
    const { findings } = await create({ rnc: wrong });
    expect(findings).toMatchObject([{ code: 'ECF-RNC-02', path: '/rnc', severity: 'warning' }]);
    expect(findings[0]?.message).toContain(wrong);
  });

  test('one company per RNC, also of twelve at once', async () => {
    const command = wish();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        admin.call<Problem>(operator, 'POST', '/admin/companies', command),
      ),
    );
    const codes = answers.map(({ status, body }) => (status === 201 ? 201 : body.code)).sort();
    expect(codes).toEqual([201, ...Array.from({ length: 11 }, () => 'company.exists')]);
  });

  test.each<[string, object, string[]]>([
    [
      'an unknown field',
      { profile: { ...PROFILE, Direccion: 'x' } },
      ['/profile/Direccion ECF-FMT-01'],
    ],
    ['no address', { profile: {} }, ['/profile/DireccionEmisor ECF-FMT-03']],
    [
      'a province that is none',
      { profile: { ...PROFILE, Provincia: '9' } },
      ['/profile/Provincia'],
    ],
    ['a field of its own', { profile: { ...PROFILE, RNCEmisor: '1' } }, ['/profile/RNCEmisor']],
    ['a document’s field', { profile: { ...PROFILE, NumeroFacturaInterna: '1' } }, ['/profile/']],
  ])('%s in the profile is refused, and where', async (_, overrides, pointers) => {
    const [status, code, ...errors] = await refusal('POST', '/admin/companies', wish(overrides));
    expect([status, code]).toEqual([400, 'validation.failed']);
    expect(errors).toHaveLength(pointers.length);
    pointers.forEach((pointer, at) => expect(errors[at]).toContain(pointer));
  });

  test('production needs the flag of the installation too', async () => {
    const production = { environment: 'ecf', productionEnabled: true };
    expect(await refusal('POST', '/admin/companies', wish(production))).toEqual([
      403,
      'env.forbidden',
    ]);
  });
});

describe('changing a company', () => {
  const change = (company: Company, body: object, who = operator) =>
    admin.call<Company & Problem>(who, 'PATCH', company.links.self, body);

  test('tells what was and what is, of what changed only', async () => {
    const company = await create();
    const { body } = await change(company, { name: 'Otro Nombre, SRL', environment: 'certecf' });
    expect(body).toMatchObject({ name: 'Otro Nombre, SRL', environment: 'certecf' });
    const events = await admin.audit(company.id);
    expect(events.at(-1)).toMatchObject({
      type: 'company.changed',
      payload: {
        before: { name: company.name, environment: 'testecf' },
        after: { name: 'Otro Nombre, SRL', environment: 'certecf' },
        reason: null,
      },
    });
    const same = await change(company, { environment: 'certecf' });
    expect([same.status, (await admin.audit(company.id)).length]).toEqual([200, events.length]);
  });

  test('a suspension ends the company’s sessions, and needs a reason', async () => {
    const company = await create();
    const member = await admin.person({ tenantId: company.id });
    const elsewhere = await admin.person({ tenantId: (await create()).id });
    const without = await change(company, { status: 'SUSPENDED' });
    expect([without.status, without.body.errors[0]?.pointer]).toEqual([400, '/reason']);
    const reason = 'No pagó tres meses';
    const { body } = await change(company, { status: 'SUSPENDED', reason });
    expect(body.status).toBe('SUSPENDED');
    const { rows } = await database().pools.query<{ id: string; because: string | null }>(
      'identity',
      `SELECT id, revoked_because AS because FROM user_session WHERE id = ANY ($1) ORDER BY id`,
      [[member.sessionId, elsewhere.sessionId]],
    );
    expect(rows).toEqual([
      { id: member.sessionId, because: 'tenant_suspended' },
      { id: elsewhere.sessionId, because: null },
    ]);
    expect((await admin.audit(company.id)).slice(1)).toMatchObject([
      { type: 'session.ended', subject_id: member.sessionId },
      {
        type: 'company.suspended',
        payload: { before: { status: 'ACTIVE' }, after: { status: 'SUSPENDED' }, reason },
      },
    ]);
    await change(company, { status: 'ACTIVE', reason: 'Se puso al día' });
    expect((await admin.audit(company.id)).at(-1)?.type).toBe('company.reactivated');
  });

  test('what is no change, no company and no production is refused', async () => {
    const company = await create();
    expect((await change(company, {})).status).toBe(400);
    expect((await change(company, { reason: 'porque sí, digo yo' })).status).toBe(400);
    expect((await change(company, { rnc: testRnc() })).status).toBe(400);
    expect((await change(company, { profile: {} })).status).toBe(400);
    const production = { environment: 'ecf', productionEnabled: true };
    expect((await change(company, production)).body.code).toBe('env.forbidden');
    const none = await admin.call(operator, 'PATCH', `/admin/companies/${newId()}`, { name: 'x' });
    expect(none.status).toBe(404);
    expect((await admin.audit(company.id)).length).toBe(1);
  });

  test('both flags let a company into production, and neither is taken away while it is there', async () => {
    const other = await AdminUnderTest.start(
      database(),
      { DGII_PRODUCTION_ENABLED: 'true' },
      'key-2',
    );
    const boss = await other.person({ platformRole: 'super_admin' });
    const company = await create();
    const set = (body: object) =>
      other.call<Company & Problem>(boss, 'PATCH', company.links.self, body);
    expect((await set({ environment: 'ecf' })).body.code).toBe('env.forbidden');
    const both = await set({ environment: 'ecf', productionEnabled: true });
    expect(both.body).toMatchObject({ environment: 'ecf', productionEnabled: true });
    expect((await set({ productionEnabled: false })).body.code).toBe('env.forbidden');
    expect((await set({ productionEnabled: false, environment: 'testecf' })).status).toBe(200);
    await other.close();
  });
});

describe('listing companies', () => {
  const list = (query: string) =>
    admin.call<CompanyList>(operator, 'GET', `/admin/companies?${query}`);

  test('pages from the newest, each once, and finds by RNC, name and status', async () => {
    const name = `Filtrada ${newId()}`;
    const made = [await create({ name }), await create({ name }), await create({ name })];
    const first = await list(`limit=2&name=${encodeURIComponent(name.toUpperCase())}`);
    const cursor = first.body.nextCursor ?? '';
    const second = await list(`limit=2&name=${encodeURIComponent(name)}&cursor=${cursor}`);
    const ids = [...first.body.data, ...second.body.data].map(({ id }) => id);
    expect(ids).toEqual(made.map(({ id }) => id).reverse());
    expect(second.body.nextCursor).toBeNull();
    const [one] = made;
    expect((await list(`rnc=${one?.rnc}`)).body.data).toEqual([one]);
    expect((await list(`rnc=${one?.rnc}&status=FROZEN`)).body.data).toEqual([]);
    expect((await list(`cursor=${cursor}x`)).status).toBe(400);
  });
});

describe('who may', () => {
  test('the operator’s people by their permissions; nobody else', async () => {
    const tenant = await createTestTenant(database());
    const member = await admin.person({ tenantId: tenant.id });
    const path = `/admin/companies/${tenant.id}`;
    const tries: [Person, string, object | undefined, number][] = [
      [operator, 'GET', undefined, 200],
      [member, 'GET', undefined, 403],
      [member, 'PATCH', { name: 'x' }, 403],
      [{ ...member, token: tenant.apiKey }, 'GET', undefined, 403],
      [{ ...operator, token: `${operator.token.slice(0, -2)}AA` }, 'GET', undefined, 401],
    ];
    for (const [person, method, body, status] of tries) {
      expect((await admin.call(person, method, path, body)).status).toBe(status);
    }
  });
});
