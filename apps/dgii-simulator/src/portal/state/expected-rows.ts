import type { Cell } from '../sheets/columns.js';
import type { TestSetRows } from '../sheets/workbook.js';

/** The rows of a data test by their number. */
export class ExpectedRows {
  /** What is sent to reception. */
  readonly ecf: ReadonlyMap<string, readonly Cell[]>;
  readonly rfce: ReadonlyMap<string, readonly Cell[]>;
  /** What is uploaded after its summary: rows of both sheets. */
  readonly factura: ReadonlyMap<string, readonly Cell[]>;

  constructor(readonly rows: TestSetRows) {
    const summaries = new Set(rows.rfce.map(encfOf));
    this.rfce = new Map(rows.rfce.map((row) => [encfOf(row), row]));
    this.ecf = new Map(byNumber(rows.ecf.filter((row) => !summaries.has(encfOf(row)))));
    this.factura = new Map(byNumber(rows.ecf.filter((row) => summaries.has(encfOf(row)))));
  }

  get encfs(): readonly string[] {
    return this.rows.ecf.map(encfOf);
  }
}

const byNumber = (rows: readonly (readonly Cell[])[]) =>
  rows.map((row) => [encfOf(row), row] as const);

const encfOf = (row: readonly Cell[]): string =>
  row.find(([column]) => column === 'ENCF')?.[1] ?? '';
