import { ADMIN_ROUTES, AUTH_ROUTES, PEOPLE_ROUTES, type Company } from '@getupnet/contracts';
import { PLATFORM_TENANT_ID } from '@getupnet/persistence';
import { testRnc, waitFor } from '@getupnet/testkit';
import { createAdmin } from '../../../../tools/platform-admin/create-admin.js';
import { Api } from '../harness/api.js';
import { Person } from '../harness/person.js';
import { sequenceExpiry, type Platform } from '../harness/platform.js';

const PASSWORD = 'una clave para esta prueba';
/** A company's suspension is noticed within a minute, by every process. */
const NOTICED_WITHIN_MS = 60_000;
const LIMIT_MS = 90_000;

const INVOICE = {
  Encabezado: {
    IdDoc: { TipoeCF: '31' },
    Comprador: { RNCComprador: '131880681', RazonSocialComprador: 'COMPRADOR SRL' },
  },
  DetallesItems: {
    Item: [
      {
        NombreItem: 'Servicio',
        CantidadItem: 1,
        PrecioUnitarioItem: '1000.00',
        IndicadorFacturacion: 1,
      },
    ],
  },
};

interface Event {
  readonly type: string;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * From an installation nobody has used to a first invoice, over the API alone. The certificate goes
 * through the signer's internal route, as long as its public face does not exist; events are read in
 * the database, as long as GET /audit/logs does not.
 */
export function newOperator(platform: () => Platform): void {
  describe('a new operator', () => {
    const base = (): string => platform().gatewayUrl;
    const person = (email: string): Person => new Person(base, email, PASSWORD);
    let operator: Person;
    let admin: Person;
    let company: Company;
    let key: string;

    afterAll(() => platform().keepSecret(...operator.secrets, ...admin.secrets, key));

    const eventsOf = async (tenantId: string): Promise<readonly Event[]> => {
      const { rows } = await platform().database.pools.query<Event & Record<string, unknown>>(
        'audit_append',
        `SELECT type, actor, payload FROM audit_event WHERE tenant_id = $1 ORDER BY occurred_at, id`,
        [tenantId],
      );
      return rows;
    };

    test('is made by a command, and enrols a second factor at the first login', async () => {
      const email = `operadora-${testRnc()}@example.com`;
      const notes: string[] = [];
      const code = await createAdmin(
        ['--email', email, '--name', 'Olga Operadora', '--password-file', 'clave'],
        { DATABASE_URL: platform().database.ownerUrl },
        {
          out: () => undefined,
          note: (text) => void notes.push(text),
          readFile: () => Promise.resolve(Buffer.from(`${PASSWORD}\n`)),
          writeFile: () => Promise.resolve(),
          readInput: () => Promise.resolve(Buffer.alloc(0)),
          askSecret: () => Promise.resolve(null),
          ask: () => Promise.resolve(null),
          now: new Date(),
        },
      );
      expect([code, notes.join('')]).toEqual([0, expect.stringContaining(AUTH_ROUTES.enroll)]);
      operator = person(email);
      expect(await operator.enrolAndLogIn()).toHaveLength(10);
      const me = await operator.call('GET', AUTH_ROUTES.me);
      expect(me.body).toMatchObject({ name: 'Olga Operadora', tenantId: null });
    });

    test('registers a company and invites its administrator', async () => {
      const created = await operator.call('POST', ADMIN_ROUTES.companies, {
        rnc: testRnc(),
        name: 'Ferretería del Norte, SRL',
        profile: { DireccionEmisor: 'Calle Duarte 10, Puerto Plata' },
      });
      expect(created.status).toBe(201);
      company = created.body as unknown as Company;
      const email = `ana-${company.rnc}@example.com`;
      const invited = await operator.call('POST', company.links.administrators, {
        email,
        name: 'Ana Administradora',
      });
      expect(invited.status).toBe(201);
      admin = person(email);
      const accepted = await admin.call('POST', PEOPLE_ROUTES.acceptInvitation, {
        token: invited.body['token'],
        password: PASSWORD,
      });
      expect([accepted.status, accepted.body['tenantId']]).toEqual([201, company.id]);
      const again = await admin.call('POST', PEOPLE_ROUTES.acceptInvitation, {
        token: invited.body['token'],
        password: PASSWORD,
      });
      expect(again.code).toBe('auth.token_invalid');
    });

    test('the administrator enrols TOTP, registers a range and makes a key that may only emit', async () => {
      expect(await admin.enrolAndLogIn()).toHaveLength(10);
      const me = await admin.call('GET', AUTH_ROUTES.me);
      expect(me.body['tenantId']).toBe(company.id);
      const range = { tipo: '31', first: 1, last: 100, expiresOn: sequenceExpiry().ours };
      expect((await admin.call('POST', '/tenant/sequences', range)).status).toBe(201);
      const made = await admin.call('POST', PEOPLE_ROUTES.apiKeys, {
        name: 'caja',
        permissions: ['TENANT_INVOICE_EMIT'],
      });
      expect(made.status).toBe(201);
      key = String(made.body['key']);
      await platform().giveCertificate(company.id);
    });

    test('the key emits, and is refused the list', async () => {
      const api = new Api(base, key);
      const document = await api.issue({ ECF: INVOICE });
      expect([document.state, document.encf]).toEqual(['ACCEPTED', 'E310000000001']);
      const list = await api.call('GET', '/tenant/invoices');
      expect([list.status, list.text]).toEqual([403, expect.stringContaining('auth.forbidden')]);
      const seen = await admin.call('GET', '/tenant/invoices');
      expect(seen.body['data']).toMatchObject([{ id: document.id }]);
    });

    test('the operator sees the company’s business only by acting as it, with a reason', async () => {
      expect((await operator.call('GET', '/tenant/invoices')).code).toBe('auth.forbidden');
      const short = { tenantId: company.id, reason: 'porque sí' };
      expect((await operator.call('POST', ADMIN_ROUTES.impersonate, short)).status).toBe(400);
      const reason = 'La empresa pidió ayuda con su primera factura';
      const before = Date.now();
      const opened = await operator.call('POST', ADMIN_ROUTES.impersonate, {
        tenantId: company.id,
        reason,
      });
      expect(opened.status).toBe(201);
      const endsInMs = Date.parse(String(opened.body['sessionExpiresAt'])) - before;
      expect(endsInMs).toBeLessThanOrEqual(60 * 60 * 1_000 + 5_000);
      const helper = person(operator.email);
      helper.accessToken = String(opened.body['accessToken']);
      platform().keepSecret(helper.accessToken, String(opened.body['refreshToken']));
      expect((await helper.call('GET', '/tenant/invoices')).body['data']).toHaveLength(1);
      expect((await helper.call('GET', ADMIN_ROUTES.companies)).code).toBe('auth.forbidden');
      const me = await helper.call('GET', AUTH_ROUTES.me);
      expect(me.body).toMatchObject({ tenantId: company.id, impersonationReason: reason });
      const seenByCompany = await eventsOf(company.id);
      expect(seenByCompany.filter(({ type }) => type === 'session.opened').at(-1)).toMatchObject({
        actor: expect.stringMatching(/^operator:/),
        payload: { impersonationReason: reason },
      });
      for (const chain of [company.id, PLATFORM_TENANT_ID]) {
        const started = (await eventsOf(chain)).filter(
          ({ type, payload }) => type === 'impersonation.started' && payload['reason'] === reason,
        );
        expect(started).toMatchObject([
          {
            actor: expect.stringMatching(/^operator:/),
            payload: { operator: { name: 'Olga Operadora' }, actsAs: { tenantId: company.id } },
          },
        ]);
      }
    });

    test('every step is in the company’s audit, in order, and the operator’s in theirs', async () => {
      const types = (await eventsOf(company.id)).map(({ type }) => type);
      const steps = [
        'company.created',
        'user.invited',
        'user.joined',
        'auth.factor_enrolled',
        'session.opened',
        'sequence.added',
        'api_key.created',
        'document.queued',
        'document.accepted',
        'impersonation.started',
      ];
      const found = types.filter((type, at) => steps.includes(type) && types.indexOf(type) === at);
      expect(found).toEqual(steps);
      const own = (await eventsOf(PLATFORM_TENANT_ID)).map(({ type }) => type);
      expect(own).toEqual(
        expect.arrayContaining([
          'user.joined',
          'auth.factor_enrolled',
          'session.opened',
          'company.created',
          'user.invited',
        ]),
      );
    });

    test(
      'a suspended company’s sessions end within a minute, and its keys stop',
      async () => {
        const reason = 'Fin de la prueba';
        const suspension = { status: 'SUSPENDED', reason };
        const changed = await operator.call('PATCH', company.links.self, suspension);
        expect(changed.body['status']).toBe('SUSPENDED');
        const { refreshToken } = admin;
        const refreshed = await admin.call('POST', AUTH_ROUTES.refresh, { refreshToken });
        expect(refreshed.status).toBe(401);
        const api = new Api(base, key);
        await waitFor(
          async () => {
            const session = await admin.call('GET', '/tenant/invoices');
            const emission = await api.call('POST', '/tenant/emit/ecf?dryRun=true', {
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ ECF: INVOICE }),
            });
            return session.status === 401 && emission.text.includes('tenant.suspended');
          },
          { what: 'the suspension to be noticed', timeoutMs: NOTICED_WITHIN_MS, everyMs: 1_000 },
        );
      },
      LIMIT_MS,
    );
  });
}
