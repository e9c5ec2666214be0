import { isIP } from 'node:net';
import { TIMED_OUT, openTcp, resolveName, targetOf } from '../net/connect.js';
import type { CheckSession } from '../session.js';
import { failed, mild, ok, type Finding, type Step } from '../step.js';

/** One server that an environment's services live on. */
export interface Host {
  readonly origin: URL;
  /** Host and, when it is not the usual one, port. */
  readonly name: string;
  /** Without its services documents can be issued all the same. */
  readonly optional: boolean;
}

/** The last step that must be well before a service of the host is asked. */
export const lastOf = ({ origin, name }: Host): string =>
  `${origin.protocol === 'https:' ? 'tls' : 'tcp'}@${name}`;

/** On a host that is not needed a fault is no more than a warning. */
export const weighed = ({ optional }: Host, finding: Finding): Finding =>
  optional ? mild(finding) : finding;

export function nameStep(host: Host): Step {
  return {
    id: 'dns',
    title: 'Nombre (DNS)',
    target: host.name,
    why: 'Sin la dirección del servidor no hay a dónde conectarse.',
    needs: [],
    run: async () => weighed(host, await resolve(targetOf(host.origin).host)),
  };
}

async function resolve(host: string): Promise<Finding> {
  if (isIP(host) !== 0) return ok('dns.address', 'es una dirección, no un nombre');
  const resolved = await resolveName(host);
  if (resolved.ok) {
    const { addresses } = resolved;
    return ok('dns.ok', addresses.join(', '), { addresses });
  }
  const { code } = resolved.error;
  const details = { error: code };
  if (code === 'ENOTFOUND') {
    const fix =
      'Compruebe el nombre y el DNS de esta máquina (nslookup); un DNS interno puede no conocerlo.';
    return failed('dns.not_found', 'el nombre no existe para esta máquina', fix, details);
  }
  const fix =
    'El servidor DNS no responde: revise la red, /etc/resolv.conf y el cortafuegos (puerto 53).';
  return failed('dns.unavailable', `no se pudo preguntar (${code})`, fix, details);
}

export function tcpStep(host: Host, session: CheckSession): Step {
  const target = targetOf(host.origin);
  return {
    id: 'tcp',
    title: 'Conexión TCP',
    target: host.name,
    why: 'Un cortafuegos que no deja salir es la causa más común de que «la DGII no responda».',
    needs: [`dns@${host.name}`],
    run: async () => {
      const connected = await openTcp(target, session.settings.timeoutMs);
      if (connected.ok) {
        const { address } = connected;
        return ok('tcp.ok', `puerto ${target.port} abierto`, { address, port: target.port });
      }
      return weighed(host, tcpFault(connected.error.code, target.port, session));
    },
  };
}

function tcpFault(code: string, port: number, { settings }: CheckSession): Finding {
  const details = { error: code, port };
  if (code === TIMED_OUT) {
    const found = `nadie respondió en ${settings.timeoutMs / 1_000} s (puerto ${port})`;
    const fix = `Permita la salida TCP al puerto ${port} en el cortafuegos; si su red obliga a usar un proxy, la plataforma no pasa por él.`;
    return failed('tcp.timeout', found, fix, details);
  }
  if (code === 'ECONNREFUSED') {
    const local = settings.baseUrl !== null;
    const fix = local
      ? 'Nadie escucha ahí: arranque el simulador (npm run simulator) o corrija --base-url.'
      : 'El servidor o un cortafuegos rechaza la conexión: espere unos minutos y consulte a su proveedor de red.';
    return failed('tcp.refused', `conexión rechazada (puerto ${port})`, fix, details);
  }
  const fix = 'Revise la red de esta máquina: ruta de salida, VPN y cortafuegos.';
  return failed('tcp.failed', `no se pudo conectar (${code})`, fix, details);
}
