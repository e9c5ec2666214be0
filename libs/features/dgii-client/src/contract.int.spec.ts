import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { DgiiParty } from '@getupnet/contracts';
import { startSimulator, type Simulator } from '@getupnet/dgii-simulator';
import {
  DgiiApi,
  DgiiEndpoints,
  DgiiStatusApi,
  meaningOf,
  type AuthorisedCall,
} from '@getupnet/dgii-api';
import { newId } from '@getupnet/kernel';
import { ClientUnderTest } from './testing/client-under-test.js';
import { ecf31, ISSUER, rfce } from './testing/signed-documents.js';

/** Client and simulator must understand each other in every operation, in every environment. */
describe('client and DGII', () => {
  let simulator: Simulator;
  let client: ClientUnderTest;
  let number = 0;

  beforeAll(async () => {
    simulator = await startSimulator({ validationDelayMs: 0 });
    client = new ClientUnderTest(simulator.url);
  });
  afterAll(async () => {
    await client.transport.close();
    await simulator.close();
  });

  const party = (environment: DgiiParty['environment']): DgiiParty => ({
    tenantId: '018f0000-0000-7000-8000-000000000001',
    environment,
    rnc: ISSUER,
  });
  const authorised = async (environment: DgiiParty['environment']): Promise<AuthorisedCall> => {
    const token = await client.tokens.current(party(environment));
    if (token.kind !== 'token') throw new Error(token.reason);
    return { environment, token: token.token };
  };
  const next = (): number => (number += 1);

  it('semilla and validarsemilla: a token for each environment', async () => {
    for (const environment of ['testecf', 'certecf', 'ecf'] as const) {
      const semilla = await client.api.getSemilla(environment);
      expect(semilla).toMatchObject({ kind: 'ok', value: expect.stringContaining('<valor>') });
      const token = await client.tokens.current(party(environment));
      expect(token).toMatchObject({ kind: 'token', token: expect.stringMatching(/^ey/) });
    }
    const unsigned = await client.api.validarSemilla('testecf', '<SemillaModel/>');
    expect(unsigned).toMatchObject({ kind: 'refused', httpStatus: 400 });
  });

  it('recepcion and consultaresultado: a trackId, then the verdict', async () => {
    const call = await authorised('certecf');
    const file = await ecf31(next());
    const sent = await client.api.enviarEcf(call, { rnc: ISSUER, ...file });
    if (sent.kind !== 'ok') throw new Error(JSON.stringify(sent));
    const result = await client.api.consultarResultado(call, sent.value.trackId);
    expect(result).toMatchObject({
      kind: 'ok',
      value: {
        trackId: sent.value.trackId,
        codigo: '1',
        estado: 'Aceptado',
        rnc: ISSUER,
        encf: file.encf,
        secuenciaUtilizada: true,
      },
    });
    const unknown = await client.api.consultarResultado(call, newId());
    expect(unknown.kind === 'ok' && meaningOf(unknown.value)).toBe('NOT_FOUND');
  });

  it('recepcion takes a file that is no e-CF too, and rejects it in the result', async () => {
    const call = await authorised('testecf');
    const file = { rnc: ISSUER, encf: 'E310000009999', xml: '<ECF></ECF>' };
    const sent = await client.api.enviarEcf(call, file);
    if (sent.kind !== 'ok') throw new Error(JSON.stringify(sent));
    const result = await client.api.consultarResultado(call, sent.value.trackId);
    expect(result).toMatchObject({
      kind: 'ok',
      value: { estado: 'Rechazado', secuenciaUtilizada: false },
    });
  });

  it('recepcionfc and consultarfce: the verdict at once, and again when asked', async () => {
    const call = await authorised('ecf');
    const file = await rfce(next());
    const sent = await client.api.enviarRfce(call, { rnc: ISSUER, ...file });
    expect(sent).toMatchObject({
      kind: 'ok',
      value: { estado: 'Aceptado', encf: file.encf, secuenciaUtilizada: true },
    });
    const asked = await client.api.consultarRfce(call, { rnc: ISSUER, ...file });
    expect(asked).toMatchObject({ kind: 'ok', value: { estado: 'Aceptado', encf: file.encf } });
    const other = { rnc: ISSUER, encf: 'E320000009999', codigoSeguridad: 'AAAAAA' };
    const none = await client.api.consultarRfce(call, other);
    expect(none.kind === 'ok' && meaningOf(none.value)).toBe('NOT_FOUND');
  });

  it('consultaestado and consultatrackids: found and not found', async () => {
    const call = await authorised('testecf');
    const file = await ecf31(next());
    const sent = await client.api.enviarEcf(call, { rnc: ISSUER, ...file });
    if (sent.kind !== 'ok') throw new Error(JSON.stringify(sent));
    const document = { rnc: ISSUER, buyerRnc: null, ...file };
    expect(await client.api.consultarTrackIds(call, document)).toMatchObject({
      kind: 'ok',
      value: [{ trackId: sent.value.trackId, estado: 'Aceptado' }],
    });
    expect(await client.api.consultarEstado(call, document)).toMatchObject({
      kind: 'ok',
      value: { codigo: '1', estado: 'Aceptado', rnc: ISSUER, encf: file.encf },
    });
    const other = { ...document, encf: 'E310000008888' };
    expect(await client.api.consultarTrackIds(call, other)).toMatchObject({
      kind: 'ok',
      value: [],
    });
    const none = await client.api.consultarEstado(call, other);
    expect(none.kind === 'ok' && meaningOf(none.value)).toBe('NOT_FOUND');
  });

  it('what an environment does not offer is never asked', async () => {
    const document = { rnc: ISSUER, encf: 'E310000000001', codigoSeguridad: 'A', buyerRnc: null };
    const certification = await authorised('certecf');
    expect(await client.api.consultarTrackIds(certification, document)).toEqual({
      kind: 'unsupported',
    });
    expect(await client.api.consultarEstado(certification, document)).toEqual({
      kind: 'unsupported',
    });
    expect(await client.api.consultarRfce(await authorised('testecf'), document)).toEqual({
      kind: 'unsupported',
    });
  });

  it('estatusservicios: every service of every environment', async () => {
    const status = new DgiiStatusApi(
      new DgiiEndpoints({ baseUrl: simulator.url }),
      client.transport,
    );
    const answer = await status.statuses('testecf', 'any-key');
    if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer));
    expect(answer.value).toContainEqual({
      servicio: 'Recepción',
      estatus: 'Disponible',
      ambiente: 'PreCertificacion',
      environment: 'testecf',
      available: true,
    });
    expect(await status.maintenanceWindows('testecf', 'any-key')).toMatchObject({ kind: 'ok' });
    expect(await status.available('testecf', 'any-key')).toMatchObject({ kind: 'ok', value: true });
  });
});

