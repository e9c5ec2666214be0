import type { Refused } from '@getupnet/xmldsig';

const ADVICE =
  'Emita uno con «issue-certificate», o arranque el simulador con --trust <raíz.pem> o --trust any.';

/** Why a semilla was refused and what helps, for whoever runs the simulator. */
export function refusalNotice({ fault, reason }: Refused): string {
  if (fault === 'signature.untrusted') {
    return `Semilla rechazada: no se confía en el certificado (${reason}). ${ADVICE}`;
  }
  return `Semilla rechazada: ${fault} (${reason}).`;
}
