import { createHmac, sign } from 'node:crypto';
import { issueCertificate } from './index.js';
import {
  DS,
  ENVELOPED,
  INCLUSIVE,
  XSI,
  document,
  forge,
  genuine,
  judge,
  key,
  signatureOf,
  signer,
} from './testing/forge.js';

type Trap = readonly [name: string, fault: string, xml: string | Buffer];

const other = signerOfAnother();
const utf16 = genuine.replace('utf-8', 'utf-16');

/** Tamper corpus: the name is the fault. */
const corpus: readonly Trap[] = [
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
    'Signature of another namespace',
    'signature.structure',
    genuine.replace(`<Signature xmlns="${DS}"`, '<Signature xmlns="urn:x"'),
  ],
  [
    'second name of the namespace on Signature',
    'signature.structure',
    genuine.replace('<Signature ', `<Signature xmlns:x="${DS}" `),
  ],
  [
    'Id that looks like the end of a tag',
    'signature.structure',
    genuine.replace('<Signature ', '<Signature Id="a>b" '),
  ],
  [
    'SignatureValue without its padding',
    'signature.value',
    genuine.replace(/=+<\/SignatureValue>/, '</SignatureValue>'),
  ],
  ['prefixed root', 'xml.namespace', genuine.replaceAll('ECF>', 'x:ECF>')],
  [
    'signed element in a harmless namespace',
    'xml.namespace',
    forge({
      body: document.replace('<Nota>', '<xsi:Monto>9</xsi:Monto><Nota>'),
      rootScope: `xmlns:xsi="${XSI}"`,
      scope: `xmlns="${DS}" xmlns:xsi="${XSI}"`,
    }),
  ],
  [
    'duplicated Id, the reference names one of them',
    'xml.namespace',
    forge({ reference: 'URI="#e"' }).replace('<ECF>', '<ECF Id="e"><Encabezado Id="e"/>'),
  ],
  ['Id on the root', 'xml.namespace', forge({ rootScope: 'Id="e"' })],
  [
    'two references',
    'signature.structure',
    genuine.replace(/(<Reference [\s\S]*<\/Reference>)/, '$1$1'),
  ],
  ['no reference', 'signature.structure', genuine.replace(/<Reference [\s\S]*<\/Reference>/, '')],
  [
    'manifest instead of a reference to the document',
    'signature.structure',
    genuine.replace('URI=""', `URI="#m" Type="${DS}Manifest"`),
  ],
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
      transforms: [ENVELOPED, 'http://www.w3.org/TR/1999/REC-xslt-19991116'],
    }),
  ],
  ['c14n with comments', 'signature.algorithm', forge({ c14n: `${INCLUSIVE}#WithComments` })],
  ['no enveloped transform', 'signature.algorithm', forge({ transforms: [INCLUSIVE] })],
  [
    'three transforms',
    'signature.structure',
    forge({ transforms: [ENVELOPED, INCLUSIVE, INCLUSIVE] }),
  ],
  [
    'xpath transform',
    'signature.structure',
    forge({
      transforms: [
        ENVELOPED,
        `<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>//eNCF</XPath></Transform>`,
      ],
    }),
  ],
  [
    'xpath transform without its expression',
    'signature.algorithm',
    forge({ transforms: [ENVELOPED, 'http://www.w3.org/2002/06/xmldsig-filter2'] }),
  ],
  ['enveloped twice', 'signature.algorithm', forge({ transforms: [ENVELOPED, ENVELOPED] })],
  ['transforms in reverse', 'signature.algorithm', forge({ transforms: [INCLUSIVE, ENVELOPED] })],
  [
    'truncated hmac keyed with the certificate',
    'signature.structure',
    forge({
      method: `Algorithm="${DS}hmac-sha1"`,
      methodContent: '<HMACOutputLength>8</HMACOutputLength>',
      value: (text) =>
        createHmac('sha1', signer.certificate.der).update(text).digest().subarray(0, 1),
    }),
  ],
  [
    'hmac keyed with the public key',
    'signature.algorithm',
    forge({
      method: 'Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"',
      value: (text) =>
        createHmac('sha256', signer.certificate.publicKey.export({ type: 'spki', format: 'pem' }))
          .update(text)
          .digest(),
    }),
  ],
  [
    'rsa-sha1',
    'signature.algorithm',
    forge({
      method: `Algorithm="${DS}rsa-sha1"`,
      value: (text) => sign('sha1', Buffer.from(text), key),
    }),
  ],
  [
    'signature method swapped after signing',
    'signature.value',
    genuine.replace('more#rsa-sha256', 'more#rsa-sha512'),
  ],
  [
    'signature method says sha-512, value is of sha-256',
    'signature.value',
    forge({ method: 'Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"' }),
  ],
  [
    'digest method swapped after signing',
    'signature.digest',
    genuine.replace('xmlenc#sha256', 'xmlenc#sha512'),
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
  [
    'certificate of another in KeyInfo',
    'signature.value',
    genuine.replace(/<X509Certificate>[^<]+/, `<X509Certificate>${other}`),
  ],
  [
    'certificate of another beside the signer\u2019s',
    'signature.structure',
    genuine.replace(
      '<KeyInfo>',
      `<KeyInfo><X509Data><X509Certificate>${other}</X509Certificate></X509Data>`,
    ),
  ],
  ['certificate outside X509Data', 'signature.structure', genuine.replaceAll('X509Data>', 'Foo>')],
  [
    'certificate as PEM',
    'signature.certificate',
    genuine.replace(
      /<X509Certificate>[^<]+/,
      `<X509Certificate>${Buffer.from(signer.certificate.pem).toString('base64')}`,
    ),
  ],
  [
    'bytes behind the certificate',
    'signature.certificate',
    genuine.replace(
      /<X509Certificate>[^<]+/,
      `<X509Certificate>${Buffer.concat([signer.certificate.der, Buffer.alloc(3)]).toString('base64')}`,
    ),
  ],
  [
    'key to be fetched',
    'signature.structure',
    forge({ keyInfo: '<RetrievalMethod URI="http://example.com/"></RetrievalMethod>' }),
  ],
  [
    'xml: attribute, which SignedInfo would inherit',
    'xml.namespace',
    forge({ rootScope: 'xml:schemaLocation="x"' }),
  ],
  [
    'attribute of an undeclared prefix',
    'xml.namespace',
    genuine.replace('<ECF>', '<ECF xsi:schemaLocation="x">'),
  ],
  ['relative namespace', 'xml.malformed', genuine.replace('<ECF>', '<ECF xmlns:x="y">')],
  ...['\ufeff', '\u1680'].map((space): Trap => [
    `attribute behind a name with U+${space.charCodeAt(0).toString(16)}`,
    'xml.namespace',
    forge({ body: document.replace('<Nota>', `<a${space}b x="9"></a${space}b><Nota>`) }),
  ]),
  [
    'XInclude',
    'xml.namespace',
    genuine.replace(
      '<Nota>',
      '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/"/><Nota>',
    ),
  ],
  ['line break put into a value', 'signature.digest', genuine.replace('1180.00', '1180.00\r\n')],
  [
    'carriage return put into a value',
    'signature.digest',
    genuine.replace('1180.00', '1180.00&#13;'),
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
  ['utf-16 declared', 'xml.encoding', genuine.replace('utf-8', 'utf-16')],
  ['utf-16 with its mark', 'xml.encoding', Buffer.from(`\ufeff${utf16}`, 'utf16le')],
  ['utf-16 without a mark', 'xml.encoding', Buffer.from(utf16.replace('É', 'E'), 'utf16le')],
  ['utf-16 big-endian', 'xml.encoding', Buffer.from(utf16.replace('É', 'E'), 'utf16le').swap16()],
  [
    'document type hidden in utf-16',
    'xml.encoding',
    Buffer.from('<!DOCTYPE ECF [<!ENTITY a "9">]><ECF>&a;</ECF>', 'utf16le'),
  ],
  ['not utf-8', 'xml.encoding', Buffer.from(genuine, 'latin1')],
  ['xml 1.1', 'xml.encoding', genuine.replace('version="1.0"', 'version="1.1"')],
  ['cut in the middle', 'xml.malformed', genuine.slice(0, 400)],
  ['nothing', 'xml.malformed', ''],
];

function signerOfAnother(): string {
  const { certificatePem } = issueCertificate({ holderId: '1', name: 'O', password: 'x' });
  return certificatePem.replace(/-----[^-]+-----|\s/g, '');
}

describe('tamper corpus (RCV-2)', () => {
  it.each(corpus)('refuses: %s', (_name, fault, xml) => {
    expect(judge(xml)).toMatchObject({ ok: false, fault });
  });
});

it('says what is wrong with the number of signatures', () => {
  const twice = genuine.replace('</ECF>', `${signatureOf(genuine)}</ECF>`);
  expect(judge(twice)).toMatchObject({ reason: 'more than one Signature' });
  expect(judge(document)).toMatchObject({ reason: 'no Signature' });
});

describe('line ends', () => {
  it.each([
    ['CR LF between elements', '\r\n'],
    ['CR between elements', '\r'],
    ['tabs between elements', '\t'],
  ])('%s are white space like any other', (_name, space) => {
    const spaced = genuine.replace('<Encabezado>', `${space}<Encabezado>${space}`);
    expect(judge(spaced)).toMatchObject({ ok: true, whitespace: 'dropped', signedXml: document });
  });

  it('are one thing in a value: what C14N digests', () => {
    const twoLines = document.replace('CAFÉ', 'CAFÉ\nTÉ');
    for (const end of ['\n', '\r\n', '\r']) {
      const sent = forge({ body: twoLines }).replace('CAFÉ\nTÉ', `CAFÉ${end}TÉ`);
      expect(judge(sent)).toMatchObject({ ok: true, whitespace: 'kept', signedXml: twoLines });
    }
  });
});
