import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';

/** DGII's three hosts (Descripción Técnica v1.6, p. 6–7). */
export const DGII_HOSTS = {
  ecf: 'ecf.dgii.gov.do',
  fc: 'fc.dgii.gov.do',
  statusecf: 'statusecf.dgii.gov.do',
} as const;
export type DgiiHost = keyof typeof DGII_HOSTS;

interface ServiceFacts {
  readonly host: DgiiHost;
  /** Where it exists; elsewhere there is nothing to ask. */
  readonly environments: readonly Environment[];
}

const EVERYWHERE = ENVIRONMENTS;
const NOT_IN_CERTIFICATION = ['testecf', 'ecf'] as const;

/** Which service lives on which host and in which environments (Descripción Técnica v1.6, p. 8–52). */
const SERVICES = {
  autenticacion: { host: 'ecf', environments: EVERYWHERE },
  recepcion: { host: 'ecf', environments: EVERYWHERE },
  consultaresultado: { host: 'ecf', environments: EVERYWHERE },
  consultaestado: { host: 'ecf', environments: NOT_IN_CERTIFICATION },
  consultatrackids: { host: 'ecf', environments: NOT_IN_CERTIFICATION },
  consultadirectorio: { host: 'ecf', environments: NOT_IN_CERTIFICATION },
  aprobacioncomercial: { host: 'ecf', environments: EVERYWHERE },
  anulacionrangos: { host: 'ecf', environments: NOT_IN_CERTIFICATION },
  emisorreceptor: { host: 'ecf', environments: ['testecf'] },
  recepcionfc: { host: 'fc', environments: EVERYWHERE },
  consultarfce: { host: 'fc', environments: ['ecf'] },
  estatusservicios: { host: 'statusecf', environments: EVERYWHERE },
} as const satisfies Record<string, ServiceFacts>;

export type DgiiService = keyof typeof SERVICES;

export const DGII_SERVICES = Object.keys(SERVICES) as readonly DgiiService[];

export function hostOf(service: DgiiService): DgiiHost {
  return SERVICES[service].host;
}

/** Whether DGII offers the service in the environment at all. */
export function offers(environment: Environment, service: DgiiService): boolean {
  const environments: readonly Environment[] = SERVICES[service].environments;
  return environments.includes(environment);
}
