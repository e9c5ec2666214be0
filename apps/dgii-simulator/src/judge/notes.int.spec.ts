import type { EcfDocument } from '@getupnet/ecf';
import { dominicanDate } from '@getupnet/kernel';
import type { FinalCodigo } from '../state/verdict.js';
import { Court } from '../testing/court.js';
import { ISSUER, ecf, note } from '../testing/documents.js';

const OTHER = '130862346';
const DAY_MS = 86_400_000;
let court: Court;

beforeAll(() => {
  court = new Court();
});
afterAll(() => court.close());

interface Step {
  readonly tipo: '33' | '34';
  readonly price: string;
  readonly codigo: string;
  /** What DGII answers, and the field it names. */
  readonly verdict: FinalCodigo;
  readonly field?: string;
}

const credit = (price: string, codigo: string, verdict: FinalCodigo, field?: string): Step => ({
  tipo: '34',
  price,
  codigo,
  verdict,
  ...(field === undefined ? {} : { field }),
});
const debit = (price: string, codigo: string, verdict: FinalCodigo, field?: string): Step => ({
  ...credit(price, codigo, verdict, field),
  tipo: '33',
});

const shaped =
  (codigo: string): ((e: EcfDocument) => void) =>
  (e) =>
    Object.assign(e.InformacionReferencia ?? {}, { CodigoModificacion: codigo });

/** An invoice of 1,000.00 that DGII has taken. */
async function invoice(change?: (e: EcfDocument) => void): Promise<string> {
  const encf = court.next('31');
  const document = ecf({ encf, ...(change === undefined ? {} : { change }) });
  expect((await court.ecf(document)).verdict.codigo).toBe('1');
  return encf;
}

const MONTO = 'MontoTotal';
const NCF = 'NCFModificado';

const STORIES: readonly (readonly [string, readonly Step[]])[] = [
  ['a part, twice', [credit('400.00', '3', '1'), credit('600.00', '3', '1')]],
  ['more than the invoice', [credit('1000.02', '3', '2', MONTO)]],
  ['more than is left', [credit('700.00', '3', '1'), credit('300.02', '3', '2', MONTO)]],
  ['what a debit note added', [debit('200.00', '3', '1'), credit('1200.00', '3', '1')]],
  ['an annulment of all', [credit('1000.00', '1', '1')]],
  ['an annulment of the rest', [credit('250.00', '3', '1'), credit('750.00', '1', '1')]],
  ['an annulment of less', [credit('999.00', '1', '2', MONTO)]],
  ['a note after the annulment', [credit('1000.00', '1', '1'), credit('1.00', '3', '2', NCF)]],
  ['a debit note after it', [credit('1000.00', '1', '1'), debit('1.00', '3', '2', NCF)]],
  [
    'a rejected note counts for nothing',
    [credit('9999.00', '3', '2'), credit('1000.00', '1', '1')],
  ],
  ['an annulment by debit note', [debit('1000.00', '1', '2', 'CodigoModificacion')]],
  ['code 5 in a note', [credit('1.00', '5', '2')]],
  ['contingency for an e-CF', [credit('1.00', '4', '2', NCF)]],
];

describe('notes on an invoice', () => {
  it.each(STORIES)('%s', async (_name, steps) => {
    const modified = await invoice();
    for (const { tipo, price, codigo, verdict, field } of steps) {
      const document = note(court.next(tipo), modified, { price, change: shaped(codigo) });
      const judged = await court.ecf(document);
      expect(judged.verdict.codigo).toBe(verdict);
      if (field !== undefined) {
        expect(judged.verdict.mensajes[0]?.valor).toContain(`El campo ${field} `);
      }
    }
  });
});

type Bend = (e: EcfDocument) => void;
const reference =
  (values: object): Bend =>
  (e) =>
    Object.assign(e.InformacionReferencia ?? {}, values);

