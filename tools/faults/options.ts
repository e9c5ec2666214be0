import { randomBytes } from 'node:crypto';
import { parseOptions, refuseWords } from '../cli/options.js';
import { CliError } from '../cli/io.js';
import type { Asked } from './run.js';

/** What was asked for. */
export interface FaultsCommand extends Asked {
  readonly json: boolean;
  readonly report: string | undefined;
  readonly keep: string | undefined;
}

const COMMAND = 'npm run faults --';

export const HELP = `${COMMAND} [opciones]

Levanta la plataforma en procesos separados, dos de cada servicio, la hace fallar de todas las maneras
conocidas mientras un cliente emite, y deja que un verificador independiente compare los apuntes del
cliente, el libro de la DGII simulada, la base de datos y la auditoría. Sale con 0 si todo se cumple.

  --documents N          documentos que emite el cliente (300)
  --seed S               repite las mismas fallas (una al azar, que se muestra)
  --kills K              kill -9 desde fuera, además de los puntos de falla (documentos / 20)
  --flushes N            veces que se vacía la cola (kills / 50, al menos 1)
  --database-crashes N   veces que PostgreSQL se detiene en seco (kills / 50, al menos 1)
  --tenants T            contribuyentes (20)
  --replicas N           procesos de cada servicio, salvo billing, que siempre tiene dos (2)
  --pause MS             pausa más larga entre dos fallas (5000)
  --points once|all      cada punto de falla de una manera, o de las tres (all)
  --report FILE          escribe el informe en Markdown
  --keep DIR             guarda ahí las pruebas y las bitácoras
  --json                 el resultado como JSON
`;

const OPTIONS = {
  documents: { type: 'string' },
  seed: { type: 'string' },
  kills: { type: 'string' },
  flushes: { type: 'string' },
  'database-crashes': { type: 'string' },
  tenants: { type: 'string' },
  replicas: { type: 'string' },
  pause: { type: 'string' },
  points: { type: 'string' },
  report: { type: 'string' },
  keep: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The command, or null when help is wanted. */
export function commandOf(args: readonly string[]): FaultsCommand | null {
  const given = parseOptions(COMMAND, OPTIONS, args);
  if (given.flag('help')) return null;
  refuseWords(COMMAND, given);
  const whole = (name: string, fallback: number): number => {
    const text = given.text(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value > 0) return value;
    throw new CliError(`--${name}: se espera un número entero positivo, no «${text}».`);
  };
  const points = given.text('points') ?? 'all';
  if (points !== 'once' && points !== 'all') {
    throw new CliError(`--points: se espera once o all, no «${points}».`);
  }
  const documents = whole('documents', 300);
  const kills = whole('kills', Math.ceil(documents / 20));
  const some = Math.max(1, Math.round(kills / 50));
  return {
    documents,
    kills,
    seed: given.text('seed') ?? randomBytes(6).toString('hex'),
    flushes: whole('flushes', some),
    databaseCrashes: whole('database-crashes', some),
    tenants: whole('tenants', 20),
    replicas: whole('replicas', 2),
    pauseMs: whole('pause', 5_000),
    pointsOnce: points === 'once',
    json: given.flag('json'),
    report: given.text('report'),
    keep: given.text('keep'),
  };
}
