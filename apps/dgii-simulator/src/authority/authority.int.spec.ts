import {
  checkChain,
  certificateFacts,
  createSigner,
  readP12,
  signForeign,
} from '@getupnet/xmldsig';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZodError } from 'zod';
import { startSimulator, type Simulator } from '../simulator.js';
import { TestClient, testSigner } from '../testing/client.js';
import { openAuthority } from './authority-files.js';
import type { TestCertificate } from './certificate-issuer.js';

const NOW = new Date();
const DAY_MS = 24 * 60 * 60 * 1000;
const PERSON = { holder: '001-1234567-8', name: 'ANA PÉREZ' };
const notices: string[] = [];
let dataDir: string;
let simulator: Simulator;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'dgii-authority-'));
  const onNotice = (text: string): void => void notices.push(text);
  simulator = await startSimulator({ dataDir, trust: 'authorities', onNotice });
});

afterAll(async () => {
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

const signerOf = (issued: TestCertificate) => {
  const { privateKey, certificateDer } = readP12(issued.p12, issued.password);
  return createSigner(privateKey, certificateDer);
};

async function authenticate(signer: ReturnType<typeof signerOf>): Promise<number> {
  const client = new TestClient(simulator.url);
  const signed = signForeign(Buffer.from(await client.semilla()), signer);
  return (await client.validate(signed.xml)).status;
}

describe('the authority', () => {
  it('keeps its key from others and its root for everybody', async () => {
    expect(statSync(join(dataDir, 'authority.key')).mode & 0o777).toBe(0o600);
    const answer = await fetch(`${simulator.url}/authority.pem`);
    const pem = await answer.text();
    expect(pem).toBe(simulator.rootPem);
    expect(pem).toBe(readFileSync(join(dataDir, 'authority.pem'), 'utf8'));
    expect(pem).not.toContain('PRIVATE KEY');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
  });

  it('is the same after a restart, and one only when two begin at once', async () => {
    const again = await openAuthority(dataDir, NOW);
    expect(again.certificatePem).toBe(simulator.rootPem);
    const fresh = mkdtempSync(join(tmpdir(), 'dgii-authority-'));
    const both = await Promise.all([openAuthority(fresh, NOW), openAuthority(fresh, NOW)]);
    rmSync(fresh, { recursive: true });
    expect(both[0]).toEqual(both[1]);
    expect(both[0].certificatePem).not.toBe(simulator.rootPem);
  });

  it.each([
    ['001-1234567-8', 'IDCDO-00112345678', { kind: 'cedula', id: '00112345678' }],
    ['1-31-88073-8', 'RNC131880738', { kind: 'rnc', id: '131880738' }],
    ['pasus-c01234567', 'PASUS-C01234567', { kind: 'passport', id: 'C01234567' }],
  ])('names the holder %s as providers do', async (holder, serialNumber, expected) => {
    const issued = await simulator.issueCertificate({ holder, name: 'ANA', days: 90 });
    const { facts } = readP12(issued.p12, issued.password);
    expect(facts.holder).toEqual(expected);
    expect(facts.subject).toContain(`serialNumber=${serialNumber}`);
    expect(facts.rsaBits).toBe(2048);
    expect(facts.notAfter).toEqual(issued.notAfter);
    expect((facts.notAfter.getTime() - facts.notBefore.getTime()) / DAY_MS).toBe(90);
    const root = certificateFacts(simulator.rootPem);
    expect(checkChain(facts, [], [root], NOW).ok).toBe(true);
  });

  it('writes the name in parts too', async () => {
    const { certificatePem } = await simulator.issueCertificate(PERSON);
    const { subject } = certificateFacts(certificatePem);
    expect(subject).toBe('C=DO, serialNumber=IDCDO-00112345678, SN=PÉREZ, GN=ANA, CN=ANA PÉREZ');
  });

  it.each([
    { holder: '123', name: 'ANA' },
    { holder: '00112345678', name: ' ' },
    { holder: '00112345678', name: 'ANA', days: 0 },
  ])('refuses %j', async (request) => {
    await expect(simulator.issueCertificate(request)).rejects.toBeInstanceOf(ZodError);
  });

  it('issues over the control API', async () => {
    const ask = (body: unknown) =>
      fetch(`${simulator.url}/_control/certificates`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const answer = await ask({ ...PERSON, password: 'clave' });
    const issued = (await answer.json()) as { p12: string; rootPem: string };
    expect(answer.status).toBe(201);
    expect(readP12(Buffer.from(issued.p12, 'base64'), 'clave').facts.holder?.id).toBe(
      '00112345678',
    );
    expect(issued.rootPem).toBe(simulator.rootPem);
    const refused = await ask({ ...PERSON, holder: '1' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('cédula');
  });
});

describe('whom the simulator trusts', () => {
  it('whoever its authority vouches for', async () => {
    expect(await authenticate(signerOf(await simulator.issueCertificate(PERSON)))).toBe(200);
  });

  it.each(['expired', 'not-yet-valid', 'wrong-authority', 'no-holder'] as const)(
    'nobody whose certificate is %s',
    async (defect) => {
      const issued = await simulator.issueCertificate({ ...PERSON, defect });
      expect(await authenticate(signerOf(issued))).toBe(400);
    },
  );

  it('nobody who vouches for himself, and says so to whoever runs it', async () => {
    notices.length = 0;
    expect(await authenticate(testSigner())).toBe(400);
    expect(notices).toEqual([expect.stringMatching(/unknown_issuer.*issue-certificate/)]);
  });

  it('anybody, when told so', async () => {
    const open = await startSimulator({ trust: 'any' });
    const client = new TestClient(open.url);
    await client.authenticate(testSigner());
    await open.close();
    expect(client.token).not.toBe('');
  });
});
