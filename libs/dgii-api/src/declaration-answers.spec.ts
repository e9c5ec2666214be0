import { approvalMeaning, readApproval, readVoid, voidMeaning } from './declaration-answers.js';

describe('readApproval', () => {
  it.each([
    [
      'the documented shape',
      { mensaje: [], estado: 'Aprobación Comercial Aprobada.', codigo: '1' },
      { codigo: '1', estado: 'Aprobación Comercial Aprobada.', mensajes: [] },
    ],
    [
      'a number, other capitals, texts',
      { Mensaje: ['uno', 'dos'], ESTADO: 'Aprobacion Comercial Rechazada.', Codigo: 2 },
      {
        codigo: '2',
        estado: 'Aprobacion Comercial Rechazada.',
        mensajes: [
          { codigo: '', valor: 'uno' },
          { codigo: '', valor: 'dos' },
        ],
      },
    ],
    [
      'objects where texts are documented',
      { mensajes: { valor: 'uno', codigo: 7 }, codigo: '02' },
      { codigo: '02', estado: '', mensajes: [{ codigo: '7', valor: 'uno' }] },
    ],
  ])('reads %s', (_name, json, expected) => {
    expect(readApproval(json)).toEqual(expected);
  });

  it.each([[null], ['1'], [[]], [{}], [{ mensaje: ['no'] }], [{ codigo: '' }]])(
    'is no answer: %j',
    (json) => {
      expect(readApproval(json)).toBeNull();
    },
  );
});

describe('approvalMeaning', () => {
  it.each([
    ['1', 'Aprobación Comercial Aprobada.', 'ACCEPTED'],
    ['01', 'Aprobacion  comercial aprobada', 'ACCEPTED'],
    ['2', 'Aprobacion Comercial Rechazada.', 'REJECTED'],
    ['02', 'APROBACIÓN COMERCIAL RECHAZADA.', 'REJECTED'],
    ['', 'Aprobada', 'ACCEPTED'],
    ['2', '', null],
    ['1', '', null],
    ['1', 'Aprobacion Comercial Rechazada.', null],
    ['2', 'Aprobación Comercial Aprobada.', null],
    ['3', 'Aprobación Comercial Aprobada.', null],
    ['1', 'No Aprobada', null],
    ['1', 'En Proceso', null],
    ['', '', null],
    ['constructor', '', null],
  ])('codigo %j with estado %j is %j', (codigo, estado, meaning) => {
    expect(approvalMeaning({ codigo, estado })).toBe(meaning);
  });
});

describe('the answer to a void request', () => {
  it('is read in any capitals, messages as texts or objects', () => {
    const json = {
      RNC: 131880738,
      Codigo: '1',
      nombre: 'ACME',
      Mensajes: ['Secuencias anuladas.'],
    };
    expect(readVoid(json)).toEqual({
      rnc: '131880738',
      nombre: 'ACME',
      codigo: '1',
      mensajes: [{ codigo: '', valor: 'Secuencias anuladas.' }],
    });
    expect(readVoid({ rnc: null, codigo: 2, nombre: null, mensajes: 'no' })).toEqual({
      rnc: null,
      nombre: null,
      codigo: '2',
      mensajes: [{ codigo: '', valor: 'no' }],
    });
  });

  it.each([[null], [{}], [{ rnc: '131880738', mensajes: ['no'] }], [[{ codigo: '1' }]]])(
    'is not %j',
    (json) => {
      expect(readVoid(json)).toBeNull();
    },
  );

  it.each([
    ['1', 'ACCEPTED'],
    ['01', 'ACCEPTED'],
    ['2', 'REJECTED'],
    ['0', null],
    ['00', null],
    ['', null],
    ['12', null],
  ])('with codigo %j means %j', (codigo, meaning) => {
    expect(voidMeaning({ rnc: '131880738', codigo })).toBe(meaning);
    expect(voidMeaning({ rnc: null, codigo })).toBeNull();
  });
});
