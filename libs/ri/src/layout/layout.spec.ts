import { TIPOS_ECF, serialize, type EcfDocument, type TipoEcf } from '@getupnet/ecf';
import type { Branding } from '../branding/branding.js';
import type { RiInput, RiLayout } from '../model.js';
import { represent } from '../represent/represent.js';
import { layoutFaults, lettersOf, printed, textsOf } from '../testing/boxes.js';
import { completed, examples } from '../testing/documents.js';
import { fullDocument, itemName } from '../testing/full-document.js';
import { PNG_LOGO } from '../testing/logos.js';
import { mm, type Page } from './box.js';
import { layoutPages } from './layout.js';

const LAYOUTS = ['letter', 'ticket'] as const;
const MARGIN: Readonly<Record<RiLayout, number>> = { letter: mm(20), ticket: mm(4) };
const BRANDING: Branding = {
  logo: { mediaType: 'image/png', bytes: PNG_LOGO },
  accentColor: '#8a1538',
  footerText: 'Gracias por preferirnos. Cambios con factura dentro de 30 días. '.repeat(3).trim(),
  columns: ['linea', 'codigo', 'isce', 'iscav', 'itbis', 'precioOtraMoneda', 'valorOtraMoneda'],
};

function pagesOf(xml: string, layout: RiLayout, input: Partial<RiInput> = {}): readonly Page[] {
  const circumstances = { environment: 'certecf', standing: 'accepted', mode: 'normal' } as const;
  const representation = represent({ xml, ...circumstances, codigoSeguridad: '+/+/+/', ...input });
  return layoutPages(representation, layout);
}

const faultsOf = (pages: readonly Page[], layout: RiLayout) => layoutFaults(pages, MARGIN[layout]);

describe.each(LAYOUTS)('%s', (layout) => {
  test.each([...examples()])('%s: everything has its place', (_, xml) => {
    expect(faultsOf(pagesOf(xml, layout), layout)).toEqual([]);
  });

  const fills = [
    { lines: 1, long: false },
    { lines: 3, long: true },
    { lines: 40, long: true, entries: 20 },
    { lines: 25, long: false, entries: 20 },
  ];
  test.each(TIPOS_ECF.flatMap((tipo) => fills.map((fill) => [tipo, fill] as const)))(
    '%s with every element the type has (%j): everything has its place',
    (tipo, fill) => {
      const xml = serialize(fullDocument(tipo, fill));
      const marked = { standing: 'pending', mode: 'contingency', branding: BRANDING } as const;
      expect(faultsOf(pagesOf(xml, layout), layout)).toEqual([]);
      expect(faultsOf(pagesOf(xml, layout, marked), layout)).toEqual([]);
    },
  );

  test('1,000 lines: every line on one page, whole and once', () => {
    const pages = pagesOf(serialize(fullDocument('31', { lines: 1_000, long: true })), layout);
    expect(faultsOf(pages, layout)).toEqual([]);
    for (let index = 0; index < 1_000; index++) {
      const tag = itemName(index, true).slice(0, 6);
      const found = pages.filter((page) => textsOf(page).some(({ text }) => text.includes(tag)));
      expect(found).toHaveLength(1);
    }
  });

  test('amounts of a column end at the same point', () => {
    const pages = pagesOf(serialize(invoiceOf(12)), layout);
    const amounts = textsOf(pages[0]!).filter(({ text }) => /^1,0\d\d\.25$/.test(text));
    const ends = amounts.map(({ x, width }) => Math.round((x + width) * 100));
    expect(amounts.length).toBeGreaterThanOrEqual(12);
    expect(new Set(ends).size).toBe(layout === 'letter' ? 2 : 1);
  });
});

function invoiceOf(lines: number, tipo: TipoEcf = '31'): EcfDocument {
  const Item = Array.from({ length: lines }, (_, index) => ({
    NombreItem: itemName(index, false),
    CantidadItem: '1',
    PrecioUnitarioItem: `${1_000 + (index % 90)}.25`,
    IndicadorFacturacion: '1',
  }));
  const Comprador = { RNCComprador: '131880681', RazonSocialComprador: 'Cliente, SRL' };
  return completed(
    { Encabezado: { IdDoc: { TipoeCF: tipo }, Comprador }, DetallesItems: { Item } },
    tipo,
  );
}

