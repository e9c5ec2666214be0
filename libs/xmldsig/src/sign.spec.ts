import { createHash, createPrivateKey } from 'node:crypto';
import fc from 'fast-check';
import xmlCrypto from 'xml-crypto';
import {
  XML_DECLARATION,
  anyCertificate,
  createSigner,
  digestOf,
  issueAuthority,
  issueCertificate,
  readP12,
  rebuildSigned,
  signCanonical,
  signForeign,
  signSemilla,
  verify,
} from './index.js';
import { hasXmlsec, xmlsecVerdicts } from './testing/xmlsec.js';

const authority = issueAuthority();
const issued = issueCertificate({
  holderId: '00112345678',
  name: 'PERSONA DE PRUEBA ÑANDÚ',
  password: 'clave-1',
  authority,
});
const contents = readP12(issued.p12, issued.password);
const signer = createSigner(contents.privateKey, contents.certificateDer);

const document =
  '<ECF><Encabezado><eNCF>E310000000001</eNCF><Nombre>CAFÉ &amp; CIA &lt;SRL&gt;</Nombre>' +
  '<MontoTotal>1180.00</MontoTotal></Encabezado><FechaHoraFirma>01-02-2026 10:00:00</FechaHoraFirma></ECF>';

const semilla =
  '<?xml version="1.0" encoding="utf-8"?>\r\n<SemillaModel ' +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema">\r\n  <valor>YWJj+/A==</valor>\r\n' +
  '  <fecha>2026-06-15T10:29:58.1234567-04:00</fecha>\r\n</SemillaModel>';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
/** The independent judge: accepts with the issuing authority as the only trusted root. */
function xmlsecAccepts(xml: string): boolean {
  return xmlsecVerdicts([bytes(xml)], authority.certificatePem)[0]?.accepted === true;
}

function xmlCryptoAccepts(xml: string): boolean {
  const other = new xmlCrypto.SignedXml({ publicCert: issued.certificatePem });
  other.loadSignature(/<Signature[\s\S]*<\/Signature>/.exec(xml)?.[0] ?? '');
  return other.checkSignature(xml);
}

describe('signing what we build', () => {
  it('appends one Signature as last child and reports what the journal keeps', async () => {
    const signed = await signCanonical(document, signer);
    expect(signed.xml.startsWith(`${XML_DECLARATION}<ECF>`)).toBe(true);
    expect(signed.xml.endsWith('</KeyInfo></Signature></ECF>')).toBe(true);
    expect(signed.digest).toBe(createHash('sha256').update(document).digest('hex'));
    expect(signed.digest).toBe(digestOf(document));
    expect(signed.sha256).toBe(createHash('sha256').update(signed.xml).digest('hex'));
    expect(signed.codigoSeguridad).toBe(signed.signatureValue.slice(0, 6));
  });

  it('verifies with our gate and gives back exactly the bytes that were signed', async () => {
    const signed = await signCanonical(document, signer);
    const verdict = verify(bytes(signed.xml), { trust: anyCertificate, at: new Date() });
    expect(verdict).toMatchObject({
      ok: true,
      rootName: 'ECF',
      signedXml: document,
      digest: signed.digest,
      codigoSeguridad: signed.codigoSeguridad,
      whitespace: 'kept',
    });
  });

  it('signs identical bytes twice (KEY-4)', async () => {
    const first = await signCanonical(document, signer);
    const second = await signCanonical(document, signer);
    expect(second).toEqual(first);
  });

  it('rebuilds the signed bytes from the signature value and the certificate alone', async () => {
    const signed = await signCanonical(document, signer);
    const again = rebuildSigned(document, signed.signatureValue, issued.certificatePem);
    expect(again).toEqual(signed);
  });

  it.each([
    ['a declaration', `${XML_DECLARATION}${document}`],
    ['a root with attributes', document.replace('<ECF>', '<ECF xmlns:x="y">')],
    ['text behind the root', `${document} `],
    ['no XML', 'hola'],
  ])('refuses %s', async (_name, text) => {
    await expect(signCanonical(text, signer)).rejects.toThrow(RangeError);
  });

  it('is accepted by xml-crypto', async () => {
    const signed = await signCanonical(document, signer);
    expect(xmlCryptoAccepts(signed.xml)).toBe(true);
  });

  (hasXmlsec ? it : it.skip)('is accepted by xmlsec1 (skipped without it)', async () => {
    const signed = await signCanonical(document, signer);
    expect(xmlsecAccepts(signed.xml)).toBe(true);
    expect(xmlsecAccepts(signed.xml.replace('1180.00', '1180.01'))).toBe(false);
  });
});

