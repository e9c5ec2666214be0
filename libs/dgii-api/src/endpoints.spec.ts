import { DgiiEndpoints } from './endpoints.js';
import { DGII_SERVICES, offers } from './services.js';

describe('DgiiEndpoints', () => {
  it('goes to the official hosts by default', () => {
    const endpoints = new DgiiEndpoints();
    expect(endpoints.base('ecf', 'recepcion')?.href).toBe('https://ecf.dgii.gov.do/ecf/recepcion');
    expect(endpoints.base('certecf', 'recepcionfc')?.href).toBe(
      'https://fc.dgii.gov.do/certecf/recepcionfc',
    );
    expect(endpoints.base('testecf', 'estatusservicios')?.href).toBe(
      'https://statusecf.dgii.gov.do/api/estatusservicios',
    );
  });

  it('maps every host below one base URL for a simulator', () => {
    const endpoints = new DgiiEndpoints({ baseUrl: 'http://127.0.0.1:4000/' });
    expect(endpoints.base('testecf', 'autenticacion')?.href).toBe(
      'http://127.0.0.1:4000/ecf/testecf/autenticacion',
    );
    expect(endpoints.base('ecf', 'consultarfce')?.href).toBe(
      'http://127.0.0.1:4000/fc/ecf/consultarfce',
    );
    expect(endpoints.base('ecf', 'estatusservicios')?.href).toBe(
      'http://127.0.0.1:4000/statusecf/api/estatusservicios',
    );
  });

  it.each(['http://dgii.example', 'https://dgii.example', 'http://127.0.0.1.example'])(
    'does not lead a production that is switched on to %s',
    (baseUrl) => {
      expect(() => new DgiiEndpoints({ baseUrl, production: true })).toThrow(/official hosts/);
      expect(() => new DgiiEndpoints({ baseUrl, production: false })).not.toThrow();
    },
  );

  it.each(['http://127.0.0.1:4000', 'http://localhost:4000', 'http://[::1]:4000'])(
    'lets a simulator on this machine play production: %s',
    (baseUrl) => {
      const base = new DgiiEndpoints({ baseUrl, production: true }).base('ecf', 'recepcion');
      expect(base?.href).toBe(`${baseUrl}/ecf/ecf/recepcion`);
    },
  );

  it('has no base where DGII has no service', () => {
    const endpoints = new DgiiEndpoints({ baseUrl: 'http://127.0.0.1:4000' });
    expect(endpoints.base('certecf', 'consultatrackids')).toBeNull();
    expect(endpoints.base('testecf', 'consultarfce')).toBeNull();
  });

  it('takes another base for one service', () => {
    const overrides = { 'certecf/recepcionfc': 'https://fc.dgii.gov.do/Certecf/recepcionfc' };
    const endpoints = new DgiiEndpoints({ overrides });
    expect(endpoints.base('certecf', 'recepcionfc')?.href).toBe(overrides['certecf/recepcionfc']);
  });

  it('takes another base for every service, the status host included', () => {
    for (const environment of ['testecf', 'certecf'] as const) {
      for (const service of DGII_SERVICES.filter((one) => offers(environment, one))) {
        const key = `${environment}/${service}`;
        const base = `https://proxy.example/${key}`;
        const endpoints = new DgiiEndpoints({ overrides: { [key]: `${base}/` } });
        expect(endpoints.base(environment, service)?.href).toBe(base);
      }
    }
  });

  it.each([
    ['testecf/recepcion', 'https://ecf.dgii.gov.do/ecf/recepcion', /not of testecf/],
    ['ecf/recepcion', 'https://ecf.dgii.gov.do/testecf/recepcion', /not of ecf/],
    ['ecf/recepcion', 'https://proxy.example/ecf/recepcion', /official hosts/],
    ['testecf/recepcion', 'http://ecf.dgii.gov.do/testecf/recepcion', /https only/],
    ['testecf/recepcion', 'https://ecf.dgii.gov.do./ecf/recepcion', /not of testecf/],
    ['testecf/recepcion', 'https://ECF2.DGII.gov.do/ecf/recepcion', /not of testecf/],
    ['ecf/estatusservicios', 'https://status.example/api', /official hosts/],
    ['ecf/aprobacioncomercial', 'https://xdgii.gov.do/ecf/aprobacioncomercial', /official hosts/],
    ['testecf/recepcion', 'https://ecf.dgii.gov.do/testecf/consultaestado', /not of recepcion/],
    ['testecf/recepcion', 'https://ecf.dgii.gov.do/testecf', /not of recepcion/],
    ['testecf/recepcion', 'https://statusecf.dgii.gov.do/api/estatusservicios', /not of testecf/],
    ['ecf/estatusservicios', 'https://ecf.dgii.gov.do/ecf/recepcion', /not of estatusservicios/],
    ['testecf/recepcion', 'https://ecf.dgii.gov.do:8443/testecf/recepcion', /usual port/],
    ['testecf/recepcion', 'https://:secret@proxy.example/testecf', /not an http/],
    ['testecf/recepcion', 'ftp://x/testecf', /not an http/],
    ['testecf/recepcion', 'nonsense', /not an http/],
    ['certecf/consultatrackids', 'https://x.example/', /no such service/],
  ])('refuses %s = %s', (key, url, problem) => {
    expect(() => new DgiiEndpoints({ overrides: { [key]: url } })).toThrow(problem);
  });
});
