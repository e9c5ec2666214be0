import type { Font } from '../fonts/font.js';

/** Lines of a text no wider than `width`: broken at spaces, inside a word only when it must be. */
export function wrap(font: Font, text: string, size: number, width: number): readonly string[] {
  if (font.widthOf(text, size) <= width) return [text];
  const space = font.widthOf(' ', size);
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const length = font.widthOf(word, size);
    if (line !== '' && used + space + length <= width) {
      line += ` ${word}`;
      used += space + length;
      continue;
    }
    if (line !== '') lines.push(line);
    if (length <= width) {
      line = word;
      used = length;
      continue;
    }
    const pieces = broken(font, word, size, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
    used = font.widthOf(line, size);
  }
  if (line !== '') lines.push(line);
  return lines;
}

function broken(font: Font, word: string, size: number, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const letter of word) {
    if (piece !== '' && font.widthOf(piece + letter, size) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += letter;
  }
  return [...pieces, piece];
}
