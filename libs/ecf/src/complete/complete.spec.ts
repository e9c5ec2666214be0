import {
  completed,
  findingsOf,
  ISSUER,
  NOW,
  OPTIONS,
  request,
  withValues,
} from '../testing/builders.js';
import { normalize } from '../normalize.js';
import { validate } from '../validate/validate.js';
import { serialize } from '../xml/serialize.js';
import { complete } from './complete.js';
import { assignNumber } from './number.js';

const of = (values: Readonly<Record<string, unknown>>, tipo: '31' | '32' | '34' | '44' = '31') =>
  completed(withValues(request(tipo), values)).document;

test('what is stated keeps its spelling', () => {
  const item = 'DetallesItems/Item/0';
  const { DetallesItems } = of({
    [`${item}/PrecioUnitarioItem`]: '385.0000',
    [`${item}/CantidadItem`]: '15',
    [`${item}/MontoItem`]: '5775.0',
  });
  expect(DetallesItems.Item[0]).toMatchObject({
    PrecioUnitarioItem: '385.0000',
    CantidadItem: '15',
    MontoItem: '5775.0',
  });
});

test('the draft is left as it was', () => {
  const result = normalize(request('31'));
  const before = structuredClone(result.document);
  complete(result.document ?? {}, OPTIONS);
  expect(result.document).toEqual(before);
});

test('completing a complete document changes nothing', () => {
  const document = of({});
  const again = complete(document, OPTIONS).document;
  expect(serialize(again)).toBe(serialize(document));
});

test('a branch keeps its whole address', () => {
  const { Emisor } = of({ 'Encabezado/Emisor': { DireccionEmisor: 'Sucursal Norte' } }).Encabezado;
  expect(Emisor).toMatchObject({
    RNCEmisor: ISSUER.RNCEmisor,
    RazonSocialEmisor: ISSUER.RazonSocialEmisor,
    DireccionEmisor: 'Sucursal Norte',
    FechaEmision: '10-03-2026',
  });
  expect(Emisor).not.toHaveProperty('Municipio');
});

test('the profile gives only what the type has', () => {
  const issuer = { ...ISSUER, CodigoVendedor: 'V1', WebSite: 'yunque.do' };
  const seller = (tipo: '31' | '43') => {
    const draft = normalize(request(tipo)).document ?? {};
    return complete(draft, { ...OPTIONS, issuer }).document.Encabezado.Emisor;
  };
  expect(seller('31')).toMatchObject({ CodigoVendedor: 'V1', WebSite: 'yunque.do' });
  expect(seller('43')).not.toHaveProperty('CodigoVendedor');
});

test('a date is Dominican, whatever the server thinks', () => {
  const draft = normalize(request('31')).document ?? {};
  const now = new Date('2026-03-11T02:30:00Z');
  const { document } = complete(draft, { ...OPTIONS, now });
  expect(document.Encabezado.Emisor.FechaEmision).toBe('10-03-2026');
  expect(document.FechaHoraFirma).toBe('10-03-2026 22:30:00');
});

test('32 and 34 carry no expiry, whatever the caller passes', () => {
  expect(of({}, '32').Encabezado.IdDoc).not.toHaveProperty('FechaVencimientoSecuencia');
  expect(of({}, '31').Encabezado.IdDoc.FechaVencimientoSecuencia).toBe('31-12-2027');
  const assigned = assignNumber(of({}, '34'), {
    encf: 'E340000000777',
    fechaVencimientoSecuencia: '31-12-2027',
  });
  expect(assigned.Encabezado.IdDoc.eNCF).toBe('E340000000777');
  expect(assigned.Encabezado.IdDoc).not.toHaveProperty('FechaVencimientoSecuencia');
  expect(validate(assigned)).toEqual([]);
});

test('IndicadorMontoGravado is said only where something carries ITBIS', () => {
  expect(of({}).Encabezado.IdDoc.IndicadorMontoGravado).toBe('0');
  const exempt = of({ 'DetallesItems/Item/0/IndicadorFacturacion': '4' });
  expect(exempt.Encabezado.IdDoc).not.toHaveProperty('IndicadorMontoGravado');
  expect(exempt.Encabezado.Totales).toEqual({ MontoExento: '1000.00', MontoTotal: '1000.00' });
});

test('an empty container is not written', () => {
  expect(of({ 'Encabezado/Transporte': {} }).Encabezado).not.toHaveProperty('Transporte');
});

test('one payment without amount pays the whole; of several, each says its own', () => {
  const path = 'Encabezado/IdDoc/TablaFormasPago/FormaDePago';
  const paid = (forms: object[]) =>
    of({ [path]: forms }).Encabezado.IdDoc.TablaFormasPago?.FormaDePago.map((p) => p.MontoPago);
  expect(paid([{ FormaPago: '1' }])).toEqual(['1180.00']);
  expect(paid([{ FormaPago: '1' }, { FormaPago: '3' }])).toEqual([undefined, undefined]);
});

test('totals that are malformed are left to the format check', () => {
  const codes = findingsOf('31', { 'DetallesItems/Item/0/CantidadItem': 'dos' }).map(
    ({ code }) => code,
  );
  expect(codes).toContain('ECF-FMT-08');
});

test('amounts of 20 digits are exact', () => {
  const document = of({
    'DetallesItems/Item/0/PrecioUnitarioItem': '8474576271186440.67',
    'DetallesItems/Item/0/CantidadItem': '1',
  });
  expect(document.Encabezado.Totales).toMatchObject({
    MontoGravadoI1: '8474576271186440.67',
    TotalITBIS: '1525423728813559.32',
    MontoTotal: '9999999999999999.99',
  });
  expect(validate(document)).toEqual([]);
});

test('a draft without a type is a mistake of the caller', () => {
  expect(() => complete({}, { issuer: ISSUER, now: NOW })).toThrow(RangeError);
});
