/** Code units that need a second look: mark-up, CR, and what XML 1.0 cannot carry. */
const PLAIN = /^[\t\n\x20-\x25\x27-\x3b\x3d\x3f-\ud7ff\ue000-\ufffd]*$/;
const MARKUP = /[&<>\r]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
};

/** A text as Canonical XML 1.0 (§2.3, text nodes) writes it. */
export function escapeText(text: string): string {
  if (PLAIN.test(text)) return text;
  const at = illegalAt(text);
  if (at >= 0) throw new RangeError(`not an XML character at ${at}`);
  return text.replace(MARKUP, (character) => ENTITIES[character] ?? character);
}

/**
 * Index of the first code unit that XML 1.0 cannot carry (§2.2: controls, lone surrogates, U+FFFE,
 * U+FFFF), or -1.
 */
export function illegalAt(text: string): number {
  if (PLAIN.test(text)) return -1;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20) {
      if (unit !== 0x9 && unit !== 0xa && unit !== 0xd) return index;
    } else if (unit >= 0xd800 && unit <= 0xdfff) {
      const next = text.charCodeAt(index + 1);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return index;
      index++;
    } else if (unit >= 0xfffe) return index;
  }
  return -1;
}
