import type { DgiiStatusApi, MaintenanceWindow, Period } from '@getupnet/dgii-api';
import { dominicanDateTime } from '@getupnet/kernel';
import type { CheckSession } from '../session.js';
import { mild, ok, skipped, together, warning, type Finding, type Step } from '../step.js';
import { serviceFault } from './answers.js';

/** Announced maintenance nearer than this is worth knowing today. */
const NEAR_MS = 3 * 86_400_000;

/** What DGII says of its own services, for those who have its key. */
export function statusStep(session: CheckSession, api: DgiiStatusApi, needs: string): Step {
  const { environment, statusKey, timeoutMs } = session.settings;
  return {
    id: 'status',
    title: 'Estado de los servicios',
    target: null,
    why: 'Dice si lo que falla está del lado de la DGII, y cuándo anuncia mantenimiento.',
    needs: statusKey === null ? [] : ['runtime', needs],
    run: async () => {
      if (statusKey === null) {
        const fix =
          'Si la DGII le dio una clave para statusecf, indíquela con --status-key-file FILE.';
        return skipped('skipped.no_key', 'sin clave de la DGII (--status-key-file)', fix);
      }
      const options = { timeoutMs };
      const statuses = await api.statuses(environment, statusKey, options);
      if (statuses.kind !== 'ok') return mild(serviceFault('status', statuses));
      const windows = await api.maintenanceWindows(environment, statusKey, options);
      const here = statuses.value.filter((one) => one.environment === environment);
      return together([
        availability(here),
        windows.kind === 'ok'
          ? maintenance(windows.value, session)
          : mild(serviceFault('status', windows)),
      ]);
    },
  };
}

function availability(
  services: readonly { readonly servicio: string; readonly available: boolean | null }[],
): Finding {
  const down = services.filter(({ available }) => available === false);
  if (down.length === 0) {
    const found = `${services.length} servicios disponibles`;
    return ok('status.ok', found, { services: services.length });
  }
  const names = down.map(({ servicio }) => servicio);
  const fix = 'Espere: la plataforma guarda los documentos y los envía cuando el servicio vuelva.';
  return warning('status.down', `no disponibles: ${names.join(', ')}`, fix, { down: names });
}

function maintenance(windows: readonly MaintenanceWindow[], session: CheckSession): Finding {
  const now = session.now().getTime();
  const periods = windows
    .filter((one) => one.environment === session.settings.environment)
    .flatMap((one) => one.periods)
    .filter(({ from, to }) => to.getTime() > now && from.getTime() - now < NEAR_MS);
  const [first] = [...periods].sort((a, b) => a.from.getTime() - b.from.getTime());
  if (!first) return ok('status.ok', 'sin mantenimiento anunciado para estos días');
  const found = `mantenimiento ${first.from.getTime() <= now ? 'en curso' : 'anunciado'}: ${text(first)}`;
  const fix = 'Durante ese rato la DGII no contesta; lo emitido se envía después.';
  return warning('status.maintenance', found, fix, {
    from: first.from.toISOString(),
    to: first.to.toISOString(),
  });
}

const text = ({ from, to }: Period): string =>
  `${dominicanDateTime(from)} a ${dominicanDateTime(to)}`;
