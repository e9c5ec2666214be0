import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';

/** DGII's three hosts, as the first path segment when there is only one address. */
export const DGII_HOSTS = ['ecf', 'fc', 'statusecf'] as const;
export type DgiiHost = (typeof DGII_HOSTS)[number];

/** Every operation of this simulator, by the name that faults and the ledger use. */
export const OPERATIONS = [
  'semilla',
  'validarsemilla',
  'recepcion',
  'recepcionfc',
  'consultaresultado',
  'consultaestado',
  'consultatrackids',
  'consultarfce',
  'aprobacioncomercial',
  'anulacionrangos',
  'directoriolistado',
  'directorioporrnc',
  'receptorsemilla',
  'receptorvalidacion',
  'receptorrecepcion',
  'receptoraprobacion',
  'emisoremision',
  'emisoracuse',
  'emisoraprobacion',
  'consultatimbre',
  'consultatimbrefc',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface ServiceEntry {
  readonly host: DgiiHost;
  readonly environments: readonly Environment[];
  readonly method: 'GET' | 'POST';
  /** Below `/{host}/{environment}`, lower case. */
  readonly path: string;
  /** Whether the call needs the bearer token. */
  readonly bearer: boolean;
  /** Whether the body is a multipart file named `xml`. */
  readonly document: boolean;
}

const everywhere = ENVIRONMENTS;
const notCertification: readonly Environment[] = ['testecf', 'ecf'];

function page(host: DgiiHost, path: string): ServiceEntry {
  return { host, environments: everywhere, method: 'GET', path, bearer: false, document: false };
}

function query(host: DgiiHost, path: string, environments: readonly Environment[]): ServiceEntry {
  return { host, environments, method: 'GET', path, bearer: true, document: false };
}

function upload(host: DgiiHost, path: string, bearer = true): ServiceEntry {
  return { host, environments: everywhere, method: 'POST', path, bearer, document: true };
}

function request(host: DgiiHost, path: string): ServiceEntry {
  return { ...upload(host, path), document: false };
}

/** The taxpayer that DGII plays: base of its services, below `/ecf/testecf`. */
export const EMISOR_RECEPTOR = '/emisorreceptor';
const testing: readonly Environment[] = ['testecf'];

function receptor(entry: ServiceEntry): ServiceEntry {
  return { ...entry, environments: testing, path: `${EMISOR_RECEPTOR}${entry.path}` };
}

/** Where each service exists (Descripción Técnica v1.6, pp. 8-52): certification has no queries. */
export const SERVICE_MAP: Readonly<Record<Operation, ServiceEntry>> = {
  semilla: page('ecf', '/autenticacion/api/autenticacion/semilla'),
  validarsemilla: upload('ecf', '/autenticacion/api/autenticacion/validarsemilla', false),
  recepcion: upload('ecf', '/recepcion/api/facturaselectronicas'),
  recepcionfc: upload('fc', '/recepcionfc/api/recepcion/ecf'),
  consultaresultado: query('ecf', '/consultaresultado/api/consultas/estado', everywhere),
  consultaestado: query('ecf', '/consultaestado/api/consultas/estado', notCertification),
  consultatrackids: query('ecf', '/consultatrackids/api/trackids/consulta', notCertification),
  consultarfce: query('fc', '/consultarfce/api/consultas/consulta', ['ecf']),
  aprobacioncomercial: upload('ecf', '/aprobacioncomercial/api/aprobacioncomercial'),
  anulacionrangos: {
    ...upload('ecf', '/anulacionrangos/api/operaciones/anularrango'),
    environments: notCertification,
  },
  directoriolistado: query('ecf', '/consultadirectorio/api/consultas/listado', notCertification),
  directorioporrnc: query(
    'ecf',
    '/consultadirectorio/api/consultas/obtenerdirectorioporrnc',
    notCertification,
  ),
  receptorsemilla: receptor(page('ecf', '/fe/autenticacion/api/semilla')),
  receptorvalidacion: receptor(upload('ecf', '/fe/autenticacion/api/validacioncertificado', false)),
  receptorrecepcion: receptor(upload('ecf', '/fe/recepcion/api/ecf')),
  receptoraprobacion: receptor(upload('ecf', '/fe/aprobacioncomercial/api/ecf')),
  emisoremision: receptor(request('ecf', '/api/emision/emisioncomprobantes')),
  emisoracuse: receptor(query('ecf', '/api/emision/consultaacuserecibo', testing)),
  emisoraprobacion: receptor(request('ecf', '/api/emision/envioaprobacioncomercial')),
  consultatimbre: page('ecf', '/consultatimbre'),
  consultatimbrefc: page('fc', '/consultatimbrefc'),
};

/** Path the router knows: lower case, DGII's host as first segment when it came as Host header. */
export function routedUrl(
  url: string,
  hostHeader: string | undefined,
  hostNames: Readonly<Record<string, DgiiHost>>,
): string {
  const mark = url.indexOf('?');
  const path = (mark < 0 ? url : url.slice(0, mark)).toLowerCase();
  const query = mark < 0 ? '' : url.slice(mark);
  const name = hostHeader?.split(':')[0]?.toLowerCase() ?? '';
  const host = Object.hasOwn(hostNames, name) ? hostNames[name] : undefined;
  return host === undefined ? path + query : `/${host}${path}${query}`;
}
