import { createHash } from 'node:crypto';
import { fontOf } from './font.js';
import { subsetOf } from './subset.js';
import { TrueType } from './true-type.js';

const letters = (text: string) =>
  Array.from(text, (letter) => fontOf('regular').file.glyphOf(letter.codePointAt(0) ?? 0));
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('a subset is a font with the same widths', () => {
  const { file } = fontOf('regular');
  const glyphs = [0, ...letters('AñÁü1,')];
  const subset = subsetOf(file, glyphs);
  expect(subset.length).toBeLessThan(6_000);
  // The character map is left out, as the PDF brings its own: only tables are compared.
  const tables = ['glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp'];
  const names = tables.map((_, index) =>
    Buffer.from(subset.subarray(12 + index * 16, 16 + index * 16)).toString('latin1'),
  );
  expect(names).toEqual(tables);
});

test('cutting a subset leaves the font as it was', () => {
  const { file } = fontOf('regular');
  const glyphs = [0, ...letters('ñÑáéíóúÁÉÍÓÚüÜ')];
  const before = hash(subsetOf(file, glyphs));
  subsetOf(file, [0, ...letters('⅜Ωñé'), ...glyphs]);
  expect(hash(subsetOf(file, glyphs))).toBe(before);
});

test('every Spanish letter has a glyph, in both weights', () => {
  for (const name of ['regular', 'bold'] as const) {
    const { file } = fontOf(name);
    for (const letter of 'abcdefghijklmnñopqrstuvwxyzáéíóúüÁÉÍÓÚÜÑ¿¡ªº€«»—·') {
      expect(file.glyphOf(letter.codePointAt(0) ?? 0)).toBeGreaterThan(0);
    }
  }
});

test('a file without a full-repertoire character map is refused', () => {
  const file = new Uint8Array(fontOf('bold').file.table('head'));
  expect(() => new TrueType(file)).toThrow();
});
