import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import { request as httpRequest } from 'node:http';
import { startSimulator, type DgiiHost, type Simulator } from '../index.js';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ trust: 'any' });
});
afterAll(() => simulator.close());

const everywhere = ENVIRONMENTS;
const open: readonly Environment[] = ['testecf', 'ecf'];

/** Where DGII has each service (Descripción Técnica v1.6, pp. 8-52), in its own spelling. */
const SERVICES: readonly (readonly [
  name: string,
  host: DgiiHost,
  method: 'GET' | 'POST',
  resource: string,
  environments: readonly Environment[],
])[] = [
  ['seed', 'ecf', 'GET', 'Autenticacion/api/Autenticacion/Semilla', everywhere],
  ['seed check', 'ecf', 'POST', 'Autenticacion/api/Autenticacion/ValidarSemilla', everywhere],
  ['reception', 'ecf', 'POST', 'Recepcion/api/FacturasElectronicas', everywhere],
  ['summaries', 'fc', 'POST', 'RecepcionFC/api/recepcion/ecf', everywhere],
  ['summary query', 'fc', 'GET', 'ConsultaRFCe/api/Consultas/Consulta', ['ecf']],
  ['result', 'ecf', 'GET', 'ConsultaResultado/api/Consultas/Estado', everywhere],
  ['status', 'ecf', 'GET', 'ConsultaEstado/api/Consultas/Estado', open],
  ['trackIds', 'ecf', 'GET', 'ConsultaTrackIds/api/TrackIds/Consulta', open],
  ['approval', 'ecf', 'POST', 'AprobacionComercial/api/AprobacionComercial', everywhere],
  ['voids', 'ecf', 'POST', 'AnulacionRangos/api/Operaciones/AnularRango', open],
  ['directory', 'ecf', 'GET', 'ConsultaDirectorio/api/Consultas/Listado', open],
  [
    'directory by RNC',
    'ecf',
    'GET',
    'ConsultaDirectorio/api/Consultas/ObtenerDirectorioPorRnc',
    open,
  ],
  ['stamp', 'ecf', 'GET', 'ConsultaTimbre', everywhere],
  ['stamp of a summary', 'fc', 'GET', 'ConsultaTimbreFC', everywhere],
  ['receiver seed', 'ecf', 'GET', 'EmisorReceptor/fe/autenticacion/api/Semilla', ['testecf']],
  [
    'receiver seed check',
    'ecf',
    'POST',
    'EmisorReceptor/fe/autenticacion/api/ValidacionCertificado',
    ['testecf'],
  ],
  ['receiver', 'ecf', 'POST', 'EmisorReceptor/fe/Recepcion/api/ecf', ['testecf']],
  [
    'receiver approval',
    'ecf',
    'POST',
    'EmisorReceptor/fe/AprobacionComercial/api/ecf',
    ['testecf'],
  ],
  ['emission', 'ecf', 'POST', 'EmisorReceptor/api/Emision/EmisionComprobantes', ['testecf']],
  ['receipt', 'ecf', 'GET', 'EmisorReceptor/api/Emision/ConsultaAcuseRecibo', ['testecf']],
  [
    'sent approval',
    'ecf',
    'POST',
    'EmisorReceptor/api/Emision/EnvioAprobacionComercial',
    ['testecf'],
  ],
];

const SPELLED: Readonly<Record<Environment, string>> = {
  testecf: 'TesteCF',
  certecf: 'CerteCF',
  ecf: 'eCF',
};
const lower = (text: string): string => text.toLowerCase();
const upper = (text: string): string => text.toUpperCase();

const hosts: readonly DgiiHost[] = ['ecf', 'fc', 'statusecf'];
const otherHost = (host: DgiiHost): DgiiHost => (host === 'ecf' ? 'fc' : 'ecf');

/** Ways to say where to: as first segment of the path, or as Host header; letters do not count. */
const STYLES: readonly (readonly [
  string,
  (host: DgiiHost, path: string) => { readonly path: string; readonly host?: string },
])[] = [
  ['path', (host, path) => ({ path: `/${host}${path}` })],
  ['path, lower case', (host, path) => ({ path: lower(`/${host}${path}`) })],
  ['path, upper case', (host, path) => ({ path: upper(`/${host}${path}`) })],
  ['host', (host, path) => ({ path, host: `${host}.dgii.gov.do` })],
  ['host with port', (host, path) => ({ path: lower(path), host: `${host}.dgii.gov.do:443` })],
  ['host, mixed case', (host, path) => ({ path: upper(path), host: `${host}.DGII.gov.DO` })],
];

function statusOf(method: string, to: { path: string; host?: string }): Promise<number> {
  const { port } = new URL(simulator.url);
  const headers = { ...(to.host === undefined ? {} : { host: to.host }), connection: 'close' };
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, method, path: to.path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

const MISSING = 404;

describe.each(STYLES)('by %s', (_style, address) => {
  it.each(SERVICES)('%s', async (_name, host, method, resource, environments) => {
    for (const environment of ENVIRONMENTS) {
      const path = `/${SPELLED[environment]}/${resource}`;
      const exists = environments.includes(environment);
      const found = await statusOf(method, address(host, path));
      expect([environment, found !== MISSING]).toEqual([environment, exists]);
      const elsewhere = await statusOf(method, address(otherHost(host), path));
      expect([environment, elsewhere]).toEqual([environment, MISSING]);
      const otherMethod = method === 'GET' ? 'POST' : 'GET';
      const wrong = await statusOf(otherMethod, address(host, path));
      expect([environment, wrong]).toEqual([environment, MISSING]);
    }
  });

  it('service status, on its own host and without environment', async () => {
    for (const resource of ['ObtenerEstatus', 'ObtenerVentanasMantenimiento', 'VerificarEstado']) {
      const path = `/api/EstatusServicios/${resource}`;
      const found = await Promise.all(hosts.map((host) => statusOf('GET', address(host, path))));
      expect([resource, found]).toEqual([resource, [MISSING, MISSING, 401]]);
    }
  });
});
