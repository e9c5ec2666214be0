/**
 * XML Schema regular expressions (part 2, appendix F) in JavaScript's terms: they match the whole
 * text, `\d`, `\w` and `\s` are Unicode classes of their own, and `-` may be escaped anywhere.
 */
export function xsdPattern(pattern: string): RegExp {
  let text = '';
  let inClass = false;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] ?? '';
    if (character === '\\') {
      index++;
      text += translated(pattern[index] ?? '', inClass);
      continue;
    }
    if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    text += character === '.' && !inClass ? '[^\\n\\r]' : character;
  }
  return new RegExp(`^(?:${text})$`, 'u');
}

/** `\w` is everything but punctuation, separators and "other". */
const WORD = String.raw`\p{L}\p{M}\p{N}\p{S}`;

function translated(escape: string, inClass: boolean): string {
  const wrap = (members: string): string => (inClass ? members : `[${members}]`);
  switch (escape) {
    case 'd':
      return String.raw`\p{Nd}`;
    case 'D':
      return String.raw`\P{Nd}`;
    case 's':
      return wrap(String.raw` \t\n\r`);
    case 'w':
      return wrap(WORD);
    case '-':
      return inClass ? '\\-' : '-';
    default:
      return `\\${escape}`;
  }
}
