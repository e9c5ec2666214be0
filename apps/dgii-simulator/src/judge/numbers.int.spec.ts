import type { EcfDocument } from '@getupnet/ecf';
import type { Clock } from '@getupnet/kernel';
import type { Signer } from '@getupnet/xmldsig';
import { testSigner, type SignedFile } from '../testing/client.js';
import { Court } from '../testing/court.js';
import { ISSUER, ecf, signedEcf } from '../testing/documents.js';
import type { Judged } from './judge.js';

const CLOSED = '533445861';
const DELEGATE = '00200000002';
const UNKNOWN = '101000001';
const INACTIVE = '130862346';
const PAPER = '132880600';
const DAY_MS = 86_400_000;

class ShiftedClock implements Clock {
  offsetMs = 0;
  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }
}

const clock = new ShiftedClock();
let court: Court;

beforeAll(() => {
  court = new Court({
    clock,
    environments: {
      testecf: {
        delegates: { [CLOSED]: [DELEGATE] },
        unknownIssuers: [UNKNOWN],
        inactiveIssuers: [INACTIVE],
        notElectronicIssuers: [PAPER],
        electronicSince: { [ISSUER]: '01-06-2020' },
        deferredIssuers: [CLOSED],
        sequences: { '44': { first: 5, last: 9 } },
      },
    },
  });
});
afterEach(() => {
  clock.offsetMs = 0;
});
afterAll(() => court.close());

type Bend = (e: EcfDocument) => void;
const of =
  (rnc: string): Bend =>
  (e) =>
    (e.Encabezado.Emisor.RNCEmisor = rnc);

async function judged(change: Bend, encf = court.next('31'), signer?: Signer): Promise<Judged> {
  return court.ecf(ecf({ encf, now: clock.now(), change }), signer);
}

/** A signed file with its text changed afterwards. */
async function altered(from: string, to: string): Promise<Judged> {
  const file = await signedEcf(ecf({ encf: court.next('31') }), court.signer);
  return court.ecfFile({ ...file, xml: file.xml.replace(from, to) });
}

