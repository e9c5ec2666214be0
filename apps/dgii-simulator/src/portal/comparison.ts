import type { Cell } from './sheets/columns.js';

const MAX_SHOWN = 60;

/**
 * First thing in which a document is not its row — the same fields in the same order, texts
 * verbatim — in words that name the field; undefined when there is none.
 */
export function differenceOf(
  expected: readonly Cell[],
  actual: readonly Cell[],
): string | undefined {
  const rows = Math.max(expected.length, actual.length);
  for (let at = 0; at < rows; at += 1) {
    const wanted = expected[at];
    const found = actual[at];
    if (wanted?.[0] === found?.[0]) {
      if (wanted?.[1] !== found?.[1]) return otherText(wanted, found);
      continue;
    }
    return displaced(expected, actual, at);
  }
  return undefined;
}

/** Two cells of different columns meet: one is missing, one too many, or the order differs. */
function displaced(expected: readonly Cell[], actual: readonly Cell[], at: number): string {
  const found = actual[at]?.[0];
  if (found !== undefined && !expected.some(([column]) => column === found)) {
    return `El campo ${found} no está en el set de pruebas.`;
  }
  const wanted = expected[at]?.[0] ?? found ?? '';
  return actual.some(([column]) => column === wanted)
    ? `El campo ${wanted} no está en el orden del set de pruebas.`
    : `Falta el campo ${wanted} del set de pruebas.`;
}

function otherText(wanted: Cell | undefined, found: Cell | undefined): string {
  const [column = '', text = ''] = wanted ?? [];
  return (
    `El campo ${column} no corresponde al set de pruebas: ` +
    `se esperaba «${shown(text)}» y se recibió «${shown(found?.[1] ?? '')}».`
  );
}

const shown = (text: string): string =>
  text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
