import { XmlDocument, XmlElement, XmlText } from 'libxml2-wasm';
import { certificateFacts, trustAuthorities, verify, type Verified } from './index.js';
import { bases, difficult } from './testing/bases.js';
import {
  DS,
  ENVELOPED,
  EXCLUSIVE,
  INCLUSIVE,
  authority,
  document,
  forge,
} from './testing/forge.js';
import { HARMFUL, HARMLESS, mutate } from './testing/mutate.js';
import { Random } from './testing/random.js';
import { hasXmlsec, xmlsecVerdicts } from './testing/xmlsec.js';

/** Some seconds; ECF_SIGNATURE_MUTATIONS=200000 is the long run. */
const COUNT = Number(process.env['ECF_SIGNATURE_MUTATIONS'] ?? 10_000);
const SEED = 20_261_121;
const TIMEOUT_MS = 20 * 60_000;

const trust = trustAuthorities({
  intermediates: [],
  authorities: [certificateFacts(authority.certificatePem)],
  now: () => new Date(),
});
const accepts = (bytes: Uint8Array): Verified | null => {
  const verdict = verify(bytes, { trust, at: new Date() });
  return verdict.ok ? verdict : null;
};

const OFTEN = Object.values(HARMLESS);
const EVERYTHING = [...OFTEN, ...Object.values(HARMFUL)];
const SCOPES = ['', ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', ' xmlns:x="urn:x"'];

/** A sender who has a real key and signs something strange, correctly or nearly so. */
function strangelySigned(random: Random): string {
  const rootScope = random.pick(SCOPES).trim();
  const p = random.pick(['', '', 'ds:']);
  const own = p === '' ? `xmlns="${DS}"` : `xmlns:ds="${DS}"`;
  const transform = (): string => random.pick([ENVELOPED, INCLUSIVE, EXCLUSIVE, `${DS}base64`]);
  const transforms = [[ENVELOPED], [ENVELOPED, INCLUSIVE], [ENVELOPED, EXCLUSIVE]];
  return forge({
    p,
    rootScope,
    body: random.pick([document, difficult]),
    c14n: random.pick([INCLUSIVE, EXCLUSIVE, `${INCLUSIVE}#WithComments`]),
    transforms: random.chance(0.7)
      ? random.pick(transforms)
      : Array.from({ length: 1 + random.below(3) }, transform),
    scope: random.chance(0.7) && rootScope !== '' ? `${own} ${rootScope}` : own,
    indent: random.pick(['', '', '\n']),
    ...(random.chance(0.1)
      ? { reference: random.pick(['URI="#a"', 'Id="a"', 'URI="" Id="a"']) }
      : {}),
    ...(random.chance(0.1) ? { extra: `<${p}Object></${p}Object>` } : {}),
  });
}

function bytesOf(xml: string, random: Random): Buffer {
  const bytes = Buffer.from(xml);
  if (random.chance(0.97)) return bytes;
  if (random.chance(0.3)) return Buffer.from(xml, 'utf16le');
  if (random.chance(0.3)) return Buffer.from(`\ufeff${xml}`);
  bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

function candidate(random: Random): Buffer {
  const base = random.chance(0.85) ? random.pick(bases) : strangelySigned(random);
  const mutations = random.chance(0.4) ? OFTEN : EVERYTHING;
  return bytesOf(mutate(base, mutations)(random), random);
}

/** The document as .NET loads it, by way of another parser's tree than the gate's text. */
function withoutSpace(bytes: Uint8Array): Buffer {
  const source = XmlDocument.fromBuffer(bytes);
  const canonical = source.canonicalizeToString();
  source.dispose();
  const tree = XmlDocument.fromString(canonical);
  try {
    strip(tree.root);
    return Buffer.from(tree.canonicalizeToString());
  } finally {
    tree.dispose();
  }
}

function strip(parent: XmlElement): void {
  const blanks: XmlText[] = [];
  let elements = 0;
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) {
      elements += 1;
      strip(node);
    } else if (node instanceof XmlText && /^[ \t\r\n]*$/.test(node.content)) blanks.push(node);
  }
  if (elements > 0) for (const blank of blanks) blank.remove();
}

(hasXmlsec ? describe : describe.skip)(
  `${COUNT} altered documents (skipped without xmlsec1)`,
  () => {
    it(
      'are never accepted where xmlsec1 rejects, and never read otherwise than xmlsec1 digests',
      () => {
        const random = new Random(SEED);
        const accepted = new Map<string, { readonly judged: Buffer; readonly verdict: Verified }>();
        const seen = new Set<string>();
        let dropped = 0;
        while (seen.size < COUNT) {
          const bytes = candidate(random);
          const id = bytes.toString('latin1');
          if (seen.has(id)) continue;
          seen.add(id);
          const verdict = accepts(bytes);
          if (verdict === null) continue;
          const hasSpace = verdict.whitespace === 'dropped';
          if (hasSpace) dropped += 1;
          accepted.set(id, { verdict, judged: hasSpace ? withoutSpace(bytes) : bytes });
        }
        const judged = [...accepted.values()];
        const others = xmlsecVerdicts(
          judged.map((one) => one.judged),
          authority.certificatePem,
        );
        const wrong = judged.flatMap(({ judged: bytes, verdict }, index) => {
          const other = others[index];
          const agree = other?.accepted === true && other.digested === verdict.signedXml;
          return agree ? [] : [{ xml: bytes.toString('utf8'), read: verdict.signedXml, other }];
        });
        expect(wrong).toEqual([]);
        // Alterations that nobody accepts, or everybody, would prove nothing.
        const share = judged.length / COUNT;
        process.stderr.write(
          `${COUNT} altered documents: ${judged.length} accepted by both, ${dropped} of them ` +
            'without white space\n',
        );
        expect(share).toBeGreaterThan(0.25);
        expect(share).toBeLessThan(0.75);
        expect(dropped / judged.length).toBeGreaterThan(0.05);
      },
      TIMEOUT_MS,
    );

    it('every base is accepted, and each harmless change by itself too', () => {
      const random = new Random(SEED);
      for (const base of bases) expect(accepts(Buffer.from(base))).not.toBeNull();
      const [base = ''] = bases;
      for (const [name, mutation] of Object.entries(HARMLESS)) {
        const altered = mutate(base, [mutation])(random);
        expect([name, accepts(Buffer.from(altered)) !== null]).toEqual([name, true]);
      }
    });
  },
);
