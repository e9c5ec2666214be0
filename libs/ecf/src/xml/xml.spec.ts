import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { FORMATS, type Format } from '../catalogue/formats.js';
import { descendants, generate, toXml, type XmlNode } from '../conformance/generate.js';
import { Random } from '../conformance/random.js';
import type { ArecfDocument, EcfDocument } from '../model/index.js';
import type { Tree } from '../model/tree.js';
import { completed, request } from '../testing/builders.js';
import { canonicalize } from './canonical.js';
import { parse, read } from './read.js';
import { DECLARATION, serialize, serializeArecf, serializeAs } from './serialize.js';
import { illegalAt } from './text.js';

const { document } = completed(request('31'));

const named = (name: string): EcfDocument => {
  const copy = structuredClone(document);
  const [item] = copy.DetallesItems.Item;
  if (item) item.NombreItem = name;
  return copy;
};

/** Texts of XML characters, with those that escaping trips over made frequent. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }).filter((part) => illegalAt(part) < 0),
      fc.constantFrom(
        '\r',
        '\r\n',
        '\n',
        '\t',
        ']]>',
        '&amp;',
        '<!--',
        '\u2028',
        '𝒳',
        '"',
        "'",
        '>',
      ),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const viaLibxml2 = (xml: string): string => {
  const parsed = XmlDocument.fromString(xml);
  const canonical = parsed.canonicalizeToString();
  parsed.dispose();
  return canonical;
};

test('what we write is Canonical XML byte for byte', () => {
  fc.assert(
    fc.property(text, (name) => {
      const xml = serialize(named(name));
      expect(viaLibxml2(DECLARATION + xml)).toBe(xml);
    }),
  );
});

test('parse undoes serialize', () => {
  fc.assert(
    fc.property(text, (name) => {
      expect(parse(serialize(named(name)))).toEqual(named(name));
    }),
  );
});

/** A document of a format with other texts in it, in every field but the one that says its type. */
const retold = (format: Format, seed: number, texts: readonly string[]): XmlNode => {
  const root = generate(format, new Random(seed));
  descendants(root)
    .filter(({ name, text: own }) => own !== undefined && name !== 'TipoeCF')
    .forEach((leaf, index) => {
      leaf.text = texts[index % texts.length] ?? '';
    });
  return root;
};

describe.each(FORMATS)('%s', (format) => {
  const texts = fc.array(text, { minLength: 1, maxLength: 5 });
  const seeds = fc.integer();

  test('what is read is written again', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const xml = toXml(generate(format, new Random(seed)), false);
        const { document: tree, findings } = read(xml);
        expect(findings).toEqual([]);
        expect(serializeAs(format, tree)).toBe(xml);
      }),
      { numRuns: 30 },
    );
  });

  test('reading undoes writing, whatever the texts', () => {
    fc.assert(
      fc.property(seeds, texts, (seed, list) => {
        const { document: tree } = read(toXml(retold(format, seed, list), false));
        const xml = serializeAs(format, tree);
        const again = read(xml);
        expect(again).toEqual({ format, document: tree, findings: [], signed: false });
      }),
      { numRuns: 30 },
    );
  });

  test('what is written is Canonical XML byte for byte, whatever the texts', () => {
    fc.assert(
      fc.property(seeds, texts, (seed, list) => {
        const { document: tree } = read(toXml(retold(format, seed, list), false));
        const xml = serializeAs(format, tree);
        expect(viaLibxml2(DECLARATION + xml)).toBe(xml);
      }),
      { numRuns: 30 },
    );
  });
});

test('elements are written in schema order whatever the order of the object', () => {
  const shuffle = (tree: Tree): Tree =>
    Object.fromEntries(
      Object.entries(tree)
        .reverse()
        .map(([name, value]) => [
          name,
          Array.isArray(value)
            ? value.map((entry: unknown) =>
                typeof entry === 'object' ? shuffle(entry as Tree) : entry,
              )
            : typeof value === 'object'
              ? shuffle(value as Tree)
              : value,
        ]),
    );
  const shuffled = shuffle(document as unknown as Tree) as unknown as EcfDocument;
  expect(Object.keys(shuffled)[0]).toBe('FechaHoraFirma');
  expect(serialize(shuffled)).toBe(serialize(document));
});

