import forge from 'node-forge';
import {
  certificateFacts,
  checkChain,
  issueAuthority,
  issueCertificate,
  readCertificates,
  trustAuthorities,
  type AuthorityOptions,
  type CertificateFacts,
  type ChainVerdict,
  type IssueOptions,
  type TestAuthority,
} from './index.js';

const notBefore = new Date('2026-01-01T00:00:00Z');
const notAfter = new Date('2028-01-01T00:00:00Z');
const at = new Date('2026-06-01T00:00:00Z');

// Three keys for all: making RSA keys is what would cost time here.
const [rootKey, middleKey, personKey] = ['R', 'M', 'P'].map(
  (name) => issueAuthority(name).privateKeyPem,
);
const authority = (name: string, options: AuthorityOptions): TestAuthority =>
  issueAuthority(name, { notBefore, notAfter, ...options });
const root = authority('RAIZ', keyed(rootKey));
const middle = authority('INTERMEDIA', { ...keyed(middleKey), parent: root });

function keyed(privateKeyPem: string | undefined): { privateKeyPem: string } {
  if (privateKeyPem === undefined) throw new RangeError('no key');
  return { privateKeyPem };
}

function person(options: Partial<IssueOptions> = {}): CertificateFacts {
  const defaults = { holderId: '00112345678', name: 'ANA', password: 'x', notBefore, notAfter };
  const key = options.bits === undefined ? keyed(personKey) : {};
  return certificateFacts(
    issueCertificate({ ...defaults, ...key, authority: middle, ...options }).certificatePem,
  );
}

interface Chain {
  readonly signer?: CertificateFacts;
  readonly intermediates?: readonly TestAuthority[];
  readonly authorities?: readonly TestAuthority[];
  readonly instant?: Date;
}

const facts = (list: readonly TestAuthority[]): CertificateFacts[] =>
  list.map(({ certificatePem }) => certificateFacts(certificatePem));

function check(chain: Chain = {}): ChainVerdict {
  const { signer = person(), intermediates = [middle], authorities = [root] } = chain;
  return checkChain(signer, facts(intermediates), facts(authorities), chain.instant ?? at);
}

/** The certificate of an authority with other extensions, signed again by the root. */
function reissued(
  { certificatePem, privateKeyPem }: TestAuthority,
  extensions: readonly object[],
): TestAuthority {
  const certificate = forge.pki.certificateFromPem(certificatePem);
  certificate.setExtensions([...extensions]);
  const signingKey = forge.pki.privateKeyFromPem(root.privateKeyPem);
  certificate.sign(signingKey, forge.md.sha256.create());
  return { certificatePem: forge.pki.certificateToPem(certificate), privateKeyPem };
}

const CA = { name: 'basicConstraints', cA: true, critical: true };
const SIGNS = { name: 'keyUsage', keyCertSign: true, critical: true };

describe('a path to an authority', () => {
  it('is found over an intermediate, and told', () => {
    const verdict = check();
    expect(verdict.ok && verdict.path.map(({ subject }) => subject.split('CN=')[1])).toEqual([
      'ANA',
      'INTERMEDIA',
      'RAIZ',
    ]);
  });

  it('may end at an intermediate that is listed itself', () => {
    const verdict = check({ intermediates: [], authorities: [middle] });
    expect(verdict.ok && verdict.path).toHaveLength(2);
  });

  it('is found among others of the same name', () => {
    const namesake = authority('INTERMEDIA', { ...keyed(personKey), parent: root });
    expect(check({ intermediates: [namesake, middle] })).toMatchObject({ ok: true });
  });

  it('passes over text around PEM blocks and reads every one', () => {
    const bundle = `# raíz\n${root.certificatePem}\n\nintermedia:\n${middle.certificatePem}`;
    expect(readCertificates(bundle).map(({ subject }) => subject.split('CN=')[1])).toEqual([
      'RAIZ',
      'INTERMEDIA',
    ]);
    expect(readCertificates('nada')).toEqual([]);
  });

  it('is what the gate asks for', () => {
    const options = { intermediates: facts([middle]), authorities: facts([root]) };
    const signer = person();
    let now = at;
    const trust = trustAuthorities({ ...options, now: () => now });
    expect([trust(signer), trust(signer)]).toEqual([null, null]);
    // Remembered, but not beyond its time.
    now = new Date(notAfter.getTime() + 1_000);
    expect(trust(signer)).toMatch(/^expired: .*CN=ANA/);
    now = notAfter;
    expect(trust(signer)).toBeNull();
    expect(trust(selfSigned())).toMatch(/^unknown_issuer: .*CN=ANA/);
  });
});

