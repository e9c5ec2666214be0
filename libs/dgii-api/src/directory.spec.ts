import fc from 'fast-check';
import { readDirectory, receiverBase } from './directory.js';

describe('readDirectory', () => {
  const acme = {
    nombre: 'ACME',
    rnc: '131880681',
    urlRecepcion: 'https://a',
    urlAceptacion: null,
    urlOpcional: null,
  };

  it('makes a list of one object and keeps absent addresses null', () => {
    const entry = { Nombre: 'ACME', RNC: 131880681, urlRecepcion: 'https://a', urlOpcional: '' };
    expect(readDirectory(entry)).toEqual([acme]);
    expect(readDirectory([entry, { ...entry, RNC: '001-0000000-1' }])).toEqual([
      acme,
      { ...acme, rnc: '00100000001' },
    ]);
    expect(readDirectory([])).toEqual([]);
  });

  it('leaves out lines of nobody, and takes a list of such for no answer', () => {
    const nobody = { nombre: 'X', rnc: 'sin rnc' };
    expect(readDirectory([nobody, acme, null, 'x'])).toEqual([acme]);
    for (const json of [null, 'x', 7, nobody, [nobody], { mensaje: 'no' }]) {
      expect(readDirectory(json)).toBeNull();
    }
  });
});

describe('receiverBase', () => {
  it.each([
    ['https://acme.do', 'https://acme.do'],
    [' https://acme.do/// ', 'https://acme.do'],
    ['acme.do', 'https://acme.do'],
    ['acme.do:8443/ecf', 'https://acme.do:8443/ecf'],
    ['HTTPS://ACME.do/WsReceptor/', 'https://acme.do/WsReceptor'],
    ['https://acme.do/fe', 'https://acme.do'],
    ['https://acme.do/fe/recepcion/api/ecf', 'https://acme.do'],
    ['https://acme.do/t/1/FE/Recepcion/api/ECF/', 'https://acme.do/t/1'],
    ['https://acme.do/fe/recepci%C3%B3n/api/ecf', 'https://acme.do'],
    ['https://acme.do/fe/autenticacion', 'https://acme.do'],
    ['https://acme.do/x/fe/aprobacioncomercial/api/ecf?wsdl#x', 'https://acme.do/x'],
    ['https://acme.do/fe/otra', 'https://acme.do/fe/otra'],
    ['https://acme.do/cafe', 'https://acme.do/cafe'],
    ['http://127.0.0.1:9/ecf', 'http://127.0.0.1:9/ecf'],
    ['https://acme.do/a%20b/100%', 'https://acme.do/a%20b/100%'],
  ])('of %j is %j', (typed, base) => {
    expect(receiverBase(typed)).toBe(base);
  });

  it.each([
    [null],
    [''],
    ['  '],
    ['no tiene'],
    ['ftp://acme.do'],
    ['javascript:alert(1)'],
    ['file:///etc/passwd'],
    ['https://user:secret@acme.do'],
    ['https://'],
  ])('there is none of %j', (typed) => {
    expect(receiverBase(typed)).toBeNull();
  });

  it('is stable, and an address the standard resources can be appended to', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string()), (typed) => {
        const base = receiverBase(typed);
        if (base === null) return;
        expect(receiverBase(base)).toBe(base);
        expect(new URL(`${base}/fe/recepcion/api/ecf`).pathname).toMatch(/recepcion\/api\/ecf$/);
      }),
    );
  });
});
