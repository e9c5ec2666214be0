/** A Markdown table; `|` in cells is escaped. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Joins blocks by blank lines; the page ends with a line break. */
export const page = (blocks: readonly string[]): string => `${blocks.join('\n\n')}\n`;

/** As GitHub makes the anchor of a heading of one word or code. */
export const anchor = (heading: string): string => heading.toLowerCase();

export const GENERATED =
  'Generated from `libs/ecf` by `npm run docs`; do not edit. Field names are DGII’s own.';
