import { differenceOf } from './comparison.js';
import type { Cell } from './sheets/columns.js';

const row: Cell[] = [
  ['Version', '1.0'],
  ['TipoeCF', '31'],
  ['CantidadItem[1]', '2.00'],
];

describe('a document against its row', () => {
  it.each<[string, Cell[], string | undefined]>([
    ['the same', [...row], undefined],
    ['another spelling', [...row.slice(0, 2), ['CantidadItem[1]', '2']], 'CantidadItem[1] no corr'],
    ['a field less', row.slice(0, 2), 'Falta el campo CantidadItem[1]'],
    ['a field less in between', [row[0] ?? ['', ''], row[2] ?? ['', '']], 'Falta el campo TipoeCF'],
    ['a field more', [...row, ['MontoItem[1]', '1']], 'MontoItem[1] no está en el set'],
    ['a field more first', [['ENCF', 'x'], ...row], 'ENCF no está en el set'],
    ['another order', [...row].reverse(), 'Version no está en el orden'],
  ])('%s', (_name, actual, message) => {
    const difference = differenceOf(row, actual);
    if (message === undefined) expect(difference).toBeUndefined();
    else expect(difference).toContain(message);
  });
});
