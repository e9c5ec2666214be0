import type { DgiiParty } from '@getupnet/contracts';
import type { Exchange, HttpRequest, HttpTransport } from '@getupnet/http-client';
import { AppError, newId } from '@getupnet/kernel';
import type { Config } from '@getupnet/platform';
import type { ServiceCaller } from '@getupnet/rbac';
import { HttpDgiiGateway } from './http-dgii-gateway.js';

const party: DgiiParty = { tenantId: newId(), environment: 'testecf', rnc: '131880681' };
const item = (xml = '<ECF></ECF>') =>
  ({ documentId: newId(), route: 'ecf', encf: 'E310000000001', xml }) as const;
const result = { documentId: newId(), encf: 'E310000000001', trackId: 't' };
const approval = { documentId: newId(), encf: 'E310000000001', xml: '<ACECF></ACECF>' };
const voiding = { documentId: newId(), xml: '<ANECF></ANECF>' };
const found = { ...item(), codigoSeguridad: 'abc', buyerRnc: null };

const answer = (status: number, body: unknown): Exchange => ({
  kind: 'answer',
  status,
  contentType: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('HttpDgiiGateway', () => {
  let exchange: (request: HttpRequest) => Exchange;
  let requests: HttpRequest[];
  let noKey: boolean;
  let gateway: HttpDgiiGateway;

  beforeEach(() => {
    requests = [];
    noKey = false;
    const transport = {
      send: (request: HttpRequest) => {
        requests.push(request);
        return Promise.resolve(exchange(request));
      },
    } as unknown as HttpTransport;
    const caller = {
      headers: () => {
        if (noKey) throw new AppError('dependency.unavailable');
        return { authorization: 'Service billing:key' };
      },
    } as unknown as ServiceCaller;
    const config = { get: () => ({ DGII_CLIENT_URL: 'http://dgii-client:8081' }) };
    gateway = new HttpDgiiGateway(config as unknown as Config, caller, transport);
  });

  it('passes outcomes on, in order', async () => {
    const outcomes = [
      { kind: 'received', trackId: 'a' },
      { kind: 'unknown', reason: 'timeout' },
    ];
    exchange = () => answer(200, { outcomes });
    expect(await gateway.send(party, [item(), item()])).toEqual(outcomes);
    expect(requests[0]?.url.href).toBe('http://dgii-client:8081/dgii/ecf/send');
    expect(requests[0]?.headers).toMatchObject({ authorization: 'Service billing:key' });
  });

  it.each<[string, Exchange]>([
    ['no answer', { kind: 'lost', reason: 'timeout' }],
    ['500', answer(500, { code: 'internal' })],
    ['503', answer(503, { code: 'dependency.unavailable' })],
    ['504 page', answer(504, '<html>')],
    ['408', answer(408, { code: 'request.timeout' })],
    ['no JSON', answer(200, '<html>')],
    ['too few outcomes', answer(200, { outcomes: [{ kind: 'received', trackId: 'a' }] })],
    ['an outcome of another shape', answer(200, { outcomes: [{ kind: 'received' }, {}] })],
  ])('after %s each sent document is unknown, each query unavailable', async (_name, reply) => {
    exchange = () => reply;
    const sent = await gateway.send(party, [item(), item()]);
    expect(sent.map((one) => one.kind)).toEqual(['unknown', 'unknown']);
    for (const declared of [
      await gateway.sendApprovals(party, [approval, approval]),
      await gateway.sendVoids(party, [voiding, voiding]),
    ]) {
      expect(declared).toMatchObject([
        { kind: 'unknown', raw: null },
        { kind: 'unknown', raw: null },
      ]);
    }
    expect(await gateway.directory(party, '101010101')).toMatchObject({ kind: 'unavailable' });
    expect(await gateway.results(party, [result, result])).toMatchObject([
      { kind: 'unavailable' },
      { kind: 'unavailable' },
    ]);
    expect(await gateway.find(party, [found, found])).toMatchObject([
      { kind: 'unavailable' },
      { kind: 'unavailable' },
    ]);
  });

  it.each<[string, Exchange]>([
    ['no connection', { kind: 'unsent', reason: 'ECONNREFUSED' }],
    ['401', answer(401, { code: 'auth.token_invalid' })],
    ['403', answer(403, { code: 'auth.forbidden' })],
    ['400', answer(400, { code: 'validation.failed' })],
    ['413', answer(413, '')],
  ])('after %s nothing was sent', async (_name, reply) => {
    exchange = () => reply;
    const [sent] = await gateway.send(party, [item()]);
    const [approved] = await gateway.sendApprovals(party, [approval]);
    const [voided] = await gateway.sendVoids(party, [voiding]);
    for (const outcome of [sent, approved, voided, await gateway.directory(party, '101010101')]) {
      expect(outcome).toMatchObject({ kind: 'unavailable', retryAfterMs: expect.any(Number) });
    }
  });

  it('declares at the routes of approvals and voids', async () => {
    const verdict = { codigo: '1', estado: null, status: 'ACCEPTED', mensajes: [] };
    const outcomes = [{ kind: 'answered', verdict }];
    exchange = () => answer(200, { outcomes });
    expect(await gateway.sendApprovals(party, [approval])).toEqual(outcomes);
    expect(await gateway.sendVoids(party, [voiding])).toEqual(outcomes);
    expect(requests.map(({ url }) => url.pathname)).toEqual([
      '/dgii/approvals/send',
      '/dgii/voids/send',
    ]);
    expect(JSON.parse(requests[1]?.body?.toString('utf8') ?? '')).toEqual({
      party,
      items: [voiding],
    });
  });

  it('looks somebody up in the directory', async () => {
    const receiver = {
      nombre: 'ACME',
      rnc: '101010101',
      urlRecepcion: null,
      urlAceptacion: null,
      urlOpcional: null,
      bases: { recepcion: null, aceptacion: null, autenticacion: null },
    };
    exchange = () => answer(200, { supported: true, data: [receiver] });
    expect(await gateway.directory(party, '101010101')).toEqual({
      kind: 'found',
      receivers: [receiver],
    });
    expect(requests[0]).toMatchObject({ method: 'GET' });
    expect(requests[0]?.body).toBeUndefined();
    expect(requests[0]?.url.pathname).toBe('/dgii/directory/101010101');
    expect(Object.fromEntries(requests[0]?.url.searchParams ?? [])).toEqual({ ...party });
    exchange = () => answer(200, { supported: false, data: [] });
    expect(await gateway.directory(party, '101010101')).toEqual({ kind: 'unsupported' });
  });

  it('without a service key nothing is sent', async () => {
    noKey = true;
    expect(await gateway.send(party, [item()])).toMatchObject([{ kind: 'unavailable' }]);
    expect(requests).toHaveLength(0);
  });

  it('throws what the port in the same process throws', async () => {
    exchange = () => answer(403, { code: 'env.forbidden' });
    await expect(gateway.send(party, [item()])).rejects.toMatchObject({
      code: 'env.forbidden',
      params: { environment: 'testecf' },
    });
  });

  it('splits what is too large for one call; one part’s misfortune is not the other’s', async () => {
    const large = 'x'.repeat(2_000_000);
    exchange = (request) =>
      request.body?.includes(large) === true
        ? { kind: 'lost', reason: 'timeout' }
        : answer(200, { outcomes: [{ kind: 'received', trackId: 'a' }] });
    const sent = await gateway.send(party, [item(large), item('y'.repeat(600_000))]);
    expect(requests).toHaveLength(2);
    expect(sent.map((one) => one.kind)).toEqual(['unknown', 'received']);
  });

  it.each(['env.forbidden', 'tenant.mismatch'])(
    '%s for one part does not hide that another one was taken',
    async (code) => {
      const large = 'x'.repeat(2_000_000);
      const outcomes = [{ kind: 'received', trackId: 'a' }];
      exchange = (request) =>
        request.body?.includes(large) === true ? answer(200, { outcomes }) : answer(403, { code });
      const items = [item(large), item('y'.repeat(600_000))];
      expect(await gateway.send(party, items)).toEqual([
        { kind: 'received', trackId: 'a' },
        { kind: 'unavailable', reason: code, retryAfterMs: 60_000 },
      ]);
      exchange = () => answer(403, { code });
      await expect(gateway.send(party, items)).rejects.toMatchObject({ code });
    },
  );
});
