import { inflateSync } from 'node:zlib';
import { codesOf, formatTree, parse, TIPOS_ECF, toQrUrl, type FormatNode } from '@getupnet/ecf';
import { codigoSeguridadOf } from '@getupnet/xmldsig';
import { layoutPages } from '../layout/layout.js';
import type { Representation, RiLayout } from '../model.js';
import { qrModules } from '../qr/qr-modules.js';
import { represent } from '../represent/represent.js';
import { modificationInWords, tipoInWords, unitInWords } from '../represent/words.js';
import { lettersOf, printed } from '../testing/boxes.js';
import { examples, signed } from '../testing/documents.js';
import { PNG_LOGO, SVG_LOGO } from '../testing/logos.js';
import { hasPoppler, readModules, readQr, textLayer } from '../testing/poppler.js';
import { renderPdf } from './render-pdf.js';

const LAYOUTS = ['letter', 'ticket'] as const;
const withPoppler = hasPoppler ? test : test.skip;
const poppler = hasPoppler ? '' : ' [skipped: poppler-utils is not installed]';

interface Sample {
  readonly name: string;
  readonly xml: string;
  readonly representation: Representation;
}

const circumstances = { environment: 'ecf', standing: 'accepted', mode: 'normal' } as const;
const samples: Sample[] = [];
beforeAll(async () => {
  for (const [name, unsigned] of examples()) {
    const xml = await signed(unsigned);
    samples.push({ name, xml, representation: represent({ xml, ...circumstances }) });
  }
});

test('there is a sample of every type, and of the route by summary', () => {
  const tipos = new Set(samples.map(({ representation }) => representation.tipo));
  expect([...tipos].sort()).toEqual([...TIPOS_ECF]);
  expect(samples.some(({ representation }) => representation.qrUrl.includes('TimbreFC'))).toBe(
    true,
  );
});

describe('the address in the QR code', () => {
  test('is that of the signed document, with the code of its signature', () => {
    for (const { xml, representation } of samples) {
      const value = /<SignatureValue>([^<]*)</.exec(xml)?.[1] ?? '';
      const code = codigoSeguridadOf(value);
      expect(representation.codigoSeguridad).toBe(code);
      expect(representation.qrUrl).toBe(toQrUrl(parse(xml), code, 'ecf'));
    }
  });

  test('is read back from the modules: version 8 or more, no larger than it need be', () => {
    for (const { representation } of samples) {
      const rows = qrModules(representation.qrUrl);
      expect((rows.length - 17) / 4).toBeGreaterThanOrEqual(8);
      expect(readModules(rows)).toBe(representation.qrUrl);
    }
    expect(qrModules('https://dgii.gov.do')).toHaveLength(17 + 4 * 8);
  });

  withPoppler.each(LAYOUTS)(
    `is read back from the rendered %s${poppler}`,
    async (layout) => {
      for (const { representation } of samples) {
        const [page] = layoutPages(representation, layout);
        const area = page?.boxes.find(({ kind }) => kind === 'qr');
        const pdf = await renderPdf(representation, layout);
        expect(area && readQr(pdf, area)).toBe(representation.qrUrl);
      }
    },
    120_000,
  );
});

type Tree = Readonly<Record<string, unknown>>;

/** Values of the fields that must be printed (RI = I) or printed in words (P), by the catalogue. */
function demanded(nodes: readonly FormatNode[], tree: Tree): readonly string[] {
  return nodes.flatMap((node) => {
    const value = tree[node.name];
    if (value === undefined) return [];
    const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
    return entries.flatMap((entry) => {
      if (typeof entry === 'object' && entry !== null)
        return demanded(node.children, entry as Tree);
      if (node.print === 'I') return [printedField(node, String(entry))];
      return node.print === 'P' ? [inWords(node.name, String(entry))] : [];
    });
  });
}

/** Pagination belongs to its pages; `$` and `%` are part of the label of the adjustment. */
function printedField({ name, path, type }: FormatNode, value: string): string {
  if (path.startsWith('Paginacion') || name === 'TipoValor' || name === 'TotalPaginas') return '';
  if (type?.base !== 'decimal') return printed(value);
  // Another way to write numbers than the library's own.
  const least = name === 'CantidadItem' || name.startsWith('ValorDescuento') ? 0 : 2;
  const decimals = { minimumFractionDigits: least, maximumFractionDigits: 4 };
  return Number(value).toLocaleString('en-US', decimals);
}

