import type { Environment } from '@getupnet/contracts';
import type { FaultBook } from '../faults/fault-book.js';
import { AMBIENTES, announcement } from '../faults/maintenance.js';
import { dataAnswer, parameterProblem, textAnswer, type Answer } from '../http/answer.js';
import { SERVICE_MAP, type Operation } from '../http/service-map.js';
import type { StatusResource } from '../http/status-resources.js';

/** Numbers of `verificarestado` (Descripción Técnica v1.6, p. 51). */
const BY_NUMBER: Readonly<Record<string, Environment>> = {
  '1': 'testecf',
  '2': 'ecf',
  '3': 'certecf',
};

const SERVICIOS: readonly (readonly [string, Operation])[] = [
  ['Autenticación', 'validarsemilla'],
  ['Recepción', 'recepcion'],
  ['Consulta Resultado', 'consultaresultado'],
  ['Consulta Estado', 'consultaestado'],
  ['Consulta Directorio', 'directoriolistado'],
  ['Consulta TrackIds', 'consultatrackids'],
  ['Aprobación Comercial', 'aprobacioncomercial'],
  ['Anulación Rangos', 'anulacionrangos'],
  ['Recepción FC', 'recepcionfc'],
];

/** The three resources of DGII's status host; they want an `Apikey`, any will do here. */
export class ServiceStatus {
  constructor(
    private readonly faults: FaultBook,
    private readonly now: () => Date,
  ) {}

  answer(
    resource: StatusResource,
    query: Readonly<Record<string, string>>,
    apiKey: boolean,
  ): Answer {
    if (!apiKey) return textAnswer(401, '');
    if (resource === 'obtenerestatus') return dataAnswer(this.all(), { wantsXml: false });
    if (resource === 'obtenerventanasmantenimiento') {
      const windows = this.faults.announced(this.now()).map(announcement);
      return dataAnswer({ ventanaMantenimientos: windows }, { wantsXml: false });
    }
    const environment = BY_NUMBER[query['ambiente'] ?? ''];
    if (environment === undefined) {
      return parameterProblem('ambiente', 'The value is not valid for ambiente.');
    }
    const own = SERVICIOS.filter(([, name]) =>
      SERVICE_MAP[name].environments.includes(environment),
    );
    const up = own.every(([, operation]) => this.isUp(operation, environment));
    return dataAnswer({ estado: wordFor(up) }, { wantsXml: false });
  }

  private all(): { servicio: string; estatus: string; ambiente: string }[] {
    return SERVICIOS.flatMap(([servicio, operation]) =>
      SERVICE_MAP[operation].environments.map((environment) => ({
        servicio,
        estatus: wordFor(this.isUp(operation, environment)),
        ambiente: AMBIENTES[environment],
      })),
    );
  }

  private isUp(operation: Operation, environment: Environment): boolean {
    const nobody = { rnc: null, encf: null, at: this.now() };
    return !this.faults.isDown({ operation, environment, ...nobody });
  }
}

const wordFor = (up: boolean): string => (up ? 'Disponible' : 'No Disponible');
