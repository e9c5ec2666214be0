import { randomBytes } from 'node:crypto';
import {
  DGII_ROUTES,
  DgiiGateway,
  Sign,
  type DgiiParty,
  type DgiiSendItem,
} from '@getupnet/contracts';
import { dgiiGatewayClient } from '@getupnet/dgii-gateway-client';
import { startSimulator, type Simulator } from '@getupnet/dgii-simulator';
import { newId } from '@getupnet/kernel';
import { createServices, type RunningServices } from '@getupnet/platform';
import { newServiceKey, ServiceCaller } from '@getupnet/rbac';
import {
  createTestDatabase,
  createTestTenant,
  type TestDatabase,
  type TestTenant,
} from '@getupnet/testkit';
import { Module } from '@nestjs/common';
import { dgiiClient } from '../dgii-client.service-definition.js';
import {
  approvalOf31,
  BUYER,
  ecf31,
  ISSUER,
  rfce,
  TestSign,
  voidOf31,
} from '../testing/signed-documents.js';

const receiver = (number: number, host: string) => ({
  nombre: host,
  rnc: String(101_000_000 + number),
  urlRecepcion: `https://${host}/fe/recepcion/api/ecf/`,
  urlAceptacion: `https://${host}`,
});

const signer = new TestSign();

@Module({ providers: [{ provide: Sign, useValue: signer }], exports: [Sign] })
class TestSignModule {}