function inWords(name: string, code: string): string {
  if (name === 'TipoeCF') return printed(tipoInWords(code));
  if (name === 'CodigoModificacion') return printed(modificationInWords(code));
  if (name === 'UnidadMedida') return unitInWords(code);
  if (name === 'IndicadorFacturacion') return code === '4' ? 'E' : '';
  if (name === 'Municipio' || name === 'Provincia')
    return printed(codesOf('Territorio').get(code) ?? '');
  return printed(code);
}

const folded = (text: string): string => text.replace(/\s/g, '').toLocaleLowerCase('es');

function expectAll(letters: string, { name, xml, representation }: Sample): void {
  const wanted = demanded(formatTree(representation.tipo).children, parse(xml) as unknown as Tree);
  expect(wanted.length).toBeGreaterThan(10);
  const missing = wanted.filter((value) => !letters.includes(folded(value)));
  expect({ name, missing }).toEqual({ name, missing: [] });
  expect(letters).toContain(folded(`Código de Seguridad: ${representation.codigoSeguridad}`));
  expect(letters).toContain(folded(`Fecha de Firma Digital: ${representation.fechaFirma}`));
}

describe.each(LAYOUTS)('%s', (layout) => {
  test('holds every field the format demands, with the value of the XML', () => {
    for (const sample of samples) {
      expectAll(folded(lettersOf(layoutPages(sample.representation, layout))), sample);
    }
  });

  withPoppler(
    `its text layer holds them too${poppler}`,
    async () => {
      for (const sample of samples) {
        expectAll(folded(textLayer(await renderPdf(sample.representation, layout))), sample);
      }
    },
    60_000,
  );

  test('types without expiry print none, the others do', () => {
    for (const { representation } of samples) {
      const letters = lettersOf(layoutPages(representation, layout));
      const without = ['32', '34'].includes(representation.tipo);
      expect(letters.includes('FechaVencimiento:')).toBe(!without);
    }
  });
});

describe('the file', () => {
  const first = () => samples.find(({ name }) => name === '31/minimal')!;
  const render = (layout: RiLayout, more: object = {}) =>
    renderPdf({ ...first().representation, ...more }, layout);

  test('is the same for the same document, and small', async () => {
    const [one, other] = [await render('letter'), await render('letter')];
    expect(Buffer.compare(one, other)).toBe(0);
    expect(one.length).toBeLessThan(50_000);
    expect(Buffer.from(one).toString('latin1', 0, 5)).toBe('%PDF-');
  });

  test('a day that no calendar has does not keep a document from being printed', async () => {
    expect((await render('letter', { fechaFirma: '99-99-2026 10:00:00' })).length).toBeGreaterThan(
      0,
    );
  });

  withPoppler.each(['ΑΩЖ → ½ Ω', 'Größe ÿ Œuvre €', '漢字'])(
    `letters beyond the common ones can be copied: %s${poppler}`,
    async (text) => {
      const issuer = { name: text, fields: [] };
      const layer = textLayer(await render('letter', { issuer }), 1);
      expect(folded(layer)).toContain(folded(text));
    },
  );

  test.each([
    ['image/png', PNG_LOGO, '/SMask'],
    ['image/svg+xml', SVG_LOGO, ''],
  ] as const)('a logo as %s is drawn', async (mediaType, bytes, mark) => {
    const branding = { logo: { mediaType, bytes } };
    const pdf = Buffer.from(await render('letter', { branding })).toString('latin1');
    const plain = Buffer.from(await render('letter')).toString('latin1');
    expect(pdf).not.toBe(plain);
    expect(pdf).toContain(mark);
    expect(contents(pdf).some((text) => /W n|\/L1 Do/.test(text))).toBe(true);
    if (hasPoppler) expect(textLayer(Buffer.from(pdf, 'latin1'))).toContain('E310000000001');
  });

  test('holds no image of the QR code, but rectangles', async () => {
    const pdf = Buffer.from(await render('ticket')).toString('latin1');
    expect(pdf).not.toContain('/Subtype /Image');
    expect(contents(pdf).some((text) => (text.match(/ re\n/g) ?? []).length > 400)).toBe(true);
  });
});

/** Streams of a PDF that hold operators, by their stated length: compressed data may end in CR. */
function contents(pdf: string): readonly string[] {
  return [...pdf.matchAll(/\/Length (\d+)\b[^]*?stream\r?\n/g)].map((match) => {
    const from = match.index + match[0].length;
    const bytes = Buffer.from(pdf.slice(from, from + Number(match[1])), 'latin1');
    return bytes[0] === 0x78 ? inflateSync(bytes).toString('latin1') : bytes.toString('latin1');
  });
}
