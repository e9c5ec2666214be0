import { SERVICE_MAP, routedUrl } from './service-map.js';

const HOSTS = { 'ecf.dgii.gov.do': 'ecf', 'fc.dgii.gov.do': 'fc' } as const;

describe('routedUrl', () => {
  it.each([
    ['/ECF/TesteCF/Recepcion', 'localhost:80', '/ecf/testecf/recepcion'],
    ['/eCF/ConsultaRFCE?ENCF=E32A', 'FC.dgii.gov.do', '/fc/ecf/consultarfce?ENCF=E32A'],
    ['/CerteCF/x', 'ecf.dgii.gov.do:443', '/ecf/certecf/x'],
    ['/x?Y=Z', undefined, '/x?Y=Z'],
    ['/x', 'constructor', '/x'],
  ])('%s at %s is %s', (url, host, routed) => {
    expect(routedUrl(url, host, HOSTS)).toBe(routed);
  });
});

describe('SERVICE_MAP', () => {
  it('has in certification what DGII has there, and nothing more', () => {
    const there = Object.entries(SERVICE_MAP)
      .filter(([, entry]) => entry.environments.includes('certecf'))
      .map(([operation]) => operation);
    expect(there).toEqual([
      'semilla',
      'validarsemilla',
      'recepcion',
      'recepcionfc',
      'consultaresultado',
      'aprobacioncomercial',
      'consultatimbre',
      'consultatimbrefc',
    ]);
  });
});
