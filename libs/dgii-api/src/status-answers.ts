import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import { dgiiDay, instantOf, minutesOfDay } from './dates.js';
import { fieldsOf, listOf, plainWords, textOf, type Fields } from './lenient-json.js';
import { DGII_SERVICES, type DgiiService } from './services.js';

/** One line of `obtenerestatus` (Descripción Técnica v1.6, p. 47). */
export interface ServiceStatus {
  /** DGII's words, verbatim. */
  readonly servicio: string;
  readonly estatus: string;
  readonly ambiente: string;
  /** Null when `servicio` is none we know. */
  readonly service: DgiiService | null;
  /** Null when `ambiente` is none we know. */
  readonly environment: Environment | null;
  /** Null when `estatus` is neither `Disponible` nor `No Disponible`. */
  readonly available: boolean | null;
}

/** A stretch of time, `from` included, `to` not. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** One announced maintenance of `obtenerventanasmantenimiento` (p. 49). */
export interface MaintenanceWindow {
  /** DGII's words, verbatim; hours are Dominican time. */
  readonly ambiente: string;
  readonly horaInicio: string;
  readonly horaFin: string;
  readonly dias: readonly string[];
  /** Null when `ambiente` is none we know. */
  readonly environment: Environment | null;
  /** One per day that could be understood. */
  readonly periods: readonly Period[];
}

/** DGII's numbers of the environments in `verificarestado` (p. 51). */
export const AMBIENTE_NUMBERS: Readonly<Record<Environment, string>> = {
  testecf: '1',
  ecf: '2',
  certecf: '3',
};

const MINUTES_PER_DAY = 24 * 60;

// Each reader returns null when the JSON is not what the service answers.

export function readStatuses(json: unknown): readonly ServiceStatus[] | null {
  if (json === null || typeof json !== 'object') return null;
  const statuses: ServiceStatus[] = [];
  for (const fields of listOf(json).map(fieldsOf)) {
    const servicio = fields && textOf(fields, 'servicio');
    if (!fields || !servicio) return null;
    const estatus = textOf(fields, 'estatus') ?? '';
    const ambiente = textOf(fields, 'ambiente') ?? '';
    statuses.push({
      servicio,
      estatus,
      ambiente,
      service: serviceNamed(servicio),
      environment: environmentNamed(ambiente),
      available: availabilityOf(estatus),
    });
  }
  return statuses;
}

/** An object with the list, or the list alone; a window may come alone, without an array. */
export function readMaintenanceWindows(json: unknown): readonly MaintenanceWindow[] | null {
  if (json === null || typeof json !== 'object') return null;
  const fields = fieldsOf(json);
  const wrapped = fields?.has('ventanamantenimientos') === true;
  const windows: MaintenanceWindow[] = [];
  const list = wrapped ? fields.get('ventanamantenimientos') : json;
  for (const one of listOf(list).map(fieldsOf)) {
    const window = one && windowOf(one);
    if (!window) return null;
    windows.push(window);
  }
  return windows;
}

/** `verificarestado`: whether the environment is available. */
export function readAvailability(json: unknown): boolean | null {
  const fields = fieldsOf(Array.isArray(json) && json.length === 1 ? json[0] : json);
  const estado = fields && textOf(fields, 'estado', 'estatus');
  return estado ? availabilityOf(estado) : null;
}

function windowOf(fields: Fields): MaintenanceWindow | null {
  const ambiente = textOf(fields, 'ambiente');
  const horaInicio = textOf(fields, 'horainicio');
  const horaFin = textOf(fields, 'horafin');
  if (ambiente === null || horaInicio === null || horaFin === null) return null;
  const dias = listOf(fields.get('dias')).filter((day) => typeof day === 'string');
  return {
    ambiente,
    horaInicio,
    horaFin,
    dias,
    environment: environmentNamed(ambiente),
    periods: dias.flatMap((day) => periodOf(day, horaInicio, horaFin) ?? []),
  };
}

/** An end that is not after its beginning lies on the next day: `11:00 PM` to `3:00 AM`. */
function periodOf(dia: string, horaInicio: string, horaFin: string): Period | null {
  const day = dgiiDay(dia);
  const begin = minutesOfDay(horaInicio);
  const end = minutesOfDay(horaFin);
  if (!day || begin === null || end === null) return null;
  const to = end > begin ? end : end + MINUTES_PER_DAY;
  return { from: instantOf(day, begin), to: instantOf(day, to) };
}

const NAMES: ReadonlyMap<string, Environment> = new Map([
  ['precertificacion', 'testecf'],
  ['testecf', 'testecf'],
  ['certificacion', 'certecf'],
  ['certecf', 'certecf'],
  ['produccion', 'ecf'],
  ['ecf', 'ecf'],
]);

/** Environment of DGII's name or number for it. */
export function environmentNamed(ambiente: string): Environment | null {
  const numbered = ENVIRONMENTS.find((one) => AMBIENTE_NUMBERS[one] === ambiente.trim());
  const name = plainWords(ambiente).replace(/[^a-z]/g, '');
  return numbered ?? NAMES.get(name) ?? null;
}

/** DGII's names are those of its paths, with spaces and accents: `Consulta TrackIds`. */
function serviceNamed(servicio: string): DgiiService | null {
  const name = plainWords(servicio).replaceAll(' ', '');
  return DGII_SERVICES.find((one) => one === name) ?? null;
}

function availabilityOf(estatus: string): boolean | null {
  const word = plainWords(estatus);
  if (word === 'disponible') return true;
  return word === 'no disponible' ? false : null;
}