/** The service as it runs in production: over HTTP, with keys, on a real database. */
describe('the dgii-client service', () => {
  let database: TestDatabase;
  const key = newServiceKey('billing', 'dgii-client');
  const kek = randomBytes(32).toString('base64');
  const running: RunningServices[] = [];
  let simulator: Simulator;
  let url: string;
  let gateway: DgiiGateway;
  let caller: ServiceCaller;
  let tenant: TestTenant;
  let party: DgiiParty;

  const common = { PORT: '0', INTERNAL_PORT: '0', LOG_LEVEL: 'silent' };

  const startService = async (production: boolean, baseUrl = simulator.url): Promise<string> => {
    const service = await createServices(
      [dgiiClient({ sign: { module: TestSignModule, env: [] } })],
      {
        env: {
          ...common,
          DATABASE_URL: database.ownerUrl,
          SECRETS_KEK: kek,
          SERVICE_KEYS_IN: key.entry,
          DGII_BASE_URL: baseUrl,
          DGII_PRODUCTION_ENABLED: String(production),
          DGII_STATUS_API_KEY: 'any',
        },
      },
    );
    running.push(service);
    return service.internalUrl;
  };
  const startCaller = async (serviceUrl: string): Promise<RunningServices> => {
    const { module, env } = dgiiGatewayClient;
    const callerService = await createServices(
      [{ name: 'billing', http: [], workers: [module], env }],
      { env: { ...common, DGII_CLIENT_URL: serviceUrl, SERVICE_KEY_OUT_DGII_CLIENT: key.out } },
    );
    running.push(callerService);
    return callerService;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    const directory = [receiver(3, 'c.do'), receiver(1, 'a.do'), receiver(2, 'b.do')];
    simulator = await startSimulator({
      trust: 'any',
      validationDelayMs: 0,
      environments: { ecf: { directory } },
    });
    url = await startService(true);
    const callerService = await startCaller(url);
    gateway = callerService.app.get(DgiiGateway, { strict: false });
    caller = callerService.app.get(ServiceCaller, { strict: false });
  });
  beforeEach(async () => {
    tenant = await createTestTenant(database);
    party = { tenantId: tenant.id, environment: 'testecf', rnc: ISSUER };
  });
  afterAll(async () => {
    for (const service of running.reverse()) await service.close();
    await simulator.close();
    // Last: the services' connections are closed by now.
    await database.drop();
  });

  const call = async (
    path: string,
    body?: object,
    tenantId: string | null = tenant.id,
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = caller.headers({
      callee: 'dgii-client',
      tenantId,
      purpose: 'test',
      body: text,
    });
    const response = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: text }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const queryOf = (values: object): string =>
    new URLSearchParams(values as Record<string, string>).toString();

  it('sends, finds and asks for results over the network', async () => {
    const ecf = await ecf31(1);
    const small = await rfce(1);
    const items: DgiiSendItem[] = [
      { documentId: newId(), route: 'ecf', encf: ecf.encf, xml: ecf.xml },
      { documentId: newId(), route: 'rfce', encf: small.encf, xml: small.xml },
    ];
    const [received, verdict] = await gateway.send(party, items);
    expect(verdict).toMatchObject({ kind: 'verdict', verdict: { status: 'ACCEPTED' } });
    if (received?.kind !== 'received') throw new Error(JSON.stringify(received));
    const { trackId } = received;

    const result = { documentId: newId(), encf: ecf.encf, trackId };
    expect(await gateway.results(party, [result])).toMatchObject([
      { kind: 'verdict', verdict: { codigo: '1', estado: 'Aceptado', status: 'ACCEPTED' } },
    ]);
    const one = await call(`${DGII_ROUTES.status}?${queryOf({ ...party, ...result })}`);
    expect(one).toMatchObject({ status: 200, body: { outcomes: [{ kind: 'verdict' }] } });

    const questions = [ecf, small].map(({ encf, codigoSeguridad }, at) => ({
      documentId: newId(),
      route: at === 0 ? ('ecf' as const) : ('rfce' as const),
      encf,
      codigoSeguridad,
      buyerRnc: null,
    }));
    expect(await gateway.find(party, questions)).toMatchObject([
      { kind: 'tracked', trackIds: [{ trackId, receivedAt: expect.any(String) }] },
      { kind: 'verdict' },
    ]);
    const certification = { ...party, environment: 'certecf' as const };
    expect(await gateway.find(certification, questions)).toEqual([
      { kind: 'unsupported' },
      { kind: 'unsupported' },
    ]);
  });

  it('two replicas share one token', async () => {
    await call(DGII_ROUTES.token, { party });
    const before = signer.signed;
    const other = await startCaller(await startService(false));
    const otherGateway = other.app.get(DgiiGateway, { strict: false });
    const asked = { documentId: newId(), encf: 'E310000000007', trackId: newId() };
    expect(await otherGateway.results(party, [asked])).toMatchObject([
      { kind: 'pending', known: false },
    ]);
    expect(signer.signed).toBe(before);
  });

  it('says that there is a token, never which', async () => {
    const answer = await call(DGII_ROUTES.token, { party });
    expect(answer).toEqual({
      status: 200,
      body: {
        environment: 'testecf',
        thumbprint: signer.thumbprint,
        expiresAt: expect.stringMatching(/Z$/),
      },
    });
    const leftMs = Date.parse(String(answer.body['expiresAt'])) - Date.now();
    expect(leftMs).toBeGreaterThan(54 * 60_000);
    expect(leftMs).toBeLessThanOrEqual(55 * 60_000);
  });

  it('reports DGII’s services and our breakers', async () => {
    await call(DGII_ROUTES.token, { party });
    const { status, body } = await call(`${DGII_ROUTES.services}?environment=testecf`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ environment: 'testecf', available: true, maintenance: [] });
    expect(body['services']).toEqual(
      expect.arrayContaining([
        { service: 'recepcion', offered: true, available: true, estatus: 'Disponible' },
        { service: 'recepcionfc', offered: true, available: true, estatus: 'Disponible' },
        { service: 'consultarfce', offered: false, available: null, estatus: null },
      ]),
    );
    expect(body['breakers']).toContainEqual({ operation: 'semilla', state: 'closed' });
  });

  it('answers the directory as far as the environment has one', async () => {
    expect(await gateway.directory(party, BUYER)).toMatchObject({
      kind: 'found',
      receivers: [
        {
          rnc: BUYER,
          urlRecepcion: expect.stringContaining('emisorreceptor'),
          bases: { recepcion: expect.stringMatching(/\/ecf\/testecf\/emisorreceptor$/) },
        },
      ],
    });
    const certification = { ...party, environment: 'certecf' as const };
    expect(await gateway.directory(certification, BUYER)).toEqual({ kind: 'unsupported' });
    expect(await call(`${DGII_ROUTES.directoryList}?${queryOf(certification)}`)).toEqual({
      status: 200,
      body: { supported: false, data: [], nextCursor: null },
    });
  });

  it('lists the directory page by page', async () => {
    const { id: tenantId } = await createTestTenant(database, {
      environment: 'ecf',
      productionEnabled: true,
    });
    const production = { ...party, tenantId, environment: 'ecf' };
    const page = (values: object) =>
      call(
        `${DGII_ROUTES.directoryList}?${queryOf({ ...production, ...values })}`,
        undefined,
        tenantId,
      );
    expect(await page({ limit: 2 })).toMatchObject({
      status: 200,
      body: {
        supported: true,
        data: [{ rnc: '101000001' }, { rnc: '101000002' }],
        nextCursor: '101000002',
      },
    });
    expect(await page({ limit: 2, cursor: '101000002' })).toMatchObject({
      body: {
        data: [{ rnc: '101000003', bases: { recepcion: 'https://c.do' } }],
        nextCursor: null,
      },
    });
    expect(await page({ limit: 1_001 })).toMatchObject({ status: 400 });
  });

  it('sends approvals and voids over the network, each answered in DGII’s words', async () => {
    const ecf = await ecf31(10);
    const sent = { documentId: newId(), route: 'ecf', encf: ecf.encf, xml: ecf.xml } as const;
    expect(await gateway.send(party, [sent])).toMatchObject([{ kind: 'received' }]);
    const buyer = { ...party, rnc: BUYER };
    const items = await Promise.all(
      [10, 4_000].map(async (number) => {
        const { encf, xml } = await approvalOf31(number);
        return { documentId: newId(), encf, xml };
      }),
    );
    expect(await gateway.sendApprovals(buyer, items)).toMatchObject([
      { kind: 'answered', verdict: { status: 'ACCEPTED', codigo: '1' } },
      { kind: 'answered', verdict: { status: 'REJECTED', mensajes: [{ codigo: '' }] } },
    ]);

    const voiding = { documentId: newId(), xml: await voidOf31(5_000, 5_010) };
    expect(await gateway.sendVoids(party, [voiding])).toMatchObject([
      { kind: 'answered', verdict: { status: 'ACCEPTED', estado: null } },
    ]);
    expect(await gateway.sendVoids(party, [voiding])).toMatchObject([
      { kind: 'answered', verdict: { status: 'REJECTED' } },
    ]);
    const certification = { ...party, environment: 'certecf' as const };
    expect(await gateway.sendVoids(certification, [voiding])).toEqual([{ kind: 'unsupported' }]);
  });

  it('does not start when production would be led to another host', async () => {
    await expect(startService(true, 'http://dgii.example')).rejects.toMatchObject({
      name: 'BootError',
      problems: [
        expect.stringMatching(/^DGII_BASE_URL, DGII_PRODUCTION_ENABLED: .*official hosts/),
      ],
    });
  });

  it('reaches production only with both flags', async () => {
    const question = { documentId: newId(), encf: 'E310000000001', trackId: newId() };
    const production = { ...party, environment: 'ecf' as const };
    await expect(gateway.results(production, [question])).rejects.toMatchObject({
      code: 'env.forbidden',
    });

    const xml = await voidOf31(1, 2);
    const documentId = newId();
    for (const forbidden of [
      () => gateway.sendApprovals(production, [{ documentId, encf: 'E310000000001', xml }]),
      () => gateway.sendVoids(production, [{ documentId, xml }]),
      () => gateway.directory(production, BUYER),
    ]) {
      await expect(forbidden()).rejects.toMatchObject({ code: 'env.forbidden' });
    }
    expect(await call(`${DGII_ROUTES.directoryList}?${queryOf(production)}`)).toMatchObject({
      status: 403,
      body: { code: 'env.forbidden' },
    });

    // The environment is the tenant's setting, never the caller's.
    const elsewhere = await createTestTenant(database, { productionEnabled: true });
    await expect(
      gateway.results({ ...production, tenantId: elsewhere.id }, [question]),
    ).rejects.toMatchObject({ code: 'env.forbidden' });
    const enabled = await createTestTenant(database, {
      environment: 'ecf',
      productionEnabled: true,
    });
    const allowed = { ...production, tenantId: enabled.id };
    expect(await gateway.results(allowed, [question])).toMatchObject([{ kind: 'pending' }]);

    const closed = await startCaller(await startService(false));
    const closedGateway = closed.app.get(DgiiGateway, { strict: false });
    await expect(closedGateway.results(allowed, [question])).rejects.toMatchObject({
      code: 'env.forbidden',
    });
  });

  it('acts only for the tenant of the signed context, and only with a key', async () => {
    const body = { party };
    expect(await call(DGII_ROUTES.token, body, newId())).toMatchObject({
      status: 403,
      body: { code: 'tenant.mismatch' },
    });
    const response = await fetch(url + DGII_ROUTES.token, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(401);
  });

  it('refuses malformed calls before anything is sent', async () => {
    const item = { documentId: newId(), route: 'ecf', encf: 'E31', xml: '<ECF/>' };
    expect(await call(DGII_ROUTES.send, { party, items: [item] })).toMatchObject({
      status: 400,
      body: { code: 'validation.failed' },
    });
    expect(await call(DGII_ROUTES.send, { party, items: [] })).toMatchObject({ status: 400 });
  });

  it('when the service is gone, nothing was sent', async () => {
    const gone = await startCaller('http://127.0.0.1:1');
    const goneGateway = gone.app.get(DgiiGateway, { strict: false });
    const { encf, xml } = await ecf31(2);
    const item = { documentId: newId(), route: 'ecf' as const, encf, xml };
    expect(await goneGateway.send(party, [item])).toMatchObject([
      { kind: 'unavailable', reason: 'dgii-client: ECONNREFUSED' },
    ]);
  });
});
