import { FORMATS, formatTree, type Format } from '../catalogue/formats.js';
import { validateFormat } from '../validate/format.js';
import { read } from '../xml/read.js';
import { xsdFor } from '../xml/xsd.js';
import { generate, toXml, type XmlNode } from './generate.js';
import { mutate } from './mutate.js';
import { available, judge, officialXsd, officialXsdDir } from './official.js';
import { Random } from './random.js';

/** Documents per format and kind; the whole run takes 20000. */
const COUNT = Number(process.env['ECF_CONFORMANCE_COUNT'] ?? 100);
const SEED = Number(process.env['ECF_CONFORMANCE_SEED'] ?? 20261121);

/** Our verdict: structure and format; what we say beyond the schema is another matter. */
function accepts(xml: string, format: Format): boolean {
  const { document, findings, signed } = read(xml);
  if (!signed && formatTree(format).signature === 1) return false;
  const all = [...findings, ...validateFormat(format, document)];
  return !all.some(
    ({ problem }) => problem === 'ecf.schema_invalid' || problem === 'ecf.rnc_invalid',
  );
}

/** Deliberate differences from the official schemas. */
function deliberate(root: XmlNode, format: Format): string | undefined {
  for (const element of descendants(root)) {
    // Its pattern in 33 and 34 is written `^…$`, which in XML Schema are plain characters.
    if (element.name === 'ResponsablePago' && (format === '33' || format === '34')) {
      return 'official pattern of ResponsablePago accepts nothing';
    }
    const type = element.node?.typeName ?? '';
    // Schemas let these be empty; DGII rejects empty tags (Descripción Técnica, p. 59).
    if (element.text === '' && /^(letters|blank|any)/.test(type)) return 'empty tag';
    // libxml2 takes 19, 21… characters for `{11}|{9}`; XML Schema does not.
    if (/^(rnc|encfAny)/.test(type) && (element.text?.length ?? 0) > 13) return 'libxml2';
  }
  // The signature's slot takes any element, even a second copy of the format's own.
  const names = root.children.map(({ name }) => name);
  if (new Set(names).size < names.length) return 'own element in the slot';
  const lines = descendants(root).filter(({ name }) => name === 'NoLinea');
  const voids = descendants(root).filter(({ name }) => name === 'Anulacion');
  return lines.length > voids.length ? 'NoLinea repeated' : undefined;
}

const descendants = (root: XmlNode): XmlNode[] =>
  root.children.flatMap((child) => [child, ...descendants(child)]);

const dir = officialXsdDir();
const hasOfficial = available('verdicts of the official schemas', dir, 'ECF_OFFICIAL_XSD_DIR');

describe.each(FORMATS)('%s', (format) => {
  const ours = judge(xsdFor(format));
  const official = hasOfficial ? judge(officialXsd(dir, format)) : undefined;

  const compare = (xml: string, what: string, differs: boolean): boolean => {
    const schema = ours(xml);
    const mine = accepts(xml, format);
    if (official && !differs && (official(xml) !== schema || mine !== schema)) {
      throw new Error(
        `${what}: official ${official(xml)}, ours ${schema}, validator ${mine}\n${xml}\n` +
          JSON.stringify([...read(xml).findings, ...validateFormat(format, read(xml).document)]),
      );
    }
    if (mine !== schema && !differs) throw new Error(`${what}: ours ${schema}, validator ${mine}`);
    return schema;
  };

  test('generated documents pass', () => {
    const random = new Random(SEED);
    for (let at = 0; at < COUNT; at++) {
      const root = generate(format, random);
      const xml = toXml(root);
      const differs = deliberate(root, format) !== undefined;
      if (!compare(xml, `document ${at}`, differs)) throw new Error(`document ${at} fails\n${xml}`);
    }
  });

  test('mutations get the same verdict', () => {
    const random = new Random(SEED + 1);
    let refused = 0;
    for (let at = 0; at < COUNT; at++) {
      const root = generate(format, random);
      const what = mutate(root, random);
      const unsigned = random.chance(0.02);
      const xml = toXml(root, !unsigned);
      if (!compare(xml, `mutation ${at} (${what})`, deliberate(root, format) !== undefined)) {
        refused++;
      }
    }
    // A mutation that never harms would prove nothing.
    expect(refused).toBeGreaterThan(COUNT / 8);
  });
});
