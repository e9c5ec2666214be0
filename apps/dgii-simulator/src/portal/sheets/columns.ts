import { APPROVAL_LAYOUT, ECF_LAYOUT, RFCE_LAYOUT } from './layout.data.js';

/** A cell of a test set: the heading of its column without padding, and its text. */
export type Cell = readonly [column: string, text: string];

const HEADING_BLANK = /_$/;
const FIRST_ONLY = /\^$/;

/** Headings of the sheets, as DGII writes them (one of them with a blank at its end). */
export const ECF_HEADINGS: readonly string[] = headings(ECF_LAYOUT);
export const RFCE_HEADINGS: readonly string[] = headings(RFCE_LAYOUT);
export const APPROVAL_HEADINGS: readonly string[] = headings(APPROVAL_LAYOUT);

/** What a cell says when its element is not in the document. */
export const EMPTY_CELL = '#e';

function headings(layout: string): string[] {
  return expand(layout.trim().split(/\s+/), '');
}

/** Columns of one nesting level: groups are written out once for each of their indexes. */
function expand(tokens: readonly string[], indexes: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    const times = /^(\d+)\($/.exec(token)?.[1];
    if (times === undefined) {
      const isFirst = indexes === '' || indexes === '[1]';
      if (FIRST_ONLY.test(token) && !isFirst) continue;
      found.push(token.replace(FIRST_ONLY, '').replace(HEADING_BLANK, ' ') + indexes);
      continue;
    }
    const end = closing(tokens, at);
    const group = tokens.slice(at + 1, end);
    for (let index = 1; index <= Number(times); index += 1) {
      found.push(...expand(group, `${indexes}[${index}]`));
    }
    at = end;
  }
  return found;
}

/** Where the group that opens at `from` closes. */
function closing(tokens: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    if (tokens[at]?.endsWith('(') === true) depth += 1;
    if (tokens[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error('layout: a group is not closed');
}
