import { serialize, type EcfDocument } from '@getupnet/ecf';
import { riFileName } from '../file-name.js';
import type { RiInput } from '../model.js';
import { completed, examples, signed } from '../testing/documents.js';
import { decimalText, plain } from './format.js';
import { represent } from './represent.js';
import { territoryInWords, unitInWords } from './words.js';

const of = (xml: string | Uint8Array, input: Partial<RiInput> = {}) =>
  represent({ xml, environment: 'ecf', standing: 'accepted', mode: 'normal', ...input });
const example = (name: string, input: Partial<RiInput> = {}) =>
  of(examples().get(name) ?? '', { codigoSeguridad: 'aB3+/x', ...input });
const valueOf = (fields: readonly { label: string; value: string }[], label: string) =>
  fields.find((field) => field.label === label)?.value;

describe('numbers as they are printed', () => {
  test.each([
    ['0', '0.00'],
    ['1234567', '1,234,567.00'],
    ['9999999999999999.99', '9,999,999,999,999,999.99'],
    ['-1.5', '-1.50'],
    ['+1000.10', '1,000.10'],
    ['133.6675', '133.6675'],
    ['8000.5000', '8,000.50'],
    ['007', '7.00'],
    ['no', 'no'],
  ])('%s → %s', (text, expected) => {
    expect(decimalText(text)).toBe(expected);
  });

  test('quantities need no decimals', () => {
    expect(decimalText('10000.00', 0)).toBe('10,000');
    expect(decimalText('1.50', 0)).toBe('1.5');
  });
});

test('texts lose line ends and what cannot be seen, and nothing else', () => {
  expect(plain(' a\r\n\tb\u0000\u200Bc  «ñ» ')).toBe('a b c «ñ»');
  expect(plain('An\u0303o')).toBe('Año');
});

test('codes in words', () => {
  expect(territoryInWords('250101')).toBe('Santiago');
  expect(territoryInWords('010100')).toBe('Santo Domingo de Guzmán');
  expect(territoryInWords('999999')).toBe('999999');
  expect([unitInWords('43'), unitInWords('06'), unitInWords('99')]).toEqual(['UND', 'CAJ', '99']);
});

describe('the security code', () => {
  const text = examples().get('31/minimal') ?? '';

  test('is that of the signature, whatever the caller says', async () => {
    const xml = await signed(text);
    const code = /<SignatureValue>(.{6})/.exec(xml)?.[1];
    expect(of(xml, { codigoSeguridad: 'XXXXXX' }).codigoSeguridad).toBe(code);
    expect(of(Buffer.from(xml)).codigoSeguridad).toBe(code);
  });

  test('is found under a prefix and across line breaks', () => {
    const signature =
      '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignatureValue>\n  aB3\n+/xYZ==' +
      '</ds:SignatureValue></ds:Signature>';
    const xml = text.replace('</ECF>', `${signature}</ECF>`);
    expect(of(xml).codigoSeguridad).toBe('aB3+/x');
  });

  test('is not taken from comments or texts that look like one', async () => {
    const fake = '<SignatureValue>FAKE00</SignatureValue>';
    const xml = (await signed(text)).replace('<ECF>', `<ECF><!--${fake}-->`);
    const hidden = xml.replace('</Signature>', `</Signature><!--${fake}-->`);
    expect(of(hidden).codigoSeguridad).not.toContain('FAKE');
    const named = text.replace(/<NombreItem>[^<]*/, `<NombreItem><![CDATA[${fake}]]>`);
    expect(of(named, { codigoSeguridad: 'aB3+/x' }).codigoSeguridad).toBe('aB3+/x');
  });

  test('must come from somewhere', () => {
    expect(() => of(text)).toThrow('signature.structure');
  });
});

test('other documents than an e-CF are refused', () => {
  const rfce = '<RFCE><Encabezado><Version>1.0</Version></Encabezado></RFCE>';
  expect(() => of(rfce, { codigoSeguridad: 'x' })).toThrow('ecf.schema_invalid');
  const empty = '<ECF><Encabezado><IdDoc><TipoeCF>31</TipoeCF></IdDoc></Encabezado></ECF>';
  expect(() => of(empty, { codigoSeguridad: 'x' })).toThrow('ecf.schema_invalid');
});

