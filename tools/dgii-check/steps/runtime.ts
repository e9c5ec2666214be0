import type { CheckWorld } from '../session.js';
import { failed, ok, together, warning, type Finding, type Step } from '../step.js';

/** As package.json's `engines`. */
const OLDEST = [20, 11] as const;

/** What this process brings along: version, TLS, and variables that change how it connects. */
export function runtimeStep(world: CheckWorld): Step {
  return {
    id: 'runtime',
    title: 'Node.js y TLS',
    target: null,
    why: 'Con un Node.js viejo o con la verificación TLS apagada, nada de lo demás es de fiar.',
    needs: [],
    run: async () => together([versions(), ...verification(world.env)]),
  };
}

function versions(): Finding {
  const { node, openssl } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  const details = { node, openssl };
  const found = `Node.js ${node}, OpenSSL ${openssl}`;
  if (!isOld) return ok('runtime.ok', found, details);
  const fix = `Instale Node.js ${OLDEST.join('.')} o posterior (https://nodejs.org).`;
  return failed('runtime.old', found, fix, details);
}

function verification(env: CheckWorld['env']): readonly Finding[] {
  const extra = env['NODE_EXTRA_CA_CERTS'];
  const findings: Finding[] = [];
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    const fix =
      'Quite NODE_TLS_REJECT_UNAUTHORIZED del entorno: así cualquiera puede hacerse pasar por la DGII. ' +
      'Si su red inspecciona TLS, agregue su autoridad con NODE_EXTRA_CA_CERTS.';
    findings.push(
      failed('runtime.tls_unverified', 'NODE_TLS_REJECT_UNAUTHORIZED=0 apaga la verificación', fix),
    );
  }
  if (extra) {
    findings.push(
      ok('runtime.ok', 'hay autoridades adicionales (NODE_EXTRA_CA_CERTS)', {
        extraAuthorities: extra,
      }),
    );
  }
  return findings;
}

const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'] as const;

/** Proxies are not used by the platform: whoever relies on one must know it. */
export function proxyStep(world: CheckWorld): Step {
  return {
    id: 'proxy',
    title: 'Proxy',
    target: null,
    why: 'La plataforma se conecta directamente a la DGII: no pasa por ningún proxy del entorno.',
    needs: [],
    run: async () => {
      const names = PROXY_VARIABLES.flatMap((name) => [name, name.toLowerCase()]);
      const set = names.filter((name) => (world.env[name] ?? '') !== '');
      // Names only: the value often carries a password.
      if (set.length === 0) return ok('proxy.none', 'no hay proxy en el entorno');
      return warning(
        'proxy.ignored',
        `hay un proxy en el entorno (${set.join(', ')}), y ni la plataforma ni esta orden lo usan`,
        'Si los pasos de conexión fallan, permita la salida directa al puerto 443 de los servidores de la DGII, ' +
          'o use un proxy transparente en la red.',
        { variables: set },
      );
    },
  };
}