describe('pages of a letter', () => {
  const linesOn = (page: Page) => textsOf(page).filter(({ text }) => /^L\d{5} /.test(text)).length;

  test('whatever the number of lines, totals have company and no page lacks its parts', () => {
    for (let lines = 1; lines <= 120; lines++) {
      const pages = pagesOf(serialize(invoiceOf(lines)), 'letter');
      expect(pages.reduce((sum, page) => sum + linesOn(page), 0)).toBe(lines);
      pages.forEach((page, index) => {
        const last = index === pages.length - 1;
        const texts = textsOf(page).map(({ text }) => text);
        expect(linesOn(page)).toBeGreaterThanOrEqual(pages.length > 1 && last ? 2 : 1);
        expect(texts).toContain(`Página ${index + 1} de ${pages.length}`);
        expect(texts).toEqual(expect.arrayContaining(['Descripción', 'e-NCF:', 'E310000000001']));
        expect(texts).toContain('Código de Seguridad: +/+/+/');
        expect(texts.includes('Monto Total Página:')).toBe(!last);
        expect(texts.includes('Total:')).toBe(last);
        expect(page.boxes.filter(({ kind }) => kind === 'qr')).toHaveLength(1);
      });
    }
  });

  test('a sheet that only goes on with totals has neither subtotals nor columns of lines', () => {
    const document = fullDocument('31', { lines: 1, long: false, entries: 20 });
    const marked = { standing: 'pending', mode: 'contingency', branding: BRANDING } as const;
    const pages = pagesOf(serialize(document), 'letter', marked);
    const bare = pages.filter((page) => linesOn(page) === 0);
    expect(bare.length).toBeGreaterThan(0);
    for (const page of bare) {
      expect(lettersOf([page])).not.toContain(printed('Monto Total Página'));
      expect(lettersOf([page])).not.toContain('Cantidad');
    }
  });

  test('totals in two currencies say which is which, however wide they are', () => {
    const document = fullDocument('31', { lines: 1, long: true });
    const texts = pagesOf(serialize(document), 'letter').flatMap(textsOf);
    const heads = texts.filter(({ text }) => text === 'DOP' || text === 'BRL');
    expect(heads.map(({ text }) => text)).toEqual(['DOP', 'BRL']);
  });

  test('page subtotals are the sums of the lines on the page', () => {
    const [first] = pagesOf(serialize(invoiceOf(60)), 'letter');
    const letters = lettersOf([first!]);
    const count = linesOn(first!);
    const cents = Array.from({ length: count }, (_, index) => 100_025 + (index % 90) * 100);
    const sum = String(cents.reduce((total, one) => total + one, 0));
    const taxed = `${sum.slice(0, -2)}.${sum.slice(-2)}`;
    expect(letters).toContain(`SubtotalGravadoPágina:${printed(taxed)}`);
  });

  test('pages the document declares are kept, with the subtotals it states', () => {
    const xml = examples().get('31/two-pages')!;
    const pages = pagesOf(xml, 'letter');
    expect(pages).toHaveLength(2);
    expect(lettersOf([pages[0]!])).toContain('MontoTotalPágina:223.98');
  });
});

describe('what is printed', () => {
  const xml = () => serialize(invoiceOf(2));
  const lettersWith = (input: Partial<RiInput>, layout: RiLayout) =>
    lettersOf(pagesOf(xml(), layout, input));

  test.each(LAYOUTS)('%s: marks and legends', (layout) => {
    expect(lettersWith({ standing: 'rejected' }, layout)).toContain('RECHAZADOPORDGII');
    expect(lettersWith({ standing: 'pending' }, layout)).toContain('PENDIENTEDEVALIDACIÓN');
    expect(lettersWith({ mode: 'deferred' }, layout)).toContain('veinticuatro(24)horas.');
    expect(lettersWith({ mode: 'contingency' }, layout)).toContain('setentaydos(72)horas.');
    expect(lettersWith({}, layout)).not.toMatch(/horas|RECHAZADO|PENDIENTE/);
  });

  test('a document that says it is deferred carries the legend', () => {
    const document = invoiceOf(1);
    document.Encabezado.IdDoc.IndicadorEnvioDiferido = '1';
    const letters = lettersOf(pagesOf(serialize(document), 'letter'));
    expect(letters).toContain('veinticuatro(24)horas.');
    const rejected = pagesOf(serialize(document), 'letter', { standing: 'rejected' });
    expect(lettersOf(rejected)).not.toContain('horas');
  });

  test('what the checks find: a text moved onto another, and one beyond the edge', () => {
    const [page] = pagesOf(xml(), 'letter');
    const [first, second] = textsOf(page!);
    const moved = { ...second!, x: first!.x, y: first!.y };
    const beyond = { ...second!, x: 600 };
    const faulty = { ...page!, boxes: [...page!.boxes, moved, beyond] };
    const faults = layoutFaults([faulty], MARGIN.letter);
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringContaining('lies on'),
        expect.stringContaining('is outside'),
      ]),
    );
  });
});
