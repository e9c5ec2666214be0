import { isIP } from 'node:net';
import { targetOf } from '../net/connect.js';
import { ok, warning, type Step } from '../step.js';

/** Told where another server than DGII's is asked. */
export function destinationStep(baseUrl: string): Step {
  const origin = new URL(baseUrl);
  return {
    id: 'destination',
    title: 'Destino',
    target: origin.host,
    why: 'La semilla firmada vale ante la DGII unos minutos: quien la recibe puede presentarla allí en su nombre.',
    needs: [],
    run: async () => {
      if (isOwnMachine(targetOf(origin).host)) {
        return ok('destination.local', 'un servidor de esta máquina en lugar de la DGII');
      }
      return warning(
        'destination.foreign',
        `no es la DGII: ${origin.origin} recibe la semilla firmada`,
        'Siga solo si ese servidor es suyo; para probar con otros use un certificado de prueba.',
      );
    },
  };
}

function isOwnMachine(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}
