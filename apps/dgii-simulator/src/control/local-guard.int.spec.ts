import { request as httpRequest } from 'node:http';
import { startSimulator, type Simulator } from '../index.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({
    trust: 'any',
    controlHosts: ['Simulador.Example'],
    publicUrl: 'http://dgii.example:9',
  });
});
afterAll(() => simulator.close());

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends exactly these headers, Host included, which fetch would not. */
function call(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<number> {
  const { port } = new URL(simulator.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    request.on('error', reject).end(body);
  });
}

const json = { 'content-type': 'application/json' };
const fault = JSON.stringify({ kind: 'html', operation: 'recepcion', times: 1 });

describe('names', () => {
  it.each(['localhost', 'LOCALHOST:9090', '127.0.0.1', '127.8.8.8:1', '[::1]:80', 'a.localhost'])(
    'answers as %s',
    async (host) => {
      expect(await call('/_control/state', { headers: { host } })).toBe(200);
    },
  );

  it('answers under the configured names', async () => {
    expect(await call('/_control/state', { headers: { host: 'simulador.EXAMPLE:90' } })).toBe(200);
    expect(await call('/_control/state', { headers: { host: 'dgii.example' } })).toBe(200);
  });

  it.each([
    'attacker.example',
    'localhost.attacker.example',
    '127.0.0.1.attacker.example',
    'notlocalhost',
    '192.168.1.9',
    'localhost@attacker.example',
    'a b',
  ])('does not answer as %s', async (host) => {
    for (const path of ['/', '/_control/state', '/_CONTROL/ledger', '/anything']) {
      expect(await call(path, { headers: { host } })).toBe(403);
    }
    expect(
      await call('/_control/faults', { method: 'POST', headers: { host, ...json }, body: fault }),
    ).toBe(403);
    expect(simulator.control.state().faults).toEqual([]);
  });

  it("leaves DGII's services and the root certificate to whoever asks", async () => {
    const headers = { host: 'anybody.example' };
    const semilla = '/ecf/testecf/autenticacion/api/autenticacion/semilla';
    expect(await call(semilla, { headers })).toBe(200);
    expect(await call('/authority.pem', { headers })).toBe(200);
  });
});

describe('changes', () => {
  const origin = (value: string): Record<string, string> => ({ ...json, origin: value });
  const post = (headers: Record<string, string>): Promise<number> =>
    call('/_control/faults', { method: 'POST', headers, body: fault });
  afterEach(() => simulator.control.clearFaults());

  it('come from programs and from pages of this origin', async () => {
    expect(await post({ ...json, host: 'localhost:1' })).toBe(201);
    expect(await post({ ...origin('http://localhost:1'), host: 'localhost:1' })).toBe(201);
    expect(
      await post({
        ...origin('http://localhost'),
        host: 'localhost',
        'sec-fetch-site': 'same-origin',
      }),
    ).toBe(201);
    expect(simulator.control.state().faults).toHaveLength(3);
  });

  it.each([
    ['another site', { origin: 'https://attacker.example' }],
    ['another port', { origin: 'http://localhost:2' }],
    ['nowhere', { origin: 'null' }],
    ['a site of this machine', { 'sec-fetch-site': 'same-site' }],
    ['a cross-site form', { 'sec-fetch-site': 'cross-site' }],
  ])('do not come from %s', async (_, extra) => {
    const headers = { ...json, host: 'localhost:1', ...extra } as Record<string, string>;
    expect(await post(headers)).toBe(403);
    expect(await call('/_control/reset', { method: 'POST', headers, body: '{}' })).toBe(403);
    expect(await call('/_control/faults', { method: 'DELETE', headers })).toBe(403);
    expect(simulator.control.state().faults).toEqual([]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'are not taken as %s, which browsers send unasked',
    async (type) => {
      expect(await post({ 'content-type': type })).toBe(415);
      expect(await call('/_control/reset', { method: 'POST' })).toBe(415);
    },
  );

  it('say what is wrong with them', async () => {
    const answer = await fetch(`${simulator.url}/_control/faults`, {
      method: 'POST',
      headers: json,
      body: '{"kind":"unheard-of"}',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('kind') });
    const broken = await fetch(`${simulator.url}/_control/faults`, {
      method: 'POST',
      headers: json,
      body: '{',
    });
    expect(broken.status).toBe(400);
  });
});
