import type { EcfDocument } from '../model/index.js';
import { completed, ISSUER, request, withValues } from '../testing/builders.js';
import { validateNote } from './validate-note.js';

const REF = 'InformacionReferencia';
const ITEM = 'DetallesItems/Item/0';

/** An invoice of 1,180.00 of the first of March. */
const invoice = completed(
  withValues(request('31'), {
    'Encabezado/IdDoc/eNCF': 'E310000000009',
    'Encabezado/Emisor/FechaEmision': '01-03-2026',
  }),
).document;

/** A note on it: quantity 2 is the whole, 1 the half. */
function note(tipo: '33' | '34', values: Readonly<Record<string, unknown>> = {}): EcfDocument {
  return completed(withValues(request(tipo), values)).document;
}
const half = { [`${ITEM}/CantidadItem`]: '1' };
const annul = { [`${REF}/CodigoModificacion`]: '1' };

const codes = (one: EcfDocument, earlier: readonly EcfDocument[] = []): readonly string[] =>
  validateNote(one, { original: invoice, earlier }).map(({ code }) => code);

test('notes that fit have nothing to be said', () => {
  expect(codes(note('34'))).toEqual([]);
  expect(codes(note('34', annul))).toEqual([]);
  expect(codes(note('34', half), [note('34', half)])).toEqual([]);
  expect(codes(note('33'), [note('34', half)])).toEqual([]);
  expect(codes(note('34'), [note('34', half), note('33', half)])).toEqual([]);
});

test('credit notes end where the document ends, to the cent', () => {
  const price = (text: string) => note('34', { [`${ITEM}/PrecioUnitarioItem`]: text });
  expect(codes(price('500.004'))).toEqual([]);
  expect(codes(price('500.01'))).toEqual(['ECF-NOT-20']);
  expect(codes(note('34'), [note('34', half)])).toEqual(['ECF-NOT-20']);
});

test('an annulment is of the total or of what is left', () => {
  expect(codes(note('34', { ...annul, ...half }))).toEqual(['ECF-NOT-19']);
  expect(codes(note('34', { ...annul, ...half }), [note('34', half)])).toEqual([]);
});

test.each(['33', '34'] as const)('nothing follows an annulment: %s', (tipo) => {
  expect(codes(note(tipo), [note('34', annul)])).toEqual(['ECF-NOT-18']);
});

test.each([
  ['another number', { [`${REF}/NCFModificado`]: 'E310000000008' }, 'ECF-NOT-14'],
  ['another date', { [`${REF}/FechaNCFModificado`]: '02-03-2026' }, 'ECF-NOT-15'],
  ['another buyer', { 'Encabezado/Comprador/RNCComprador': '130862346' }, 'ECF-NOT-16'],
  ['no buyer', { 'Encabezado/Comprador': undefined }, 'ECF-NOT-16'],
])('%s', (_name, values, code) => {
  expect(codes(note('34', values))).toEqual([code]);
});

test('a document of another issuer, unless that one merged', () => {
  const original = withValues(invoice as never, { 'Encabezado/Emisor/RNCEmisor': '130862346' });
  const judge = (one: EcfDocument): readonly string[] =>
    validateNote(one, { original: original as never }).map(({ code }) => code);
  expect(judge(note('34'))).toEqual(['ECF-NOT-17']);
  expect(judge(note('34', { [`${REF}/RNCOtroContribuyente`]: '130862346' }))).toEqual([]);
  expect(judge(note('34', { [`${REF}/RNCOtroContribuyente`]: ISSUER.RNCEmisor }))).toEqual([
    'ECF-NOT-17',
  ]);
});
