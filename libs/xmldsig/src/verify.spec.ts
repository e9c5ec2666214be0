import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  createSigner,
  issueCertificate,
  signCanonical,
  signForeign,
  verify,
  type Refused,
  type Verified,
} from './index.js';
import {
  DS,
  ENVELOPED,
  EXCLUSIVE,
  INCLUSIVE,
  XSD,
  XSI,
  document,
  forge,
  genuine,
  judge,
  key,
  signer,
  type Forgery,
} from './testing/forge.js';

const { der, subject, publicKey } = signer.certificate;
const rsa = publicKey.export({ format: 'jwk' });
const DESCRIBED =
  `<KeyValue><RSAKeyValue><Modulus>${rsa.n}</Modulus><Exponent>${rsa.e}</Exponent></RSAKeyValue>` +
  `</KeyValue><X509Data><X509SubjectName>${subject}</X509SubjectName>` +
  `<X509Certificate>${der.toString('base64')}</X509Certificate></X509Data>`;

describe('documents others may write differently', () => {
  it.each<[string, Forgery]>([
    ['the profile itself', {}],
    ['an explicit inclusive transform', { transforms: [ENVELOPED, INCLUSIVE] }],
    ['exclusive C14N throughout', { c14n: EXCLUSIVE, transforms: [ENVELOPED, EXCLUSIVE] }],
    ['a prefix on Signature', { p: 'ds:' }],
    [
      'root namespaces inherited by SignedInfo',
      {
        rootScope: `xmlns:xsd="${XSD}" xmlns:xsi="${XSI}"`,
        scope: `xmlns="${DS}" xmlns:xsd="${XSD}" xmlns:xsi="${XSI}"`,
      },
    ],
    [
      'a schema location on the root',
      {
        rootScope: `xmlns:xsi="${XSI}" xsi:noNamespaceSchemaLocation="e-CF.xsd"`,
        scope: `xmlns="${DS}" xmlns:xsi="${XSI}"`,
      },
    ],
    [
      'SHA-512 throughout',
      {
        hash: 'sha512',
        method: 'Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"',
        digestMethod: 'http://www.w3.org/2001/04/xmlenc#sha512',
      },
    ],
    ['a described key beside the certificate', { keyInfo: DESCRIBED }],
  ])('accepts %s', (_name, options) => {
    expect(judge(forge(options))).toMatchObject({ ok: true, rootName: 'ECF' });
  });

  it('accepts white space put between elements after signing, and says so', () => {
    const indented = genuine.replace(/(?<!")></g, '>\r\n  <');
    const verdict = judge(indented);
    expect(verdict).toMatchObject({ ok: true, whitespace: 'dropped', signedXml: document });
  });

  it('gives back text without comments and CDATA, as C14N covers it', () => {
    const dressed = genuine
      .replace('1180.00', '11<!-- x -->80.00')
      .replace('CAFÉ', '<![CDATA[CAFÉ]]>');
    expect(judge(dressed)).toMatchObject({ ok: true, signedXml: document });
  });

  it('reports the SHA-256 of the signed bytes whatever hash the signature uses', () => {
    const other = forge({
      hash: 'sha384',
      digestMethod: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
      method: 'Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"',
    });
    const digestOf = (verdict: Verified | Refused): string | boolean =>
      verdict.ok && verdict.digest;
    expect(digestOf(judge(other))).toBe(digestOf(judge(genuine)));
  });

  it('reads line breaks in base64 values, also as character references', () => {
    const wrapped = genuine.replace(/<X509Certificate>(.{64})/, '<X509Certificate>&#13;\n$1\n');
    expect(judge(wrapped)).toMatchObject({ ok: true });
  });
});

describe('white space', () => {
  it.each([
    ['blanks', ' '],
    ['carriage returns', '&#13;'],
  ])('of a megabyte (%s) is dropped like any other', (_name, space) => {
    const padded = genuine.replace('</Encabezado>', `</Encabezado>${space.repeat(300_000)}`);
    expect(judge(padded)).toMatchObject({ ok: true, whitespace: 'dropped' });
  });
});

describe('half of a document without white space', () => {
  const spaced = document.replace('<Encabezado>', '\n  <Encabezado>');

  it("is nobody's document: SignedInfo indented later, body not", () => {
    const indented = forge({ body: spaced }).replace('<SignedInfo>', '<SignedInfo>\n');
    expect(judge(forge({ body: spaced }))).toMatchObject({ ok: true, signedXml: spaced });
    expect(judge(indented)).toMatchObject({ ok: false, fault: 'signature.value' });
  });

  it("is nobody's document: SignedInfo signed with its indentation, body indented later", () => {
    const signed = forge({ indent: '\n  ' });
    expect(judge(signed)).toMatchObject({ ok: true, whitespace: 'kept' });
    const indented = signed.replace('<Encabezado>', '\n<Encabezado>');
    expect(judge(indented)).toMatchObject({ ok: false, fault: 'signature.value' });
  });
});

describe('certificate of a received document', () => {
  it('must be trusted by the caller', () => {
    const verdict = verify(Buffer.from(genuine), { trust: () => 'unknown issuer' });
    expect(verdict).toEqual({ ok: false, fault: 'signature.untrusted', reason: 'unknown issuer' });
  });

  it('must be valid at the given time', () => {
    expect(judge(genuine, new Date('2100-01-01'))).toMatchObject({
      ok: false,
      fault: 'signature.certificate',
    });
  });

  it('must hold an RSA key of 2048 bits', async () => {
    const weak = issueCertificate({ holderId: '1', name: 'W', password: 'x', bits: 1024 });
    const weakSigner = createSigner(createPrivateKey(weak.privateKeyPem), weak.certificatePem);
    const { xml } = await signCanonical(document, weakSigner);
    expect(judge(xml)).toMatchObject({ ok: false, fault: 'signature.certificate' });
  });

  it('must be the one that signed', () => {
    const other = issueCertificate({ holderId: '1', name: 'O', password: 'x' });
    const swapped = genuine.replace(
      /<X509Certificate>[^<]+/,
      `<X509Certificate>${createSigner(key, other.certificatePem).certificate.der.toString('base64')}`,
    );
    expect(judge(swapped)).toMatchObject({ ok: false, fault: 'signature.value' });
  });
});

describe('memory', () => {
  it('stays flat over many documents, good and bad', () => {
    const semilla = signForeign(Buffer.from('<S><valor>x</valor></S>'), signer).xml;
    const round = (): void => {
      for (let i = 0; i < 300; i += 1) {
        judge(genuine);
        judge(semilla);
        judge(genuine.replace('1180', '9180'));
        judge(genuine.slice(0, 500));
      }
    };
    round();
    const before = process.memoryUsage().external + process.memoryUsage().arrayBuffers;
    round();
    round();
    const after = process.memoryUsage().external + process.memoryUsage().arrayBuffers;
    expect(after - before).toBeLessThan(8 * 1024 * 1024);
  });
});

const officialDir = process.env['ECF_OFFICIAL_XSD_DIR'];
const samples = officialDir === undefined ? '' : join(officialDir, '..', 'samples');
const haveSamples = samples !== '' && existsSync(samples);

(haveSamples ? describe : describe.skip)(
  'published samples (skipped without ECF_OFFICIAL_XSD_DIR)',
  () => {
    const unsigned = new Set(['Semilla-sin-firmar.xml']);
    const names = haveSamples ? readdirSync(samples).filter((name) => name.endsWith('.xml')) : [];
    it.each(names.filter((name) => !unsigned.has(name)))('%s', (name) => {
      const verdict = judge(readFileSync(join(samples, name)));
      expect(verdict.ok).toBe(!name.includes('tampered'));
      if (verdict.ok) {
        expect(verdict.whitespace).toBe(name.startsWith('variant-') ? 'dropped' : 'kept');
      }
    });
  },
);