const another = authority('RAIZ', keyed(middleKey));
const expired = authority('INTERMEDIA', {
  ...keyed(middleKey),
  parent: root,
  notAfter: new Date('2026-05-01T00:00:00Z'),
});
const future = authority('RAIZ', { ...keyed(rootKey), notBefore: new Date('2027-01-01') });
const short = authority('RAIZ', { ...keyed(rootKey), pathLength: 0 });
const notAuthority = reissued(middle, [{ name: 'basicConstraints', cA: false }]);
const bare = reissued(middle, []);
const noCertSign = reissued(middle, [CA, { name: 'keyUsage', cRLSign: true, critical: true }]);
const unknownCritical = reissued(middle, [CA, SIGNS, { id: '1.2.3.4', critical: true, value: '' }]);
const nameConstraints = reissued(middle, [
  CA,
  SIGNS,
  { id: '2.5.29.30', critical: true, value: '0\0' },
]);

describe('no path', () => {
  it.each<[string, string, string, Chain]>([
    ['nobody knows the issuer', 'unknown_issuer', 'ANA', { intermediates: [] }],
    ['no authorities', 'unknown_issuer', 'ANA', { authorities: [] }],
    ['authority of the same name', 'bad_signature', 'INTERMEDIA', { authorities: [another] }],
    ['self-signed', 'unknown_issuer', 'ANA', { signer: selfSigned() }],
    ['expired', 'expired', 'ANA', { instant: new Date('2028-01-01T00:00:01Z') }],
    ['not yet valid', 'not_yet_valid', 'ANA', { instant: new Date('2025-12-31T23:59:59Z') }],
    ['intermediate expired', 'expired', 'INTERMEDIA', { intermediates: [expired] }],
    ['authority not yet valid', 'not_yet_valid', 'RAIZ', { authorities: [future] }],
    ['key of 1024 bits', 'weak_key', 'ANA', { signer: person({ bits: 1024 }) }],
    ['issued with SHA-1', 'weak_hash', 'ANA', { signer: person({ digest: 'sha1' }) }],
    ['path length used up', 'path_length', 'RAIZ', { authorities: [short] }],
    ['issuer is no authority', 'not_an_authority', 'INTERMEDIA', { intermediates: [notAuthority] }],
    ['issuer says nothing', 'not_an_authority', 'INTERMEDIA', { intermediates: [bare] }],
    ['issuer may not issue', 'key_usage', 'INTERMEDIA', { intermediates: [noCertSign] }],
    [
      'critical extension unknown to us',
      'critical_extension',
      'INTERMEDIA',
      { intermediates: [unknownCritical] },
    ],
    [
      'critical name constraints',
      'critical_extension',
      'INTERMEDIA',
      { intermediates: [nameConstraints] },
    ],
    [
      'an authority as signer',
      'key_usage',
      'INTERMEDIA',
      { signer: facts([middle])[0] ?? person() },
    ],
  ])('%s: %s of %s', (_name, fault, commonName, chain) => {
    const verdict = check(chain);
    expect(verdict).toMatchObject({ ok: false, fault });
    expect(verdict.ok || verdict.subject.split('CN=')[1]).toBe(commonName);
  });

  it('a signer whose certificate may only encrypt', () => {
    const pem = person().pem;
    const leaf = reissued({ certificatePem: pem, privateKeyPem: '' }, [
      { name: 'keyUsage', keyEncipherment: true, critical: true },
    ]);
    expect(check({ signer: certificateFacts(leaf.certificatePem) })).toMatchObject({
      ok: false,
      fault: 'key_usage',
    });
  });

  it('a signer who names another certificate of that issuer', () => {
    const pem = person({ authority: root }).pem;
    const leaf = reissued({ certificatePem: pem, privateKeyPem: '' }, [
      { name: 'authorityKeyIdentifier', authorityCertIssuer: true, serialNumber: '01ff' },
    ]);
    const verdict = check({ signer: certificateFacts(leaf.certificatePem), intermediates: [] });
    expect(verdict).toMatchObject({ ok: false, fault: 'unknown_issuer' });
  });

  it('extensions that cannot be read', () => {
    const garbled = reissued(middle, [{ id: '2.5.29.19', critical: false, value: '\x30\x01' }]);
    expect(check({ intermediates: [garbled] }).ok).toBe(false);
  });

  it('a person who issues certificates', () => {
    const ana = issueCertificate({
      ...keyed(personKey),
      ...{ holderId: '00112345678', name: 'ANA', password: 'x', notBefore, notAfter },
      authority: middle,
    });
    const signer = person({ name: 'LUIS', authority: ana, ...keyed(rootKey) });
    const verdict = check({ signer, intermediates: [ana, middle] });
    expect(verdict).toMatchObject({ ok: false, fault: 'not_an_authority' });
  });

  it('an endless search among namesakes ends', () => {
    const namesake = authority('INTERMEDIA', { ...keyed(personKey), parent: root });
    const namesakes = Array.from({ length: 100 }, () => namesake);
    expect(check({ intermediates: namesakes })).toMatchObject({ ok: false });
  });
});

function selfSigned(): CertificateFacts {
  return certificateFacts(
    issueCertificate({
      ...keyed(personKey),
      ...{ holderId: '00112345678', name: 'ANA', password: 'x', notBefore, notAfter },
    }).certificatePem,
  );
}
