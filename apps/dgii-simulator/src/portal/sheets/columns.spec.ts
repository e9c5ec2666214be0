import { APPROVAL_HEADINGS, ECF_HEADINGS, RFCE_HEADINGS } from './columns.js';

describe('columns of the workbooks', () => {
  it('are as many as DGII has', () => {
    expect(ECF_HEADINGS).toHaveLength(5215);
    expect(RFCE_HEADINGS).toHaveLength(56);
    expect(APPROVAL_HEADINGS).toHaveLength(9);
  });

  it('are unique, and groups are written out one after the other', () => {
    expect(new Set(ECF_HEADINGS).size).toBe(ECF_HEADINGS.length);
    const at = ECF_HEADINGS.indexOf('FormaPago[1]');
    expect(ECF_HEADINGS.slice(at, at + 4)).toEqual([
      'FormaPago[1]',
      'MontoPago[1]',
      'FormaPago[2]',
      'MontoPago[2]',
    ]);
    expect(ECF_HEADINGS).toContain('TipoSubDescuento[62][5]');
    expect(ECF_HEADINGS).toContain('NumeroContenedor ');
    expect(ECF_HEADINGS).not.toContain('SubtotalImpuestoAdicionalPaginaTabla[2]');
    expect(ECF_HEADINGS.at(-1)).toBe('RazonModificacion');
  });
});