test('elements without content, in any number and order, are written one after the other', () => {
  const tag = fc.constantFrom('FechaEmision', 'Version', 'Item', 'Totales');
  const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lengths, tag, (counts, name) => {
      const [, ...more] = counts;
      const items = counts.map((count) => ({
        NombreItem: name,
        TablaCodigosItem: { CodigosItem: Array.from({ length: count }, () => ({})) },
      }));
      const tree = { Encabezado: {}, DetallesItems: { Item: items }, Subtotales: {} };
      const xml = serializeAs('31', more.length === 0 ? tree : { ...tree, Paginacion: {} });
      const codes = (count: number): string => '<CodigosItem></CodigosItem>'.repeat(count);
      const body = counts.map(
        (count) =>
          `<Item><TablaCodigosItem>${codes(count)}</TablaCodigosItem>` +
          `<NombreItem>${name}</NombreItem></Item>`,
      );
      const pages = more.length === 0 ? '' : '<Paginacion></Paginacion>';
      expect(xml).toBe(
        `<ECF><Encabezado></Encabezado><DetallesItems>${body.join('')}</DetallesItems>` +
          `<Subtotales></Subtotales>${pages}</ECF>`,
      );
    }),
  );
});

test.each(['a\ud800b', '\udc00'])('half a character is not read: %j', (half) => {
  expect(() => read(serialize(document).replace('Cemento', half))).toThrow('xml.malformed');
});

test('a text is read as it is, whatever encoding it declares', () => {
  const xml = '<?xml version="1.0" encoding="ISO-8859-1"?><ARECF>ñ€</ARECF>';
  expect(canonicalize(xml)).toBe('<ARECF>ñ€</ARECF>');
});

test.each(['a\u0000b', '\ud800', 'x\udc00', '\ufffe', '\uffff', '\u001b'])(
  'a character XML cannot carry is refused: %j',
  (name) => {
    expect(() => serialize(named(name))).toThrow('internal');
  },
);

test('an unknown element is never left out in silence', () => {
  const odd = { ...document, Extra: 'x' } as EcfDocument;
  expect(() => serialize(odd)).toThrow('internal');
});

const ARECF: ArecfDocument = {
  DetalleAcusedeRecibo: {
    Version: '1.0',
    RNCEmisor: '131880738',
    RNCComprador: '131880681',
    eNCF: 'E310000000001',
    Estado: '0',
    FechaHoraAcuseRecibo: '10-03-2026 11:04:05',
  },
};

test('reading tells what a tree cannot show', () => {
  const xml = serializeArecf(ARECF);
  const codes = (text: string) => read(text).findings.map(({ code }) => code);
  expect(codes(xml)).toEqual([]);
  expect(codes(xml.replace('<Estado>', '<Estado/><Estado>'))).toEqual(['ECF-FMT-17']);
  expect(codes(xml.replace('<Estado>0</Estado>', ''))).toEqual([]);
  expect(codes(xml.replace('<Estado>', 'texto<Estado>'))).toEqual(['ECF-FMT-18']);
  expect(codes(xml.replace('<Estado>0', '<Estado><?php 1?>0'))).toEqual(['ECF-FMT-18']);
  expect(codes(xml.replace('<Estado>0', '<Estado><b a=">">1</b>0'))).toEqual(['ECF-FMT-18']);
  expect(codes(xml.replace('<ARECF>', '<ARECF Id="x">'))).toEqual(['ECF-FMT-18']);
  expect(codes(xml.replace('<ARECF>', '<ARECF xmlns="urn:x">'))).toEqual(['ECF-FMT-18']);
  const xsi = '<ARECF xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">';
  expect(codes(xml.replace('<ARECF>', xsi))).toEqual([]);
  expect(codes(xml.replace('</ARECF>', '<Otro/><Otro/></ARECF>'))).toEqual(['ECF-FMT-01']);
  expect(codes(`<?xml version="1.0"?>\n<?pi?><!-- c -->\n${xml}`)).toEqual([]);
});

test('a comment inside a value changes neither value nor verdict', () => {
  const xml = serializeArecf(ARECF).replace('<Estado>0', '<Estado><!--1-->0');
  expect(read(xml).document).toEqual(ARECF);
});

test.each([
  ['<!DOCTYPE a><ECF/>', 'xml.dtd_forbidden'],
  ['<ECF>', 'xml.malformed'],
  ['', 'xml.malformed'],
  ['<Otro/>', 'ecf.schema_invalid'],
])('%j is refused', (xml, code) => {
  expect(() => canonicalizeOrRead(xml)).toThrow(code);
});

const canonicalizeOrRead = (xml: string): unknown => [canonicalize(xml), parse(xml)];