const expired = (): Signer =>
  testSigner({ notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') });
const nothing: Bend = () => undefined;
const id =
  (values: object): Bend =>
  (e) =>
    Object.assign(e.Encabezado.IdDoc, values);

/** Every cause, what it says, and whether the number is gone (Descripción Técnica, pp. 16, 19-20). */
const CAUSES: readonly (readonly [string, () => Promise<Judged>, string, boolean, string?])[] = [
  ['broken structure', () => altered('<TipoPago>1<', '<TipoPago>9<'), 'esquema', false],
  ['an empty tag', () => altered('<DireccionEmisor>CALLE 1<', '<DireccionEmisor><'), '', false],
  ['unknown type', () => altered('<TipoeCF>31<', '<TipoeCF>39<'), 'esquema', false],
  ['two signatures', () => altered('</ECF>', '<Signature/></ECF>'), '', false],
  ['altered content', () => altered('CALLE 1', 'CALLE 2'), 'firma', false],
  ['expired certificate', () => judged(nothing, undefined, expired()), 'certificado', false],
  ['no delegate', () => judged(of(CLOSED)), 'delegado', false],
  ['issuer does not exist', () => judged(of(UNKNOWN)), 'no existe', false],
  ['issuer is not active', () => judged(of(INACTIVE)), 'activo', false],
  ['issuer is not electronic', () => judged(of(PAPER)), 'emisor electrónico', false],
  ['number not authorised', () => judged(nothing, 'E310010000001'), 'autorizado', false],
  ['number zero', () => judged(nothing, 'E310000000000'), 'autorizado', false],
  ['number before the grant', () => judged(nothing, 'E440000000004'), 'autorizado', false],
  [
    'another type in the number',
    () => judged(id({ eNCF: 'E410000000001' }), court.next('31')),
    'autorizado',
    false,
  ],
  [
    'another expiry',
    () => judged(id({ FechaVencimientoSecuencia: '31-12-2027' })),
    'FechaVencimientoSecuencia',
    false,
  ],
  [
    'signed tomorrow',
    async () => {
      const tomorrow = new Date(Date.now() + DAY_MS);
      return court.ecf(ecf({ encf: court.next('31'), now: tomorrow }));
    },
    'FechaHoraFirma',
    true,
  ],
  [
    'issued before the issuer was electronic',
    () => judged((e) => (e.Encabezado.Emisor.FechaEmision = '31-05-2020')),
    'FechaEmision',
    true,
  ],
  ['deferred without leave', () => judged(id({ IndicadorEnvioDiferido: '1' })), 'Diferido', true],
  [
    'a discount without its table',
    () => judged((e) => Object.assign(e.DetallesItems.Item[0] ?? {}, { DescuentoMonto: '1.00' })),
    'DescuentoMonto',
    true,
    '2020',
  ],
  [
    'a consumption invoice that belongs in a summary',
    () => judged(nothing, court.next('32')),
    'resumen',
    true,
  ],
  [
    'a forced rejection',
    () => court.ecf(ecf({ encf: court.next('31'), buyer: '999000012' })),
    '',
    true,
  ],
];

describe('secuenciaUtilizada', () => {
  const rows = CAUSES.map(([name, ...row]) => [name, row] as const);
  it.each(rows)('%s', async (_name, [cause, text, used, codigo = '0']) => {
    const { verdict, rnc, encf } = await cause();
    expect(verdict).toMatchObject({ codigo: '2', secuenciaUtilizada: used });
    expect(verdict.mensajes[0]).toMatchObject({ codigo });
    expect(verdict.mensajes[0]?.valor).toContain(text);
    expect(court.store.isUsed('testecf', rnc, encf)).toBe(used);
  });

  it('is false on the day after the sequence ended', async () => {
    const encf = court.next('31');
    clock.offsetMs = Date.parse('2029-01-01T04:00:01Z') - Date.now();
    const { verdict } = await judged(
      nothing,
      encf,
      testSigner({ notAfter: new Date('2035-01-01') }),
    );
    expect(verdict).toMatchObject({ codigo: '2', secuenciaUtilizada: false });
    expect(verdict.mensajes[0]?.valor).toContain('vencida');
    const consumption = await judged(
      nothing,
      court.next('34'),
      testSigner({ notAfter: new Date('2035-01-01') }),
    );
    expect(consumption.verdict.mensajes[0]?.valor).not.toContain('vencida');
  });

  it('lets a delegate and a natural person who is the issuer send', async () => {
    const delegate = testSigner({ holderId: DELEGATE });
    expect((await judged(of(CLOSED), undefined, delegate)).verdict.codigo).toBe('1');
    const strict = new Court({ environments: { testecf: { strictDelegation: true } } });
    const own = '00100000001';
    const send = async (rnc: string): Promise<string> =>
      (await strict.ecf(ecf({ encf: strict.next('31'), change: of(rnc) }))).verdict.codigo;
    expect([await send(own), await send(ISSUER)]).toEqual(['1', '2']);
    strict.close();
  });
});

describe('a number again', () => {
  const fileOf = async (encf: string, price: string): Promise<SignedFile> =>
    signedEcf(ecf({ encf, price }), court.signer);
  const stateOf = (encf: string): unknown => {
    const found = court.store.visible('testecf', ISSUER, encf, clock.now().getTime());
    return [found?.delivery.verdict.codigo, found?.facts?.montoTotal];
  };

  it('is good after a rejection that freed it, and used up by what comes then', async () => {
    const encf = court.next('31');
    const bad = await fileOf(encf, '1.00');
    court.ecfFile({ ...bad, xml: bad.xml.replace('CALLE 1', 'CALLE 2') });
    expect(stateOf(encf)).toEqual(['2', undefined]);
    expect(court.ecfFile(await fileOf(encf, '2.00')).verdict.codigo).toBe('1');
    expect(court.ecfFile(await fileOf(encf, '3.00')).verdict).toMatchObject({
      codigo: '2',
      secuenciaUtilizada: true,
      mensajes: [{ codigo: '1209' }],
    });
    expect(stateOf(encf)).toEqual(['1', '2.00']);
    expect(court.store.deliveries('testecf', ISSUER, encf)).toHaveLength(3);
  });

  it('stays the accepted document whatever comes after it', async () => {
    const encf = court.next('31');
    court.ecfFile(await fileOf(encf, '2.00'));
    const broken = await fileOf(encf, '3.00');
    court.ecfFile({ ...broken, xml: broken.xml.replace('CALLE 1', 'CALLE 2') });
    court.ecfFile({ ...broken, xml: broken.xml.replace('<TipoPago>1<', '<TipoPago>9<') });
    expect(stateOf(encf)).toEqual(['1', '2.00']);
    expect(court.store.isUsed('testecf', ISSUER, encf)).toBe(true);
  });

  it('is gone after a rejection that burned it, and stays that rejection', async () => {
    const encf = court.next('31');
    const burned = await court.ecf(ecf({ encf, buyer: '999000012' }));
    expect(burned.verdict.secuenciaUtilizada).toBe(true);
    expect(court.ecfFile(await fileOf(encf, '2.00')).verdict.mensajes[0]?.codigo).toBe('1209');
    expect(stateOf(encf)).toEqual(['2', '1000.00']);
  });

  it('is one number for both routes of type 32', async () => {
    const encf = court.next('32');
    expect((await court.rfce(ecf({ encf }))).verdict.codigo).toBe('1');
    const full = await court.ecf(ecf({ encf, price: '250000.00' }));
    expect(full.verdict.mensajes[0]?.codigo).toBe('1209');
    expect((await court.rfce(ecf({ encf }))).verdict.mensajes[0]?.codigo).toBe('1209');
  });

  it('of another issuer, or another environment, is another number', async () => {
    const encf = court.next('31');
    expect(court.ecfFile(await fileOf(encf, '1.00')).verdict.codigo).toBe('1');
    expect((await judged(of('131880681'), encf)).verdict.codigo).toBe('1');
    expect(court.store.isUsed('ecf', ISSUER, encf)).toBe(false);
  });

  it('that was voided says so, and is burned', async () => {
    const encf = court.next('31');
    const number = Number(encf.slice(3));
    court.store.void('testecf', ISSUER, [{ tipo: '31', first: number, last: number }]);
    expect(court.ecfFile(await fileOf(encf, '1.00')).verdict).toMatchObject({
      codigo: '2',
      secuenciaUtilizada: true,
      mensajes: [{ valor: 'El e-NCF fue anulado.' }],
    });
  });
});