describe('signing a semilla', () => {
  it('keeps valor and fecha, drops white space, carries the root namespaces', () => {
    const signed = signForeign(bytes(semilla), signer);
    const verdict = verify(bytes(signed.xml), { trust: anyCertificate });
    expect(verdict).toMatchObject({ ok: true, rootName: 'SemillaModel', whitespace: 'kept' });
    expect(signed.xml).toContain('<valor>YWJj+/A==</valor><fecha>2026-06-15T10:29:58.1234567');
    expect(verdict.ok && verdict.digest).toBe(signed.digest);
  });

  it('fails the check when SignedInfo is canonicalised without the root namespaces', () => {
    const signed = signForeign(bytes(semilla), signer);
    const moved = signed.xml.replace(/ xmlns:xs[id]="[^"]*"/g, '');
    expect(verify(bytes(moved), { trust: anyCertificate })).toMatchObject({ ok: false });
  });

  it.each([
    ['xml.dtd_forbidden', semilla.replace('<SemillaModel', '<!DOCTYPE x><SemillaModel')],
    ['xml.pi_forbidden', semilla.replace('<valor>', '<valor><?x y?>')],
    ['xml.malformed', semilla.replace('</valor>', '')],
  ])('refuses %s', (code, text) => {
    expect(() => signForeign(bytes(text), signer)).toThrow(expect.objectContaining({ code }));
  });

  it('is all that signSemilla does', () => {
    expect(signSemilla(bytes(semilla), signer).xml).toBe(signForeign(bytes(semilla), signer).xml);
    expect(() => signSemilla(bytes(document), signer)).toThrow(
      expect.objectContaining({ code: 'sign.kind_mismatch' }),
    );
  });

  (hasXmlsec ? it : it.skip)('is accepted by xmlsec1 (skipped without it)', () => {
    const { xml } = signForeign(bytes(semilla), signer);
    expect(xmlsecAccepts(xml)).toBe(true);
  });
});

/** Text that XML 1.0 can carry, and what canonical form makes of it. */
const characters = fc.oneof(
  fc.constantFrom('a', 'Ñ', ' ', '\n', '\t', '\r', '&', '<', '>', '"', "'", ']]>', '\u{1f600}'),
  fc.constantFrom('\u0085', '\u2028', '\ufeff', '\ufffd', '\u00a0'),
);
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
};
const leaf = fc
  .tuple(fc.constantFrom('A', 'Monto', 'x-1', 'Año'), fc.array(characters, { maxLength: 6 }))
  .map(([name, parts]) => {
    const text = parts.join('').replace(/[&<>\r]/g, (character) => escapes[character] ?? '');
    return `<${name}>${text}</${name}>`;
  });
const anyDocument = fc
  .array(
    fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 3 }).map((list) => `<B>${list.join('')}</B>`),
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => `<ECF>${parts.join('')}</ECF>`);
const samples = fc.sample(anyDocument, { numRuns: 300, seed: 20_261_121 });

describe('whatever text is signed', () => {
  it('verifies, with the very bytes as what was signed', async () => {
    for (const sample of samples) {
      const verdict = verify(bytes((await signCanonical(sample, signer)).xml), {
        trust: anyCertificate,
      });
      expect(verdict).toMatchObject({ ok: true, signedXml: sample, whitespace: 'kept' });
    }
  });

  it('is accepted by xml-crypto', async () => {
    // Its parser reads these two as line ends, which they are in XML 1.1 only.
    for (const sample of samples.filter((text) => !/[\u0085\u2028]/.test(text)).slice(0, 60)) {
      expect(xmlCryptoAccepts((await signCanonical(sample, signer)).xml)).toBe(true);
    }
  });

  (hasXmlsec ? it : it.skip)('is accepted by xmlsec1 (skipped without it)', async () => {
    const signed = await Promise.all(samples.map((sample) => signCanonical(sample, signer)));
    const verdicts = xmlsecVerdicts(
      signed.map(({ xml }) => bytes(xml)),
      authority.certificatePem,
    );
    expect(verdicts).toEqual(samples.map((digested) => ({ accepted: true, digested })));
  });
});

describe('signer', () => {
  it('takes PEM and DER alike', async () => {
    const pem = createSigner(createPrivateKey(issued.privateKeyPem), issued.certificatePem);
    expect(await signCanonical(document, pem)).toEqual(await signCanonical(document, signer));
  });
});
