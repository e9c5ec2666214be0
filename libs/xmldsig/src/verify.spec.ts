import { createHash, createPrivateKey, sign } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  anyCertificate,
  createSigner,
  issueCertificate,
  signCanonical,
  signForeign,
  verify,
  type Refused,
  type Verified,
} from './index.js';

const issued = issueCertificate({ holderId: '00112345678', name: 'EMISOR', password: 'x' });
const key = createPrivateKey(issued.privateKeyPem);
const signer = createSigner(key, issued.certificatePem);

const document =
  '<ECF><Encabezado><eNCF>E310000000001</eNCF><Nombre>CAFÉ</Nombre><Nota>  </Nota>' +
  '<MontoTotal>1180.00</MontoTotal></Encabezado><FechaHoraFirma>01-02-2026 10:00:00</FechaHoraFirma></ECF>';
const { xml: genuine } = await signCanonical(document, signer);

const judge = (xml: string | Buffer, at?: Date): Verified | Refused =>
  verify(Buffer.from(xml), { trust: anyCertificate, ...(at === undefined ? {} : { at }) });

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

interface Forgery {
  readonly body?: string;
  readonly p?: string;
  readonly c14n?: string;
  readonly transforms?: readonly string[];
  readonly reference?: string;
  readonly extra?: string;
  /** Namespaces SignedInfo is canonicalised with. */
  readonly scope?: string;
  readonly rootScope?: string;
}