describe('the directory', () => {
  let server: Server;
  let asked: string[];
  let api: DgiiApi;
  const client = new ClientUnderTest('http://127.0.0.1:9');
  const entry = { nombre: 'ACME', rnc: ISSUER, urlRecepcion: 'https://acme.do' };

  beforeAll(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const one = request.url?.includes('/ecf/ecf/');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(one ? entry : [entry, entry]));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    api = new DgiiApi(new DgiiEndpoints({ baseUrl }), client.transport);
  });
  afterAll(async () => {
    await client.transport.close();
    server.close();
  });

  it('is asked by RNC in production and as a list in testing; both come as a list', async () => {
    const token = 'x';
    const production = await api.directory({ environment: 'ecf', token }, ISSUER);
    const testing = await api.directory({ environment: 'testecf', token }, ISSUER);
    expect(production).toMatchObject({ kind: 'ok', value: [{ nombre: 'ACME', rnc: ISSUER }] });
    expect(testing.kind === 'ok' && testing.value).toHaveLength(2);
    expect(asked).toEqual([
      `/ecf/ecf/consultadirectorio/api/consultas/obtenerdirectorioporrnc?RNC=${ISSUER}`,
      `/ecf/testecf/consultadirectorio/api/consultas/listado?RNC=${ISSUER}`,
    ]);
  });
});
