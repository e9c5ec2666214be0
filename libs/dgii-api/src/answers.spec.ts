import { meaningOf, readReception, readTracks, readVerdict } from './answers.js';

describe('readVerdict', () => {
  it('takes names in any case, codes as text or number and dates verbatim', () => {
    const real = {
      trackId: 'd2b6',
      codigo: '1',
      estado: 'Aceptado',
      rnc: '131880681',
      encf: 'E310000000001',
      secuenciaUtilizada: true,
      fechaRecepcion: '8/15/2023 6:06:57 AM',
      mensajes: [{ valor: '', codigo: 0 }],
    };
    const documented = {
      TrackId: 'd2b6',
      Codigo: 1,
      ESTADO: 'Aceptado',
      RNC: 131880681,
      eNCF: 'E310000000001',
      secuenciaUtilizada: 'True',
      fechaRecepcion: '8/15/2023 6:06:57 AM',
      mensajes: { codigo: '0', valor: '' },
    };
    const receivedAt = new Date('2023-08-15T10:06:57Z');
    const expected = { ...real, receivedAt, mensajes: [{ codigo: '0', valor: '' }] };
    expect(readVerdict(real)).toEqual(expected);
    expect(readVerdict(documented)).toEqual(expected);
  });

  it('leaves what is absent unknown', () => {
    expect(readVerdict({ estado: 'En Proceso', mensajes: null })).toEqual({
      trackId: null,
      codigo: '',
      estado: 'En Proceso',
      rnc: null,
      encf: null,
      secuenciaUtilizada: null,
      fechaRecepcion: null,
      receivedAt: null,
      mensajes: [],
    });
  });

  it.each([[null], ['Aceptado'], [[{ codigo: 1 }]], [{ trackId: 'x' }], [7]])(
    'does not take %j for a verdict',
    (json) => {
      expect(readVerdict(json)).toBeNull();
    },
  );
});

it('keeps a date it cannot read', () => {
  const verdict = readVerdict({ estado: 'Aceptado', fechaRecepcion: 'ayer' });
  expect(verdict).toMatchObject({ fechaRecepcion: 'ayer', receivedAt: null });
});

describe('meaningOf', () => {
  it.each([
    ['1', 'Aceptado', 'ACCEPTED'],
    ['01', 'ACEPTADO', 'ACCEPTED'],
    ['4', 'Aceptado  Condicional', 'CONDITIONALLY_ACCEPTED'],
    ['1', 'Aceptado condicional', 'CONDITIONALLY_ACCEPTED'],
    ['2', 'Rechazado', 'REJECTED'],
    ['3', 'En Proceso', 'IN_PROCESS'],
    ['0', 'No encontrado', 'NOT_FOUND'],
    ['', 'Rechazado', 'REJECTED'],
    ['2', '', null],
    ['1', '', null],
    ['0', '', null],
    ['99', 'Aceptado', 'ACCEPTED'],
    ['2', 'Aceptado', null],
    ['1', 'Rechazado', null],
    ['1', 'Otra cosa', null],
    ['', '', null],
    ['77', '', null],
    ['1', 'constructor', null],
    ['toString', '', null],
  ])('codigo %j with estado %j is %j', (codigo, estado, meaning) => {
    expect(meaningOf({ codigo, estado })).toBe(meaning);
  });
});

describe('readReception', () => {
  it('is a trackId, or the reasons why there is none', () => {
    expect(readReception({ trackId: 'a-1', error: null, mensaje: null })).toEqual({
      trackId: 'a-1',
    });
    expect(readReception({ trackId: null, error: 'malo', mensaje: 'peor' })).toEqual({
      trackId: null,
      mensajes: [
        { codigo: '', valor: 'malo' },
        { codigo: '', valor: 'peor' },
      ],
    });
  });

  it.each([[{}], [{ trackId: '' }], [{ trackId: ' ', error: '' }], [[]], ['id'], [null]])(
    'is neither in %j',
    (json) => {
      expect(readReception(json)).toBeNull();
    },
  );
});

describe('readTracks', () => {
  const track = { trackId: 't', estado: 'Aceptado', fechaRecepcion: '1/2/2026 1:00:00 PM' };

  const read = { ...track, receivedAt: new Date('2026-01-02T17:00:00Z') };

  it.each([
    ['an array', [track], [read]],
    ['one object', track, [read]],
    ['an empty array', [], []],
    ['a "not found" object', { trackId: null, estado: 'No encontrado' }, []],
  ])('reads %s', (_name, json, expected) => {
    expect(readTracks(json)).toEqual(expected);
  });

  it.each([
    [null],
    ['no'],
    [[track, 'x']],
    [{ mensaje: 'no' }],
    [{ trackId: null, estado: 'En proceso' }],
    [{ estado: 'Error' }],
    [[{ trackId: '', estado: 'Aceptado' }]],
    [[track, { trackId: null, estado: 'En proceso' }]],
    [{ codigo: 0 }],
    [Array.from({ length: 65 }, () => track)],
  ])('never takes %j for "none": that would allow a resend', (json) => {
    expect(readTracks(json)).toBeNull();
  });
});