describe('reference of a note', () => {
  it.each<readonly [string, Bend, FinalCodigo, string]>([
    ['number nobody sent', reference({ NCFModificado: 'E310000009999' }), '2', '614'],
    ['another date', reference({ FechaNCFModificado: '01-01-2020' }), '2', '0'],
    ['itself', (e) => reference({ NCFModificado: e.Encabezado.IdDoc.eNCF })(e), '2', '614'],
    ['no form of a number', reference({ NCFModificado: 'E3100001' }), '2', '0'],
    ['paper', reference({ NCFModificado: 'B0100000001' }), '1', '0'],
    [
      'a merged issuer whose document DGII here does not know',
      reference({ RNCOtroContribuyente: OTHER, NCFModificado: 'E310000009998' }),
      '1',
      '0',
    ],
  ])('%s', async (_name, change, codigo, code) => {
    const document = note(court.next('34'), await invoice(), { change });
    const { verdict } = await court.ecf(document);
    expect([verdict.codigo, verdict.mensajes[0]?.codigo]).toEqual([codigo, code]);
  });

  it('is of the same issuer, unless the note says whose', async () => {
    const modified = await invoice((e) => (e.Encabezado.Emisor.RNCEmisor = OTHER));
    const bare = await court.ecf(note(court.next('34'), modified));
    expect(bare.verdict.mensajes).toMatchObject([{ codigo: '614' }]);
    const explained = reference({ RNCOtroContribuyente: OTHER });
    const named = await court.ecf(note(court.next('34'), modified, { change: explained }));
    expect(named.verdict.codigo).toBe('1');
    const again = await court.ecf(note(court.next('34'), modified, { change: explained }));
    expect(again.verdict).toMatchObject({ codigo: '2', secuenciaUtilizada: true });
    expect(court.store.notesOn('testecf', OTHER, modified)).toMatchObject([{ rnc: ISSUER }]);
  });

  it('is not a rejected document', async () => {
    const encf = court.next('31');
    await court.ecf(ecf({ encf, buyer: '999000012' }));
    const { verdict } = await court.ecf(note(court.next('34'), encf));
    expect(verdict.mensajes).toMatchObject([{ codigo: '614' }]);
  });

  it('is never another note', async () => {
    const modified = await invoice();
    const first = note(court.next('34'), modified, { price: '1.00', change: shaped('3') });
    await court.ecf(first);
    const { eNCF } = first.Encabezado.IdDoc;
    const { verdict } = await court.ecf(note(court.next('34'), eNCF, { price: '1.00' }));
    expect(verdict.codigo).toBe('2');
    expect(verdict.mensajes[0]?.valor).toContain(NCF);
  });
});

describe('thirty days', () => {
  /** A credit note of an invoice so many days older, with 18 % of ITBIS or exempt. */
  async function after(days: number, indicator: string, itbis: boolean): Promise<string> {
    const now = court.settings.clock.now();
    const then = dominicanDate(new Date(now.getTime() - days * DAY_MS));
    const modified = await invoice((e) => (e.Encabezado.Emisor.FechaEmision = then));
    const document = note(court.next('34'), modified, {
      price: '500.00',
      change: (e) => {
        e.Encabezado.IdDoc.IndicadorNotaCredito = indicator;
        reference({ FechaNCFModificado: then, CodigoModificacion: '3' })(e);
        if (!itbis) return;
        e.Encabezado.IdDoc.IndicadorMontoGravado = '0';
        for (const item of e.DetallesItems.Item) item.IndicadorFacturacion = '1';
        e.Encabezado.Totales = {
          MontoGravadoTotal: '500.00',
          MontoGravadoI1: '500.00',
          ITBIS1: '18',
          TotalITBIS: '90.00',
          TotalITBIS1: '90.00',
          MontoTotal: '590.00',
        };
      },
    });
    return (await court.ecf(document)).verdict.codigo;
  }

  it.each([
    [30, '0', true, '1'],
    [30, '1', true, '2'],
    [31, '0', false, '2'],
    [31, '1', false, '1'],
    [31, '1', true, '4'],
  ])('after %d days, indicator %s, ITBIS %s: %s', async (days, indicator, itbis, codigo) => {
    expect(await after(days, indicator, itbis)).toBe(codigo);
  });
});