/** A correctly computed signature of any shape: what a hostile issuer with a real key can send. */
function forge(options: Forgery): string {
  const { body = document, p = '', c14n = INCLUSIVE, extra = '', rootScope = '' } = options;
  const transforms = options.transforms ?? [`${DS}enveloped-signature`];
  const own = p === '' ? `xmlns="${DS}"` : `xmlns:${p.slice(0, -1)}="${DS}"`;
  const el = (name: string, algorithm: string): string =>
    `<${p}${name} Algorithm="${algorithm}"></${p}${name}>`;
  const signed = rootScope === '' ? body : body.replace('<ECF>', `<ECF ${rootScope}>`);
  const digest = createHash('sha256').update(signed).digest('base64');
  const info = (scope: string): string =>
    `<${p}SignedInfo${scope}>${el('CanonicalizationMethod', c14n)}` +
    el('SignatureMethod', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256') +
    `<${p}Reference ${options.reference ?? 'URI=""'}><${p}Transforms>` +
    transforms.map((transform) => el('Transform', transform)).join('') +
    `</${p}Transforms>${el('DigestMethod', 'http://www.w3.org/2001/04/xmlenc#sha256')}` +
    `<${p}DigestValue>${digest}</${p}DigestValue></${p}Reference></${p}SignedInfo>`;
  const value = sign('RSA-SHA256', Buffer.from(info(` ${options.scope ?? own}`)), key);
  const der = signer.certificate.der.toString('base64');
  const signature =
    `<${p}Signature ${own}>${info('')}<${p}SignatureValue>${value.toString('base64')}` +
    `</${p}SignatureValue><${p}KeyInfo><${p}X509Data><${p}X509Certificate>${der}` +
    `</${p}X509Certificate></${p}X509Data></${p}KeyInfo>${extra}</${p}Signature>`;
  return signed.replace('</ECF>', `${signature}</ECF>`);
}

describe('documents others may write differently', () => {
  it.each<[string, Forgery]>([
    ['the profile itself', {}],
    ['an explicit inclusive transform', { transforms: [`${DS}enveloped-signature`, INCLUSIVE] }],
    [
      'exclusive C14N throughout',
      { c14n: EXCLUSIVE, transforms: [`${DS}enveloped-signature`, EXCLUSIVE] },
    ],
    ['a prefix on Signature', { p: 'ds:' }],
    [
      'root namespaces inherited by SignedInfo',
      {
        rootScope:
          'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
        scope:
          `xmlns="${DS}" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ` +
          'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
      },
    ],
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

  it('reads line breaks in base64 values, also as character references', () => {
    const wrapped = genuine.replace(/<X509Certificate>(.{64})/, '<X509Certificate>&#13;\n$1\n');
    expect(judge(wrapped)).toMatchObject({ ok: true });
  });
});

/** Tamper corpus: the name is the fault. */
const corpus: readonly (readonly [name: string, fault: string, xml: string | Buffer])[] = [
  ['altered total', 'signature.digest', genuine.replace('1180.00', '9180.00')],
  ['altered leaf white space', 'signature.digest', genuine.replace('<Nota>  <', '<Nota> <')],
  [
    'processing instruction inside amount',
    'xml.pi_forbidden',
    genuine.replace('1180.00', '<?x 9?>1180.00'),
  ],
  [
    'processing instruction before root',
    'xml.pi_forbidden',
    genuine.replace('<ECF>', '<?x?><ECF>'),
  ],
  [
    'comment in DigestValue',
    'signature.structure',
    genuine.replace('<DigestValue>', '<DigestValue>AAAA<!-- -->'),
  ],
  [
    'comment splitting the genuine DigestValue',
    'signature.structure',
    genuine.replace(/<DigestValue>(.{8})/, '<DigestValue>$1<!-- x -->'),
  ],
  ['partial reference', 'signature.structure', forge({ reference: 'URI="#encabezado"' })],
  ['reference without URI', 'signature.structure', forge({ reference: 'Type="x"' })],
  [
    'extra Object',
    'signature.structure',
    forge({ extra: '<Object><MontoTotal>1</MontoTotal></Object>' }),
  ],
  [
    'two signatures',
    'signature.structure',
    genuine.replace('</ECF>', `${signatureOf(genuine)}</ECF>`),
  ],
  [
    'signature in another namespace too',
    'signature.structure',
    genuine.replace('<Encabezado>', '<x:Signature xmlns:x="urn:x"></x:Signature><Encabezado>'),
  ],
  ['no signature', 'signature.structure', document],
  [
    'wrapped copy',
    'signature.structure',
    genuine
      .replace('<ECF>', '<ECF><Original><ECF>')
      .replace(
        '</ECF>',
        '</ECF></Original><Encabezado><MontoTotal>9</MontoTotal></Encabezado></ECF>',
      ),
  ],
  [
    'signature not last',
    'signature.structure',
    genuine.replace('</Signature>', '</Signature><MontoTotal>9</MontoTotal>'),
  ],
  [
    'text behind signature',
    'signature.structure',
    genuine.replace('</Signature>', '</Signature>9'),
  ],
  [
    'comment behind signature',
    'signature.structure',
    genuine.replace('</Signature>', '</Signature><!-- -->'),
  ],
  [
    'signature inside Encabezado',
    'signature.structure',
    document.replace('</Encabezado>', `${signatureOf(genuine)}</Encabezado>`),
  ],
  [
    'xslt transform',
    'signature.algorithm',
    forge({
      transforms: [`${DS}enveloped-signature`, 'http://www.w3.org/TR/1999/REC-xslt-19991116'],
    }),
  ],
  ['c14n with comments', 'signature.algorithm', forge({ c14n: `${INCLUSIVE}#WithComments` })],
  ['no enveloped transform', 'signature.algorithm', forge({ transforms: [INCLUSIVE] })],
  [
    'three transforms',
    'signature.structure',
    forge({ transforms: [`${DS}enveloped-signature`, INCLUSIVE, INCLUSIVE] }),
  ],
  ['hmac method', 'signature.algorithm', genuine.replace('more#rsa-sha256', 'more#hmac-sha256')],
  ['sha1 digest', 'signature.algorithm', genuine.replace('xmlenc#sha256', 'xmldsig#sha1')],
  [
    'altered SignedInfo',
    'signature.digest',
    genuine.replace(/<DigestValue>..../, '<DigestValue>AAAA'),
  ],
  [
    'altered SignatureValue',
    'signature.value',
    genuine.replace(/<SignatureValue>..../, '<SignatureValue>AAAA'),
  ],
  [
    'empty SignatureValue',
    'signature.value',
    genuine.replace(/<SignatureValue>[^<]+/, '<SignatureValue>'),
  ],
  [
    'root namespaces added after signing',
    'signature.digest',
    genuine.replace('<ECF>', '<ECF xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'),
  ],
  [
    'no certificate',
    'signature.structure',
    genuine.replace(/<X509Certificate>.*<\/X509Certificate>/, ''),
  ],
  [
    'two certificates',
    'signature.structure',
    genuine.replace(/(<X509Certificate>.*<\/X509Certificate>)/, '$1$1'),
  ],
  [
    'broken certificate',
    'signature.certificate',
    genuine.replace(/<X509Certificate>..../, '<X509Certificate>AAAA'),
  ],
  ['foreign namespace on root', 'xml.namespace', forge({ rootScope: 'xmlns="urn:x"' })],
  [
    'attribute in the document',
    'xml.namespace',
    genuine.replace('<MontoTotal>', '<MontoTotal x="9">'),
  ],
  [
    'element of another namespace',
    'xml.namespace',
    genuine.replace('<MontoTotal>', '<x:Monto xmlns:x="urn:x"></x:Monto><MontoTotal>'),
  ],
  ['document type', 'xml.dtd_forbidden', genuine.replace('<ECF>', '<!DOCTYPE ECF><ECF>')],
  [
    'entity expansion',
    'xml.dtd_forbidden',
    genuine.replace('<ECF>', '<!DOCTYPE ECF [<!ENTITY a "9">]><ECF>').replace('1180', '&a;180'),
  ],
  ['byte order mark', 'xml.encoding', `\ufeff${genuine}`],
  ['utf-16', 'xml.encoding', genuine.replace('utf-8', 'utf-16')],
  ['not utf-8', 'xml.encoding', Buffer.from(genuine, 'latin1')],
  ['xml 1.1', 'xml.encoding', genuine.replace('version="1.0"', 'version="1.1"')],
  ['cut in the middle', 'xml.malformed', genuine.slice(0, 400)],
  ['nothing', 'xml.malformed', ''],
  ['33 levels', 'xml.too_complex', deep(33)],
  ['300 levels', 'xml.malformed', deep(300)],
  ['50,001 elements', 'xml.too_complex', `<ECF>${'<a/>'.repeat(50_000)}</ECF>`],
  ['200,000 tags', 'xml.too_complex', `<ECF>${'<a></a>'.repeat(100_000)}</ECF>`],
  ['many attributes', 'xml.too_complex', genuine.replace('<ECF>', `<ECF${attributes('a')}>`)],
  ['many namespaces', 'xml.too_complex', genuine.replace('<ECF>', `<ECF${attributes('xmlns:a')}>`)],
  [
    'endless base64',
    'signature.structure',
    genuine.replace('<SignatureValue>', `<SignatureValue>${'A'.repeat(1_900_000)}`),
  ],
  ['more than 2 MB', 'xml.too_complex', genuine.replace('CAFÉ', 'A'.repeat(2 * 1024 * 1024))],
];

function signatureOf(xml: string): string {
  return /<Signature[\s\S]*<\/Signature>/.exec(xml)?.[0] ?? '';
}

function attributes(name: string): string {
  return Array.from({ length: 1_001 }, (_, at) => ` ${name}${at} = \n'x'`).join('');
}

function deep(levels: number): string {
  return '<a>'.repeat(levels) + '</a>'.repeat(levels);
}

describe('tamper corpus (RCV-2)', () => {
  it.each(corpus)('refuses: %s', (_name, fault, xml) => {
    expect(judge(xml)).toMatchObject({ ok: false, fault });
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
    const der = createSigner(key, other.certificatePem).certificate.der.toString('base64');
    const swapped = genuine.replace(/<X509Certificate>[^<]+/, `<X509Certificate>${der}`);
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