describe('parts', () => {
  test('a note names what it modifies and how, in words', () => {
    const { heading, title } = example('34/return');
    expect(title).toBe('Nota de Crédito Electrónica');
    expect(valueOf(heading, 'NCF Modificado:')).toBe('E310000000001');
    expect(valueOf(heading, '')).toBe('Corrige montos del NCF modificado');
    expect(valueOf(heading, 'Fecha Vencimiento:')).toBeUndefined();
  });

  test('selective taxes: columns by line, one row in the totals', () => {
    const { columns, lines, totals } = example('31/beer-selective-tax');
    const labels = columns.map(({ label }) => label);
    expect(labels).toEqual(
      'Cantidad|Descripción|Unidad|Grados Alcohol en %|PVPci|Precio|ISCe|ISCav|ITBIS|Valor'.split(
        '|',
      ),
    );
    expect(lines[0]?.cells).toMatchObject({ isce: '2,425.31', iscav: '1,813.42', unidad: 'CAJ' });
    expect(valueOf(totals, 'Total ISC:')).toBe('4,238.73');
    expect(valueOf(totals, 'Total Impuestos Adicionales:')).toBeUndefined();
  });

  test('several additional taxes: each by name, and their sum', () => {
    const { totals } = example('31/telephony');
    expect(valueOf(totals, 'CDT (2%):')).toBe('77.67');
    expect(valueOf(totals, 'ISC Telecomunicaciones (10%):')).toBe('388.37');
    expect(valueOf(totals, 'Total Impuestos Adicionales:')).toBe('466.05');
    expect(valueOf(totals, 'Descuento Global (10%):')).toBe('-431.53');
    expect(valueOf(example('31/legal-tip').totals, 'Propina Legal (10%):')).toBe('274.58');
  });

  test.each([
    ['Descuento por pronto pago', 'Descuento por pronto pago (10%):'],
    ['por volumen', 'Descuento por volumen (10%):'],
  ])('an adjustment called «%s» is printed as «%s»', (name, label) => {
    const xml = (examples().get('31/telephony') ?? '')
      .replace(/<DescripcionDescuentooRecargo>[^<]*<\/DescripcionDescuentooRecargo>/, '')
      .replace(
        '</TipoAjuste>',
        `</TipoAjuste><DescripcionDescuentooRecargo>${name}</DescripcionDescuentooRecargo>`,
      );
    const { totals } = of(xml, { codigoSeguridad: 'Rx7+qZ' });
    expect(totals[0]).toMatchObject({ label, value: '-431.53' });
  });

  test('another currency: amounts beside each other, labels with the code', () => {
    const { columns, totals, details, otherCurrency } = example('31/dollars');
    expect(otherCurrency).toBe('USD');
    expect(columns.map(({ label }) => label)).toEqual(
      'Cantidad|Descripción|Precio DOP|Precio USD|ITBIS|Valor DOP|Valor USD'.split('|'),
    );
    expect(totals.find(({ weight }) => weight === 'grand')).toEqual({
      label: 'Total:',
      value: '61,436.10',
      otherCurrency: '1,026.50',
      weight: 'grand',
    });
    expect(valueOf(details, 'Moneda:')).toBe('USD (Dólar estadounidense)');
  });

  test('withholdings: of the line and of the document', () => {
    const { lines, totals } = example('41/informal-supplier');
    expect(lines[0]?.notes).toEqual(['ITBIS retenido: 1,800.00 · ISR retenido: 1,000.00']);
    expect(valueOf(totals, 'ISR Retenido:')).toBe('1,000.00');
  });

  test('a type without buyer has none', () => {
    expect(example('43/petty-cash').buyer).toBeUndefined();
    expect(example('43/petty-cash').qrUrl).not.toContain('RncComprador');
  });

  test('exempt lines are marked, and only they', () => {
    expect(example('31/dollars').lines.map(({ exempt }) => exempt)).toEqual([false, true]);
  });

  test('the commercial name stands out, the registered one follows', () => {
    const { issuer } = of(serialize(document()), { codigoSeguridad: 'aB3+/x' });
    expect(issuer.name).toBe('Comercial Cibao');
    expect(issuer.fields[0]).toEqual({ label: '', value: 'Comercial Cibao Ñandú, SRL' });
    expect(example('31/minimal').issuer.fields[0]?.label).toBe('RNC:');
  });
});

describe('columns a tenant chooses', () => {
  const names = (columns: RiInput['branding']) =>
    example('31/dollars', columns && { branding: columns }).columns.map(({ name }) => name);

  test('optional ones come and go, those DGII demands stay', () => {
    const demanded = ['cantidad', 'descripcion', 'precio', 'valor'];
    expect(names({ columns: [] })).toEqual(demanded);
    expect(names({ columns: ['linea', 'itbis'] })).toEqual(
      'linea|cantidad|descripcion|precio|itbis|valor'.split('|'),
    );
  });

  test('a code with a column is not told twice', () => {
    const xml = serialize(document());
    const [plainLine] = of(xml, { codigoSeguridad: 'x' }).lines;
    expect(plainLine?.notes).toEqual(['Código: Interna A-1 · EAN 99']);
    const branding = { columns: ['codigo'] } as const;
    const [line] = of(xml, { codigoSeguridad: 'x', branding }).lines;
    expect(line?.cells.codigo).toBe('A-1');
    expect(line?.notes).toEqual(['Código: EAN 99']);
  });
});

function document(): EcfDocument {
  const CodigosItem = [
    { TipoCodigo: 'Interna', CodigoItem: 'A-1' },
    { TipoCodigo: 'EAN', CodigoItem: '99' },
  ];
  const Item = [
    {
      NombreItem: 'Tornillo',
      CantidadItem: '2',
      PrecioUnitarioItem: '5.00',
      IndicadorFacturacion: '1',
      TablaCodigosItem: { CodigosItem },
    },
  ];
  const Comprador = { RNCComprador: '131880681', RazonSocialComprador: 'Cliente, SRL' };
  return completed({
    Encabezado: { IdDoc: { TipoeCF: '31' }, Comprador },
    DetallesItems: { Item },
  });
}

test('the official file name', () => {
  expect(riFileName(example('31/minimal'), 'pdf')).toBe('131880738E310000000001.pdf');
  expect(riFileName({ rncEmisor: '../x', encf: 'E"3\r\n1' }, 'pdf')).toBe('xE31.pdf');
});
