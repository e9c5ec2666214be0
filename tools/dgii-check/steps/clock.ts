import { dgiiInstant } from '@getupnet/dgii-api';
import { dominicanDateTime } from '@getupnet/kernel';
import type { HttpAnswer } from '../net/probe.js';
import type { CheckSession } from '../session.js';
import { failed, ok, together, warning, type Finding, type Step } from '../step.js';

/** Ahead by more than this, the first documents are refused. */
const AHEAD_NOTICE_MS = 5_000;
const FAULT_MS = 60_000;
/** Behind by more than this, the dates of documents begin to be wrong. */
const BEHIND_FAULT_MS = 3_600_000;
/** `Date` tells whole seconds. */
const DATE_RESOLUTION_MS = 1_000;
const DOMINICAN_ZONE = /-04:?00$/;

const SYNCHRONISE =
  'Sincronice el reloj de la máquina por NTP (timedatectl set-ntp true, chrony, w32tm /resync); ' +
  'en una máquina virtual, también el del anfitrión.';

/** Holds our clock against DGII's: the semilla's date, and the `Date` of its answer. */
export function clockStep(session: CheckSession, needs: string): Step {
  return {
    id: 'clock',
    title: 'Reloj',
    target: null,
    why: 'La DGII rechaza un documento cuya FechaHoraFirma está en el futuro según el reloj de ella.',
    needs: [needs],
    run: async () => {
      const answer = session.semilla;
      if (!answer) throw new Error('the clock is read from the answer of the semilla service');
      const readings = readingsOf(answer);
      const [first] = readings;
      if (!first) {
        const fix = 'Compare a mano con la hora oficial dominicana.';
        return warning('clock.unknown', 'la respuesta no trae fecha ni hora', fix);
      }
      session.skewMs = first.skewMs;
      return together([skewFinding(first, answer), ...disagreement(readings), ...zone(answer)]);
    },
  };
}

interface Reading {
  readonly source: 'fecha' | 'Date';
  /** Theirs minus ours; positive when we are behind. */
  readonly skewMs: number;
  readonly uncertaintyMs: number;
}

const fechaOf = ({ body }: HttpAnswer): string | null =>
  /<fecha>\s*([^<]+?)\s*<\/fecha>/.exec(body)?.[1] ?? null;

/** The semilla's date first: it is written by the service that judges dates. */
function readingsOf(answer: HttpAnswer): readonly Reading[] {
  const stated = fechaOf(answer);
  const fecha = stated === null ? null : dgiiInstant(stated);
  const date = answer.date === null ? Number.NaN : Date.parse(answer.date);
  const ours = answer.at.getTime();
  const halfTripMs = answer.headMs / 2;
  const readings: Reading[] = [];
  if (fecha) {
    const skewMs = fecha.getTime() - ours;
    readings.push({ source: 'fecha', skewMs, uncertaintyMs: halfTripMs });
  }
  if (!Number.isNaN(date)) {
    const skewMs = date + DATE_RESOLUTION_MS / 2 - ours;
    const uncertaintyMs = halfTripMs + DATE_RESOLUTION_MS / 2;
    readings.push({ source: 'Date', skewMs, uncertaintyMs });
  }
  return readings;
}

function skewFinding({ source, skewMs, uncertaintyMs }: Reading, { at }: HttpAnswer): Finding {
  const sureMs = Math.max(0, Math.abs(skewMs) - uncertaintyMs);
  const details = {
    skewMs: Math.round(skewMs),
    uncertaintyMs: Math.round(uncertaintyMs),
    source,
    dgiiTime: dominicanDateTime(new Date(at.getTime() + skewMs)),
    ourTime: dominicanDateTime(at),
  };
  const amount = duration(Math.abs(skewMs));
  if (skewMs < 0 && sureMs > AHEAD_NOTICE_MS) {
    const found = `esta máquina va ${amount} adelantada respecto a la DGII`;
    const fix = `${SYNCHRONISE} Mientras tanto la DGII puede rechazar lo que se firme.`;
    return sureMs > FAULT_MS
      ? failed('clock.ahead', found, fix, details)
      : warning('clock.ahead', found, fix, details);
  }
  if (skewMs > 0 && sureMs > FAULT_MS) {
    const found = `esta máquina va ${amount} atrasada respecto a la DGII`;
    const fix = `${SYNCHRONISE} Los documentos salen con una hora (y a medianoche con una fecha) que no es la suya.`;
    return sureMs > BEHIND_FAULT_MS
      ? failed('clock.behind', found, fix, details)
      : warning('clock.behind', found, fix, details);
  }
  return ok('clock.ok', `${details.dgiiTime} (hora dominicana), diferencia ${amount}`, details);
}

function disagreement([first, second]: readonly Reading[]): readonly Finding[] {
  if (!first || !second) return [];
  if (Math.abs(first.skewMs - second.skewMs) <= FAULT_MS) return [];
  const apart = duration(Math.abs(first.skewMs - second.skewMs));
  return [
    warning(
      'clock.dgii_disagrees',
      `la semilla y el encabezado Date difieren en ${apart}`,
      'Es del lado del servidor (o de un proxy que guarda respuestas): valga la hora de la semilla.',
    ),
  ];
}

function zone(answer: HttpAnswer): readonly Finding[] {
  const fecha = fechaOf(answer);
  if (fecha === null || DOMINICAN_ZONE.test(fecha)) return [];
  const fix = 'Nada que hacer aquí: la plataforma escribe siempre hora dominicana (UTC−4).';
  return [warning('clock.zone', `la semilla no viene en hora dominicana (${fecha})`, fix)];
}

function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const units = [
    [86_400_000, 'días'],
    [3_600_000, 'horas'],
    [60_000, 'minutos'],
  ] as const;
  const [size, name] = units.find(([unit]) => ms >= 2 * unit) ?? [1_000, 's'];
  return `${Math.round(ms / size)} ${name}`;
}
