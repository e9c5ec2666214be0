import { createPrivateKey, randomBytes } from 'node:crypto';
import type { ImportedCertificate } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { AuditLog, type CertificateRecord } from '@getupnet/persistence';
import { loadConfig } from '@getupnet/platform';
import { KeyRing, SealedSecretStore, Sealer } from '@getupnet/secrets';
import { FakeClock, createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import {
  issueAuthority,
  issueCertificate,
  type IssueOptions,
  type IssuedCertificate,
} from '@getupnet/xmldsig';
import { signEnv } from '../sign.env.js';
import { ActiveSigners } from './active-signers.js';
import { CertificatesRepository } from './certificates.repository.js';
import { ImportCertificate } from './import-certificate.use-case.js';
import { P12Gate } from './p12-gate.js';
import { PrivateKeys } from './private-keys.js';
import { ValidateCertificate } from './validate-certificate.use-case.js';

const clock = new FakeClock('2026-03-02T14:00:00.000Z');
const keys = new PrivateKeys(
  new SealedSecretStore(new Sealer(KeyRing.of(randomBytes(32).toString('base64')))),
);
const database = useTestDatabase();
const notBefore = new Date('2026-01-01T00:00:00Z');
const authority = issueAuthority(undefined, { notBefore });
const gateFor = (SIGN_AUTHORITIES = '') =>
  new P12Gate(clock, loadConfig([signEnv], { SIGN_AUTHORITIES }));
const gate = gateFor();

let tenant: TestTenant;
let signers: ActiveSigners;
let importer: ImportCertificate;

beforeEach(async () => {
  const certificates = new CertificatesRepository(new AuditLog(clock));
  const db = database().signerDb;
  signers = new ActiveSigners(db, certificates, keys, clock);
  importer = new ImportCertificate(db, certificates, keys, signers, gate);
  tenant = await createTestTenant(database());
});
afterEach(() => signers.onModuleDestroy());

const person = { holderId: '00112345678', name: 'ANA PEÑA', password: 'clave' };
// One key for all: making RSA keys is what would cost time here.
const { privateKeyPem } = issueCertificate(person);
const issued = new Map<string, IssuedCertificate>();

function issue(options: Partial<IssueOptions> = {}): IssuedCertificate {
  const name = JSON.stringify(options);
  const key = options.bits === undefined ? { privateKeyPem } : {};
  const made =
    issued.get(name) ?? issueCertificate({ ...person, authority, notBefore, ...key, ...options });
  issued.set(name, made);
  return made;
}

const upload = ({ p12, password }: IssuedCertificate) => ({
  p12: p12.toString('base64'),
  password,
});
const load = (issued: IssuedCertificate): Promise<ImportedCertificate> =>
  importer.run(tenant.id, upload(issued), 'user:prueba');
const rows = (): Promise<CertificateRecord[]> =>
  database().signerDb.run(tenant, (tx) => tx.certificate.findMany());

describe('importing a P12 (KEY-1, KEY-2)', () => {
  it('activates the certificate and keeps its key sealed, never in the clear', async () => {
    const issued = issue();
    const imported = await load(issued);
    expect(imported).toMatchObject({ holderId: '00112345678', status: 'ACTIVE' });
    expect(imported.subject).toContain('serialNumber=IDCDO-00112345678');
    const [row] = await rows();
    expect(row?.id).toBe(imported.id);
    const sealed = row?.sealed ?? '';
    const der = createPrivateKey(issued.privateKeyPem).export({ format: 'der', type: 'pkcs8' });
    const kept = await keys.fetch(sealed, tenant.id, imported.id);
    expect(kept.export({ format: 'der', type: 'pkcs8' }).equals(der)).toBe(true);
    expect(sealed).not.toContain(der.subarray(40, 80).toString('base64url').slice(4, 40));
    await expect(keys.fetch(sealed, tenant.id, newRowId())).rejects.toThrow();
  });

  it('leaves an audit event without secrets', async () => {
    const imported = await load(issue());
    const events = await database().signerDb.run(tenant, (tx) => tx.auditEvent.findMany());
    expect(events).toMatchObject([
      {
        type: 'certificate.activated',
        subjectId: imported.id,
        actor: 'user:prueba',
        payload: { thumbprint: imported.thumbprint, holderId: '00112345678' },
      },
    ]);
  });

  it('retires the one before', async () => {
    const first = await load(issue());
    const second = await load(issue({ name: 'LUIS' }));
    const states = new Map((await rows()).map((row) => [row.id, row.status]));
    expect(states).toEqual(
      new Map([
        [first.id, 'RETIRED'],
        [second.id, 'ACTIVE'],
      ]),
    );
    expect((await signers.certificate(tenant.id)).id).toBe(second.id);
  });

  it('changes nothing when the active one is uploaded again', async () => {
    const issued = issue();
    const first = await load(issued);
    expect(await load(issued)).toEqual(first);
    expect(await rows()).toHaveLength(1);
  });

  it('leaves one active certificate when several are uploaded at once', async () => {
    await Promise.all(['A', 'B', 'C', 'D'].map((name) => load(issue({ name }))));
    const found = await rows();
    expect(found).toHaveLength(4);
    expect(found.filter((row) => row.status === 'ACTIVE')).toHaveLength(1);
  });

  it('takes at most two seconds of CPU', async () => {
    const issued = issue();
    const before = process.cpuUsage();
    await load(issued);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(2);
  });
});

describe('a P12 that cannot be used', () => {
  const refused: readonly (readonly [string, string, () => IssuedCertificate])[] = [
    ['expired', 'cert.expired', () => issue({ notAfter: new Date('2026-03-02T13:59:59Z') })],
    ['not yet valid', 'cert.expired', () => issue({ notBefore: new Date('2026-03-03T00:00:00Z') })],
    ['key of 1024 bits', 'cert.invalid', () => issue({ bits: 1024 })],
    ['issued with SHA-1', 'cert.invalid', () => issue({ digest: 'sha1' })],
    ['nobody in serialNumber', 'cert.subject_mismatch', () => issue({ serialNumber: '' })],
    ['wrong password', 'cert.invalid', () => ({ ...issue(), password: 'otra' })],
    ['no P12 at all', 'cert.invalid', () => ({ ...issue(), p12: Buffer.from('hola') })],
  ];

  it.each(refused)('%s: %s, and nothing is kept', async (_name, code, make) => {
    const issued = make();
    await expect(load(issued)).rejects.toThrow(expect.objectContaining({ code }));
    expect(await rows()).toHaveLength(0);
    const verdict = new ValidateCertificate(gate).run(upload(issued));
    expect(verdict).toMatchObject({ valid: false, code });
  });

  it('says in Spanish what is wrong with it', async () => {
    const error: unknown = await load(issue({ bits: 1024 })).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ params: { reason: 'la clave no es RSA de 2048 bits o más' } });
  });
});

