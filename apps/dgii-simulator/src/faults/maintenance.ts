import type { Environment } from '@getupnet/contracts';
import { dominicanDateTime } from '@getupnet/kernel';
import type { Maintenance } from './fault.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const DATE_LENGTH = 'dd-MM-yyyy'.length;
const TIME_LENGTH = 'HH:mm'.length;

interface LocalTime {
  readonly day: string;
  readonly time: string;
}

function localTime(at: Date): LocalTime {
  const text = dominicanDateTime(at);
  const start = DATE_LENGTH + 1;
  return { day: text.slice(0, DATE_LENGTH), time: text.slice(start, start + TIME_LENGTH) };
}

const lastsOverMidnight = ({ from, to }: Maintenance): boolean => to <= from;

/** Whether services are out at this instant, by Dominican time. */
export function isUnderMaintenance(window: Maintenance, at: Date): boolean {
  const { day, time } = localTime(at);
  const { days, from, to } = window;
  if (!lastsOverMidnight(window)) return days.includes(day) && from <= time && time < to;
  if (days.includes(day) && from <= time) return true;
  const before = localTime(new Date(at.getTime() - DAY_MS)).day;
  return days.includes(before) && time < to;
}

/** Whether its last day has ended: DGII announces it no longer. */
export function isOver(window: Maintenance, at: Date): boolean {
  const { day, time } = localTime(at);
  return window.days.every((own) => {
    if (!lastsOverMidnight(window)) {
      return sortable(own) < sortable(day) || (own === day && window.to <= time);
    }
    const next = nextDay(own);
    return next < sortable(day) || (next === sortable(day) && window.to <= time);
  });
}

const sortable = (day: string): string => day.split('-').reverse().join('-');

function nextDay(day: string): string {
  const midnight = new Date(`${sortable(day)}T00:00:00Z`);
  return new Date(midnight.getTime() + DAY_MS).toISOString().slice(0, DATE_LENGTH);
}

/** DGII's words for its environments (Descripción Técnica v1.6, pp. 48-50). */
export const AMBIENTES: Readonly<Record<Environment, string>> = {
  testecf: 'PreCertificacion',
  certecf: 'Certificacion',
  ecf: 'Produccion',
};

/** A window as the status host announces it. */
export function announcement({ environment, from, to, days }: Maintenance): {
  readonly ambiente: string;
  readonly horaInicio: string;
  readonly horaFin: string;
  readonly dias: readonly string[];
} {
  return {
    ambiente: AMBIENTES[environment],
    horaInicio: twelveHours(from),
    horaFin: twelveHours(to),
    dias: days,
  };
}

/** `14:30` as `2:30 PM`, which is how DGII writes it. */
function twelveHours(time: string): string {
  const hour = Number(time.slice(0, 2));
  return `${hour % 12 === 0 ? 12 : hour % 12}:${time.slice(3)} ${hour < 12 ? 'AM' : 'PM'}`;
}
