import writeXlsxFile from 'write-excel-file/node';
import {
  APPROVAL_HEADINGS,
  ECF_HEADINGS,
  EMPTY_CELL,
  RFCE_HEADINGS,
  type Cell,
} from './columns.js';

/** Rows of the data test: `CasoPrueba` is added here. */
export interface TestSetRows {
  readonly ecf: readonly (readonly Cell[])[];
  readonly rfce: readonly (readonly Cell[])[];
}

/** The workbook of the data test, every cell a text as in DGII's. */
export async function testSetWorkbook(rows: TestSetRows): Promise<Buffer> {
  return writeXlsxFile([
    { sheet: 'ECF', data: sheetOf(ECF_HEADINGS, rows.ecf.map(withCase)) },
    { sheet: 'RFCE', data: sheetOf(RFCE_HEADINGS, rows.rfce.map(withCase)) },
  ]).toBuffer();
}

/** The workbook of the approvals; MontoTotal is a number there, with a format of two decimals. */
export async function approvalsWorkbook(rows: readonly (readonly Cell[])[]): Promise<Buffer> {
  const at = APPROVAL_HEADINGS.indexOf('MontoTotal');
  const [headings = [], ...texts] = sheetOf(APPROVAL_HEADINGS, rows);
  const data = texts.map((row) =>
    row.map((text, column) =>
      // A cell of a spreadsheet, whose only numbers are binary: nothing is computed with it.
      column === at ? { value: Number(text), type: Number, format: '0.00' } : text,
    ),
  );
  return writeXlsxFile([{ sheet: 'ACEECF_Generadas', data: [headings, ...data] }]).toBuffer();
}

/** RNC and e-NCF together, as DGII names a case. */
function withCase(row: readonly Cell[]): readonly Cell[] {
  const texts = new Map(row);
  return [['CasoPrueba', `${texts.get('RNCEmisor') ?? ''}${texts.get('ENCF') ?? ''}`], ...row];
}

function sheetOf(headings: readonly string[], rows: readonly (readonly Cell[])[]): string[][] {
  const known = new Set(headings.map((heading) => heading.replace(/ (?=\[|$)/, '')));
  const lines = rows.map((row) => {
    const texts = new Map(row);
    for (const column of texts.keys()) {
      if (!known.has(column)) throw new Error(`the sheet has no column ${column}`);
    }
    return headings.map((heading) => texts.get(heading.trim()) ?? EMPTY_CELL);
  });
  return [[...headings], ...lines];
}
