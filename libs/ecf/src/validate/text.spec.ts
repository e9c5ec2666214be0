import { Findings } from '../findings/finding.js';
import { checkText, isPlainText } from './text.js';

function codes(text: string): readonly string[] {
  const findings = new Findings();
  checkText(text, 'NombreItem', '/x', findings);
  return findings.list.map(({ code }) => code);
}

test.each([
  'Café con leche y piña',
  'ÑANDÚ, CIGÜEÑA & CÍA.',
  'AT&T; R&D',
  'A & B; C',
  '¿Cuánto? ¡Ya!',
  'https://example.com/pagina?id=1&otro=2',
  'São Paulo',
  'SÃO PAULO',
  'Precio: £5 ó ¢50',
  'Talla M/L (50 %) 3″',
  '漢字',
])('«%s» is a text like any other', (text) => {
  expect(codes(text)).toEqual([]);
});

/** UTF-8 bytes decoded as Windows-1252, as browsers do. */
const misread = (text: string): string =>
  new TextDecoder('windows-1252').decode(new TextEncoder().encode(text));

const GARBLED: readonly (readonly [name: string, text: string, code: string])[] = [
  ['UTF-8 read as Windows-1252', 'CaÃ±a', 'ECF-TXT-02'],
  ['the same, capital', 'Ã‘ame', 'ECF-TXT-02'],
  ...[...'ÁÉÍÓÚÑÜáéíóúñü¿¡'].map(
    (letter) => [`${letter} read as Windows-1252`, `a${misread(letter)}a`, 'ECF-TXT-02'] as const,
  ),
  ['the same, degree sign', 'NÂº 5', 'ECF-TXT-02'],
  ['bytes that were no UTF-8', 'Ca\ufffda', 'ECF-TXT-02'],
  ['forced into ASCII', 'COMPA?IA', 'ECF-TXT-02'],
  ['CP437 read as Windows-1252', 'COMPA¥IA', 'ECF-TXT-02'],
  ['CP437, small', 'ni¤o', 'ECF-TXT-02'],
  ['escaped for XML', 'Pan &amp; queso', 'ECF-TXT-04'],
  ['escaped for HTML', 'ca&ntilde;a', 'ECF-TXT-04'],
  ['escaped by number', 'ca&#241;a', 'ECF-TXT-04'],
  ['control character', 'a\u0001', 'ECF-TXT-01'],
  ['lone surrogate', 'a\ud800', 'ECF-TXT-01'],
  ['blank at the end', 'a ', 'ECF-TXT-03'],
];

test.each(GARBLED)('%s', (_name, text, code) => {
  expect(codes(text)).toEqual([code]);
  expect(isPlainText(text)).toBe(false);
});

test('most texts need no second look', () => {
  for (const text of ['Cemento gris', 'A & B', '¿Qué?', 'Ñandú'])
    expect(isPlainText(text)).toBe(true);
});
