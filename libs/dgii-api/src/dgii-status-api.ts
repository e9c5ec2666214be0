import type { Environment } from '@getupnet/contracts';
import type { HttpTransport } from '@getupnet/http-client';
import { DgiiCaller, json, type CallOptions, type DgiiAnswer } from './dgii-call.js';
import type { DgiiEndpoints } from './endpoints.js';
import {
  AMBIENTE_NUMBERS,
  readAvailability,
  readMaintenanceWindows,
  readStatuses,
  type MaintenanceWindow,
  type ServiceStatus,
} from './status-answers.js';

/**
 * DGII's status host: what it says of its own services. Every call wants the key that DGII issues
 * for it (Descripción Técnica v1.6, p. 47).
 */
export class DgiiStatusApi {
  private readonly caller: DgiiCaller;

  constructor(endpoints: DgiiEndpoints, transport: HttpTransport) {
    this.caller = new DgiiCaller(endpoints, transport);
  }

  /** State of every service of every environment. */
  statuses(
    environment: Environment,
    apiKey: string,
    options: CallOptions = {},
  ): Promise<DgiiAnswer<readonly ServiceStatus[]>> {
    const read = json(readStatuses);
    return this.ask({ environment, apiKey, options, path: '/obtenerestatus', read });
  }

  /** Announced maintenance of every environment. */
  maintenanceWindows(
    environment: Environment,
    apiKey: string,
    options: CallOptions = {},
  ): Promise<DgiiAnswer<readonly MaintenanceWindow[]>> {
    const path = '/obtenerventanasmantenimiento';
    return this.ask({ environment, apiKey, options, path, read: json(readMaintenanceWindows) });
  }

  /** Whether the environment as a whole is available. */
  available(
    environment: Environment,
    apiKey: string,
    options: CallOptions = {},
  ): Promise<DgiiAnswer<boolean>> {
    const query = { ambiente: AMBIENTE_NUMBERS[environment] };
    const path = '/verificarestado';
    return this.ask({ environment, apiKey, options, path, query, read: json(readAvailability) });
  }

  private ask<T>({ environment, apiKey, options, path, query, read }: Question<T>) {
    return this.caller.call<T>({
      ...options,
      environment,
      service: 'estatusservicios',
      path,
      ...(query === undefined ? {} : { query }),
      authorization: `Apikey ${apiKey}`,
      read,
    });
  }
}

interface Question<T> {
  readonly environment: Environment;
  readonly apiKey: string;
  readonly options: CallOptions;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly read: (body: string) => T | null;
}
