import { issueAuthority, issueCertificate } from '@getupnet/xmldsig';
import { Agent, request } from 'undici';
import { startSimulator, type Simulator } from '../index.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ trust: 'any', tls: true, seed: 1 });
});
afterAll(() => simulator.close());
afterEach(() => simulator.control.clearFaults());

/** One call over a connection of its own, by a client that trusts the simulator's authority. */
async function semilla(ca: string | undefined = simulator.rootPem): Promise<number> {
  const dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } });
  try {
    const url = `${simulator.url}/ecf/testecf/autenticacion/api/autenticacion/semilla`;
    const { statusCode, body } = await request(url, { dispatcher });
    await body.text();
    return statusCode;
  } finally {
    await dispatcher.close();
  }
}

it('speaks HTTPS with a certificate of its own authority, which nobody else trusts', async () => {
  expect(simulator.url).toMatch(/^https:/);
  expect(await semilla()).toBe(200);
  const dispatcher = new Agent();
  const url = `${simulator.url}/ecf/testecf/autenticacion/api/autenticacion/semilla`;
  await expect(request(url, { dispatcher })).rejects.toMatchObject({
    code: 'SELF_SIGNED_CERT_IN_CHAIN',
  });
  await dispatcher.close();
});

it.each([
  ['name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['expired', 'CERT_HAS_EXPIRED'],
  ['none', expect.stringMatching(/HANDSHAKE_FAILURE/)],
] as const)('shows wrong TLS (%s) to as many connections as wanted', async (certificate, code) => {
  simulator.control.addFault({ kind: 'wrong-tls', certificate, times: 2 });
  await expect(semilla()).rejects.toMatchObject({ code });
  await expect(semilla()).rejects.toMatchObject({ code });
  expect(await semilla()).toBe(200);
  const lines = await simulator.control.ledger({ service: 'control' });
  const hits = lines.filter(({ fault }) => fault === 'wrong-tls').slice(-2);
  expect(hits).toMatchObject([
    { answer: 'withheld', processed: false },
    { answer: 'withheld', processed: false },
  ]);
});

it('leaves connections alone that are open', async () => {
  const dispatcher = new Agent({ connections: 1, connect: { ca: simulator.rootPem } });
  const url = `${simulator.url}/ecf/testecf/autenticacion/api/autenticacion/semilla`;
  const call = async (): Promise<number> => {
    const { statusCode, body } = await request(url, { dispatcher });
    await body.text();
    return statusCode;
  };
  expect(await call()).toBe(200);
  simulator.control.addFault({ kind: 'wrong-tls', certificate: 'expired' });
  expect(await call()).toBe(200);
  await dispatcher.close();
});

it('takes a certificate from outside', async () => {
  const authority = issueAuthority();
  const given = issueCertificate({
    holderId: '',
    serialNumber: '',
    name: 'outside',
    password: 'x',
    authority,
    hostNames: ['127.0.0.1'],
  });
  const other = await startSimulator({ trust: 'any', tls: given });
  const dispatcher = new Agent({ connect: { ca: authority.certificatePem } });
  const { statusCode, body } = await request(`${other.url}/statusecf/api/estatusservicios`, {
    dispatcher,
  });
  await body.text();
  await dispatcher.close();
  await other.close();
  expect(statusCode).toBe(404);
});
