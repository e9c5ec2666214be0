/** In place of what a database cannot keep as text: visible, and as long as what it replaces. */
const REPLACEMENT = '\uFFFD';
const CUT = '…';

/** Text without NUL and lone surrogates, which neither PostgreSQL nor UTF-8 can hold. */
export function cleanText(text: string): string {
  return text.replaceAll('\u0000', REPLACEMENT).replace(/\p{Surrogate}/gu, REPLACEMENT);
}

/** At most `most` characters, never half of one; a cut shows as an ellipsis. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}${CUT}`;
}