describe('validating', () => {
  it('keeps nothing', async () => {
    const verdict = new ValidateCertificate(gate).run(upload(issue()));
    expect(verdict).toMatchObject({ valid: true, certificate: { holderId: '00112345678' } });
    expect(await rows()).toHaveLength(0);
  });
});

describe('with authorities configured', () => {
  const reasonOf = (pem: string, issued: IssuedCertificate) => {
    const verdict = new ValidateCertificate(gateFor(pem)).run(upload(issued));
    return verdict.valid ? null : verdict.reason;
  };

  it('takes what they issued, and nothing else', () => {
    const stranger = issueAuthority('OTRA AUTORIDAD', { notBefore });
    const list = stranger.certificatePem + authority.certificatePem;
    expect(reasonOf(list, issue())).toBeNull();
    expect(reasonOf(stranger.certificatePem, issue())).toMatch(/ninguna de las autoridades/);
  });

  it('does not boot with a list that is none', () => {
    expect(() => gateFor('hola')).toThrow(/SIGN_AUTHORITIES/);
    const broken = authority.certificatePem.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAA');
    expect(() => gateFor(broken)).toThrow(/SIGN_AUTHORITIES/);
  });
});

function newRowId(): string {
  return '00000000-0000-7000-8000-000000000000';
}
