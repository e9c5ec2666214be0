import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@getupnet/kernel';
import forge from 'node-forge';
import {
  certificateFacts,
  certificateSignatureHash,
  checkChain,
  isValidAt,
  issueAuthority,
  issueCertificate,
  readP12,
} from './index.js';

const authority = issueAuthority();
const base = { holderId: '00112345678', name: 'ANA PEÑA', password: 'Contraseña-1' };
// One key for all: making RSA keys is what would cost time here.
const { privateKeyPem } = issueCertificate(base);
const person = { ...base, privateKeyPem };

function refusalOf(use: () => unknown): AppError {
  try {
    use();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('readP12', () => {
  it.each(['aes256', '3des'] as const)('decodes %s with its chain', (encryption) => {
    const issued = issueCertificate({ ...person, authority, encryption });
    const contents = readP12(issued.p12, issued.password);
    expect(contents.privateKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(contents.certificatePem.trim()).toBe(
      issued.certificatePem.replaceAll('\r\n', '\n').trim(),
    );
    expect(contents.chain).toHaveLength(1);
    expect(contents.facts.holder).toEqual({ kind: 'cedula', id: '00112345678' });
  });

  it('refuses a wrong password', () => {
    const issued = issueCertificate(person);
    const error = refusalOf(() => readP12(issued.p12, 'otra'));
    expect(error.code).toBe('cert.invalid');
    expect(error.params['reason']).toContain('contraseña');
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hola')],
    ['a truncated file', issueCertificate(person).p12.subarray(0, 900)],
    ['a huge file', Buffer.alloc(200 * 1024, 1)],
    ['a PEM certificate', Buffer.from(issueCertificate(person).certificatePem)],
  ])('refuses %s', (_name, bytes) => {
    expect(refusalOf(() => readP12(bytes, 'x')).code).toBe('cert.invalid');
  });

  it('refuses a key with the certificate of another', () => {
    const other = forge.pki.certificateFromPem(authority.certificatePem);
    const key = forge.pki.privateKeyFromPem(privateKeyPem);
    const pfx = forge.pkcs12.toPkcs12Asn1(key, [other], 'x', { algorithm: '3des' });
    expect(refusalOf(() => readP12(der(pfx), 'x')).code).toBe('cert.invalid');
  });

  it('finds the holder among several certificates in any order', () => {
    const issued = issueCertificate({ ...person, authority });
    const all = [authority, issued, issueAuthority()].map(({ certificatePem }) =>
      forge.pki.certificateFromPem(certificatePem),
    );
    const key = forge.pki.privateKeyFromPem(privateKeyPem);
    const pfx = forge.pkcs12.toPkcs12Asn1(key, all, 'x', { algorithm: 'aes256' });
    const contents = readP12(der(pfx), 'x');
    expect(contents.facts.thumbprint).toBe(certificateFacts(issued.certificatePem).thumbprint);
    expect(contents.chain).toHaveLength(2);
    const chain = contents.chain.map((one) => certificateFacts(one));
    expect(checkChain(contents.facts, chain, chain, new Date())).toMatchObject({ ok: true });
  });
});

function der(node: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

(hasOpenssl ? describe : describe.skip)('P12 files of OpenSSL (skipped without it)', () => {
  const issued = issueCertificate({ ...person, authority });
  const dir = mkdtempSync(join(tmpdir(), 'p12-'));
  const at = (name: string): string => join(dir, name);
  writeFileSync(at('key.pem'), issued.privateKeyPem);
  writeFileSync(at('cert.pem'), issued.certificatePem);
  writeFileSync(at('ca.pem'), authority.certificatePem);
  afterAll(() => rmSync(dir, { recursive: true }));

  function exported(...flags: readonly string[]): Buffer {
    const chain = flags.includes('-nocerts') ? [] : ['-certfile', at('ca.pem')];
    const made = spawnSync('openssl', [
      ...['pkcs12', '-export', '-inkey', at('key.pem'), '-in', at('cert.pem')],
      ...[...chain, '-out', at('out.p12'), '-passout', `pass:${issued.password}`, ...flags],
    ]);
    expect(made.status).toBe(0);
    return readFileSync(at('out.p12'));
  }

  it.each([
    ['RC2-40, 3DES, SHA-1 MAC', ['-legacy']],
    ['3DES throughout', ['-legacy', '-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES']],
    ['PBES2 with AES-256, SHA-256 MAC', []],
    ['PBES2 with 3DES', ['-certpbe', 'DES-EDE3-CBC', '-keypbe', 'DES-EDE3-CBC']],
    ['the 200,000 rounds of older Java', ['-iter', '66000']],
    ['PBES2 with AES-128', ['-certpbe', 'AES-128-CBC', '-keypbe', 'AES-128-CBC']],
    ['SHA-384 MAC', ['-macalg', 'sha384']],
    ['SHA-512 MAC', ['-macalg', 'sha512']],
    ['no MAC', ['-nomac']],
    ['certificates in the clear', ['-certpbe', 'NONE']],
  ])('%s', (_name, flags) => {
    const p12 = exported(...flags);
    const contents = readP12(p12, issued.password);
    expect(contents.facts.thumbprint).toBe(certificateFacts(issued.certificatePem).thumbprint);
    expect(contents.chain).toHaveLength(1);
    const error = refusalOf(() => readP12(p12, 'otra'));
    expect(error.params['reason']).toContain('la contraseña no es correcta');
  });

  it('nothing encrypted: the MAC alone tells a wrong password', () => {
    const p12 = exported('-keypbe', 'NONE', '-certpbe', 'NONE');
    expect(readP12(p12, issued.password).chain).toHaveLength(1);
    const error = refusalOf(() => readP12(p12, 'otra'));
    expect(error.params['reason']).toContain('contraseña');
  });

  it('a MAC of an unusual hash', () => {
    const error = refusalOf(() => readP12(exported('-macalg', 'sha224'), issued.password));
    expect(error.params['reason']).toContain('control de integridad');
  });

  it('protected with a public key', () => {
    const p12 = exported();
    const dataType = Buffer.from('2a864886f70d010701', 'hex');
    p12[p12.indexOf(dataType) + dataType.length - 1] = 2;
    const error = refusalOf(() => readP12(p12, issued.password));
    expect(error.params['reason']).toContain('clave pública');
  });

  it('rounds that would cost seconds', () => {
    const error = refusalOf(() => readP12(exported('-iter', '100000'), issued.password));
    expect(error.params['reason']).toContain('cómputo');
  });

  it('a key without certificates', () => {
    const error = refusalOf(() => readP12(exported('-nocerts'), issued.password));
    expect(error.params['reason']).toBe('ningún certificado corresponde a la clave privada');
  });

  it('certificates without a key', () => {
    const error = refusalOf(() => readP12(exported('-nokeys'), issued.password));
    expect(error.params['reason']).toBe('no contiene una clave privada');
  });
});

describe('certificateFacts', () => {
  const facts = (options: Partial<Parameters<typeof issueCertificate>[0]>) =>
    certificateFacts(issueCertificate({ ...person, ...options }).certificatePem);

  it.each([
    ['IDCDO-00112345678', { kind: 'cedula', id: '00112345678' }],
    ['IDCDO-001-1234567-8', { kind: 'cedula', id: '00112345678' }],
    ['00112345678', { kind: 'cedula', id: '00112345678' }],
    ['RNC131880738', { kind: 'rnc', id: '131880738' }],
    ['VATDO-131880738', { kind: 'rnc', id: '131880738' }],
    ['131880738', { kind: 'rnc', id: '131880738' }],
    ['CEDULA: 001-1234567-8', { kind: 'cedula', id: '00112345678' }],
    ['PASDO-AB123456', { kind: 'passport', id: 'AB123456' }],
    ['PASAB123456', { kind: 'passport', id: 'AB123456' }],
    ['PAS 123456', { kind: 'passport', id: '123456' }],
    ['IDCCO-00112345678', null],
    ['IDCDO-0011234567', null],
    ['EMPLEADO-77', null],
    ['', null],
  ])('reads the holder from serialNumber %s', (serialNumber, holder) => {
    expect(facts({ serialNumber }).holder).toEqual(holder);
  });

  it('is not misled by a name that looks like a serialNumber', () => {
    const misleading = facts({ serialNumber: '', name: 'X\nserialNumber=IDCDO-00112345678' });
    expect(misleading.holder).toBeNull();
  });

  it('knows validity, key size and the hash of the issuer', () => {
    const notBefore = new Date('2026-01-01T00:00:00Z');
    const notAfter = new Date('2027-01-01T00:00:00Z');
    const known = certificateFacts(
      issueCertificate({ ...base, notBefore, notAfter, bits: 1024, digest: 'sha1' }).certificatePem,
    );
    expect(known.rsaBits).toBe(1024);
    expect(certificateSignatureHash(known.der)).toBe('sha1');
    expect(certificateSignatureHash(facts({}).der)).toBe('sha256');
    expect(isValidAt(known, new Date('2025-12-31T23:59:59Z'))).toBe(false);
    expect(isValidAt(known, notBefore)).toBe(true);
    expect(isValidAt(known, new Date('2027-01-01T00:00:01Z'))).toBe(false);
  });
});
