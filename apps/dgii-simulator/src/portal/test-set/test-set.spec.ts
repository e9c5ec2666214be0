import {
  complete,
  isTipoEcf,
  normalize,
  serialize,
  validate,
  xsdFor,
  type TipoEcf,
} from '@getupnet/ecf';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { unflatten } from '../../../../../libs/ecf/src/conformance/unflatten.js';
import type { Cell } from '../sheets/columns.js';
import { flatten } from '../sheets/flatten.js';
import { testSet } from './test-set.js';

const NOW = new Date('2026-06-15T14:30:45Z');

function made(seed: string) {
  const next = new Map<string, number>();
  return testSet({
    seed,
    rnc: '131880738',
    now: NOW,
    fechaVencimientoSecuencia: '31-12-2028',
    nextEncf: (tipo) => {
      const number = (next.get(tipo) ?? 0) + 1;
      next.set(tipo, number);
      return `E${tipo}${String(number).padStart(10, '0')}`;
    },
  });
}

const text = (row: readonly Cell[], column: string): string => new Map(row).get(column) ?? '';

/** The document of a row, made the way an applicant would. */
function documentOf(row: readonly Cell[]) {
  const tipo = text(row, 'TipoeCF');
  if (!isTipoEcf(tipo)) throw new Error(tipo);
  const result = normalize(unflatten(Object.fromEntries(row), tipo));
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  const issuer = { RNCEmisor: '131880738', RazonSocialEmisor: 'X', DireccionEmisor: 'X' };
  return { tipo, ...complete(result.document, { issuer, now: NOW }) };
}

function passesSchema(tipo: TipoEcf, xml: string): void {
  const schema = XsdValidator.fromDoc(XmlDocument.fromString(xsdFor(tipo)));
  const document = XmlDocument.fromString(xml.replace(/<\/\w+>$/, (end) => `<Signature/>${end}`));
  expect(() => schema.validate(document)).not.toThrow();
  document.dispose();
}

describe('test set', () => {
  const set = made('one');

  it('has the composition of the certification', () => {
    const kinds = set.ecf.map((row) => {
      const isLarge = Number(text(row, 'MontoTotal')) >= 250_000;
      const tipo = text(row, 'TipoeCF');
      return tipo === '32' && !isLarge ? 'small' : tipo;
    });
    const counts = Object.fromEntries(
      [...new Set(kinds)].map((k) => [k, kinds.filter((x) => x === k).length]),
    );
    expect(counts).toEqual({
      '31': 4,
      '32': 2,
      small: 4,
      '33': 1,
      '34': 2,
      '41': 2,
      '43': 2,
      '44': 2,
      '45': 2,
      '46': 2,
      '47': 2,
    });
    expect(set.rfce.map((row) => text(row, 'ENCF'))).toEqual(
      set.ecf
        .filter((row) => text(row, 'TipoeCF') === '32' && Number(text(row, 'MontoTotal')) < 250_000)
        .map((row) => text(row, 'ENCF')),
    );
  });

  it.each(['one', 'two', 'three', 'x', '0'])(
    'every row of seed %s is a whole valid document',
    (seed) => {
      for (const row of made(seed).ecf) {
        const { tipo, document, findings } = documentOf(row);
        expect(findings).toEqual([]);
        expect(validate(document)).toEqual([]);
        expect(flatten(document, tipo)).toEqual(row);
        passesSchema(tipo, serialize(document));
      }
    },
  );

  it('is the same for the same seed and another for another', () => {
    expect(made('one')).toEqual(set);
    expect(made('two')).not.toEqual(set);
  });

  it('is rich: fields a client may have overlooked are in it', () => {
    const columns = new Set(set.ecf.flatMap((row) => row.map(([column]) => column)));
    for (const column of [
      'FormaPago[3]',
      'TelefonoEmisor[2]',
      'TipoSubDescuento[2][2]',
      'TipoSubRecargo[3][1]',
      'Subcantidad[1][1]',
      'TipoImpuesto[1][2]',
      'TipoImpuesto[2]',
      'NumeroLineaDoR[2]',
      'PaginaNo[2]',
      'TipoMoneda',
      'PrecioOtraMoneda[1]',
      'MontoISRRetenido[1]',
      'CodigoItem[1][1]',
      'PaisDestino',
      'FechaElaboracion[1]',
      'RazonModificacion',
      'IndicadorNotaCredito',
      'MontoNoFacturable',
      'IdentificadorExtranjero',
      'NumeroContenedor',
      'TotalFob',
      'FechaLimitePago',
    ]) {
      expect(columns).toContain(column);
    }
    const notes = set.ecf.filter((row) => text(row, 'TipoeCF') === '34');
    expect(notes.map((row) => text(row, 'IndicadorNotaCredito'))).toEqual(['0', '1']);
  });
});
